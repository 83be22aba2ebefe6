"""A finished page that becomes a live one where it stands: same address, same figures, working controls."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from command_center.serving.app import PRELOAD_LIST
from command_center.serving.static_files import JOINED
from command_center.settings import load_settings
from tests.browser.visiting import figures, wait_until

pytestmark = pytest.mark.browser
HYDRATED_MS = 90_000


def wait_until_live(page: Page) -> None:
    wait_until(page, "document.body.dataset.ready === 'yes'", HYDRATED_MS)
    expect(page.locator(".cc-panel select:enabled").first).to_be_visible()


def filters(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def panel_text(page: Page) -> str:
    return " ".join(page.locator(".cc-panel__body").inner_text().split())


def test_a_control_upgrades_the_page_in_place_and_the_controls_then_work(published, site, laptop) -> None:
    page, watch = laptop
    address = published.sector_pages["health"].url
    page.goto(f"{site}{address}")
    finished = figures(page)
    sentence = panel_text(page)
    page.locator("[data-filter=comparison]").select_option("methods")
    wait_until_live(page)

    assert urlsplit(page.url).path == address
    assert filters(page) == {"comparison": "methods"}
    assert figures(page) == finished
    expect(page.locator("h1")).to_contain_text(
        published.house.regions.label(published.house.regions.root.code)
    )
    other = panel_text(page)
    assert other != sentence

    # The dropdown of the widget, not the one of the finished page.
    page.locator(".cc-control-comparison select").select_option(index=0)
    expect(page.locator(".cc-panel__body")).not_to_have_text(other, use_inner_text=True)
    assert panel_text(page) == sentence
    assert filters(page) == {}
    box = page.locator(".cc-control-threshold input")
    box.fill("3,5")
    box.press("Enter")
    expect(page.locator(".cc-panel__body [role=status]")).to_contain_text("3,5%")
    # A reload or a shared link shows the same: the address follows the live controls.
    wait_until(page, "location.search !== ''")
    assert filters(page) == {"threshold": "3,5"}
    cards = {key: texts for key, texts in figures(page).items() if key in finished}
    assert cards == finished
    assert watch.complaints == []


def test_an_address_with_filters_is_upgraded_again_on_reload(published, site, laptop) -> None:
    page, watch = laptop
    shown = published.house.catalog.sector("health").indicator("HLT1s")
    page.goto(f"{site}{published.sector_pages['health'].url}?indicator={shown.id}")
    for _ in range(2):
        wait_until_live(page)
        assert filters(page) == {"indicator": shown.id}
        expect(page.locator(".cc-panel__body h2")).to_contain_text(shown.name.id)
        assert page.locator(".cc-control-indicator select").input_value() == shown.name.id
        page.reload()
    assert watch.complaints == []


@pytest.mark.parametrize(
    "query",
    [
        "threshold=%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E&indicator=%3Cimg%20src%3Dx%20onerror%3Dwindow.hurt%3D1%3E",
        "indicator=NONE99&period=1850&comparison=everything&region=33.99&edition=..%2F..&language=xx",
    ],
)
def test_foreign_values_change_nothing_and_run_nothing(published, site, laptop, query) -> None:
    page, watch = laptop
    page.goto(f"{site}{published.sector_pages['health'].url}")
    finished, words = figures(page), panel_text(page)
    page.goto(f"{site}{published.sector_pages['health'].url}?{query}")
    wait_until_live(page)
    assert (figures(page), panel_text(page)) == (finished, words)
    assert page.evaluate("window.hurt") is None
    assert page.locator("img").count() == 0
    assert watch.complaints == []


def test_a_live_page_that_fails_leaves_the_finished_page_standing(published, site, laptop) -> None:
    page, _ = laptop
    page.goto(f"{site}{published.sector_pages['health'].url}")
    finished = figures(page)
    page.route("**/*live=1*", lambda route: route.fulfill(status=500, body="<p>no</p>"))
    page.locator("[data-filter=comparison]").select_option("year")
    expect(page.locator("[data-live-status]")).to_have_attribute("data-state", "failed")
    expect(page.locator("[data-live-status]")).not_to_be_empty()
    assert figures(page) == finished


BREAK = """(() => {
  const times = Number(sessionStorage.getItem("broken") || 0);
  if (times >= LIMIT) return;
  sessionStorage.setItem("broken", times + 1);
  new MutationObserver((_, observer) => {
    const slot = document.querySelector(".cc-slot");
    if (!slot) return;
    observer.disconnect();
    const node = document.createElement("div");
    node.className = "jupyter-widgets";
    node.textContent = "Error displaying widget: model not found";
    slot.append(node);
  }).observe(document, { childList: true, subtree: true });
})()"""


def test_a_widget_that_could_not_be_shown_is_tried_again_once(published, site, laptop) -> None:
    page, _ = laptop
    page.add_init_script(BREAK.replace("LIMIT", "1"))
    page.goto(f"{site}{published.sector_pages['health'].url}?live=1")
    wait_until_live(page)
    assert page.evaluate("sessionStorage.getItem('broken')") == "1"
    assert "Error displaying" not in page.locator("body").inner_text()


def test_a_widget_that_cannot_be_shown_leaves_the_still_picture_and_a_plain_word(
    published, site, laptop
) -> None:
    page, _ = laptop
    page.add_init_script(BREAK.replace("LIMIT", "2"))
    page.goto(f"{site}{published.sector_pages['health'].url}?live=1")
    wait_until(page, "sessionStorage.getItem('broken') === '2'", HYDRATED_MS)
    line = page.locator("[data-live-status]").first
    expect(line).to_have_attribute("data-state", "failed")
    expect(line).to_have_text(line.get_attribute("data-failed") or "?")
    assert "Error displaying" not in page.locator("body").inner_text()
    expect(page.locator(".cc-slot__still").first).to_be_visible()


def test_live_controls_look_like_the_native_ones(published, site, laptop) -> None:
    page, _ = laptop
    page.goto(f"{site}{published.pages['indicator'].url}")
    native = page.locator("[data-filter=comparison]").bounding_box()
    page.locator("[data-filter=comparison]").select_option("year")
    wait_until_live(page)
    live = page.locator(".cc-control-comparison select").bounding_box()
    assert native is not None
    assert live is not None
    assert (live["height"], live["width"]) == pytest.approx((native["height"], native["width"]), abs=2)


def test_the_other_language_keeps_what_was_chosen(published, site, laptop) -> None:
    page, watch = laptop
    page.goto(f"{site}{published.sector_pages['health'].url}")
    page.locator("[data-filter=comparison]").select_option("methods")
    wait_until_live(page)
    page.locator(".cc-header__languages a").click()
    page.wait_for_url("**/en/**")
    assert filters(page) == {"comparison": "methods"}
    assert watch.complaints == []


def scripts_asked_for(page: Page) -> list[str]:
    used: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => /[/]voila[/](static|labextensions)[/]/.test(name))"
    )
    return list(dict.fromkeys(used))


def test_a_live_page_asks_for_exactly_the_scripts_it_preloads(published, site, laptop) -> None:
    page, watch = laptop
    page.goto(f"{site}{published.sector_pages['health'].url}?live=1")
    wait_until_live(page)
    preloaded: list[str] = page.eval_on_selector_all("link[rel=preload]", "all => all.map((one) => one.href)")
    assert preloaded[0].endswith(f"/{JOINED}")
    assert set(scripts_asked_for(page)) == set(preloaded)
    assert watch.complaints == []


def test_the_joined_script_holds_exactly_what_a_live_page_needs(published, site, laptop) -> None:
    """With Voila's own start script in its place a browser asks for every other one by name."""
    page, watch = laptop

    def without_chunks(route: Route) -> None:
        start = page.request.get(route.request.url.replace(JOINED, "voila.js"))
        route.fulfill(body=start.body(), content_type="text/javascript")

    page.route(f"**/{JOINED}", without_chunks)
    page.goto(f"{site}{published.sector_pages['health'].url}?live=1")
    wait_until_live(page)
    asked = [name.partition("/voila/")[2].split("/") for name in scripts_asked_for(page)]
    used = [f"{kind}/{'/'.join(rest)}" for kind, _fingerprint, *rest in asked if rest != [JOINED]]
    lines = (load_settings().voila_templates_dir / PRELOAD_LIST).read_text(encoding="utf-8").splitlines()
    named = {line for line in lines if not line.startswith("#")} - {"static/voila.js"}
    assert set(used) == named, "\n".join(["write these names to preload.txt:", "static/voila.js", *used])
    assert watch.complaints == []


