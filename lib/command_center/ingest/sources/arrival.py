"""The last step of every way in: land a file that arrived whole, then note it; never the other way round.

A run that is killed between the two lands the same content under the same name again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from command_center.ingest.sources.answers import TableState
from command_center.ingest.sources.declaration import CkanSource
from command_center.ingest.sources.landing import Landing
from command_center.ingest.sources.ledger import Ledger, ResourceRow, utc_now
from command_center.ingest.sources.selection import Job
from command_center.ingest.sources.web import Download, shown


@dataclass(frozen=True)
class Arrival:
    """A file that arrived whole, and all that will be said of it. `about` goes into the sidecar as it is.

    `keeper` is the code of the agency that answers for the source; `sender` is who published the file: the
    portal's name of an organisation, or the keeper where the source names none.
    """

    source: str
    kind: Literal["ckan", "http"]
    keeper: str
    sender: str
    resource_id: str
    dataset_id: str
    name: str
    form: str
    into: str | None
    stem: str
    extension: str
    fingerprint: str
    content: Download
    row_count: int | None
    about: Mapping[str, Any]

    def sidecar(self, read_at: str) -> dict[str, Any]:
        """Return the description that lies beside the file; it names no person and no secret."""
        return {
            "source": self.source,
            "kind": self.kind,
            "keeper": self.keeper,
            "sender": self.sender,
            "form": self.form,
            "into": self.into,
            "read_at": read_at,
            "sha256": self.content.sha256,
            "size_bytes": self.content.size_bytes,
            "row_count": self.row_count,
            **self.about,
        }


def portal_arrival(
    source: CkanSource, job: Job, mark: str, got: Download, rows: int | None, table: TableState | None
) -> Arrival:
    """Return the arrival of a resource that was read from a portal; `rows` and `table` for a datastore only."""
    resource, organisation = job.resource, job.dataset.organization
    about: dict[str, Any] = {
        "portal": shown(source.url),
        "dataset": job.dataset.metadata(),
        "resource": {
            "id": resource.id,
            "name": resource.name,
            "format": resource.format,
            "url": shown(resource.url or ""),
            "stated_bytes": resource.size,
            "created": resource.created,
            "last_modified": resource.last_modified,
        },
    }
    if table is not None:
        about["fields"] = [column.metadata() for column in table.fields[1:]]
    return Arrival(
        source=source.name,
        kind="ckan",
        keeper=source.keeper,
        sender=organisation.name if organisation else source.keeper,
        resource_id=resource.id,
        dataset_id=job.dataset.id,
        name=job.name,
        form=job.form,
        into=job.into,
        stem=job.stem,
        extension=job.extension,
        fingerprint=mark,
        content=got,
        row_count=rows,
        about=about,
    )


def settle(
    ledger: Ledger, landing: Landing, part: Path, arrival: Arrival, known: ResourceRow | None
) -> tuple[Literal["read", "identical"], str]:
    """Land an arrival unless its content is what was landed last; return which, and the file's place."""
    read_at = utc_now()
    is_same = known is not None and known.sha256 == arrival.content.sha256
    if known is not None and is_same:
        file = known.file
    else:
        sidecar = arrival.sidecar(read_at)
        file = landing.deliver(part, arrival.into, arrival.source, arrival.stem, arrival.extension, sidecar)
    ledger.keep_resource(
        ResourceRow(
            resource_id=arrival.resource_id,
            dataset_id=arrival.dataset_id,
            name=arrival.name,
            form=arrival.form,
            fingerprint=arrival.fingerprint,
            etag=arrival.content.marks.etag,
            last_modified=arrival.content.marks.last_modified,
            sha256=arrival.content.sha256,
            size_bytes=arrival.content.size_bytes,
            row_count=arrival.row_count,
            file=file,
            read_at=read_at,
        )
    )
    return ("identical" if is_same else "read"), file
