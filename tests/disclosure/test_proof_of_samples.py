"""The whole house with its samples: every hidden cell is judged by linear programming, and told table by table."""

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from command_center.access import EVERYTHING, INTERNAL, PUBLIK, View
from command_center.catalog import Catalog
from command_center.disclosure import Past, Tree, past_of, prove, suppress, weakest
from command_center.pages.house import House, open_house
from command_center.refresh.measuring import HouseMeasures, measure_house
from command_center.samples import SampleRun
from command_center.settings import Settings
from tests.samples.conftest import AS_OF

_HEADINGS = ("table and count", "cells", "small", "further", "least width", "wanted")


@cache
def measured_at(root: Path, as_of: date) -> tuple[House, HouseMeasures]:
    house = open_house(Settings(root))
    return house, measure_house(house, as_of)


@pytest.fixture(scope="session")
def measured(sampled: tuple[Settings, SampleRun]) -> tuple[House, HouseMeasures]:
    """The house and its figures with their pattern."""
    house, found = measured_at(sampled[0].root, AS_OF)
    assert found.failures == ()
    return house, found


def told(name: str, *columns: object) -> str:
    return f"{name[:52]:<52}" + "".join(f"{column!s:>12}" for column in columns)


@pytest.mark.slow
def test_every_hidden_cell_keeps_its_width(measured: tuple[House, HouseMeasures]) -> None:
    house, found = measured
    proofs = list(prove(found.measures, found.catalog, Tree.of(house.regions)))
    print("\n" + told(*_HEADINGS))
    for proof in proofs:
        name = f"{proof.table.split('|')[-1]} {proof.variable}"
        print(
            told(name, proof.cells, proof.primary, proof.secondary, f"{proof.width:g}", f"{proof.wanted:g}")
        )
    assert [proof for proof in proofs if not proof.holds] == []
    assert weakest(proofs) >= 1
    hidden = {proof.variable for proof in proofs if proof.primary}
    # A proof without cells proves nothing: these tables hold small cells in every sample.
    assert {"SOS6.denominator", "HLT1.numerator", "HLT4.numerator", "EDU4.numerator"} <= hidden


@pytest.mark.slow
def test_the_proof_fails_where_one_further_cell_is_shown(measured: tuple[House, HouseMeasures]) -> None:
    house, found = measured
    whole = found.measures
    row = whole.index[whole["indicator"].eq("EDU4") & whole["suppressed"] & whole["numerator"].ge(5)][0]
    shown = whole.assign(suppressed=whole["suppressed"].where(whole.index != row, False))
    only = shown["indicator"].isin(["EDU4", "EDU4.rate"]) & shown["period"].eq(whole.loc[row, "period"])
    proofs = list(prove(shown[only].reset_index(drop=True), found.catalog, Tree.of(house.regions)))
    assert weakest(proofs) < 1


def test_no_small_cell_is_shown_and_no_total_of_the_law_is_hidden(
    measured: tuple[House, HouseMeasures],
) -> None:
    house, found = measured
    measures = found.measures
    below = measures["region_code"].ne(house.regions.root.code)
    for _, indicator in found.catalog.indicators:
        own = measures[measures["indicator"].eq(indicator.id)]
        rules = indicator.small_cells
        if rules is None:
            assert not own["suppressed"].any(), indicator.id
            continue
        parts = own.assign(remainder=own["denominator"] - own["numerator"])
        small = pd.concat([parts[name].between(0, rules.below - 1) for name in rules.counts], axis=1).any(
            axis=1
        )
        assert own.loc[small & below, "suppressed"].all(), indicator.id
        if rules.lawful_totals is not None:
            assert not own.loc[~below, "suppressed"].any(), indicator.id


def test_the_same_figures_give_the_same_pattern_and_their_own_past_changes_nothing(
    measured: tuple[House, HouseMeasures],
) -> None:
    house, found = measured
    again = suppress(found.measures.assign(suppressed=False), found.catalog, house.regions, _past(found))
    assert not again.by_past
    assert again.disclosed.empty
    assert again.measures["suppressed"].equals(found.measures["suppressed"])


