"""The sentences that say what a drawing shows, made from the same numbers, in the reader's language."""

from collections.abc import Sequence

from command_center.locale import Locale


def joined(locale: Locale, items: Sequence[str]) -> str:
    """Return `a, b dan c`."""
    if len(items) < 2:
        return "".join(items)
    return locale.t("{others} and {last}", others=", ".join(items[:-1]), last=items[-1])


def sentence(text: str) -> str:
    """Return the text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
