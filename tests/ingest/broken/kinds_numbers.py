"""Numbers as people write them: signs, units, currencies, shares, marks for missing, and figures out of range."""

from datetime import date
from typing import Any

from tests.ingest.broken import formats
from tests.ingest.broken.drafts import Draft, NotApplicable
from tests.ingest.broken.registry import UNICODE, kind


def grouped(number: float, sign: str) -> str:
    return f"{number:,}".replace(",", sign)


def respell(draft: Draft, name: str, spell: Any, *checks: str) -> None:
    """Write some figures of a column another way; they must be read as what they are."""
    for row in draft.some():
        draft.spoil(row, name, spell(row.truth[name]), *checks)


def misread(draft: Draft, name: str, written: Any, *checks: str) -> None:
    """Write something that has no value into some cells of a column."""
    for row in draft.some():
        draft.spoil(row, name, written, *checks, value=None)


@kind()
def thousands_point(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: grouped(value, "."), "thousands_separator")


@kind()
def thousands_comma(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: grouped(value, ","), "thousands_separator")


@kind()
def thousands_space(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: grouped(value, " "), "thousands_separator")


@kind()
def thousands_hard_space(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: grouped(value, "\u00a0"), "thousands_separator", "hard_space")


@kind()
def thousands_apostrophe(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: grouped(value, "'"), "thousands_separator")


@kind()
def decimal_comma(draft: Draft) -> None:
    respell(draft, draft.decimal, lambda value: str(value).replace(".", ","), "decimal_comma")


@kind()
def indonesian_number(draft: Draft) -> None:
    spell = lambda value: f"{grouped(value, '.')},00"  # noqa: E731
    respell(draft, draft.count, spell, "thousands_separator", "decimal_comma")


@kind()
def english_number(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"{value:,}.00", "thousands_separator")


@kind()
def thousands_decided_by_column(draft: Draft) -> None:
    """A point with three digits is a decimal mark where the same column writes 17.25."""
    unclear, witness = draft.some(2)
    draft.spoil(unclear, draft.decimal, "17.125", *as_text(draft), value=17.125)
    draft.spoil(witness, draft.decimal, "17.25", *as_text(draft), value=17.25)


@kind()
def number_ambiguous(draft: Draft) -> None:
    """The column writes decimals both ways, so a single sign says nothing."""
    unclear, comma, point = draft.some()
    draft.spoil(unclear, draft.decimal, "17.125", "number_ambiguous", value=None)
    draft.spoil(comma, draft.decimal, "17,25", "decimal_comma", value=17.25)
    draft.spoil(point, draft.decimal, "17.25", *as_text(draft), value=17.25)


def as_text(draft: Draft) -> tuple[str, ...]:
    """A sound number that a format with types holds as text has that fault."""
    return ("number_as_text",) if draft.is_typed else ()


@kind()
def currency_text(draft: Draft) -> None:
    respell(
        draft,
        draft.money,
        lambda value: f"Rp {grouped(value, '.')},-",
        "currency_text",
        "thousands_separator",
    )


@kind()
def currency_with_cents(draft: Draft) -> None:
    checks = ("currency_text", "thousands_separator", "decimal_comma")
    respell(draft, draft.money, lambda value: f"Rp{grouped(value, '.')},00", *checks)


@kind()
def currency_in_millions(draft: Draft) -> None:
    name = draft.money
    if name in {used for check in draft.dataset.checks for used in check.fields}:
        raise NotApplicable
    for row in draft.some():
        value = round(row.truth[name] / 1_000_000) * 1_000_000 + 500_000
        written = f"Rp {value / 1_000_000:.1f} juta".replace(".", ",")
        draft.spoil(row, name, written, "currency_text", "unit_converted", "decimal_comma", value=value)


@kind()
def percent_sign(draft: Draft) -> None:
    respell(
        draft, draft.percent, lambda value: f"{value} %".replace(".", ","), "percent_sign", "decimal_comma"
    )


@kind()
def unit_in_cell(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"{value} buah", "unit_in_cell")


@kind()
def metres_in_cell(draft: Draft) -> None:
    name = draft.first(lambda one: one.unit == "m")
    respell(draft, name, lambda value: f"{value} M", "unit_in_cell")


@kind()
def kilometres_in_cell(draft: Draft) -> None:
    name = draft.first(lambda one: one.unit == "m")
    respell(draft, name, lambda value: f"{value / 1000} km", "unit_converted")


