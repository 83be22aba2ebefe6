"""Every rule by mutation: a sound table passes, and breaking one rule names exactly that rule and place."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_center.catalog import Dataset
from command_center.contracts import CheckedTable, Fault, check_table
from command_center.contracts.faults import TEMPLATES
from command_center.errors import CatalogError
from command_center.locale import Translator

TEXT = {"id": "teks", "en": "text"}
REGIONS = frozenset({"99.01", "99.01.01", "99.01.02"})
AGENCIES = frozenset({"9.99.01"})
FIELDS = [
    {"name": "region_code", "constraints": {"required": True}},
    {"name": "agency_code"},
    {"name": "period", "constraints": {"required": True}},
    {"name": "method"},
    {"name": "persons", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "share_pct", "type": "number", "constraints": {"minimum": 0, "maximum": 100}},
    {"name": "as_of", "type": "date"},
    {"name": "is_final", "type": "boolean"},
    {"name": "kind", "constraints": {"enum": ["PKH", "SEMBAKO"]}},
    {"name": "ticket", "constraints": {"unique": True, "pattern": "[A-Z]{2}[0-9]+"}},
    {"name": "note", "type": "any"},
]
ROWS = [
    ["99.01.01", "9.99.01", "2024", "survey", "12", "67.5", "2024-12-31", "true", "PKH", "AB1", "p. 3"],
    ["99.01.02", "", "2024-S1", "routine", "0", "100", "", "false", "SEMBAKO", "AB2", ""],
    ["99.01", "9.99.01", "2024-08", "", "", "", "2024-08-31", "", "", "", "12"],
]


def declare(fields=FIELDS, **changes):
    return Dataset.model_validate(
        {
            "id": "facts",
            "title": TEXT,
            "cadence": "yearly",
            "methods": {"survey": TEXT, "routine": TEXT},
            "table": {
                "fields": fields,
                "primaryKey": ["region_code", "period", "method"],
                "foreignKeys": [
                    {"fields": "region_code", "reference": {"resource": "regions"}},
                    {"fields": "agency_code", "reference": {"resource": "agencies"}},
                ],
            }
            | changes,
        }
    )


def table(rows=ROWS):
    return pd.DataFrame(rows, columns=[field["name"] for field in FIELDS], dtype="str")


def check(text, dataset=None, **options) -> CheckedTable:
    return check_table(text, dataset or declare(), region_codes=REGIONS, agency_codes=AGENCIES, **options)


def test_a_sound_table_has_no_fault_and_its_declared_types():
    checked = check(table())
    assert checked.faults == ()
    frame = checked.frame
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "region_code": "str",
        "agency_code": "str",
        "period": "str",
        "method": "str",
        "persons": "Int64",
        "share_pct": "float64",
        "as_of": "datetime64[ns]",
        "is_final": "boolean",
        "kind": "str",
        "ticket": "str",
        "note": "str",
    }
    assert frame["persons"].tolist() == [12, 0, pd.NA]
    assert frame["as_of"].iloc[0].date() == date(2024, 12, 31)
    assert frame["is_final"].tolist() == [True, False, pd.NA]
    assert frame["note"].iloc[2] == "12"
    assert frame.index.tolist() == [1, 2, 3]
    assert frame.index.name == "source_row"


def test_a_code_keeps_its_zeros_and_dots():
    assert check(table()).frame["region_code"].tolist() == ["99.01.01", "99.01.02", "99.01"]


def test_an_empty_or_blank_cell_is_missing():
    frame = check(table([[*ROWS[0][:-1], "  "]])).frame
    assert frame["note"].isna().all()


@pytest.mark.parametrize(
    ("rule", "column", "cell"),
    [
        ("required", "region_code", ""),
        ("required", "period", " "),
        ("type", "persons", "12.5"),
        ("type", "persons", "1,200"),
        ("type", "persons", "1.234"),
        ("type", "persons", "12 "),
        ("type", "persons", "+12"),
        ("type", "persons", "99999999999999999999"),
        ("type", "share_pct", "12,5 %"),
        ("type", "share_pct", "1.234,56"),
        ("type", "share_pct", "-"),
        ("type", "share_pct", "nan"),
        ("type", "share_pct", "inf"),
        ("type", "as_of", "18/2/22"),
        ("type", "as_of", "2024-02-30"),
        ("type", "as_of", "44610"),
        ("type", "as_of", "2024-2-3"),
        ("type", "as_of", "0001-01-01"),
        ("type", "is_final", "ya"),
        ("minimum", "persons", "-1"),
        ("minimum", "share_pct", "-0.01"),
        ("maximum", "share_pct", "100.01"),
        ("enum", "kind", "pkh"),
        ("pattern", "ticket", "AB1x"),
        ("pattern", "ticket", "xAB1"),
        ("foreign_key", "region_code", "99.01.03"),
        ("foreign_key", "region_code", "99.1"),
        ("foreign_key", "agency_code", "9.99.02"),
        ("method", "method", "guess"),
        ("period", "period", "2024-13"),
        ("period", "period", "Agust 2024"),
    ],
)
@pytest.mark.parametrize("row", [1, 2])
def test_breaking_one_rule_is_one_fault_with_its_name_row_column_and_cell(rule, column, cell, row):
    text = table()
    text.loc[row - 1, column] = cell
    checked = check(text)
    (fault,) = checked.faults
    assert (fault.check, fault.column, fault.row, fault.line, fault.severity) == (
        rule,
        column,
        row,
        row + 1,
        "error",
    )
    assert fault.value == cell.strip() or fault.value == cell
    assert checked.faulty_rows == {row}
    if rule == "type":
        assert pd.isna(checked.frame.at[row, column])


@pytest.mark.parametrize(("column", "cell"), [("share_pct", "0"), ("share_pct", "100"), ("persons", "0")])
def test_a_limit_itself_is_allowed(column, cell):
    text = table()
    text.loc[0, column] = cell
    assert check(text).faults == ()


def test_a_value_that_must_be_unique_is_told_with_the_first_row_that_holds_it():
    text = table()
    text.loc[1, "ticket"] = "AB1"
    (fault,) = check(text).faults
    assert (fault.check, fault.column, fault.row, fault.value, fault.limit) == (
        "unique",
        "ticket",
        2,
        "AB1",
        "1",
    )


def test_missing_values_are_not_repeats_of_each_other():
    text = table()
    text["ticket"] = ""
    assert check(text).faults == ()


def test_a_repeated_key_is_told_with_the_first_row_that_holds_it():
    text = table([*ROWS, [*ROWS[0][:9], "AB9", ""]])
    (fault,) = check(text).faults
    assert (fault.check, fault.row, fault.limit) == ("primary_key", 4, "1")
    assert fault.column == "region_code, period, method"
    assert fault.value == "99.01.01 · 2024 · survey"


def test_a_missing_part_of_a_key_counts_as_a_value():
    text = table([*ROWS, [*ROWS[2][:9], "", ""]])
    assert [(fault.check, fault.row) for fault in check(text).faults] == [("primary_key", 4)]


def test_two_unreadable_keys_are_not_repeats_of_each_other():
    fields = [{"name": "year", "type": "integer"}, {"name": "note"}]
    dataset = declare(fields, primaryKey=["year", "note"], foreignKeys=[])
    text = pd.DataFrame({"year": ["x", "y", "2024", "2024"], "note": "same"}, dtype="str")
    assert [(fault.check, fault.row) for fault in check(text, dataset).faults] == [
        ("type", 1),
        ("type", 2),
        ("primary_key", 4),
    ]


def test_a_missing_column_is_a_fault_of_the_table_and_stays_as_a_missing_column():
    checked = check(table().drop(columns="note"))
    (fault,) = checked.faults
    assert (fault.check, fault.column, fault.row) == ("missing_column", "note", None)
    assert checked.frame["note"].isna().all()
    assert checked.faulty_rows == frozenset()
    assert checked.errors == checked.faults


def test_a_missing_key_column_does_not_hide_the_other_faults():
    text = table().drop(columns="method")
    text.loc[0, "persons"] = "x"
    assert [(fault.check, fault.column) for fault in check(text).faults] == [
        ("missing_column", "method"),
        ("type", "persons"),
    ]


def test_a_column_nobody_declared_is_a_fault_and_is_not_handed_on():
    checked = check(table().assign(nik="3316"))
    assert [(fault.check, fault.column) for fault in checked.faults] == [("unknown_column", "nik")]
    assert "nik" not in checked.frame.columns


def test_a_table_without_rows_is_a_fault():
    assert [fault.check for fault in check(table([])).faults] == ["empty_table"]


def test_all_faults_are_told_at_once_in_order_of_rows_and_columns():
    text = table()
    text.loc[1, ["kind", "persons"]] = ["x", "y"]
    text.loc[0, "region_code"] = "99.09"
    checked = check(text)
    assert [(fault.row, fault.column, fault.check) for fault in checked.faults] == [
        (1, "region_code", "foreign_key"),
        (2, "persons", "type"),
        (2, "kind", "enum"),
    ]
    assert checked.sound_rows.index.tolist() == [3]


def test_the_line_of_the_file_can_be_given():
    text = table()
    text.loc[1, "kind"] = "x"
    (fault,) = check(text, lines=[2, 5, 6]).faults
    assert fault.place == "row 2 (line 5), column kind"


def test_a_dataset_without_methods_allows_any_method():
    fields = [{"name": "method"}]
    dataset = declare(fields, primaryKey=[], foreignKeys=[]).model_copy(update={"methods": {}})
    assert check(pd.DataFrame({"method": ["x"]}, dtype="str"), dataset).faults == ()


def test_a_limit_on_a_text_is_a_fault_of_the_declaration():
    fields = [{"name": "note", "constraints": {"minimum": 1}}]
    dataset = declare(fields, primaryKey=[], foreignKeys=[])
    with pytest.raises(CatalogError, match="note is a string"):
        check(pd.DataFrame({"note": ["x"]}, dtype="str"), dataset)


@pytest.mark.parametrize("check_name", sorted(TEMPLATES))
def test_every_fault_can_be_said(check_name):
    fault = Fault(check_name, "persons", 1, 2, "x", "10")
    assert "{" not in fault.message
    assert fault.say(Translator("en")) == fault.message


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(st.text(max_size=12), min_size=1, max_size=8),
    kind=st.sampled_from(["integer", "number", "date", "boolean"]),
)
def test_no_cell_becomes_missing_without_a_fault(cells, kind):
    dataset = declare([{"name": "cell", "type": kind}], primaryKey=[], foreignKeys=[])
    checked = check(pd.DataFrame({"cell": cells}, dtype="str"), dataset)
    lost = {
        row
        for row, cell in enumerate(cells, start=1)
        if cell.strip() and pd.isna(checked.frame.at[row, "cell"])
    }
    assert lost == checked.faulty_rows


@settings(max_examples=40, deadline=None)
@given(number=st.floats(allow_nan=False, allow_infinity=False), whole=st.integers(-(10**17), 10**17))
def test_a_number_written_by_a_program_reads_back_as_itself(number, whole):
    fields = [{"name": "number", "type": "number"}, {"name": "whole", "type": "integer"}]
    dataset = declare(fields, primaryKey=[], foreignKeys=[])
    # Three digits of exponent are beyond any figure of a regency and are refused.
    written = 0.0 if abs(number) > 1e99 or 0 < abs(number) < 1e-99 else number
    text = pd.DataFrame({"number": [repr(written)], "whole": [str(whole)]}, dtype="str")
    checked = check(text, dataset)
    assert checked.faults == ()
    assert (checked.frame.at[1, "number"], checked.frame.at[1, "whole"]) == (written, whole)


@settings(max_examples=60, deadline=None)
@given(
    cell=st.text("0123456789+-.eE", min_size=1, max_size=20),
    kind=st.sampled_from(["integer", "number", "date"]),
)
def test_whatever_looks_like_a_number_is_read_or_refused_but_never_a_crash(cell, kind):
    dataset = declare([{"name": "cell", "type": kind}], primaryKey=[], foreignKeys=[])
    checked = check(pd.DataFrame({"cell": [cell]}, dtype="str"), dataset)
    assert pd.isna(checked.frame.at[1, "cell"]) == bool(checked.faults)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("integer", "007", 7),
        ("integer", "-5", -5),
        ("number", "1e3", 1000.0),
        ("number", "-0.50", -0.5),
        ("number", "2.5E-2", 0.025),
    ],
)
def test_plain_spellings_of_numbers_are_read(kind, cell, value):
    dataset = declare([{"name": "cell", "type": kind}], primaryKey=[], foreignKeys=[])
    checked = check(pd.DataFrame({"cell": [cell]}, dtype="str"), dataset)
    assert (checked.frame.at[1, "cell"], checked.faults) == (value, ())
