"""What a finished page is made of: its own bytes, links that lead somewhere, nothing from another host."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from command_center.pages.addresses import PageAddress
from command_center.publishing import plan_page
from tests.browser.test_languages import KINDS, page_html

OUTSIDE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
# Paths that are answered by other handlers than that of pages.
OTHER = re.compile(
    r"/(?:edisi/[\w.-]+/)?(?:en/)?(?:akun|cari|edisi|kirim|kirim/daftar)/"
    r"|/(?:en/)?surat-permintaan/[0-9A-Z.]+(?:/|\.pdf|\.zip)"
    r"|/(?:edisi/[\w.-]+/)?unduh/[\w.]+/[\d.]+\.csv"
    r"|/(?:edisi/[\w.-]+/)?(?:en/)?unduh/[\w.]+/[\d.]+\.(?:ipynb|xlsx)"
    r"|/assets/[\w.-]+|/voila/templates/command_center/static/(?:page\.js|icon\.svg)"
)
BOTH = [(kind, language) for kind in KINDS for language in ("id", "en")]


@pytest.fixture(params=BOTH, ids=lambda both: "-".join(both))
def page(request, published) -> tuple[PageAddress, LexborHTMLParser]:
    kind, language = request.param
    address = published.pages[kind].in_language(language)
    return address, LexborHTMLParser(page_html(published.edition, address))


def links(tree: LexborHTMLParser) -> set[str]:
    return {node.attributes["href"] or "" for node in tree.css("[href]")} | {
        node.attributes["action"] or "" for node in tree.css("form[action]")
    }


def test_the_only_script_is_the_small_one(page) -> None:
    _, tree = page
    scripts = [node.attributes for node in tree.css("script")]
    assert [urlsplit(script["src"]).path.rpartition("/")[2] for script in scripts if "src" in script] == [
        "page.js"
    ]
    assert all("src" in script or "json" in (script.get("type") or "") for script in scripts)
    handlers = {name for node in tree.css("*") for name in node.attributes if name.startswith("on")}
    assert handlers == set()


def test_nothing_refers_to_another_host(page) -> None:
    _, tree = page
    referring = [
        value
        for node in tree.css("*")
        for name, value in node.attributes.items()
        if name in ("src", "href", "action", "srcset", "poster", "data") and value and OUTSIDE.match(value)
    ]
    styles = [node.text() for node in tree.css("style")]
    styles += [node.attributes["style"] or "" for node in tree.css("[style]")]
    in_styles = [
        target
        for style in styles
        for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", style)
        + re.findall(r"@import\s+[\"']([^\"']+)", style)
        if OUTSIDE.match(target)
    ]
    assert (referring, in_styles) == ([], [])


def test_every_link_leads_to_a_page_that_can_be_made(page, published) -> None:
    address, tree = page
    root = published.house.regions.root.code
    lost = []
    for link in links(tree):
        target = urlsplit(urljoin(f"http://here{address.url}", link))
        if target.netloc != "here" or OTHER.fullmatch(target.path):
            continue
        try:
            plan_page(published.house, PageAddress.parse(target.path, root_region=root), published.edition.id)
        except Exception as error:  # noqa: BLE001 - whatever stops a link belongs in the list
            lost.append(f"{link}: {error!r}")
    assert lost == []


def test_every_anchor_on_a_page_exists(page) -> None:
    _, tree = page
    known = {node.attributes["id"] for node in tree.css("[id]")}
    assert {link[1:] for link in links(tree) if link.startswith("#")} <= known


def test_ids_are_not_given_twice(page) -> None:
    _, tree = page
    given = [node.attributes["id"] for node in tree.css("[id]")]
    assert sorted(given) == sorted(set(given))


def test_anchors_of_the_cards_exist_on_the_indicator_page(published) -> None:
    cards = LexborHTMLParser(page_html(published.edition, published.pages["sector"]))
    wanted = {urlsplit(link).fragment for link in links(cards)} - {""}
    there = LexborHTMLParser(page_html(published.edition, published.pages["indicator"]))
    here = {node.attributes["id"] for node in cards.css("[id]")}
    assert wanted - here <= {node.attributes["id"] for node in there.css("[id]")}
