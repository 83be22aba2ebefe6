"""The policy without a server: every role before every figure, and what views are made of."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from command_center.access import (
    ANYBODY,
    EVERYTHING,
    INTERNAL,
    PUBLIK,
    VIEW_VARIABLE,
    View,
    person,
    shared_view,
    view_in_environment,
    views_beside_publik,
)
from command_center.catalog import Catalog
from command_center.editions import Edition, open_edition
from command_center.errors import AccessError
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.access.canaries import CLASSES, PERSONAS, SECTORS, Canary, Persona, build_canaries, canaries
from tests.conftest import DAY
from tests.house.builder import CODES


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = build_canaries(tmp_path_factory.mktemp("canaries") / "house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        refresh(settings, DAY)
    return settings


@pytest.fixture(scope="session")
def whole(house: Settings) -> Edition:
    return open_edition(house)


def of(persona: Persona) -> View:
    return person("account", persona.role, persona.scope).view


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_every_figure_is_left_or_taken_out_as_the_table_says(whole: Edition, persona: Persona) -> None:
    known = canaries(whole)
    assert len(known) == len(SECTORS) * len(CLASSES) * len(CODES) * 2
    left = {canary.number for canary in canaries(whole.seen_by(of(persona)))}
    assert left == {canary.number for canary in known if persona.may_see(canary)}


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_one_figure_is_judged_as_the_whole_table_is(whole: Edition, persona: Persona) -> None:
    view = of(persona)
    for canary in canaries(whole):
        sector, indicator = whole.catalog.indicator(canary.indicator)
        assert view.sees(sector, indicator, canary.region) == persona.may_see(canary), canary


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_sources_and_coverage_follow_the_figures(whole: Edition, persona: Persona) -> None:
    seen = whole.seen_by(of(persona))
    assert set(seen.sources["source_submission"]) <= set(seen.measures["source_submission"])
    shown = set(zip(seen.coverage["indicator"], seen.coverage["region_code"], strict=True))
    allowed = {(one.indicator, one.region) for one in canaries(whole) if persona.may_see(one)}
    assert shown <= allowed


def test_a_figure_the_catalog_does_not_know_is_seen_by_those_who_see_everything_only(whole: Edition) -> None:
    empty = Catalog(())
    for persona in PERSONAS:
        left = of(persona).visible(whole.measures, empty)
        assert len(left) == (len(whole.measures) if of(persona) == EVERYTHING else 0), persona


def test_an_agency_sees_its_own_row_of_another_agencys_indicator(whole: Edition) -> None:
    measures = whole.measures.assign(agency_code="2.16.01")
    assert len(View("opd", ("2.16.01",)).visible(measures, whole.catalog)) == len(measures)
    sector, indicator = whole.catalog.indicator("WAT3")
    assert View("opd", ("2.16.01",)).sees(sector, indicator, "33.16", "2.16.01")
    assert not View("opd", ("2.16.01",)).sees(sector, indicator, "33.16")


def test_a_region_is_not_another_whose_code_begins_alike(whole: Edition) -> None:
    measures = whole.measures.assign(region_code="33.16.150")
    left = View("wilayah", ("33.16.15",)).visible(measures, whole.catalog)
    assert set(left["indicator"]) == {"WAT1", "PWR1"}


def test_what_is_left_is_the_same_table_where_nothing_is_taken_out(whole: Edition) -> None:
    measures = whole.measures
    assert EVERYTHING.visible(measures, whole.catalog) is measures


def test_what_is_left_has_rows_numbered_anew(whole: Edition) -> None:
    left = PUBLIK.visible(whole.measures, whole.catalog)
    assert list(left.index) == list(range(len(left)))
    pd.testing.assert_frame_equal(left, whole.seen_by(PUBLIK).measures)


# --- views as text -------------------------------------------------------------------------------------


VIEWS = [
    PUBLIK,
    INTERNAL,
    EVERYTHING,
    View("sektor", ("a", "b")),
    View("opd", ("1.02.01",)),
    View("wilayah", ("33.16.09",)),
    View("wilayah", ("33.16.09",), (("WAT1", "internal"), ("WAT2", "dikecualikan"))),
    View(closed=(("WAT1", "internal"),)),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.key)
def test_a_view_survives_its_key(view: View) -> None:
    assert View.parse(view.key) == view


def test_no_two_views_share_a_folder_and_none_leads_out_of_it() -> None:
    folders = [view.folder for view in VIEWS]
    assert len(set(folders)) == len(folders)
    assert all(Path(folder).name == folder for folder in folders)


@pytest.mark.parametrize(
    "key", ["", "alles", "sektor", "sektor:", "opd", "publik:a", "semua:x", "publik~A1=geheim", "~"]
)
def test_a_key_that_names_no_view_is_refused(key: str) -> None:
    with pytest.raises(AccessError):
        View.parse(key)


def test_a_process_that_was_told_nothing_has_no_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VIEW_VARIABLE, raising=False)
    assert view_in_environment() is None
    monkeypatch.setenv(VIEW_VARIABLE, "opd:1.02.01")
    assert view_in_environment() == View("opd", ("1.02.01",))


def test_a_process_with_a_view_opens_editions_as_it_leaves_them(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VIEW_VARIABLE, "internal")
    assert {canary.access for canary in canaries(open_edition(house))} == {"publik", "internal"}


# --- a class that is raised later --------------------------------------------------------------------


def raised(catalog: Catalog, indicator: str, access: str) -> Catalog:
    sectors = [
        sector.model_copy(
            update={
                "indicators": tuple(
                    one.model_copy(update={"access": access}) if one.id == indicator else one
                    for one in sector.indicators
                )
            }
        )
        for sector in catalog.sectors
    ]
    return Catalog(tuple(sectors))


def test_a_class_raised_since_holds_for_an_edition_made_before(whole: Edition) -> None:
    view = PUBLIK.closing(whole.catalog, raised(whole.catalog, "WAT1", "dikecualikan"))
    assert view.key == "publik~WAT1=dikecualikan"
    assert {one.indicator for one in canaries(whole.seen_by(view))} == {"PWR1"}
    owner = View("opd", ("1.03.01",)).closing(whole.catalog, raised(whole.catalog, "WAT1", "dikecualikan"))
    assert "WAT1" in {one.indicator for one in canaries(whole.seen_by(owner))}


def test_a_class_lowered_since_opens_nothing_that_was_made_before(whole: Edition) -> None:
    assert PUBLIK.closing(whole.catalog, raised(whole.catalog, "WAT3", "publik")) == PUBLIK


def test_a_sector_that_has_gone_keeps_the_classes_it_had(whole: Edition) -> None:
    assert PUBLIK.closing(whole.catalog, Catalog(())) == PUBLIK


# --- which page is shared ------------------------------------------------------------------------------


@pytest.mark.parametrize("sector", ["", "water", "power"])
@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_a_page_is_shared_only_where_exactly_the_same_figures_are_seen(
    whole: Edition, persona: Persona, sector: str
) -> None:
    view = of(persona)
    shared = shared_view(view, whole.measures, whole.catalog, sector=sector)
    known = [canary for canary in canaries(whole) if not sector or canary.sector == sector]
    rows = whole.measures[whole.measures["sector"].eq(sector)] if sector else whole.measures
    assert int(shared.mask(rows, whole.catalog).sum()) == sum(persona.may_see(canary) for canary in known)
    sees_no_more = not any(persona.may_see(canary) for canary in known if canary.access != "publik")
    assert (shared == PUBLIK) == sees_no_more


def test_pages_beside_those_for_everybody_are_made_where_more_is_seen(whole: Edition) -> None:
    measures, catalog = whole.measures, whole.catalog
    assert views_beside_publik(measures, catalog, sector="water") == (INTERNAL, EVERYTHING)
    open_only = measures[measures["indicator"].isin(["WAT1", "PWR1"])]
    assert views_beside_publik(open_only, catalog) == ()
    without_internal = measures[~measures["indicator"].isin(["WAT2", "PWR2"])]
    assert views_beside_publik(without_internal, catalog) == (EVERYTHING,)


# --- people --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("raja", ()),
        ("pimpinan", ("water",)),
        ("asisten", ()),
        ("asisten", ("Water!",)),
        ("opd", ()),
        ("opd", ("1.02.01", "1.03.01")),
        ("opd", ("water",)),
        ("camat", ("33.16",)),
        ("camat", ("33.16.15.2001",)),
        ("kepala_desa", ("33.16.15",)),
        ("publik", ("33.16.15",)),
    ],
)
def test_a_role_without_its_scope_is_no_person(role: str, scope: tuple[str, ...]) -> None:
    with pytest.raises(AccessError):
        person("account", role, scope)


SENDING = {
    "publik": (False, False, True),
    "pimpinan": (False, False, True),
    "asisten": (False, False, True),
    "camat": (False, False, True),
    "kepala_desa": (False, False, True),
    "opd": (True, False, False),
    "walidata": (True, True, True),
    "analis": (True, True, True),
}


@pytest.mark.parametrize(("persona", "is_open"), list(itertools.product(PERSONAS, (True, False))), ids=str)
def test_who_may_send_for_whom(persona: Persona, is_open: bool) -> None:
    own = persona.scope[0] if persona.role == "opd" else "1.03.01"
    sender = person("account", persona.role, persona.scope)
    closed_own, closed_other, open_other = SENDING[persona.role]
    assert sender.may_send(own, is_open=is_open) == (closed_own or (is_open and open_other))
    assert sender.may_send("9.99.99", is_open=is_open) == (open_other if is_open else closed_other)
    assert sender.may_send(None, is_open=is_open) == (closed_own or is_open)


def test_the_public_is_nobody_and_opens_no_draft() -> None:
    assert (ANYBODY.is_known, ANYBODY.opens_drafts, ANYBODY.view) == (False, False, PUBLIK)
    assert [one.role for one in PERSONAS if person("a", one.role, one.scope).opens_drafts] == [
        "pimpinan",
        "walidata",
        "analis",
    ]


def test_the_table_of_the_test_hides_something_from_everybody_below_the_top() -> None:
    hidden = Canary("e", "water", "WAT3", "dikecualikan", "1.03.01", "33.16", "2024", 1)
    assert [one.role for one in PERSONAS if one.may_see(hidden)] == [
        "pimpinan", "walidata", "asisten", "asisten", "opd",
    ]  # fmt: skip
