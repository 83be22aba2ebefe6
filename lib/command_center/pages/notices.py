"""Pages without figures: not found, no edition yet, search results, list of editions."""

from collections.abc import Sequence

from command_center.locale import Locale
from command_center.pages.blocks import render, trusted
from command_center.pages.frame import ASSETS, frame_words
from command_center.theme import stylesheet


def notice_page(locale: Locale, status: int, product: str = "", language_link: str = "") -> str:
    """Return a whole page that says in plain words why there is nothing to show; other arguments: plain_page."""
    if status == 404:
        title, text = (
            locale.t("This page does not exist"),
            locale.t("The address names no sector, region, indicator or edition of this command center."),
        )
    elif status == 503:
        title, text = (
            locale.t("There is no edition yet"),
            locale.t("The figures have not been published. The analyst runs: command-center refresh"),
        )
    else:
        title, text = (
            locale.t("This page could not be made"),
            locale.t("The fault has been recorded. Try again; if it stays, tell the data steward."),
        )
    return plain_page(locale, title=title, text=text, product=product, language_link=language_link)


def plain_page(
    locale: Locale,
    *,
    title: str,
    text: str = "",
    entries: Sequence[tuple[str, str, str]] = (),
    product: str = "",
    query: str = "",
    language_link: str = "",
) -> str:
    """Return a whole page with a title, a sentence and a list of (label, link, detail).

    `product` names the command center in the bar, `query` stands in the search field, `language_link` leads to
    the same page in the other language; each may be "".
    """
    home = "/en/" if locale.language == "en" else "/"
    block = render(
        "plain",
        page_language=locale.language,
        css=trusted(stylesheet(ASSETS)),
        title=title,
        text=text,
        entries=entries,
        product=product or locale.t("Home"),
        home_link=home,
        home_label=locale.t("Home"),
        crumbs=(),
        search_action=f"{home}cari/",
        words=frame_words(locale),
        query=query,
        edition="",
        is_draft=False,
        language="id" if locale.language == "en" else "en",
        language_link=language_link,
    )
    return str(block.html)
