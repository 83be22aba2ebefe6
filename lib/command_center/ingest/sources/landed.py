"""What lies in the inbox from afar, for the door that takes it in: one list, files and their descriptions.

Reads sidecars only: opens, moves and removes nothing. The list is the whole agreement between the remote ways
in and the door; what the door takes away is not landed again until it changes at its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from command_center.ingest.sources.failures import LandingError
from command_center.ingest.sources.landing import SIDECAR_SUFFIX


@dataclass(frozen=True)
class LandedFile:
    """A file that arrived whole and waits in the inbox.

    `dataset` is the SECTOR.DATASET it is for, None where `sources.yml` names none for it; `sender` is the portal's
    name of the organisation that published it, or the agency code of the keeper; `keeper` is the code of the
    agency that answers for the source; `read_at` is when it was read, with its zone; `row_count` is known for
    datastores only; `metadata` is the whole sidecar: portal, dataset, licence, tags, columns.
    """

    path: Path
    dataset: str | None
    sender: str
    keeper: str
    source: str
    read_at: datetime
    sha256: str
    size_bytes: int
    row_count: int | None
    metadata: Mapping[str, Any] = field(repr=False)


class _Sidecar(BaseModel):
    """As much of a sidecar as every way in writes."""

    model_config = ConfigDict(extra="allow")

    into: str | None
    sender: str
    keeper: str
    source: str
    read_at: AwareDatetime
    sha256: str
    size_bytes: int
    row_count: int | None


def landed_files(inbox: Path) -> list[LandedFile]:
    """Return every file in the inbox that came from afar, the earliest first; none where there is no inbox.

    A file without a sidecar came another way and is left out, and so is a sidecar whose file the door has taken.
    Raises LandingError for a sidecar that cannot be read as one: its file would be lost from sight otherwise.
    """
    found = []
    for sidecar in inbox.rglob(f"*{SIDECAR_SUFFIX}"):
        path = sidecar.with_name(sidecar.name.removesuffix(SIDECAR_SUFFIX))
        is_unfinished = any(part.startswith(".") for part in path.relative_to(inbox).parts)
        if path.is_file() and not is_unfinished:
            found.append(_described(path, sidecar))
    return sorted(found, key=lambda landed: (landed.read_at, landed.path))


def _described(path: Path, sidecar: Path) -> LandedFile:
    try:
        said = _Sidecar.model_validate_json(sidecar.read_bytes())
    except (OSError, ValidationError) as error:
        raise LandingError(
            "The description of a file from afar cannot be read",
            where=str(sidecar),
            who="the operator",
            next_step="remove the file and its description, then read it anew with --again",
        ) from error
    return LandedFile(
        path=path,
        dataset=said.into,
        sender=said.sender,
        keeper=said.keeper,
        source=said.source,
        read_at=said.read_at,
        sha256=said.sha256,
        size_bytes=said.size_bytes,
        row_count=said.row_count,
        metadata=said.model_dump(mode="json"),
    )
