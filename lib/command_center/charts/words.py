"""The sentences that say what a drawing shows, made from the same numbers, in the reader's language."""

from collections.abc import Sequence

from command_center.locale import Locale


def joined(locale: Locale, items: Sequence[str]) -> str:
    """Return `a, b dan c`."""
    if len(items) < 2:
        return "".join(items)
    return locale.t("{others} and {last}", others=", ".join(items[:-1]), last=items[-1])


def threshold_label(locale: Locale, value: str, *, is_what_if: bool, year: str = "") -> str:
    """Return the words at the line of a target (of one year, if given), or of a threshold only tried out."""
    if is_what_if:
        return locale.t("what-if threshold {value}", value=value)
    if year:
        return locale.t("target {value} in {year}", value=value, year=year)
    return locale.t("target {value}", value=value)


def threshold_heading(locale: Locale, *, is_what_if: bool) -> str:
    """Return the heading of the column that holds the targets, or the threshold the reader tries out."""
    return locale.t("What-if threshold") if is_what_if else locale.t("Target")


def capital(text: str) -> str:
    """Return the text with a capital letter first."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """Return the text with a capital letter and a full stop."""
    return f"{capital(text).rstrip('.')}."
