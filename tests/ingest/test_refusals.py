"""A file that cannot be taken in is refused once, by name, with its place, who must act and what to do next.

The nastiest run in a process of their own, whose memory is measured.
"""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from command_center.ingest.check import check_file
from command_center.ingest.readers import Limits, extents
from command_center.ingest.refusals import IngestError
from tests.ingest.broken import formats
from tests.ingest.broken.drafts import new_draft
from tests.ingest.broken.tables import DATASETS

NAME = "kiriman"


def xlsx(**cells):
    book = openpyxl.Workbook()
    for place, value in {"A1": "Kode", "B1": "Jiwa", "A2": "x", "B2": 3, **cells}.items():
        book.active[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_member(content, member, change):
    """A workbook with one of its files changed."""
    source, stream = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            text = source.read(info)
            archive.writestr(info.filename, change(text) if info.filename == member else text)
    return stream.getvalue()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def entity_bomb(text):
    """Entities that double thirty times over, put before a file's first element."""
    lines = "".join(f'<!ENTITY e{at} "&e{at - 1};&e{at - 1};">' for at in range(1, 31))
    doctype = f'<!DOCTYPE bomb [<!ENTITY e0 "lol">{lines}]>'.encode()
    head, mark, rest = text.partition(b"?>")
    head, mark, rest = (head, mark, rest) if mark else (b"", b"", text)
    return head + mark + doctype + rest.replace(b"Sheet", b"&e30;", 1)


def repeated_ods(rows, columns):
    content = formats.write([["Kode", "Jiwa"], ["x", 3]], "ods")
    wide = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type'
    tall = f'<table:table-row table:number-rows-repeated="{rows}">'
    return with_member(
        content,
        "content.xml",
        lambda text: (
            text.decode()
            .replace("<table:table-cell office:value-type", wide, 1)
            .replace("<table:table-row>", tall, 1)
            .encode()
        ),
    )


NASTY = {
    "stray_cell": (xlsx(XFD1048576="x"), "sheet_too_large"),
    "stray_column": (xlsx(XFD1="x"), "sheet_too_large"),
    "stray_row": (xlsx(B1048576="x"), "sheet_too_large"),
    "dimension_that_lies": (
        with_member(
            xlsx(XFD1048576="x"),
            "xl/worksheets/sheet1.xml",
            lambda text: text.replace(b"A1:XFD1048576", b"A1:B2"),
        ),
        "sheet_too_large",
    ),
    "ods_repeated": (repeated_ods(1_048_576, 16_384), "sheet_too_large"),
    "hundred_thousand_columns": (("a," * 100_000 + "\n" + "1," * 100_000).encode(), "sheet_too_large"),
    "one_wide_record": (b"a,b\n1,2\n" * 300 + b"1," * 100_000, "sheet_too_large"),
    "keys_that_all_differ": (
        json.dumps([{f"k{at}": 1} for at in range(20_000)]).encode(),
        "sheet_too_large",
    ),
    "path_outside": (zipped(**{"../../etc/cron.csv": "a,b\n1,2\n"}), "archive_unsafe"),
    "absolute_path": (zipped(**{"/etc/cron.csv": "a,b\n1,2\n"}), "archive_unsafe"),
    "windows_path": (zipped(**{"..\\cron.csv": "a,b\n1,2\n"}), "archive_unsafe"),
    "entities_in_the_list_of_sheets": (with_member(xlsx(), "xl/workbook.xml", entity_bomb), "corrupt_file"),
    "zeros": (zipped(**{"data.csv": b"0" * 60_000_000}), "archive_bomb"),
    "binary": (b"\x00\x01\x02" * 4000, "unknown_format"),
}
CHILD = """
import resource, sys
from pathlib import Path
from command_center.ingest.readers import read_file
from command_center.ingest.refusals import IngestError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_file(path.read_bytes(), path.name)
        print(path.name, "read")
    except IngestError as error:
        print(path.name, error.code, bool(error.where and error.who and error.next_step))
print("megabytes", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_no_nasty_file_crashes_the_process_or_fills_its_memory(tmp_path):
    for name, (content, _) in NASTY.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    *told, memory = done.stdout.splitlines()
    assert dict(line.split(" ", 1) for line in told) == {
        name: f"{code} True" for name, (_, code) in NASTY.items()
    }
    assert int(memory.split()[1]) < 400


def test_entities_among_the_texts_are_not_expanded():
    """Where a workbook keeps its texts, an entity is left out or refused; it never grows."""
    content = with_member(xlsx(A2="Sheet"), "xl/sharedStrings.xml", entity_bomb)
    try:
        told = check(content).to_json()
    except IngestError as error:
        told = f"{error.code} {error}"
    assert len(told) < 10_000
    assert "lollol" not in told


def test_a_format_without_value_far_out_is_no_stray_cell():
    book = openpyxl.load_workbook(io.BytesIO(xlsx()))
    book.active["XFD1048576"].number_format = "0.00"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(IngestError) as refused:
        check(stream.getvalue())
    assert refused.value.code == "no_header"


@pytest.mark.parametrize("cell", [b'<c r="XFD1048576" s="1"/>', b'<c r="XFD1048576" s="1"></c>'])
def test_a_formatted_cell_is_none_wherever_the_file_is_cut(cell, monkeypatch):
    sheet = (
        b'<sheetData><row r="1"><c r="A1"><v>7</v></c></row><row r="1048576">' + cell + b"</row></sheetData>"
    )
    archive = zipfile.ZipFile(io.BytesIO(with_member(xlsx(), "xl/worksheets/sheet1.xml", lambda _: sheet)))
    for length in range(1, len(sheet)):
        monkeypatch.setattr(extents, "_CHUNK", length)
        extents.guard_xlsx(archive, {"Sheet": "xl/worksheets/sheet1.xml"}, "file", Limits())


def test_nul_bytes_are_named_and_never_end_a_table():
    draft = new_draft("ruas_jalan", "csv", 1)
    draft.records[5].cells["note"] = "sampai\0di sini"
    report = check(draft.content(), "ruas_jalan")
    (sheet,) = report.sheets
    assert sheet.read == len(draft.records)
    assert sheet.faults[["check", "row", "column"]].values.tolist() == [["control_character", 7, "note"]]


def check(content, dataset="ruas_jalan", **known):
    context = new_draft(dataset, "csv", 1).ingest_context()
    return check_file(content, NAME, DATASETS[dataset], replace(context, **known))


def refusal(content, dataset="ruas_jalan", **known):
    with pytest.raises(IngestError) as refused:
        check(content, dataset, **known)
    error = refused.value
    assert error.where.startswith(NAME) or error.code == "no_person_key"
    assert error.who
    assert error.next_step
    return error


def test_a_file_taken_in_before_is_refused_with_its_receipt():
    draft = new_draft("ruas_jalan", "csv", 1)
    first = check(draft.content())
    error = refusal(draft.content(), taken_in={first.sha256: "2026-000123"})
    assert error.code == "resubmitted_file"
    assert "2026-000123" in str(error)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ods", "xls"])
def test_a_table_without_rows_is_refused(file_format):
    draft = new_draft("ruas_jalan", file_format, 1)
    assert refusal(formats.write(draft.grid()[:1], file_format)).code == "no_rows"


def test_a_file_that_names_none_of_the_columns_is_refused():
    error = refusal(b"satu,dua\n1,2\n")
    assert error.code == "no_header"
    assert "command-center workbook ruas_jalan" in error.next_step


def test_a_personal_column_without_a_key_is_refused():
    draft = new_draft("aduan_lapor", "csv", 1)
    error = refusal(draft.content(), "aduan_lapor", person_key=None)
    assert error.code == "no_person_key"
    assert error.who == "the administrator"


def test_an_oversized_file_is_refused():
    with pytest.raises(IngestError) as refused:
        check_file(b"a,b\n" * 100, NAME, DATASETS["izin"], new_draft("izin", "csv", 1).ingest_context(),
                   Limits(file_bytes=100))  # fmt: skip
    assert refused.value.code == "file_too_large"


@pytest.mark.parametrize("sent", DATASETS)
def test_each_table_sent_as_another_is_told_and_none_is_told_of_its_own(sent):
    draft = new_draft(sent, "csv", 1)
    assert check(draft.content(), sent, others=DATASETS).is_clean
    for asked in DATASETS:
        if asked != sent:
            error = refusal(draft.content(), asked, others=DATASETS)
            assert error.code in ("other_dataset", "no_header")
            assert error.code == "other_dataset", f"{sent} sent as {asked}"
            assert sent in str(error)
