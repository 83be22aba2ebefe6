"""Signals of a whole edition: what is raised, what only asks for data, how many, in which order."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from command_center.calendar import load_calendar
from command_center.catalog import Catalog
from command_center.errors import ReferenceDataError
from command_center.indicators.schema import MEASURE_COLUMNS, conform
from command_center.regions import load_regions
from command_center.settings import Settings, load_settings
from command_center.signals import AttentionRules, RuleBook, find_signals, load_rule_book
from tests.signals.test_attention import row, sector

TEXT = {"id": "teks", "en": "text"}
ATTENTION = AttentionRules(("index",), 10.0, 3)
DAY = date(2025, 10, 10)
CATALOG = Catalog(
    (
        sector("first", 1, {"id": "FST1", "main_method": "routine"}, {"id": "FST2", "unit": "index"}),
        sector("second", 2, {"id": "SND1", "direction": "down"}),
    )
)


def book(*rules: dict[str, Any], **settings: Any) -> RuleBook:
    whole = [
        {
            "number": 1,
            "name": TEXT,
            "provenance": "proposal",
            "source": TEXT,
            "owner": "5.02.01",
            "agencies": True,
            "evidence": TEXT,
            "rivals": [TEXT],
            "options": [TEXT],
            "consequence": {"people": 1, "rupiah": 1, "law": 1},
            **rule,
        }
        for rule in rules
    ]
    return RuleBook.model_validate({"rules": whole, **settings})


LOW = {
    "id": "low",
    "levels": ["kab", "kec", "desa"],
    "watches": [{"indicators": ["FST1"], "condition": {"kind": "limit", "below": 50}, "severe": 20}],
}


def signals(*rows: dict[str, Any], rules: RuleBook, **more: Any) -> pd.DataFrame:
    settings = load_settings()
    measures = conform(pd.DataFrame(list(rows), columns=list(MEASURE_COLUMNS)))
    regions, calendar = load_regions(settings), load_calendar(settings)
    return find_signals(measures, CATALOG, regions, rules, ATTENTION, calendar, DAY, **more).signals


def years(indicator: str, *values: float, **more: Any) -> list[dict[str, Any]]:
    return [
        row(indicator, str(2026 - len(values) + place), value, "good", **{"region_code": "33.16", **more})
        for place, value in enumerate(values)
    ]


def test_a_rule_raises_with_threshold_owner_begin_and_a_day_to_confirm_by() -> None:
    (found,) = signals(*years("FST1", 60, 45, 44), rules=book(LOW)).to_dict("records")
    assert (found["id"], found["since"], found["threshold"]) == ("low-FST1-33.16", "2024", 50.0)
    assert (found["owner"], found["confirm_by"], found["is_alarm"]) == ("5.02.01", "2025-10-14", True)


def test_a_jump_asks_for_the_data_and_nothing_else_is_concluded() -> None:
    low = {**LOW, "watches": [{**LOW["watches"][0], "indicators": ["FST2"]}]}  # type: ignore[index,dict-item]
    (found,) = signals(*years("FST2", 90, 20, 19), rules=book(low)).to_dict("records")
    assert (found["kind"], found["id"]) == ("jump", "jump-FST2-33.16")


def test_figures_that_cannot_be_compared_and_poor_data_raise_only_that() -> None:
    rows = years("FST1", 60, 45, 44)
    rows[-1]["status"] = "not_comparable"
    assert signals(*rows, rules=book(LOW))["kind"].tolist() == ["bad_data"]
    rows = years("FST1", 60, 45, 44)
    poor = frozenset({("FST1", "")})
    assert signals(*rows, rules=book(LOW), poor=poor)["kind"].tolist() == ["bad_data"]


def test_what_its_owner_has_rejected_is_left_out_until_a_new_breach_begins() -> None:
    rows = years("FST1", 60, 45, 44)
    assert signals(*rows, rules=book(LOW), rejected=frozenset({("low-FST1-33.16", "2024")})).empty
    assert len(signals(*rows, rules=book(LOW), rejected=frozenset({("low-FST1-33.16", "2020")}))) == 1


def test_at_most_seven_are_alarms_and_the_gravest_comes_first() -> None:
    rows: list[dict[str, Any]] = []
    for number in range(1, 12):
        rows += years("FST1", 60, 45, 44, agency_code=f"{number}")
    rows += years("FST1", 60, 45, 10, agency_code="grave")
    found = signals(*rows, rules=book(LOW))
    assert found["is_alarm"].sum() == 7
    assert found["rank"].tolist() == list(range(1, 13))
    assert found["agency_code"].iloc[0] == "grave"


def test_a_hidden_figure_moves_no_signal_whatever_it_is() -> None:
    def found(hidden: float) -> list[dict[str, Any]]:
        rows = years("FST1", 60, hidden, 44, 43, region_code="33.16.09")
        rows[1]["suppressed"] = True
        more = years("FST1", *[52.0 + place % 3 for place in range(14)], hidden, region_code="33.16.10")
        more[-1]["suppressed"] = True
        return signals(*rows, *more, rules=book(LOW)).drop(columns="score").to_dict("records")

    told = found(50.5)
    assert [one["region_code"] for one in told] == ["33.16.09"]
    assert (told[0]["since"], told[0]["value"]) == ("2024", 43.0)
    assert found(-9000.0) == told


def test_sample_data_never_takes_the_place_of_what_is_known() -> None:
    rows = [*years("FST1", 60, 45, 10, agency_code="x", method="sample"), *years("FST1", 60, 45, 44)]
    assert signals(*rows, rules=book(LOW))["method"].tolist() == ["routine", "sample"]


def test_a_lasting_change_for_the_worse_is_raised_by_its_chart_and_one_for_the_better_is_not() -> None:
    months = [f"{2023 + n // 12}-{n % 12 + 1:02}" for n in range(30)]
    wave = [0.4, -0.3, 0.1, -0.5, 0.2, 0.3, -0.2, -0.1, 0.5, -0.4]
    shape = [wave[n % 10] + (12 if n >= 22 else 0) for n in range(30)]

    def of(indicator: str) -> list[dict[str, Any]]:
        return [
            row(indicator, month, 50 + value, "good", region_code="33.16", as_of=pd.Timestamp(f"{month}-28"))
            for month, value in zip(months, shape, strict=True)
        ]

    found = signals(*of("FST1"), *of("SND1"), rules=book())
    assert found["id"].tolist() == ["variation-SND1-33.16"]
    assert signals(*of("FST1"), *of("SND1"), rules=book(seasonal=["SND1"])).empty


def test_every_rule_of_the_domain_is_declared_with_its_standing() -> None:
    rules = load_rule_book(load_settings()).rules
    assert sorted(rule.number for rule in rules) == list(range(1, 17))
    assert all(rule.options and rule.rivals for rule in rules)
    assert {rule.provenance for rule in rules} == {"proposal"}


def test_a_sector_brings_rules_of_its_own_and_a_wrong_word_is_named(fresh_house: Settings) -> None:
    path = fresh_house.sectors_dir / "water" / "rules.yml"
    path.write_text("seasonal: [WAT1]\n", encoding="utf-8")
    assert "WAT1" in load_rule_book(fresh_house).seasonal
    path.write_text("seasonable: [WAT1]\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError) as caught:
        load_rule_book(fresh_house)
    assert caught.value.where == "sectors/water/rules.yml"


def test_the_absorption_case_and_the_index_of_a_sub_district_are_raised_from_published_figures(
    real_house: Settings,
) -> None:
    from command_center.editions import open_edition
    from command_center.signals import load_rules

    edition = open_edition(real_house)
    measures = edition.measures
    known = measures[measures["as_of"].le(pd.Timestamp(DAY)) & measures["method"].ne("sample")]
    found = find_signals(
        known.reset_index(drop=True),
        edition.catalog,
        load_regions(real_house),
        load_rule_book(real_house),
        load_rules(real_house),
        load_calendar(real_house),
        DAY,
    ).signals.set_index("id")
    case = found.loc[["absorption-FIN1-33.16", "absorption-FIN1-33.16-1.03.01"]]
    assert case["value"].tolist() == [53.39, 10.97]
    assert case["is_alarm"].all()
    assert found.loc["jump-SVC1-33.16.09", "kind"] == "jump"
    assert not found.index.str.startswith("satisfaction-SVC1-33.16.09").any()
