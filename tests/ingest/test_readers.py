"""Every format gives the same grid, and a file that cannot be taken in is refused by one error with a next step."""

import hashlib
import io
import json
import zipfile
from datetime import date

import geopandas
import numpy as np
import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from command_center.ingest.readers import Kind, Limits, read_file
from command_center.ingest.refusals import IngestError

HEADER = ["Kecamatan", "Jiwa", "Tanggal"]
ROWS = [["Satu", 12, date(2022, 2, 18)], ["Dua, Barat", 3.5, None]]
AS_TEXT = [HEADER, ["Satu", "12", "2022-02-18"], ["Dua, Barat", "3.5", ""]]


def csv_bytes(separator=",", encoding="utf-8", rows=AS_TEXT, mark=b""):
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    return mark + "".join(separator.join(row) + "\n" for row in quoted).encode(encoding)


def xlsx_bytes(rows=(HEADER, *ROWS), change=lambda sheet: None):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls_bytes():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate([HEADER, *ROWS]):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(at, column, value, *([style] if isinstance(value, date) else []))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_bytes(manifest_extra=""):
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEADER, *ROWS])
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml">{manifest_extra}</manifest:file-entry>'
        "</manifest:manifest>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def grid(content, name="data.bin", **options):
    file = read_file(content, name, **options)
    return file, file.sheets[0].top(100)


RECORDS = [dict(zip(HEADER, row, strict=True)) for row in AS_TEXT[1:]]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (csv_bytes(), "csv"),
        (csv_bytes(";"), "csv"),
        (csv_bytes("\t"), "csv"),
        (csv_bytes("|"), "csv"),
        (csv_bytes(mark=b"\xef\xbb\xbf"), "csv"),
        (csv_bytes(encoding="utf-16"), "csv"),
        (b"sep=;\n" + csv_bytes(";"), "csv"),
        (csv_bytes().replace(b"\n", b"\r\n"), "csv"),
        (xlsx_bytes(), "xlsx"),
        (xls_bytes(), "xls"),
        (ods_bytes(), "ods"),
        (json.dumps(RECORDS).encode(), "json"),
        (json.dumps({key: [row[key] for row in RECORDS] for key in HEADER}).encode(), "json"),
        (json.dumps({"success": True, "result": {"records": RECORDS}}).encode(), "json"),
        (zipped({"data.csv": csv_bytes()}), "csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_gives_the_same_grid(content, kind):
    file, rows = grid(content)
    assert rows == AS_TEXT
    assert file.format == kind
    assert file.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("encoding", "read_as"), [("cp1252", "cp1252"), ("latin-1", "latin-1")])
def test_other_encodings_are_recognised_by_their_bytes_and_noted(encoding, read_as):
    letters = "“Café”" if encoding == "cp1252" else "Café"
    file, rows = grid(csv_bytes(encoding=encoding, rows=[["a", "b"], [letters, "1"]]))
    assert rows[1][0] == letters
    assert file.encoding == read_as
    assert ("other_encoding", read_as) in file.notes


def test_marks_and_separators_are_noted():
    assert grid(csv_bytes())[0].notes == ()
    assert grid(csv_bytes(";"))[0].notes == (("other_separator", ";"),)
    assert grid(csv_bytes(mark=b"\xef\xbb\xbf"))[0].notes == (("byte_order_mark", "utf-8"),)


def test_a_decimal_comma_in_quotes_does_not_make_the_comma_a_separator():
    content = b'a;b;c\n"1,5";2,5;3\n4,5;5;6\n'
    assert grid(content)[1] == [["a", "b", "c"], ["1,5", "2,5", "3"], ["4,5", "5", "6"]]


def test_blank_lines_keep_their_place_and_uneven_records_are_named():
    file, rows = grid(b"Judul\n\na,b\n1,2\n3,4,5\n6\n")
    assert rows == [
        ["Judul", "", ""],
        ["", "", ""],
        ["a", "b", ""],
        ["1", "2", ""],
        ["3", "4", "5"],
        ["6", "", ""],
    ]
    assert file.sheets[0].ragged == (0, 4, 5)


