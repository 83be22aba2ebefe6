"""Every sector's figures beside each other, as the public and as officials see them: no ranking that chance explains.

Walks every indicator of every sector with a figure below the regency, on an edition of sample data.
"""

import io
from collections.abc import Iterator

import ipywidgets
import openpyxl
import pandas as pd
import pytest

from command_center.access import INTERNAL, PUBLIK, View
from command_center.catalog import Indicator, Sector, sector_slugs
from command_center.editions import Edition
from command_center.indicators.uncertainty import SMALL_N, has_small_n, is_counted_share, wilson
from command_center.pages.addresses import indicator_page, sector_page
from command_center.pages.context import PageContext
from command_center.pages.explorer import Explorer
from command_center.pages.figures_workbook import figures_workbook
from command_center.pages.house import House, open_house
from command_center.pages.readings import Reading, read
from command_center.pages.spread import Spread, find_spread
from command_center.settings import Settings
from tests.conftest import REPOSITORY

ROOT, DISTRICT = "33.16", "33.16.15"
SLUGS = sector_slugs(Settings(REPOSITORY))
VIEWS = (PUBLIK, INTERNAL)
RANK, FUNNEL, BARS = "Peringkat (1 terbaik)", "cc-figure--funnel", "cc-figure--bars"
# Regions a funnel plot needs to say anything.
FEWEST = 3


@pytest.fixture(scope="module")
def house(sampled_house: Settings, edition: Edition) -> House:
    return open_house(sampled_house).with_catalog(edition.catalog)


def spreads(
    house: House, edition: Edition, slug: str, view: View
) -> Iterator[tuple[Sector, Indicator, Spread]]:
    """Every indicator of a sector over the sub-districts, and over the villages of one."""
    shown = edition.seen_by(view).of_sector(slug)
    sector = house.catalog.sector(slug)
    for indicator in sector.indicators:
        for region in (ROOT, DISTRICT):
            context = PageContext(house, shown, indicator_page(indicator.id, region))
            spread = find_spread(context, sector, indicator, "")
            if spread is not None:
                yield sector, indicator, spread


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.kind)
@pytest.mark.parametrize("slug", SLUGS)
def test_no_region_is_ranked_where_chance_explains_it(
    house: House, edition: Edition, slug: str, view: View
) -> None:
    kinds: dict[str, int] = {}
    for _, indicator, spread in spreads(house, edition, slug, view):
        frame = spread.frame
        drawn_map, beside = (str(html) for html in spread.figures(None, {}))
        heading = drawn_map.partition("<svg")[0]
        usable = frame[frame["value"].notna() & frame["denominator"].gt(0)]
        usable = usable[usable["status"].ne("not_comparable")]
        if not is_counted_share(indicator, frame):
            assert RANK not in beside
            assert frame["rank_low"].isna().all()
            kind = "no share of counts"
        elif has_small_n(frame) and len(usable) >= FEWEST:
            assert FUNNEL in beside
            assert RANK not in beside
            assert "tertinggi di" not in heading
            kind = "funnel"
        else:
            assert FUNNEL not in beside
            assert BARS not in beside or RANK in beside
            top = frame[frame["value"].eq(frame["value"].max())]
            assert ("tertinggi di" in heading) <= bool(top["rank_low"].eq(top["rank_high"]).all())
            kind = "bars with spans"
        apart = frame[frame["status"].eq("not_comparable") & frame["value"].notna()]
        for code in apart["region_code"]:
            assert f"△ {house.regions.get(code).name}" in drawn_map
        kinds[kind] = kinds.get(kind, 0) + 1
    print(slug, view.kind, kinds)
    rows = edition.seen_by(view).measures
    below = rows["sector"].eq(slug) & rows["region_code"].ne(ROOT) & rows["agency_code"].eq("")
    assert bool(kinds) is bool((below & rows["value"].notna()).any())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_rank_is_a_span_as_wide_as_the_intervals_of_its_figures(
    house: House, edition: Edition, slug: str
) -> None:
    """The span counted a second time, region by region: who is surely ahead, and who surely behind."""
    for _, indicator, spread in spreads(house, edition, slug, INTERNAL):
        frame = spread.frame[spread.frame["rank_low"].notna()]
        if frame.empty:
            continue
        low, high = wilson(frame["numerator"].to_numpy("float64"), frame["denominator"].to_numpy("float64"))
        spans = list(zip(low * 100, high * 100, strict=True))
        assert (
            frame["interval_low"].round(9).tolist(),
            frame["interval_high"].round(9).tolist(),
        ) == tuple([round(span[side], 9) for span in spans] for side in (0, 1))
        is_down = indicator.direction == "down"
        for own, row in zip(spans, frame.itertuples(), strict=True):
            lower = sum(other[1] < own[0] for other in spans)
            higher = sum(other[0] > own[1] for other in spans)
            ahead, behind = (lower, higher) if is_down else (higher, lower)
            assert (row.rank_low, row.rank_high) == (1 + ahead, len(frame) - behind)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_card_of_few_things_says_its_interval(house: House, edition: Edition, slug: str) -> None:
    shown = edition.of_sector(slug)
    sector = house.catalog.sector(slug)
    context = PageContext(house, shown, sector_page(slug, "33.16.15.2007"))
    readings: list[Reading] = [read(context, sector, one, "33.16.15.2007") for one in sector.indicators]
    for reading in readings:
        rows = shown.measures
        rows = rows[
            rows["indicator"].eq(reading.indicator.id)
            & rows["region_code"].eq("33.16.15.2007")
            & rows["period"].eq(reading.period_code)
            & rows["method"].eq(reading.method)
            & rows["agency_code"].eq("")
        ]
        expected = bool(
            reading.has_value
            and is_counted_share(reading.indicator, rows)
            and rows["denominator"].iloc[0] < SMALL_N
        )
        assert bool(reading.interval) is expected, reading.indicator.id
    for reading in [one for one in readings if one.interval][:3]:
        panel = Explorer(context, sector, (reading.indicator,)).panel({})
        (html,) = [str(child.value) for child in panel.children if isinstance(child, ipywidgets.HTML)]
        assert reading.interval in html


