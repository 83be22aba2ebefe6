"""Pages without figures: not found, no edition yet, search results, list of editions."""

from collections.abc import Sequence

from command_center.locale import Locale
from command_center.pages.standalone import standalone_page


def notice_page(
    locale: Locale, status: int, product: str = "", language_link: str = "", *, reason: str = ""
) -> str:
    """Return a whole page that says in plain words why there is nothing to show; other arguments: plain_page.

    `reason` stands in the place of the sentence that goes with a status.
    """
    if status == 404:
        title, text = (
            locale.t("This page does not exist"),
            locale.t("The address names no sector, region, indicator or edition of this command center."),
        )
    elif status == 403:
        title, text = (
            locale.t("This is not open to you"),
            locale.t("Log in with an account that may see or do this, or ask the data steward."),
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
    return plain_page(locale, title=title, text=reason or text, product=product, language_link=language_link)


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
    """Return a whole page with a title, a sentence and a list of (label, link, detail); others: standalone_page."""
    return standalone_page(
        "plain",
        locale,
        title=title,
        text=text,
        entries=entries,
        product=product,
        query=query,
        language_link=language_link,
    )
