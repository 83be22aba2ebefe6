"""What a declaration forbids: keys twice, sums that do not agree, other periods, last year's figures."""

import pandas as pd

from tests.ingest.broken.drafts import Draft, NotApplicable, Row
from tests.ingest.broken.registry import SHEETS, kind
from tests.ingest.broken.tables import due_period


def last_year(draft: Draft) -> pd.DataFrame:
    """The table as it was accepted a year before, with the same figures."""
    frame = pd.DataFrame([row.truth for row in draft.records])
    return frame.assign(period=frame["period"].str.replace("2026", "2025"))


def copy(draft: Draft, row: Row, at: int) -> Row:
    other = Row(dict(row.cells), dict(row.truth))
    draft.rows.insert(at, other)
    return other


@kind()
def sound(draft: Draft) -> None:
    """A file without a fault: nothing may be named."""
    assert draft.planted == []


@kind()
def repeated_rows(draft: Draft) -> None:
    """Rows sent twice, as by pasting a block again."""
    for row in draft.some():
        draft.plant("repeated_rows", copy(draft, row, len(draft.rows)))
        _both_unique(draft, row, draft.records[-1])


@kind(SHEETS)
def repeated_rows_at_a_page_break(draft: Draft) -> None:
    block = draft.records[8:10]
    for at, row in enumerate(block):
        again = copy(draft, row, 10 + at)
        draft.plant("repeated_rows", again)
        _both_unique(draft, row, again)


def _both_unique(draft: Draft, *rows: Row) -> None:
    """Where a column says that no value stands twice, both places are told."""
    for one in draft.dataset.table.fields:
        if one.constraints.unique:
            for row in rows:
                draft.plant("unique", row, one.name)


@kind()
def primary_key(draft: Draft) -> None:
    """The same record twice with different figures; where one column alone is the key, that column is told."""
    row = draft.some(1)[0]
    other = copy(draft, row, len(draft.rows))
    other.cells[draft.count] = other.truth[draft.count] = row.truth[draft.count] + 1
    _both_unique(draft, row, other)
    if draft.planted == []:
        for one in (row, other):
            draft.plant("primary_key", one)


@kind()
def unique(draft: Draft) -> None:
    name = draft.first(lambda one: one.constraints.unique)
    row, other = draft.some(2)
    draft.spoil(other, name, row.truth[name], "unique")
    draft.plant("unique", row, name)


def cross_check(draft: Draft, wanted: str) -> object:
    for check in draft.dataset.checks:
        if check.kind == wanted:
            return check
    raise NotApplicable


@kind()
def parts_total(draft: Draft) -> None:
    check = cross_check(draft, "parts_total")
    for row in draft.some():
        draft.spoil(row, check.total, row.truth[check.total] + 3, "parts_total")


@kind()
def not_above(draft: Draft) -> None:
    check = cross_check(draft, "not_above")
    rows = [row for row in draft.records if row.truth["period"] not in ("2026-01", "2026-02")]
    for row in draft.chance.sample(rows, 3):
        draft.spoil(row, check.column, row.truth[check.limit] + 5, "not_above")


@kind()
def children_sum(draft: Draft) -> None:
    check = cross_check(draft, "children_sum")
    row = draft.records[0]
    draft.spoil(row, check.column, row.truth[check.column] + 7, "children_sum")


@kind()
def never_falls(draft: Draft) -> None:
    check = cross_check(draft, "never_falls")
    for row in [row for row in draft.records if row.truth["period"] == "2026-02"][:3]:
        draft.spoil(row, check.column, row.truth[check.column] - 60_000_000, "never_falls")


@kind()
def wrong_period(draft: Draft) -> None:
    """Last year's file renamed."""
    draft.context["expected_period"] = due_period(draft.dataset.id) or "2026-05"
    for row in draft.records:
        old = row.truth["period"].replace("2026", "2025")
        row.cells["period"] = old
    draft.plant("wrong_period", None, "period")


@kind(SHEETS)
def wrong_period_in_the_title(draft: Draft) -> None:
    """Without a column for it, the title says that the table is of another year."""
    draft.context["expected_period"] = due_period(draft.dataset.id) or "2026-05"
    if "period" in draft.dataset.table.primaryKey and not due_period(draft.dataset.id):
        raise NotApplicable
    draft.columns.remove("period")
    draft.titles = [["REKAPITULASI DATA TAHUN 2024"], []]
    draft.plant("title_rows")
    draft.plant("wrong_period")


@kind()
def same_as_last(draft: Draft) -> None:
    """Every figure is that of the last period, only the period was typed anew."""
    draft.context["last"] = last_year(draft)
    draft.plant("same_as_last")


@kind()
def column_rescaled(draft: Draft) -> None:
    """The column is in thousands this time."""
    name = draft.count
    before = last_year(draft)
    draft.context["last"] = before.assign(**{name: before[name] / 1000})
    draft.plant("column_rescaled", None, name)


@kind()
def unit_switch_against_last(draft: Draft) -> None:
    """Some figures are a thousandfold of what stood there the last time."""
    name = draft.count
    draft.context["last"] = last_year(draft)
    for row in draft.some():
        draft.spoil(row, name, row.truth[name] * 1000, "unit_switch", value=None)