def test_what_only_a_survey_of_the_regency_knows_is_never_told_below_it(edition: Edition) -> None:
    rows = edition.measures
    surveyed = rows[rows["method"].str.contains(r"susenas|ssgi|ski\b|sakernas", regex=True)]
    assert len(surveyed) > 5
    assert set(surveyed["region_code"]) == {ROOT}
    for name in ("SOS1", "SOS1.poor"):
        _, indicator = edition.catalog.indicator(name)
        assert indicator.grain == "kab"
        assert indicator.grain_reason is not None
        assert "Susenas" in indicator.grain_reason.id


def test_rates_of_few_deaths_end_at_the_regency_and_the_year(edition: Edition) -> None:
    """Every rate over live births, in whatever sector; the counts beside them go as far as the data."""
    rates = [
        (sector, indicator)
        for sector, indicator in edition.catalog.indicators
        if "birth" in str(indicator.formula.denominator)
        or "births" in (indicator.denominator.en if indicator.denominator else "")
    ]
    assert {indicator.id for _, indicator in rates} >= {"HLT3.rate", "HLT4.rate"}
    for sector, indicator in rates:
        if "death" not in str(indicator.formula.numerator):
            continue
        cadence = indicator.cadence or sector.dataset(indicator.dataset).cadence
        assert (indicator.grain, cadence) == ("kab", "yearly"), indicator.id


@pytest.mark.parametrize("slug", SLUGS)
def test_a_workbook_for_the_public_has_no_number_of_a_small_cell(
    house: House, edition: Edition, slug: str
) -> None:
    public, sector = edition.seen_by(PUBLIK), house.catalog.sector(slug)
    for indicator in sector.indicators:
        if indicator.small_cells is None:
            continue
        here = [frame["indicator"].eq(indicator.id) for frame in (edition.figures, public.measures)]
        everything, shown = edition.figures[here[0]], public.measures[here[1]]
        places = [ROOT, DISTRICT, *everything.loc[everything["suppressed"], "region_code"].unique()[:5]]
        everything = everything[everything["region_code"].isin(places)]
        context = PageContext(house, public, indicator_page(indicator.id, ROOT))
        book = figures_workbook(context, sector, indicator, shown[shown["region_code"].isin(places)])
        sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
        told = pd.DataFrame(list(sheet.iter_rows(min_row=6, values_only=True)))
        hidden = everything["suppressed"].to_numpy()
        assert len(told) == len(everything)
        if hidden.any():
            assert told.loc[hidden, [6, 7, 8, 10]].isna().all(axis=None)
            assert told.loc[hidden, 12].str.contains("isembunyikan").all()
        known = ~hidden & everything["value"].notna().to_numpy()
        # A workbook keeps sixteen digits of a number.
        assert told.loc[known, 8].tolist() == pytest.approx(
            everything.loc[known, "value"].tolist(), rel=1e-15
        )
