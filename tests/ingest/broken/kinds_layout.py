"""What stands around the records: titles, headers on several rows, totals, notes, blanks, strange and lost columns."""

from tests.ingest.broken.drafts import Draft, NotApplicable, Row
from tests.ingest.broken.kinds_words import PHONE
from tests.ingest.broken.registry import SHEETS, UNICODE, kind
from tests.ingest.broken.tables import REGIONS

# Rows of values are summed only where a sum means something.
SUMMED = ("persons", "children", "households", "count", "idr", "m")


def label(draft: Draft) -> str:
    """The column in which a total is named."""
    return draft.first(lambda one: one.type == "string" and one.constraints.enum is None)


def sums(draft: Draft, rows: list[Row]) -> dict[str, object]:
    """The totals a sender prints under these rows."""
    names = [one.name for one in draft.dataset.table.fields if one.unit in SUMMED and one.type != "string"]
    return {name: sum(row.truth[name] for row in rows) for name in names}


@kind(SHEETS)
def title_rows(draft: Draft) -> None:
    draft.titles = [["LAPORAN REKAPITULASI DATA"], ["PEMERINTAH KABUPATEN"], []]
    draft.plant("title_rows")


@kind(SHEETS)
def header_rows(draft: Draft) -> None:
    """Two columns side by side under one heading."""
    _under_one_heading(draft)
    draft.plant("header_rows")


@kind(("xlsx",))
def header_merged(draft: Draft) -> None:
    left = _under_one_heading(draft)
    draft.merges = [(0, left, 0, left + 1)]
    draft.plant("header_rows")
    draft.plant("header_merged")


def _under_one_heading(draft: Draft) -> int:
    left = draft.columns.index(draft.count)
    for at, name in enumerate(draft.columns[left : left + 2]):
        draft.headers[name] = ["" if at else "Capaian Kegiatan", draft.headers[name][0]]
    return left


@kind(SHEETS)
def header_line_break(draft: Draft) -> None:
    name = draft.count
    draft.headers[name] = [draft.headers[name][0].replace(" ", "\n", 1)]
    draft.plant("header_line_break", None, name)


@kind(SHEETS)
def column_numbers(draft: Draft) -> None:
    line = draft.insert(0, [f"({at})" for at in range(1, len(draft.columns) + 1)])
    draft.plant("column_numbers", line)


@kind(SHEETS)
def repeated_header(draft: Draft) -> None:
    """Printed again at the top of every page."""
    for at in (8, 15):
        draft.plant("repeated_header", draft.insert(at, [draft.headers[name][0] for name in draft.columns]))


@kind(SHEETS)
def blank_row(draft: Draft) -> None:
    for at in (5, 12):
        draft.plant("blank_row", draft.insert(at, [None]))


@kind(SHEETS)
def total_row(draft: Draft) -> None:
    word = draft.chance.choice(["JUMLAH", "TOTAL", "Jumlah Kabupaten", "Jml.", "Grand Total"])
    cells = draft.line(**{label(draft): word, **sums(draft, draft.records)})
    draft.plant("total_row", draft.insert(len(draft.rows), cells))


@kind(SHEETS)
def subtotal_rows(draft: Draft) -> None:
    for stop, start in ((16, 8), (8, 0)):
        cells = draft.line(**{label(draft): "Sub Total", **sums(draft, draft.records[start:stop])})
        draft.plant("total_row", draft.insert(stop, cells))


@kind(SHEETS)
def total_row_unlabelled(draft: Draft) -> None:
    cells = draft.line(**sums(draft, draft.records))
    draft.plant("total_row_unlabelled", draft.insert(len(draft.rows), cells))


@kind(SHEETS)
def total_row_of_the_regency(draft: Draft) -> None:
    """The regency among its kecamatan is their total, not one of them."""
    if "kab" in draft.dataset.layout.region_levels or draft.dataset.layout.region_from is not None:
        raise NotApplicable
    cells = draft.line(**{draft.region: REGIONS.root.code, **sums(draft, draft.records)})
    draft.plant("total_row_unlabelled", draft.insert(len(draft.rows), cells))


