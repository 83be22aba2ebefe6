"""Reads the files of `data/reference`: YAML as a mapping, CSV as rows of text.

Changes no value and turns no code into a number; a missing file or column is a ReferenceDataError.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from command_center.errors import ReferenceDataError

KEEPER = "the keeper of the reference data"
# libyaml reads the same in a tenth of the time.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a reference YAML file; ReferenceDataError when absent or not a mapping."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise _unreadable(path, error) from error
    except yaml.YAMLError as error:
        raise ReferenceDataError(
            f"The reference file is not valid YAML: {error}",
            where=str(path),
            who=KEEPER,
            next_step="correct the line named above",
        ) from error
    if not isinstance(content, dict):
        raise ReferenceDataError("The reference file holds no mapping", where=str(path), who=KEEPER)
    return content


def read_table(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a reference CSV as text, empty cells as ""; it must have every one of `columns`."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = sorted(set(columns) - set(reader.fieldnames or ()))
            rows = list(reader)
    except OSError as error:
        raise _unreadable(path, error) from error
    if missing:
        raise ReferenceDataError(
            f"Columns are missing: {', '.join(missing)}", where=str(path), who=KEEPER, next_step="add them"
        )
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ReferenceDataError(
                "A row has more or fewer cells than the header",
                where=f"{path}, row {line}",
                who=KEEPER,
                next_step="quote the cell that holds a comma, or fill the row up",
            )
    return rows


def need(content: dict[str, Any], key: str, path: Path) -> Any:
    """Return `content[key]`; ReferenceDataError naming the key when it is absent or empty."""
    value = content.get(key)
    if value in (None, "", [], {}):
        raise ReferenceDataError(
            f"'{key}' is missing", where=str(path), who=KEEPER, next_step=f"write '{key}:' into the file"
        )
    return value


def _unreadable(path: Path, error: OSError) -> ReferenceDataError:
    return ReferenceDataError(
        f"The reference file cannot be read: {error.strerror}",
        where=str(path),
        who=KEEPER,
        next_step="restore it from the repository",
    )
