"""Whole pages that no notebook makes: bar, breadcrumb and title around a template of their own."""

from collections.abc import Sequence
from typing import Any

from command_center.locale import Locale
from command_center.pages.blocks import render, trusted
from command_center.pages.frame import ASSETS, frame_words
from command_center.theme import stylesheet


def standalone_page(
    template: str,
    locale: Locale,
    *,
    title: str,
    text: str = "",
    product: str = "",
    query: str = "",
    language_link: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
    **values: Any,
) -> str:
    """Return a whole page from a template that extends page.html.j2, with `values` for its own blocks.

    `product` names the command center in the bar, `query` stands in the search field, `language_link` leads to
    the same page in the other language; each may be "". `crumbs` are (label, link) between home and the page.
    """
    home = home_link(locale)
    block = render(
        template,
        page_language=locale.language,
        css=trusted(stylesheet(ASSETS)),
        title=title,
        text=text,
        product=product or locale.t("Home"),
        home_link=home,
        home_label=locale.t("Home"),
        crumbs=crumbs,
        search_action=f"{home}cari/",
        words=frame_words(locale),
        query=query,
        edition="",
        is_draft=False,
        language="id" if locale.language == "en" else "en",
        language_link=language_link,
        **values,
    )
    return str(block.html)


def home_link(locale: Locale) -> str:
    """Return the address of home in the reader's language."""
    return "/en/" if locale.language == "en" else "/"
