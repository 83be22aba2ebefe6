"""How a workbook of ours is known again: a few custom document properties, which office programs keep.

Says which dataset, declaration and period a workbook was made for, and which of its sheets hold data. It
looks at nothing else: what the cells say is for the check.
"""

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from openpyxl.packaging.custom import CustomPropertyList, StringProperty
from openpyxl.xml.functions import fromstring

from command_center.catalog import Dataset

DATA_SHEET = "Data"
HEADER_ROW, FIRST_DATA_ROW = 6, 7
_PART = "docProps/custom.xml"
# Ours are below 2 kB, a sender's own beside them rarely more.
_LARGEST_PART_BYTES = 200_000
_SECTOR, _DATASET, _DECLARATION = "cc_sector", "cc_dataset", "cc_declaration"
_PERIOD, _SHEETS, _IGNORED = "cc_period", "cc_sheets", "cc_ignored"
_NAMES = (_SECTOR, _DATASET, _DECLARATION, _PERIOD, _SHEETS, _IGNORED)


@dataclass(frozen=True)
class WorkbookIdentity:
    """What a workbook says it is.

    `sector`, `dataset` and `declaration` (SHA-256 of the declaration) are "" in a returned workbook that did
    not begin as one of ours; `period` is "" where none was fixed. `sheets` hold data, all others are ours;
    `ignored` are headers that only accompany the data.
    """

    sector: str = ""
    dataset: str = ""
    declaration: str = ""
    period: str = ""
    sheets: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """The dataset as `sector.dataset`, "" where the workbook names none."""
        return f"{self.sector}.{self.dataset}" if self.dataset else ""


def declaration_hash(dataset: Dataset) -> str:
    """Return the SHA-256 of a dataset's declaration as 64 hexadecimal digits; equal for equal declarations."""
    declared = json.dumps(dataset.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(declared.encode("utf-8")).hexdigest()


def stamp(workbook: Any, identity: WorkbookIdentity) -> None:
    """Write the identity into an openpyxl workbook in place of the one it had; other properties stay."""
    texts = {
        _SECTOR: identity.sector,
        _DATASET: identity.dataset,
        _DECLARATION: identity.declaration,
        _PERIOD: identity.period,
        _SHEETS: json.dumps(identity.sheets, ensure_ascii=False),
        _IGNORED: json.dumps(identity.ignored, ensure_ascii=False),
    }
    properties = workbook.custom_doc_props
    for name in set(properties.names) & set(_NAMES):
        del properties[name]
    for name, text in texts.items():
        properties.append(StringProperty(name=name, value=text))


def read_identity(content: bytes) -> WorkbookIdentity | None:
    """Return what the workbook says it is, None for any other file or one whose properties cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(_PART).file_size > _LARGEST_PART_BYTES:
                return None
            tree = fromstring(archive.read(_PART))
        texts = {item.name: item.value for item in CustomPropertyList.from_tree(tree).props}
        return _identity(texts)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, SyntaxError):
        # SyntaxError is what lxml raises for XML that is none.
        return None


def as_laid_out(dataset: Dataset, content: bytes) -> Dataset:
    """Return the dataset as this file lays it out: our own sheets and accompanying columns left aside.

    A file that is no workbook of ours leaves the dataset unchanged.
    """
    identity = read_identity(content)
    if identity is None:
        return dataset
    layout = dataset.layout
    ignored = tuple(dict.fromkeys((*layout.ignore, *identity.ignored)))
    sheets = tuple(dict.fromkeys(identity.sheets)) or layout.sheets
    return dataset.model_copy(
        update={"layout": layout.model_copy(update={"sheets": sheets, "ignore": ignored})}
    )


def _identity(texts: dict[str, str | None]) -> WorkbookIdentity | None:
    if _SHEETS not in texts:
        return None
    sheets, ignored = (json.loads(texts.get(name) or "[]") for name in (_SHEETS, _IGNORED))
    return WorkbookIdentity(
        sector=texts.get(_SECTOR) or "",
        dataset=texts.get(_DATASET) or "",
        declaration=texts.get(_DECLARATION) or "",
        period=texts.get(_PERIOD) or "",
        sheets=tuple(str(name) for name in sheets),
        ignored=tuple(str(name) for name in ignored),
    )
