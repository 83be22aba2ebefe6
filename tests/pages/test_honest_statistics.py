"""What the pages refuse to say: no kecamatan poverty, no rate of few deaths, no share alone, no ranking of chance."""

import pytest

from command_center.editions import Edition, open_edition
from command_center.indicators.series import by_region
from command_center.pages.addresses import indicator_page, sector_page
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.pages.readings import read
from command_center.pages.spread import Spread
from command_center.regions import load_regions
from command_center.settings import Settings

ROOT, DISTRICT, VILLAGE = "33.16", "33.16.15", "33.16.15.2007"


@pytest.fixture(scope="module")
def edition(real_house: Settings) -> Edition:
    return open_edition(real_house)


def context_of(settings: Settings, edition: Edition, indicator: str, region: str) -> PageContext:
    address = indicator_page(indicator, region)
    return PageContext(open_house(settings).with_catalog(edition.catalog), edition, address)


@pytest.mark.parametrize("region", [DISTRICT, VILLAGE])
@pytest.mark.parametrize("indicator", ["SOS1", "SOS1.poor"])
def test_poverty_of_a_sub_district_is_refused_with_the_reason(
    real_house: Settings, edition: Edition, indicator: str, region: str
) -> None:
    sector, declared = edition.catalog.indicator(indicator)
    reading = read(context_of(real_house, edition, indicator, region), sector, declared, region)
    assert not reading.has_value
    assert "Susenas tidak mendukung kecamatan" in reading.level_note
    rows = edition.measures
    assert set(rows.loc[rows["indicator"].eq(indicator), "region_code"]) == {ROOT}


def test_deaths_are_counts_and_their_rates_end_at_the_regency_and_the_year(edition: Edition) -> None:
    rows = edition.measures
    for count, rate in (("HLT3", "HLT3.rate"), ("HLT4", "HLT4.rate")):
        assert edition.catalog.indicator(count)[1].unit == "deaths"
        declared = edition.catalog.indicator(rate)[1]
        assert (declared.grain, declared.cadence) == ("kab", "yearly")
        own = rows[rows["indicator"].eq(rate) & rows["value"].notna()]
        assert set(own["region_code"]) <= {ROOT}
        assert own["period"].str.fullmatch(r"\d{4}").all()


@pytest.mark.parametrize(("indicator", "other"), [("HLT5", "HLT6"), ("HLT6", "HLT5"), ("HLT1", "HLT1s")])
def test_one_of_a_pair_is_never_shown_without_the_other(
    real_house: Settings, edition: Edition, indicator: str, other: str
) -> None:
    sector, declared = edition.catalog.indicator(indicator)
    reading = read(context_of(real_house, edition, indicator, ROOT), sector, declared, ROOT)
    assert reading.has_value
    assert reading.pair is not None
    assert reading.pair.key.startswith(f"{other}|")


def test_the_pages_of_a_sector_name_the_pair_in_the_card(real_house: Settings, edition: Edition) -> None:
    from command_center.pages.sector import SectorPage

    address = sector_page("health", ROOT)
    context = PageContext(open_house(real_house).with_catalog(edition.catalog), edition, address)
    html = str(SectorPage(context, context.house.catalog.sector("health"), {}).cards().html)
    for indicator in ("HLT5", "HLT6"):
        name = edition.catalog.indicator(indicator)[1].name.id
        assert html.count(name) >= 2, name


# --- regions beside each other ------------------------------------------------------------------------------


def spread_of(settings: Settings, edition: Edition, counted: int, statuses: dict[str, str]) -> Spread:
    """Stunting of the sub-districts with made figures: each counted `counted` children, one of them far above."""
    from command_center.indicators.rounding import with_decimals
    from command_center.indicators.uncertainty import with_intervals

    regions = load_regions(settings)
    sector, declared = edition.catalog.indicator("HLT1")
    frame = by_region(edition.measures, declared, "1999", "kec", regions, method="eppgbm")
    part = [round(counted * (0.3 if number == 3 else 0.06)) for number in range(len(frame))]
    frame = frame.assign(numerator=part, denominator=counted, status="good").astype(
        {"numerator": "float64", "denominator": "float64"}
    )
    frame["value"] = frame["numerator"] / frame["denominator"] * 100
    frame["status"] = [statuses.get(code, "good") for code in frame["region_code"]]
    framed = with_intervals(with_decimals(frame, declared), declared)
    context = context_of(settings, edition, "HLT1", ROOT)
    return Spread(context, sector, declared, regions.root, framed, "2024-06", "eppgbm")


def test_small_numbers_get_a_funnel_and_no_ranking(real_house: Settings, edition: Edition) -> None:
    drawn_map, beside = spread_of(real_house, edition, 120, {}).figures(None, {})
    assert "cc-figure--funnel" in beside
    assert "Peringkat" not in beside
    assert "tertinggi di" not in drawn_map.partition("<svg")[0]
    assert "tidak dapat dibedakan" in beside


def test_large_numbers_get_bars_with_ranks_as_spans(real_house: Settings, edition: Edition) -> None:
    _, beside = spread_of(real_house, edition, 5_000, {}).figures(None, {})
    assert "cc-figure--bars" in beside
    assert "Peringkat (1 terbaik)" in beside
    assert "1–15" in beside


@pytest.mark.parametrize("counted", [120, 5_000])
def test_a_region_that_is_not_comparable_is_neither_coloured_nor_ranked(
    real_house: Settings, edition: Edition, counted: int
) -> None:
    spread = spread_of(real_house, edition, counted, {"33.16.04": "not_comparable"})
    drawn_map, beside = spread.figures(None, {})
    name = load_regions(real_house).get("33.16.04").name
    assert f"△ {name}" in drawn_map
    assert "Tidak dapat dibandingkan" in drawn_map
    assert f"Tertinggi: Kecamatan {name}" not in drawn_map
    assert "△ Tidak dapat dibandingkan" in beside
    assert name in beside
