"""Pages without figures: not found, no edition yet, search results, list of editions."""

from collections.abc import Sequence

from command_center.locale import Locale
from command_center.pages.blocks import render, trusted
from command_center.pages.frame import ASSETS
from command_center.theme import stylesheet


def notice_page(locale: Locale, status: int) -> str:
    """Return a whole page that says in plain words why there is nothing to show."""
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
    return plain_page(locale, title=title, text=text)


def plain_page(
    locale: Locale,
    *,
    title: str,
    text: str = "",
    entries: Sequence[tuple[str, str, str]] = (),
    home: str = "/",
) -> str:
    """Return a whole page with a title, a sentence and a list of (label, link, detail)."""
    block = render(
        "plain",
        language=locale.language,
        css=trusted(stylesheet(ASSETS)),
        title=title,
        text=text,
        entries=entries,
        home=home if locale.language == "id" else f"{home}en/",
        home_label=locale.t("Home"),
    )
    return str(block.html)
