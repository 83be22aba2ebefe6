"""Workbooks (XLSX, XLS, ODS) read by calamine, all sheets, values as last calculated.

Formats and colours are not read. Error signs (#REF!), which calamine hands over as empty, are fetched back.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import python_calamine

from command_center.ingest.readers.extents import column_number, guard_xlsx, pieces
from command_center.ingest.readers.grid import Merge, Sheet, typed_sheet
from command_center.ingest.readers.guards import Limits, corrupt, password_protected, too_large

_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>.*?<v>([^<]*)</v>', re.DOTALL
)
_CELL = b"<c "
_SHEET_TAG = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(
    content: bytes, name: str, archive: zipfile.ZipFile | None, limits: Limits
) -> tuple[Sheet, ...]:
    """Return every worksheet that has cells; `archive` is the opened zip of an XLSX, None for other formats.

    Raises IngestError for a locked or broken workbook, and for one that reaches farther than any table.
    """
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        files = _sheet_files(archive) if archive is not None else {}
        if archive is not None:
            guard_xlsx(archive, files, name, limits)
        errors = _error_cells(archive, files) if archive is not None else {}
        sheets = [
            _read_sheet(workbook, metadata, errors.get(metadata.name, []), (name, limits))
            for metadata in workbook.sheets_metadata
            if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as error:
        raise password_protected(name) from error
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError) as error:
        raise corrupt(name, str(error).splitlines()[0]) from error
    except (ET.ParseError, KeyError) as error:
        raise corrupt(name, "its list of sheets cannot be read") from error
    return tuple(sheet for sheet in sheets if sheet.row_count)


def _read_sheet(
    workbook: python_calamine.CalamineWorkbook,
    metadata: python_calamine.SheetMetadata,
    errors: list[tuple[int, int, str]],
    bounds: tuple[str, Limits],
) -> Sheet:
    sheet = workbook.get_sheet_by_name(metadata.name)
    # XLS cannot be looked through before, but it reaches no farther than IV65536.
    if sheet.total_width > bounds[1].columns or sheet.total_height * sheet.total_width > bounds[1].cells:
        raise too_large(f"{bounds[0]}, sheet {metadata.name}", sheet.total_height, sheet.total_width, "")
    merged = tuple(Merge(*start, *end) for start, end in sheet.merged_cell_ranges or ())
    return typed_sheet(
        metadata.name,
        _rows(sheet),
        merged=merged,
        is_hidden=metadata.visible != python_calamine.SheetVisibleEnum.Visible,
        error_cells=errors,
    )


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[list[Any]]:
    """The rows from the first of the sheet, each from the first column; calamine begins at the first one filled."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield [*left, *row]


def _error_cells(
    archive: zipfile.ZipFile, files: Mapping[str, str]
) -> Mapping[str, list[tuple[int, int, str]]]:
    """Cells of type "error" by sheet name, as (row, column, sign), read from the sheets' own files."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for sheet, member in files.items():
        for piece in pieces(archive, member, _CELL):
            if b't="e"' in piece:
                found.setdefault(sheet, []).extend(
                    (int(row) - 1, column_number(letters) - 1, sign.decode())
                    for letters, row, sign in _ERROR_CELL.findall(piece)
                )
    return found


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return {}
    # Entities cannot expand here: calamine has parsed the same file before, and expat limits amplification.
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    sheets: dict[str, str] = {}
    for item in ET.fromstring(archive.read("xl/workbook.xml")).iter(_SHEET_TAG):  # noqa: S314
        target = targets.get(item.get(_RELATION), "").lstrip("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if member in names:
            sheets[item.get("name", "")] = member
    return sheets