def answer_latest(page: Page, text: str) -> None:
    page.route(
        "**/edisi/terbaru.json*", lambda route: route.fulfill(content_type="application/json", body=text)
    )


@pytest.mark.parametrize("life", ["finished", "live"])
def test_an_open_page_says_that_a_newer_edition_exists(published, site, laptop, life) -> None:
    page, watch = laptop
    page.clock.install()
    page.goto(f"{site}{published.sector_pages['health'].url}{'?live=1' if life == 'live' else ''}")
    if life == "live":
        page.clock.run_for(5000)
        wait_until_live(page)
    note = page.locator("[data-newer-edition]")
    page.clock.run_for(60_000)
    expect(note).to_be_hidden()
    answer_latest(page, '{"edition": "2027-01-01-000000000000", "live": true}')
    page.clock.run_for(60_000)
    expect(note).to_be_visible()
    expect(note).to_contain_text("Edisi yang lebih baru")
    expect(note.locator("a")).to_have_count(1)
    assert watch.complaints == []


def test_a_live_page_whose_kernel_has_ended_says_so(published, site, laptop) -> None:
    page, watch = laptop
    page.clock.install()
    page.goto(f"{site}{published.sector_pages['health'].url}")
    answer_latest(page, f'{{"edition": "{published.edition.id}", "live": false}}')
    page.clock.run_for(60_000)
    expect(page.locator("[data-live-ended]")).to_be_visible()
    expect(page.locator("[data-newer-edition]")).to_be_hidden()
    assert watch.complaints == []


def test_a_page_of_the_latest_edition_at_its_own_address_is_not_called_older(published, site, laptop) -> None:
    page, watch = laptop
    page.goto(f"{site}/edisi/{published.edition.id}{published.sector_pages['health'].url}")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-older-edition]")).to_be_hidden()
    answer_latest(page, '{"edition": "2027-01-01-000000000000", "live": true}')
    page.reload()
    expect(page.locator("[data-older-edition]")).to_be_visible()
    assert watch.complaints == []


def test_where_all_live_pages_are_in_use_the_finished_page_stays_with_a_word(published, site, laptop) -> None:
    page, watch = laptop
    page.goto(f"{site}{published.sector_pages['health'].url}")
    finished, words = figures(page), panel_text(page)
    page.route(
        "**/*live=1*",
        lambda route: route.fulfill(content_type="text/html", body='<body data-page="finished">'),
    )
    page.locator("[data-filter=comparison]").select_option("year")
    status = page.locator("[data-live-status]")
    expect(status).to_have_attribute("data-state", "full")
    expect(status).to_contain_text("Semua halaman langsung sedang dipakai")
    assert (figures(page), panel_text(page)) == (finished, words)
    expect(page.locator("[data-filter=comparison]")).to_be_enabled()
    assert watch.complaints == []
