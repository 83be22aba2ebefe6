"""What needs attention: the latest figure of each line, by its status, or a jump that asks for the data."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from command_center.catalog import Catalog, Sector
from command_center.errors import ReferenceDataError
from command_center.indicators.schema import MEASURE_COLUMNS, conform
from command_center.settings import Settings
from command_center.signals import AttentionRules, Problem, find_problems, load_rules

RULES = AttentionRules(jump_units=("index",), jump_points=10.0, shown_on_home=3)
TEXT = {"id": "teks", "en": "text"}


def sector(slug: str, order: int, *indicators: dict[str, Any]) -> Sector:
    return Sector.model_validate(
        {
            "slug": slug,
            "order": order,
            "name": TEXT,
            "question": TEXT,
            "story": TEXT,
            "owner": "1",
            "datasets": [
                {
                    "id": "facts",
                    "title": TEXT,
                    "cadence": "yearly",
                    "methods": {"routine": TEXT, "survey": TEXT},
                    "table": {"fields": []},
                }
            ],
            "indicators": [
                {
                    "name": TEXT,
                    "question": TEXT,
                    "definition": TEXT,
                    "dataset": "facts",
                    "formula": {"numerator": "x"},
                    "unit": "percent",
                    "direction": "up",
                    "grain": "desa",
                    **indicator,
                }
                for indicator in indicators
            ],
            "page": {"headline": indicators[0]["id"]},
        }
    )


CATALOG = Catalog(
    (
        sector("first", 1, {"id": "FST1", "main_method": "routine"}, {"id": "FST2", "unit": "index"}),
        sector("second", 2, {"id": "SND1"}),
    )
)


def row(indicator: str, period: str, value: float, status: str, **more: Any) -> dict[str, Any]:
    return {
        "sector": "first" if indicator.startswith("FST") else "second",
        "indicator": indicator,
        "region_code": "99.01",
        "agency_code": "",
        "period": period,
        "numerator": None,
        "denominator": None,
        "value": value,
        "n": None,
        "target": None,
        "status": status,
        "method": "routine",
        "as_of": pd.Timestamp(f"{period[:4]}-12-31"),
        "source_submission": "s",
        "suppressed": False,
        **more,
    }


def problems(*rows: dict[str, Any]) -> tuple[Problem, ...]:
    return find_problems(conform(pd.DataFrame(list(rows), columns=list(MEASURE_COLUMNS))), CATALOG, RULES)


@pytest.mark.parametrize("status", ["good", "no_target", "no_data", "stale", "not_comparable"])
def test_only_a_figure_on_the_wrong_side_of_its_threshold_is_a_problem(status: str) -> None:
    assert problems(row("FST1", "2024", 50, status)) == ()


@pytest.mark.parametrize("status", ["watch", "critical"])
def test_a_figure_on_the_wrong_side_is_told_with_its_history(status: str) -> None:
    (found,) = problems(row("FST1", "2023", 40, "good"), row("FST1", "2024", 50, status))
    assert (found.kind, found.period, found.value, found.status) == ("threshold", "2024", 50.0, status)
    assert found.history == (("2023", 40.0), ("2024", 50.0))


def test_only_the_latest_figure_counts() -> None:
    assert problems(row("FST1", "2023", 50, "critical"), row("FST1", "2024", 90, "good")) == ()


def test_the_latest_is_the_one_of_the_newest_date_whatever_its_period_is_called() -> None:
    rows = (
        row("FST1", "2024-S2", 50, "critical", as_of=pd.Timestamp("2024-12-31")),
        row("FST1", "2024", 90, "good", as_of=pd.Timestamp("2025-06-30")),
    )
    assert problems(*rows) == problems(*reversed(rows)) == ()


def test_another_method_than_the_main_one_raises_no_problem_and_no_jump() -> None:
    assert problems(row("FST1", "2024", 50, "critical", method="survey")) == ()
    two = (row("FST2", "2023", 40, "good"), row("FST2", "2024", 60, "good", method="survey"))
    assert problems(*two) == ()


@pytest.mark.parametrize(("later", "count"), [(50.0, 0), (50.1, 1), (30.0, 0), (29.9, 1)])
def test_a_jump_beyond_the_rule_in_either_direction_asks_for_the_data(later: float, count: int) -> None:
    found = problems(row("FST2", "2023", 40, "good"), row("FST2", "2024", later, "good"))
    assert [problem.kind for problem in found] == ["jump"] * count


def test_a_unit_without_a_rule_may_jump() -> None:
    assert problems(row("FST1", "2023", 10, "good"), row("FST1", "2024", 99, "good")) == ()


def test_a_jump_is_a_question_even_where_the_figure_is_critical() -> None:
    (found,) = problems(row("FST2", "2023", 90, "good"), row("FST2", "2024", 20, "critical"))
    assert found.kind == "jump"


def test_missing_and_suppressed_figures_are_not_judged() -> None:
    rows = (
        row("FST1", "2023", 90, "good"),
        row("FST1", "2024", float("nan"), "critical"),
        row("FST1", "2025", 5, "critical", suppressed=True),
    )
    assert problems(*rows) == ()


def test_regions_and_agencies_are_lines_of_their_own() -> None:
    found = problems(
        row("SND1", "2024", 1, "watch", region_code="99.01.02"),
        row("SND1", "2024", 1, "watch", agency_code="7"),
        row("SND1", "2024", 1, "watch", agency_code="8"),
        row("SND1", "2024", 9, "good"),
    )
    assert [(problem.region_code, problem.agency_code) for problem in found] == [
        ("99.01", "7"),
        ("99.01", "8"),
        ("99.01.02", ""),
    ]


def test_the_most_severe_come_first_then_the_regency_then_the_order_of_the_menu() -> None:
    found = problems(
        row("SND1", "2024", 1, "watch"),
        row("FST1", "2024", 1, "watch"),
        row("FST1", "2024", 1, "critical", region_code="99.01.02"),
        row("FST2", "2023", 40, "good"),
        row("FST2", "2024", 90, "good"),
        row("SND1", "2024", 1, "critical", agency_code="7"),
    )
    told = [(problem.kind, problem.status, problem.indicator, problem.region_code) for problem in found]
    assert told == [
        ("threshold", "critical", "SND1", "99.01"),
        ("threshold", "critical", "FST1", "99.01.02"),
        ("jump", "good", "FST2", "99.01"),
        ("threshold", "watch", "FST1", "99.01"),
        ("threshold", "watch", "SND1", "99.01"),
    ]


def test_no_figures_no_problems() -> None:
    assert problems() == ()


def test_the_rules_are_read_anew_when_they_change(fresh_house: Settings) -> None:
    path = fresh_house.reference_dir / "attention.yml"
    assert load_rules(fresh_house).jump_points == 10
    path.write_text("jump: {units: [percent], points: 5}\nshown_on_home: 2\n")
    assert load_rules(fresh_house) == AttentionRules(("percent",), 5.0, 2)


@pytest.mark.parametrize(
    "text", ["", "jump: {}", "jump: {units: [index], points: ten}\nshown_on_home: 1", "jump: [", "- 1"]
)
def test_rules_that_cannot_be_read_are_named(fresh_house: Settings, text: str) -> None:
    (fresh_house.reference_dir / "attention.yml").write_text(text)
    with pytest.raises(ReferenceDataError) as caught:
        load_rules(fresh_house)
    assert caught.value.where == "data/reference/attention.yml"


def test_missing_rules_are_named(fresh_house: Settings) -> None:
    (fresh_house.reference_dir / "attention.yml").unlink()
    with pytest.raises(ReferenceDataError):
        load_rules(fresh_house)


def test_the_problems_of_this_house_are_those_of_its_own_statuses(real_house: Settings) -> None:
    from command_center.editions import open_edition

    edition = open_edition(real_house)
    found = find_problems(edition.measures, edition.catalog, load_rules(real_house))
    assert found
    for problem in found:
        assert problem.kind == "jump" or problem.status in ("watch", "critical")
        if problem.kind == "threshold":
            declared = edition.catalog.sector(problem.sector).indicator(problem.indicator)
            assert declared.target is not None or declared.bands is not None
    assert edition.as_of == date(2026, 11, 24).isoformat()
