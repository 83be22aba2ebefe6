"""The words of units. Percent and rupiah are written by the locale; the rest are counted things."""

from command_center.locale import PERCENT_UNIT, RUPIAH_UNIT, Locale, translatable

_WORDS = {
    "persons": translatable("persons"),
    "children": translatable("children"),
    "households": translatable("households"),
    "villages": translatable("villages"),
    "km": translatable("km"),
    "m": translatable("m"),
    "count": "",
    "cases": translatable("cases"),
    "deaths": translatable("deaths"),
    "per_1000": translatable("per 1,000"),
    "per_100000": translatable("per 100,000"),
    "years": translatable("years"),
    "index": "",
    "days": translatable("days"),
    "hours": translatable("hours"),
    "ratio": "",
    "points": translatable("points"),
}


def unit_symbol(unit: str) -> str:
    """Return the unit the locale itself knows how to write, "" for a counted thing."""
    return {"percent": PERCENT_UNIT, "idr": RUPIAH_UNIT}.get(unit, "")


def unit_word(locale: Locale, unit: str) -> str:
    """Return the word after the figure, "" where the unit has none."""
    word = _WORDS.get(unit, "")
    return locale.t(word) if word else ""
