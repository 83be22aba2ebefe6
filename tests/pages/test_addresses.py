"""One URL per thing: every address comes back from its own URL, and a URL that names nothing is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.pages.addresses import (
    HOME,
    PageAddress,
    UnknownAddressError,
    briefing_page,
    indicator_page,
    readiness_page,
    region_page,
    sector_page,
)

ROOT = "99.01"
REGIONS = (ROOT, "99.01.01", "99.01.01.2001")
PAGES = [
    HOME,
    briefing_page(date(2026, 11, 24)),
    readiness_page(),
    readiness_page("1.02.01"),
    readiness_page("BPS.9901"),
    *(region_page(region) for region in REGIONS),
    *(sector_page("social_media", region) for region in REGIONS),
    *(indicator_page(name, region) for name in ("INF1", "HLT1s", "SVC4.close_p90") for region in REGIONS),
]
EDITIONS = ("", "2026-11-24-0123456789ab")


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.url)
def test_an_address_comes_back_from_its_url(page, language, edition) -> None:
    address = PageAddress(page.kind, page.subject, page.region, language, edition)
    assert PageAddress.parse(address.url, root_region=ROOT) == address


def test_every_page_has_its_own_url_and_its_own_file() -> None:
    every = [page.in_language(language) for page in PAGES for language in ("id", "en")]
    assert len({page.url for page in every}) == len(every)
    assert len({page.file for page in every}) == len(every)
    assert all(".." not in page.file.parts and not page.file.is_absolute() for page in every)


def test_without_a_region_the_whole_regency_is_meant() -> None:
    for path, page in {
        "/bidang/health/": sector_page("health", ROOT),
        "/indikator/INF1/": indicator_page("INF1", ROOT),
        "/wilayah/": region_page(ROOT),
    }.items():
        assert PageAddress.parse(path, root_region=ROOT) == page


@pytest.mark.parametrize(
    "path",
    [
        "/bidang/",
        "/bidang/../../etc/passwd/",
        "/bidang/health/99.01/more/",
        "/kesiapan/1.02.01/99.01/",
        "/kesiapan/../etc/",
        "/bidang/Health/99.01/",
        "/bidang/health/99.01.1/",
        "/bidang/health/99.01;ls/",
        "/bidang/health/%2e%2e/",
        "/wilayah/99.01/99.01.01/",
        "/wilayah/abc/",
        "/indikator/inf1/99.01/",
        "/indikator/INF1'--/99.01/",
        "/briefing/",
        "/briefing/today/",
        "/briefing/2026-11-24/99.01/",
        "/edisi/latest/",
        "/edisi/2026-11-24-0123456789ab/edisi/2026-11-24-0123456789ab/",
        "/edisi/../bidang/health/",
        "/en/en/",
        "/fr/bidang/health/",
        "/en/sector/health/",
        "/bidang/health\n/99.01/",
        "/bidang/health/99.01\n/",
        "/bidang/heal\x00th/",
        "/bidang/health/٩٩.٠١/",
        "/indikator/INF１/",
        "/briefing/٢٠٢٦-11-24/",
        "/briefing/2026-13-45/",
    ],
)
def test_a_path_that_names_no_page_is_refused(path) -> None:
    with pytest.raises(UnknownAddressError):
        PageAddress.parse(path, root_region=ROOT)


@given(st.text(alphabet=st.sampled_from("/.abzAZ019-_%\\ \n\x00é'\""), max_size=60))
def test_any_path_is_either_a_page_or_refused(path: str) -> None:
    try:
        address = PageAddress.parse(f"/{path}", root_region=ROOT)
    except UnknownAddressError:
        return
    assert PageAddress.parse(address.url, root_region=ROOT) == address
    assert ".." not in address.file.parts


@pytest.mark.parametrize("target", PAGES, ids=lambda page: page.url)
def test_relative_links_lead_from_any_page_to_any_other_in_any_edition(target) -> None:
    from urllib.parse import urljoin

    for language in ("id", "en"):
        for source in PAGES:
            here, there = source.in_language(language), target.in_language(language)
            for edition in EDITIONS:
                prefix = f"/edisi/{edition}" if edition else ""
                link = there.link_from(here)
                assert urljoin(f"http://x{prefix}{here.url}", link) == f"http://x{prefix}{there.url}"


def test_a_link_carries_filters_in_a_fixed_order_and_leaves_out_empty_ones() -> None:
    link = HOME.link_from(HOME, {"threshold": "3,5", "period": "", "indicator": "A&B=<c>"})
    assert link == "./?indicator=A%26B%3D%3Cc%3E&threshold=3%2C5"