@pytest.mark.slow
def test_two_editions_side_by_side_give_no_corrected_cell_away(
    measured: tuple[House, HouseMeasures],
) -> None:
    house, found = measured
    old, period = found.measures, "2026-10"
    tree = Tree.of(house.regions)
    own = old["indicator"].eq("EDU4") & old["period"].eq(period)
    is_village = old["region_code"].str.count(r"\.").eq(3)
    row = old.index[own & is_village & ~old["suppressed"] & old["numerator"].gt(10)][0]
    new = old.copy()
    village = str(old.loc[row, "region_code"])
    places = [village, village.rpartition(".")[0], house.regions.root.code]
    corrected = own & new["region_code"].isin(places)
    for name in ("numerator", "value"):
        new.loc[corrected, name] -= old.loc[row, "numerator"] - 1
    result = suppress(new, found.catalog, house.regions, _past(found))
    hidden = result.measures["suppressed"]
    assert hidden[row]
    assert hidden[old["suppressed"]].all()
    # A reader has every number that either edition shows and that did not change.
    known = ~hidden | (~old["suppressed"] & ~corrected)
    seen = result.measures.assign(suppressed=~known)
    wanted = seen["indicator"].isin(["EDU4", "EDU4.rate"]) & seen["period"].eq(period)
    proofs = list(prove(seen[wanted].reset_index(drop=True), found.catalog, tree))
    assert weakest(proofs) >= 1


def _past(found: HouseMeasures) -> Past:
    declared = frozenset(one.id for _, one in found.catalog.indicators if one.small_cells is not None)
    return past_of(found.measures, found.disclosed, declared)


# --- the declarations ---------------------------------------------------------------------------------

_OF_PERSONS = ("_persons", "_children", "_infants", "_deaths", "_cases", "_households", "_pupils", "persons")


def _counts_persons(indicator: object) -> bool:
    formula = indicator.formula  # type: ignore[attr-defined]
    names = [name for name in (formula.numerator, formula.denominator) if name]
    return any(
        name in _OF_PERSONS or name.endswith(_OF_PERSONS) or name in {"cases", "deaths"} for name in names
    )


def test_every_indicator_that_counts_persons_says_how_small_ones_are_kept(
    measured: tuple[House, HouseMeasures],
) -> None:
    catalog: Catalog = measured[1].catalog
    silent = [
        indicator.id
        for _, indicator in catalog.indicators
        if _counts_persons(indicator) and indicator.small_cells is None and indicator.no_small_cells is None
    ]
    assert silent == []


def test_health_and_violence_hide_below_ten_and_all_others_below_five(
    measured: tuple[House, HouseMeasures],
) -> None:
    for sector, indicator in measured[1].catalog.indicators:
        if indicator.small_cells is not None:
            wanted = 10 if sector.slug == "health" or indicator.id == "SOS6" else 5
            assert indicator.small_cells.below == wanted, indicator.id


# --- who sees what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "seen"),
    [
        (PUBLIK, lambda rows: rows["sector"].eq("nobody")),
        (EVERYTHING, lambda rows: rows["sector"].ne("nobody")),
        (INTERNAL, lambda rows: rows["sector"].ne("nobody")),
        (View("sektor", ("health",)), lambda rows: rows["sector"].eq("health")),
        (View("opd", ("1.02.01",)), lambda rows: rows["sector"].eq("health")),
        (View("wilayah", ("33.16.09",)), lambda rows: rows["region_code"].str.startswith("33.16.09")),
    ],
    ids=lambda one: one.key if isinstance(one, View) else "",
)
def test_a_small_cell_is_seen_by_those_with_a_mandate_and_has_no_number_for_others(
    measured: tuple[House, HouseMeasures], view: View, seen: object
) -> None:
    found = measured[1]
    left = view.withheld(found.measures, found.catalog)
    small = found.measures["suppressed"]
    opened = small & seen(found.measures)  # type: ignore[operator]
    assert (left["suppressed"] == (small & ~opened)).all()
    numbers = ["numerator", "denominator", "value", "n"]
    withheld = left[left["suppressed"]]
    assert withheld[numbers].isna().all(axis=None)
    assert withheld["status"].eq("suppressed").all() or withheld.empty
    pd.testing.assert_frame_equal(
        left.loc[~left["suppressed"], numbers], found.measures.loc[~left["suppressed"], numbers]
    )
