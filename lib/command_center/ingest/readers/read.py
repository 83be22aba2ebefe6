"""The one way from bytes to sheets: what kind of file it is, by its content, then the reader for that kind."""

import hashlib
from dataclasses import replace
from pathlib import PurePath

from command_center.cleaning import mask
from command_center.ingest.readers.delimited import read_delimited
from command_center.ingest.readers.extents import guard_ods
from command_center.ingest.readers.geographic import read_layers
from command_center.ingest.readers.grid import RawFile, Sheet
from command_center.ingest.readers.guards import (
    OLE_MAGIC,
    ZIP_MAGIC,
    Limits,
    corrupt,
    guard_password,
    guard_size,
    open_archive,
    password_protected,
)
from command_center.ingest.readers.records import parse_json, read_records
from command_center.ingest.readers.workbooks import read_workbook
from command_center.ingest.refusals import IngestError
from command_center.ingest.texts import Decoded, decode

_SQLITE_MAGIC = b"SQLite format 3\0"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_NOT_A_TABLE = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a RAR archive"),
)
_KML = "<kml"
# More than this share of control bytes, and a file is no text.
_BINARY_SHARE = 0.02

Notes = tuple[tuple[str, str], ...]


def read_file(content: bytes, name: str, limits: Limits | None = None) -> RawFile:
    """Return the sheets of a file as raw grids, with its hash.

    Formats, known by content: CSV, TSV, XLSX, XLS, ODS, JSON, GeoJSON, GeoPackage, KML, zipped shapefile, or
    one table in a zip. `name` is used in messages and as the sheet's name. Raises IngestError: empty_file,
    file_too_large, password_protected, archive_bomb, archive_unsafe, sheet_too_large, corrupt_file,
    unknown_format, no_rows.
    """
    limits = limits or Limits()
    guard_size(content, name, limits)
    guard_password(content, name)
    kind, encoding, sheets, notes = _dispatch(content, name, limits)
    if not sheets:
        raise IngestError(
            "no_rows", "The file holds no rows", where=name, next_step="send the table with its rows"
        )
    # A sheet's name goes into reports and figures; whoever named it after a number must not put it there.
    named = tuple(replace(sheet, name=mask(sheet.name)) for sheet in sheets)
    return RawFile(name, hashlib.sha256(content).hexdigest(), len(content), kind, encoding, named, notes)


def _dispatch(content: bytes, name: str, limits: Limits) -> tuple[str, str, tuple[Sheet, ...], Notes]:
    for magic, what in _NOT_A_TABLE:
        if content.startswith(magic):
            raise _unknown(name, what)
    if content.startswith(ZIP_MAGIC):
        return _from_archive(content, name, limits)
    if content.startswith(OLE_MAGIC):
        return "xls", "", read_workbook(content, name, None, limits), ()
    if content.startswith(_SQLITE_MAGIC):
        sheets, notes = read_layers(content, name)
        return "gpkg", "", sheets, notes
    return _from_text(content, name, limits)


def _from_archive(content: bytes, name: str, limits: Limits) -> tuple[str, str, tuple[Sheet, ...], Notes]:
    archive = open_archive(content, name, limits)
    members = [member for member in archive.namelist() if not member.endswith("/")]
    if "[Content_Types].xml" in members:
        if not any(member.startswith("xl/") for member in members):
            raise _unknown(name, "an Office file without sheets")
        return "xlsx", "", read_workbook(content, name, archive, limits), ()
    if "mimetype" in members and archive.read("mimetype").strip() == _ODS_TYPE:
        if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
            raise password_protected(name)
        guard_ods(archive, name, limits)
        return "ods", "", read_workbook(content, name, None, limits), ()
    if any(member.lower().endswith(".shp") for member in members):
        sheets, notes = read_layers(content, name)
        return "shapefile", "", sheets, notes
    tables = [member for member in members if not PurePath(member).name.startswith((".", "__"))]
    if len(tables) != 1 or tables[0].lower().endswith(".zip"):
        raise _unknown(name, f"an archive with {len(tables)} files, not one table")
    return _dispatch(archive.read(tables[0]), f"{name}/{tables[0]}", limits)


def _from_text(content: bytes, name: str, limits: Limits) -> tuple[str, str, tuple[Sheet, ...], Notes]:
    decoded = decode(content)
    head = decoded.head(4096)
    controls = sum(1 for letter in head if ord(letter) < 32 and letter not in "\t\r\n\f")
    if controls > _BINARY_SHARE * len(head):
        raise _unknown(name, "of no known format")
    sheet_name = PurePath(name).stem
    notes = _encoding_notes(decoded)
    if head.lstrip()[:1] in ("{", "["):
        parsed = parse_json(decoded.text(), name)
        if isinstance(parsed, dict) and parsed.get("type") == "FeatureCollection":
            if not parsed.get("features"):
                raise IngestError(
                    "no_rows", "The file holds no shapes", where=name, next_step="send the layer again"
                )
            sheets, found = read_layers(content, name)
            return "geojson", decoded.encoding, sheets, (*notes, *found)
        return "json", decoded.encoding, (read_records(parsed, name, sheet_name, limits),), notes
    if head.lstrip()[:1] == "<" and _KML in head:
        sheets, found = read_layers(content, name)
        return "kml", decoded.encoding, sheets, (*notes, *found)
    if head.lstrip()[:1] == "<":
        raise _unknown(name, "a web page or XML")
    sheet, separator = read_delimited(decoded, name, sheet_name, limits)
    if separator != ",":
        notes = (*notes, ("other_separator", {"\t": "tab"}.get(separator, separator)))
    if not sheet.row_count:
        raise corrupt(name, "no record was found")
    return "csv", decoded.encoding, (sheet,), notes


def _encoding_notes(decoded: Decoded) -> Notes:
    notes: list[tuple[str, str]] = []
    if decoded.had_mark:
        notes.append(("byte_order_mark", decoded.encoding))
    if decoded.encoding != "utf-8":
        notes.append(("other_encoding", decoded.encoding))
    return tuple(notes)


def _unknown(name: str, what: str) -> IngestError:
    return IngestError(
        "unknown_format",
        f"The file is {what}",
        where=name,
        next_step="send a table: XLSX, ODS, XLS, CSV, JSON, GeoJSON, GeoPackage or a zipped shapefile",
    )
