"""Readings: the figures of the edition put into words, in both languages, and silence explained."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from command_center.indicators.schema import conform
from command_center.pages.amounts import target_text, value_text
from command_center.pages.readings import read
from tests.pages.conftest import DAY, NORTH, ROOT, SOUTH


def test_a_reading_says_the_latest_figure_of_the_leading_method(context_of, sector, indicators) -> None:
    reading = read(context_of(), sector, indicators["TST1"])
    assert (reading.value, reading.unit, reading.period, reading.method_label) == (
        "72,25",
        "%",
        "2024",
        "Laporan",
    )
    assert (reading.status, reading.as_of, reading.n) == ("watch", "2024", "n = 1.200")
    assert reading.changes == ("naik 1,75 poin dari 2023",)
    assert reading.key == f"TST1|{ROOT}|2024|routine"


def test_the_same_reading_in_english(context_of, sector, indicators) -> None:
    reading = read(context_of(language="en"), sector, indicators["TST1"])
    assert (reading.name, reading.value, reading.method_label) == ("Coverage", "72.25", "Report")
    assert (reading.as_of, reading.n) == ("2024", "n = 1,200")
    assert reading.changes == ("up 1.75 points from 2023",)
    assert reading.key == read(context_of(), sector, indicators["TST1"]).key


def test_another_method_stands_beside_and_is_never_mixed_in(context_of, sector, indicators) -> None:
    reading = read(context_of(), sector, indicators["TST1"])
    assert [(other.method, other.value, other.period) for other in reading.others] == [
        ("Survei", "65%", "2024")
    ]
    survey = read(context_of(), sector, indicators["TST1"], method="survey")
    assert (survey.number, survey.changes) == (65.0, ())


def test_a_chosen_period_is_read_and_one_without_figure_is_said_to_have_none(
    context_of, sector, indicators
) -> None:
    assert read(context_of(), sector, indicators["TST1"], period="2023").value == "70,5"
    absent = read(context_of(), sector, indicators["TST1"], period="1999")
    assert (absent.value, absent.has_value, absent.status) == ("belum ada data", False, "no_data")


def test_a_figure_nobody_supplied_names_who_owes_it(context_of, sector, indicators) -> None:
    reading = read(context_of(), sector, indicators["TST3"])
    assert (reading.value, reading.owner, reading.key) == ("belum ada data", "Dishal", "")
    assert read(context_of(language="en"), sector, indicators["TST3"]).value == "no data yet"


def test_below_its_level_a_reading_says_why_and_gives_the_nearest_figure_above(
    context_of, sector, indicators
) -> None:
    village, coverage = f"{NORTH}.2001", indicators["TST1"]
    reading = read(context_of(village), sector, coverage)
    assert not reading.has_value
    assert reading.level_note == "Hanya diketahui sampai Kecamatan Utara: 91% (2024). Dicatat per kantor"
    regency_only = coverage.model_copy(update={"grain": "kab"})
    assert read(context_of(NORTH, "en"), sector, regency_only).level_note == (
        "Only known for the whole regency: 72.25% (2024). Recorded by office"
    )


def test_a_level_note_does_not_claim_a_figure_that_nobody_supplied(context_of, sector, indicators) -> None:
    awaited = indicators["TST3"].model_copy(update={"grain": "kab"})
    note = read(context_of(NORTH), sector, awaited).level_note
    assert note.startswith("Tidak disusun untuk wilayah sekecil ini")
    assert "Hanya diketahui" not in note


def test_old_figures_say_their_age(context_of, sector, indicators) -> None:
    assert read(context_of(), sector, indicators["TST2"]).age_note == "data berumur 15,9 tahun"
    assert (
        read(context_of(language="en"), sector, indicators["TST2"]).age_note == "the data are 15.9 years old"
    )


def test_one_year_is_not_a_plural(context_of, sector, indicators) -> None:
    context = context_of(language="en")
    measures = context.measures.copy()
    measures.loc[measures["period"].eq("2010"), "as_of"] = pd.Timestamp(DAY - timedelta(days=365))
    aged = replace(context, edition=replace(context.edition, measures=measures))
    assert read(aged, sector, indicators["TST2"]).age_note == "the data are 1 year old"


@pytest.mark.parametrize(
    ("language", "target", "figure"),
    [("id", "sasaran 80% pada 2026", "1.234 jiwa"), ("en", "target 80% in 2026", "1,234 persons")],
)
def test_targets_are_written_as_set_and_figures_as_declared(
    context_of, indicators, language, target, figure
) -> None:
    locale = context_of(language=language).locale
    assert target_text(locale, indicators["TST1"]) == target
    assert value_text(locale, indicators["TST2"], 1234.0, 0) == figure


def test_a_missing_target_is_said_and_a_neutral_figure_has_none(context_of, indicators) -> None:
    locale = context_of().locale
    assert target_text(locale, indicators["TST3"]) == "sasaran: belum diisi"
    assert target_text(locale, indicators["TST2"]) == ""


def test_links_are_relative_and_lead_to_the_region_that_was_read(context_of, sector, indicators) -> None:
    reading = read(context_of(NORTH), sector, indicators["TST1"], SOUTH)
    assert reading.link == f"../../../indikator/TST1/{SOUTH}/"
    assert reading.csv_link == f"../../../unduh/TST1/{SOUTH}.csv"


def test_a_paired_figure_never_stands_alone(context_of, sector, indicators) -> None:
    paired = indicators["TST1"].model_copy(update={"pair": "TST2"})
    reading = read(context_of(), sector, paired)
    assert reading.pair is not None
    assert (reading.pair.name, reading.pair.value, reading.pair.period) == (
        "Jumlah (Laporan)",
        "12.345 jiwa",
        "2010",
    )
    assert read(context_of(), sector, indicators["TST1"]).pair is None


def test_a_day_that_is_only_the_end_of_a_period_is_not_claimed(context_of, sector, indicators) -> None:
    context = context_of()
    assert read(context, sector, indicators["TST2"]).as_of == "2010"
    measures = context.measures.copy()
    measures.loc[measures["period"].eq("2010"), "as_of"] = pd.Timestamp("2010-05-15")
    dated = replace(context, edition=replace(context.edition, measures=measures))
    assert read(dated, sector, indicators["TST2"]).as_of == "15 Mei 2010"


def test_several_figures_are_counted_and_the_newest_other_comes_first(context_of, sector, indicators) -> None:
    context = context_of()
    older = context.measures[context.measures["method"].eq("survey")].assign(
        method="archive", period="2019", value=61.5, as_of=pd.Timestamp("2019-12-31")
    )
    more = replace(context.edition, measures=conform(pd.concat([context.measures, older])))
    reading = read(replace(context, edition=more), sector, indicators["TST1"])
    assert reading.others_note == "3 angka, basis berbeda"
    assert [other.period for other in reading.others] == ["2024", "2019"]
    assert read(context, sector, indicators["TST2"]).others_note == ""


def test_shares_of_two_targets_are_not_called_a_rise_or_fall(context_of, sector, indicators) -> None:
    context = context_of()
    measures = context.measures.copy()
    for period, part, whole in (("2023", 205.0, 80.0), ("2024", 798.0, 620.0)):
        here = (
            measures["indicator"].eq("TST1")
            & measures["period"].eq(period)
            & measures["method"].eq("routine")
        )
        here &= measures["region_code"].eq(ROOT)
        measures.loc[here, ["numerator", "denominator", "value"]] = (part, whole, part / whole * 100)
    share = indicators["TST1"].model_copy(update={"share_of_target": True, "target": None})
    moved = replace(context, edition=replace(context.edition, measures=measures))
    reading = read(moved, sector, share)
    assert reading.target == "dari sasaran 620"
    assert reading.changes == ("2023: 256,25% dari 80; sekarang sasarannya 620",)