@kind(SHEETS)
def total_mismatch(draft: Draft) -> None:
    wrong = {**sums(draft, draft.records), draft.count: 777_777}
    line = draft.insert(len(draft.rows), draft.line(**{label(draft): "JUMLAH", **wrong}))
    draft.plant("total_row", line)
    draft.plant("total_mismatch", line, draft.count)


@kind(SHEETS)
def note_row(draft: Draft) -> None:
    for text in ("Sumber: rekapitulasi bidang, 2026", "Mengetahui,", "Kepala Dinas"):
        draft.plant("note_row", draft.insert(len(draft.rows), [text]))


@kind(SHEETS)
def filled_down(draft: Draft) -> None:
    """The name of a group only in its first row, as under a merged cell."""
    names = draft.dataset.layout.fill_down
    if not names:
        raise NotApplicable
    above = None
    for row in draft.records:
        if row.truth[names[0]] == above:
            draft.spoil(row, names[0], None, "filled_down")
        above = row.truth[names[0]]


@kind(SHEETS)
def shifted_cells_right(draft: Draft) -> None:
    for row in draft.some():
        _shift(draft, row, [None, *(row.cells[name] for name in draft.columns[:-1])])


@kind(SHEETS)
def shifted_cells_left(draft: Draft) -> None:
    for row in draft.some():
        _shift(draft, row, [*(row.cells[name] for name in draft.columns[1:]), None])


def _shift(draft: Draft, row: Row, cells: list[object]) -> None:
    row.cells = dict(zip(draft.columns, cells, strict=True))
    draft.plant("shifted_cells", row)
    for name, value in row.cells.items():
        # A telephone number that slipped into another column stands there in clear.
        if value == PHONE:
            draft.plant("private_phone", row, name)


@kind(("csv",))
def row_too_short(draft: Draft) -> None:
    _change_lines(draft, lambda line: line.rpartition(",")[0])


@kind(("csv",))
def row_too_long(draft: Draft) -> None:
    """A comma too many also makes a column that nobody named."""
    _change_lines(draft, lambda line: f"{line},lebih")
    draft.plant("column_unknown")


def _change_lines(draft: Draft, change) -> None:
    numbers = draft.numbers()
    rows = draft.some()
    for row in rows:
        row.cells["note"] = row.truth["note"] = None
        draft.plant("ragged_row", row)
    lines = {numbers[id(row)] - 1 for row in rows}
    draft.finish = lambda text: "\n".join(
        change(line) if at in lines else line for at, line in enumerate(text.split("\n"))
    )


@kind(UNICODE)
def column_missing(draft: Draft) -> None:
    draft.columns.remove("source")
    draft.plant("column_missing", None, "source")


@kind()
def column_absent(draft: Draft) -> None:
    draft.columns.remove("note")
    for row in draft.records:
        row.truth["note"] = None
    draft.plant("column_absent", None, "note")


@kind()
def column_unknown(draft: Draft) -> None:
    draft.columns.append("strange")
    draft.headers["strange"] = ["Paraf Petugas"]
    for row in draft.records:
        row.cells["strange"] = "v"
    draft.plant("column_unknown", None, "Paraf Petugas")


@kind()
def column_renamed(draft: Draft) -> None:
    draft.headers["source"] = ["Sumbr Data"]
    draft.plant("column_renamed", None, "source")


@kind(SHEETS)
def column_repeated(draft: Draft) -> None:
    draft.columns.append("again")
    draft.headers["again"] = [draft.headers["note"][0]]
    for row in draft.records:
        row.cells["again"] = row.cells["note"]
    for row in draft.some():
        row.cells["again"] = "lain"
    draft.plant("column_repeated", None, "note")


@kind()
def column_retyped(draft: Draft) -> None:
    for row in draft.records:
        draft.spoil(row, draft.count, "banyak", "number_unreadable", value=None)
    draft.plant("column_retyped", None, draft.count)


@kind(("xlsx",))
def sheet_without_table(draft: Draft) -> None:
    draft.other_sheets = [[["Petunjuk pengisian"], ["Isi kolom yang berwarna"]]]
    draft.plant("sheet_without_table")


@kind(SHEETS)
def everything_around_at_once(draft: Draft) -> None:
    """Titles, numbered columns, a page break, a total and a note in one sheet."""
    for plant in (column_numbers, title_rows, repeated_header, total_row, note_row):
        plant(draft)