def test_a_workbook_keeps_kinds_merges_hidden_sheets_and_error_signs():
    def change(sheet):
        sheet.merge_cells("A4:A5")
        sheet["B3"] = "=1/0"
        sheet["B3"].data_type = "e"
        sheet["B3"].value = "#DIV/0!"
        hidden = sheet.parent.create_sheet("Lama")
        hidden.append(["x"])
        hidden.sheet_state = "hidden"
        sheet.parent.create_sheet("Kosong")

    file, rows = grid(xlsx_bytes(change=change))
    first = file.sheets[0]
    assert [(sheet.name, sheet.is_hidden) for sheet in file.sheets] == [("Sheet", False), ("Lama", True)]
    assert rows[2][1] == "#DIV/0!"
    assert first.kind_of(1).tolist() == [Kind.TEXT, Kind.NUMBER, Kind.ERROR, *[Kind.EMPTY] * (len(rows) - 3)]
    assert first.kind_of(2)[1] == Kind.DATE
    assert [(merge.top, merge.left, merge.bottom, merge.right) for merge in first.merged] == [(3, 0, 4, 0)]


def test_numbers_of_a_workbook_are_written_whole_where_they_are_whole_and_exactly_otherwise():
    _, rows = grid(xlsx_bytes(rows=[["n"], [405], [0.1], [-6.563084], [3316099912340001], [True]]))
    assert [row[0] for row in rows[1:]] == ["405", "0.1", "-6.563084", "3316099912340001", "true"]


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "ESRI Shapefile"])
def test_layers_of_shapes_give_attributes_and_well_known_text_in_wgs84(tmp_path, driver):
    frame = geopandas.GeoDataFrame(
        {"nama": ["Satu", "Dua"], "km": [1.5, 2.0]}, geometry=[Point(111.5, -7), Point(111.6, -7.1)], crs=4326
    )
    path = (
        tmp_path / {"GeoJSON": "jalan.geojson", "GPKG": "jalan.gpkg", "ESRI Shapefile": "jalan.shp"}[driver]
    )
    (frame if driver == "GeoJSON" else frame.to_crs(32749)).to_file(path, driver=driver)
    content = path.read_bytes()
    if driver == "ESRI Shapefile":
        content = zipped({file.name: file.read_bytes() for file in tmp_path.iterdir()})
    file, rows = grid(content, path.name)
    assert [row[:2] for row in rows] == [["nama", "km"], ["Satu", "1.5"], ["Dua", "2"]]
    assert rows[0][2] == "geometry"
    assert rows[1][2].startswith("POINT (111.5 -7")
    assert file.notes == ()


def locked_workbook():
    """An OLE container with the stream under which Office keeps an encrypted workbook."""
    return xls_bytes().replace(
        "Workbook".encode("utf-16-le") + b"\0" * 16, "EncryptedPackage".encode("utf-16-le")
    )


def bomb(size=30_000_000):
    return zipped({"data.csv": b"0" * size})


