"""Every page speaks one language: no English left on an Indonesian page, no Indonesian on an English one.

Source citations, notes of sources and names of agencies stay as their owners wrote them; the pages mark
them with lang="id", and what is marked so is left out. Names of places are left out by name.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from command_center.editions import Edition
from command_center.locale import Language
from command_center.locale.translator import catalog
from command_center.pages.addresses import PageAddress
from command_center.settings import load_settings

KINDS = (
    "home",
    "sector",
    "kecamatan",
    "desa",
    "people",
    "profile",
    "indicator",
    "briefing",
    "readiness",
    "readiness-agency",
)
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-starting", "data-connecting", "data-failed")
UNSPOKEN = {"script", "style", "code"}
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def spoken_texts(html: str) -> Iterator[str]:
    """Every text a reader sees or hears, outside what is marked as Indonesian whatever the page's language."""
    body = LexborHTMLParser(html).body
    assert body is not None
    for node in body.traverse(include_text=True):
        if _is_left_out(node):
            continue
        if node.is_text_node:
            yield from _pieces(node.text_content or "")
        else:
            for name in SPOKEN:
                yield from _pieces(node.attributes.get(name) or "")


def _is_left_out(node: LexborNode) -> bool:
    above: LexborNode | None = node
    while above is not None and above.tag != "body":
        if above.tag in UNSPOKEN or above.attributes.get("lang") == "id":
            return True
        above = above.parent
    return False


def _pieces(text: str) -> Iterator[str]:
    """The text and, where facts are strung together with a dot in the middle, each of them."""
    whole = " ".join(text.split())
    yield from {piece.strip(" .") for piece in (whole, *whole.split(" · "))} - {""}


class Foreign:
    """The texts of one language that read otherwise in the other."""

    def __init__(self, texts: Iterable[str], own: Iterable[str], names: frozenset[str]) -> None:
        kept = {" ".join(text.split()) for text in own}
        foreign = {" ".join(text.split()) for text in texts} - kept
        self.exact = {text.strip(" .") for text in foreign if not PLACEHOLDER.search(text)}
        self.exact -= {text.strip(" .") for text in kept} | names
        self.patterns = [_pattern(text) for text in foreign if _is_telling(text)]

    def found_in(self, html: str) -> list[str]:
        return sorted(text for text in set(spoken_texts(html)) if self.has(text))

    def has(self, text: str) -> bool:
        return text in self.exact or any(pattern.fullmatch(text) for pattern in self.patterns)


def _is_telling(text: str) -> bool:
    """Whether a text with placeholders has words enough of its own to be known by them."""
    return bool(PLACEHOLDER.search(text)) and len(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", text))) >= 2


def _pattern(text: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in PLACEHOLDER.split(text.strip(" ."))]
    return re.compile(".+".join(parts))


def _bilingual(value: object) -> Iterator[tuple[str, str]]:
    """Every {id:, en:} pair of a declaration."""
    if isinstance(value, dict):
        if set(value) == {"id", "en"} and all(isinstance(text, str) for text in value.values()):
            yield value["id"], value["en"]
        else:
            for part in value.values():
                yield from _bilingual(part)
    elif isinstance(value, list):
        for part in value:
            yield from _bilingual(part)


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """(Indonesian, English) for every text of the catalog and of the declarations."""
    settings = load_settings()
    files = [*settings.sectors_dir.glob("*/sector.yml"), *settings.reference_dir.glob("*.yml")]
    declared = [pair for file in files for pair in _bilingual(yaml.safe_load(file.read_text("utf-8")))]
    said = [(text, source) for source, forms in catalog("id").items() for text in forms]
    return tuple(declared + said)


@pytest.fixture(scope="module")
def foreign(published) -> dict[Language, Foreign]:
    names = frozenset(region.name for region in published.house.regions)
    names |= {published.house.regions.label(region.code) for region in published.house.regions}
    indonesian, english = zip(*pairs(), strict=True)
    return {"id": Foreign(english, indonesian, names), "en": Foreign(indonesian, english, names)}


def page_html(edition: Edition, address: PageAddress) -> str:
    compressed = edition.page(address.file)
    assert compressed is not None, f"{address.url} is not among the pages of the edition"
    return gzip.decompress(compressed).decode("utf-8")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_speaks_one_language(published, foreign, kind, language) -> None:
    html = page_html(published.edition, published.pages[kind].in_language(language))
    assert LexborHTMLParser(html).root.attributes["lang"] == language
    assert foreign[language].found_in(html) == []


def test_every_sector_speaks_indonesian(published, foreign) -> None:
    found = {
        slug: foreign["id"].found_in(page_html(published.edition, address))
        for slug, address in published.sector_pages.items()
    }
    assert {slug: texts for slug, texts in found.items() if texts} == {}


def test_a_page_in_the_wrong_language_is_noticed(published, foreign) -> None:
    indonesian = page_html(published.edition, published.pages["indicator"])
    english = page_html(published.edition, published.pages["indicator"].in_language("en"))
    assert len(foreign["en"].found_in(indonesian)) > 10
    assert len(foreign["id"].found_in(english)) > 10