@kind()
def unit_converted(draft: Draft) -> None:
    name = draft.count
    for row in draft.some():
        draft.spoil(
            row,
            name,
            f"{row.truth[name] // 1000} ribu",
            "unit_converted",
            value=row.truth[name] // 1000 * 1000,
        )


@kind()
def unit_in_header(draft: Draft) -> None:
    name = draft.money
    draft.headers[name] = [f"{draft.headers[name][0]} (ribu rupiah)"]
    for row in draft.records:
        row.cells[name] = row.truth[name] / 1000
    draft.plant("unit_in_header", None, name)


@kind()
def unit_switch(draft: Draft) -> None:
    """Some figures in thousands of what all others of the column are in."""
    misread(draft, draft.count, 4_321_000, "unit_switch")


@kind()
def share_as_fraction(draft: Draft) -> None:
    name = draft.percent
    for row in draft.records:
        draft.spoil(row, name, round(row.truth[name] / 100, 5), "share_as_fraction")


@kind()
def share_mixed(draft: Draft) -> None:
    misread(draft, draft.percent, 0.61, "share_mixed")


@kind()
def share_ambiguous(draft: Draft) -> None:
    name = draft.percent
    for row in draft.records:
        draft.spoil(row, name, None, value=None)
    for row in draft.some(2):
        draft.spoil(row, name, 0.61, "share_ambiguous")


@kind()
def accounting_negative(draft: Draft) -> None:
    misread(draft, draft.count, "(250)", "accounting_negative", "negative")


@kind()
def negative(draft: Draft) -> None:
    misread(draft, draft.count, -250, "negative")


@kind()
def scientific_notation(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, draft.count, "2,5E+03", "scientific_notation", value=2500)


@kind(formats.TYPED)
def number_as_text(draft: Draft) -> None:
    respell(draft, draft.count, str, "number_as_text")


@kind()
def number_with_slash(draft: Draft) -> None:
    misread(draft, draft.count, "/40", "number_unreadable")


@kind()
def number_as_range(draft: Draft) -> None:
    misread(draft, draft.decimal, "10-20", "number_unreadable")


@kind()
def number_as_words(draft: Draft) -> None:
    misread(draft, draft.count, "lima belas", "number_unreadable")


@kind(("xlsx", "ods", "xls"))
def date_for_number(draft: Draft) -> None:
    misread(draft, draft.decimal, date(2026, 5, 12), "date_for_number")


@kind()
def not_whole(draft: Draft) -> None:
    misread(draft, draft.count, 1200.5, "not_whole")


@kind()
def zero_for_missing(draft: Draft) -> None:
    misread(draft, draft.count, 0, "zero_for_missing")


@kind()
def above_100(draft: Draft) -> None:
    misread(draft, draft.percent, 104.5, "above_100")


@kind()
def above_maximum(draft: Draft) -> None:
    misread(draft, draft.count, 100_000_000, "above_maximum")


@kind()
def below_minimum(draft: Draft) -> None:
    misread(draft, draft.count, 3, "below_minimum")


@kind()
def footnote_mark(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"{value}*)", "footnote_mark")


@kind()
def number_with_full_stop(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"{value}.", "footnote_mark")


@kind()
def leading_apostrophe(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"'{value}", "leading_apostrophe")


@kind()
def number_with_stray_space(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"   {value} ", "stray_space")


@kind(UNICODE)
def number_with_zero_width_space(draft: Draft) -> None:
    respell(draft, draft.count, lambda value: f"{value}\u200b", "control_character")


@kind()
def missing_dash(draft: Draft) -> None:
    misread(draft, draft.count, draft.chance.choice(["-", "--", ".", "..."]), "missing_dash")


@kind()
def missing_word(draft: Draft) -> None:
    misread(draft, draft.count, draft.chance.choice(["n/a", "tad", "tidak ada data", "None"]), "missing_word")


@kind()
def missing_nil(draft: Draft) -> None:
    misread(draft, draft.decimal, draft.chance.choice(["nihil", "NIHIL", "kosong"]), "missing_nil")


@kind()
def missing_in_a_required_column(draft: Draft) -> None:
    name = draft.first(lambda one: one.constraints.required and one.type in ("integer", "number"))
    misread(draft, name, "-", "missing_dash", "required")


@kind()
def spreadsheet_error(draft: Draft) -> None:
    misread(draft, draft.count, draft.chance.choice(["#REF!", "#DIV/0!", "#VALUE!"]), "spreadsheet_error")


@kind()
def formula_text(draft: Draft) -> None:
    misread(draft, draft.count, "=B2+C2", "formula_text")