def forged(content):
    """An archive that states a small size for a large member."""
    real = (30_000_000).to_bytes(4, "little")
    return content.replace(real, (10).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \n", "empty_file"),
        (b"\0" * 100, "empty_file"),
        (b"a,b\n" + b"1,2\n" * 400_000, "file_too_large"),
        (locked_workbook(), "password_protected"),
        (ods_bytes("<manifest:encryption-data/>"), "password_protected"),
        (bomb(), "archive_bomb"),
        (forged(bomb()), "corrupt_file"),
        (xlsx_bytes()[:-200], "corrupt_file"),
        (xlsx_bytes().replace(b"PK\x01\x02", b"XX\x01\x02"), "corrupt_file"),
        (b"PK\x03\x04 not an archive", "corrupt_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "corrupt_file"),
        (b'{"a": [1, 2', "corrupt_file"),
        (b'{"a": [1, 2], "b": [1]}', "corrupt_file"),
        (b"SQLite format 3\0" + b"x" * 200, "corrupt_file"),
        (b"[]", "no_rows"),
        (b'{"type": "FeatureCollection", "features": []}', "no_rows"),
        (xlsx_bytes(rows=[]), "no_rows"),
        (b"%PDF-1.7 ...", "unknown_format"),
        (b"<!doctype html><p>login", "unknown_format"),
        (b'[{"a": {"b": 1}}]', "unknown_format"),
        (b"\x01\x02\x03\x04" * 50, "unknown_format"),
        (zipped({"a.csv": "a,b\n1,2\n", "b.csv": "a,b\n1,2\n"}), "unknown_format"),
        (zipped({"inner.zip": zipped({"a.csv": "a,b\n1,2\n"})}), "unknown_format"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_with_its_place_and_a_next_step(content, code):
    with pytest.raises(IngestError) as refused:
        read_file(content, "kiriman.bin", Limits(file_bytes=1_000_000))
    error = refused.value
    assert error.code == code
    assert error.where.startswith("kiriman.bin")
    assert error.who
    assert error.next_step


def test_an_archive_with_too_many_members_is_refused():
    with pytest.raises(IngestError) as refused:
        read_file(zipped({f"{at}.csv": "a" for at in range(20)}), "x.zip", Limits(archive_members=10))
    assert refused.value.code == "archive_bomb"


CELLS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cs", "Cc"]),
    max_size=8,
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=15), st.sampled_from([",", ";", "\t"]))
def test_no_cell_of_a_delimited_file_changes_on_the_way(rows, separator):
    rows = [("kolom a", "kolom b", "kolom c"), *rows]
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    _, read = grid("\n".join(quoted).encode())
    assert read == [list(row) for row in rows]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_file_of_many_blocks_is_read_as_one(separator, monkeypatch):
    rows = [("nomor", "jenis", "uraian"), *((str(at), "ab"[at % 2], f"é{at % 7}") for at in range(90))]
    content = "\n".join(separator.join(row) for row in rows).encode()
    monkeypatch.setattr("command_center.ingest.readers.delimited._BLOCKS_BYTES", (64, 1 << 20))
    assert grid(content)[1] == [list(row) for row in rows]
    long = content + ("\n" + separator.join(("1", "a", "x" * 200))).encode()
    assert grid(long)[1] == [*map(list, rows), ["1", "a", "x" * 200]]


def test_a_workbook_of_many_blocks_and_pieces_is_read_as_one(monkeypatch):
    def change(sheet):
        for at in range(2, 60):
            sheet.cell(at, 2, "#REF!" if at % 5 == 0 else at / 4).data_type = "e" if at % 5 == 0 else "n"

    whole, texts = grid(xlsx_bytes(change=change))
    monkeypatch.setattr("command_center.ingest.readers.grid._BLOCK_ROWS", 7)
    monkeypatch.setattr("command_center.ingest.readers.extents._CHUNK", 50)
    parts, again = grid(xlsx_bytes(change=change))
    assert again == texts
    assert sum(row[1] == "#REF!" for row in texts) == 11
    np.testing.assert_array_equal(parts.sheets[0].kinds, whole.sheets[0].kinds)


@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(-1e9, 1e9), CELLS),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=10,
    )
)
def test_every_cell_of_a_json_table_has_a_kind_that_fits_its_text(rows):
    file, read = grid(json.dumps([HEADER, *rows]).encode())
    kinds = np.array([file.sheets[0].kind_of(column) for column in range(3)]).T
    for row, texts, found in zip(rows, read[1:], kinds[1:], strict=True):
        for value, text, kind in zip(row, texts, found, strict=True):
            assert (kind == Kind.EMPTY) == (text == "")
            if isinstance(value, float):
                assert float(text) == value
