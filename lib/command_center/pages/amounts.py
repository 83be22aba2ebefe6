"""Figures, their dates, targets and changes as text, each with the decimals its source allows.

Knows one measure at a time; which one a page shows is settled in readings.
"""

from markupsafe import Markup

from command_center.catalog import Bands, Indicator, Sector
from command_center.indicators.changes import Change, Changes
from command_center.indicators.rounding import shown_decimals
from command_center.indicators.series import Measure
from command_center.indicators.uncertainty import SMALL_N, interval_of
from command_center.locale import PERCENT_UNIT, Locale, parse_period
from command_center.pages.blocks import trusted
from command_center.pages.units import unit_symbol, unit_word
from command_center.theme import provenance_html


def measure_parts(locale: Locale, indicator: Indicator, row: Measure) -> tuple[str, str]:
    """Return figure and unit of a measure apart, such as ("10,58", "%"), with the decimals it may be shown with."""
    decimals = shown_decimals(indicator, row.value, row.numerator, row.denominator)
    return _value_parts(locale, indicator, row.value, decimals)


def hidden_text(locale: Locale) -> str:
    """Return what stands in the place of a small cell; its status says why."""
    return locale.t("hidden")


def hidden_note(locale: Locale, indicator: Indicator) -> str:
    """Return why a figure is hidden: the rule, which holds for those that protect a small cell as well."""
    below = indicator.small_cells.below if indicator.small_cells else 0
    return locale.t(
        "Below the regency, counts of fewer than {n} persons are not for the public, nor are figures from which "
        "they could be worked out; log in with an account that may see them.",
        n=locale.number(below, 0),
    )


def measure_text(locale: Locale, indicator: Indicator, row: Measure) -> str:
    """Return figure and unit of a measure as one text; of a small cell the words that it is hidden."""
    if row.suppressed:
        return hidden_text(locale)
    return joined_unit(*measure_parts(locale, indicator, row))


def value_text(locale: Locale, indicator: Indicator, value: float | None, decimals: int | None) -> str:
    """Return figure and unit as one text, such as "10,58%" or "3.769 anak"; `decimals` None keeps up to two."""
    return joined_unit(*_value_parts(locale, indicator, value, decimals))


def _value_parts(
    locale: Locale, indicator: Indicator, value: float | None, decimals: int | None
) -> tuple[str, str]:
    figure, word = locale.quantity_parts(value, unit_symbol(indicator.unit), decimals)
    return figure, word or ("" if value is None else unit_word(locale, indicator.unit))


def joined_unit(figure: str, unit: str) -> str:
    """Return figure and unit as one text: "10,58%", "3.769 anak"."""
    return f"{figure}{unit}" if unit in ("", "%") else f"{figure} {unit}"


def as_of_text(locale: Locale, row: Measure) -> str:
    """Return the day a figure stands for; only its period where that day is just the end of it.

    The end of a period is what a row gets when its source names no day: "2010" then claims no 31 December.
    """
    if row.as_of is None:
        return locale.missing
    period = parse_period(row.period)
    return locale.period(row.period) if row.as_of == period.end else locale.date(row.as_of)


def target_text(locale: Locale, indicator: Indicator) -> str:
    """Return the target in words; an unknown one says that it has not been entered."""
    if indicator.target is not None:
        text = threshold_text(locale, indicator, indicator.target.value)
        if indicator.target.year is not None:
            return locale.t("target {value} in {year}", value=text, year=str(indicator.target.year))
        return locale.t("target {value}", value=text)
    if indicator.bands is not None:
        return _bands_text(locale, indicator, indicator.bands)
    if indicator.direction == "neutral" or indicator.share_of_target:
        return ""
    return locale.t("target: not entered yet")


def own_target_text(locale: Locale, sector: Sector, indicator: Indicator, row: Measure) -> str:
    """Return the target that a share of target is a share of; "" for other indicators."""
    if not indicator.share_of_target or row.denominator is None:
        return ""
    return locale.t(
        "of a target of {value}", value=_denominator_text(locale, sector, indicator, row.denominator)
    )


def _denominator_text(locale: Locale, sector: Sector, indicator: Indicator, value: float) -> str:
    table = sector.dataset(indicator.dataset).table
    units = {column.name: column.unit for column in table.fields}
    unit = units.get(indicator.formula.denominator or "") or ""
    return locale.quantity(value, unit_symbol(unit) or unit_word(locale, unit))


def threshold_text(locale: Locale, indicator: Indicator, value: float) -> str:
    """Return a threshold as it was set: 40%, not 40,00%."""
    unit = unit_symbol(indicator.unit) or unit_word(locale, indicator.unit)
    return locale.quantity(value, unit)


def _bands_text(locale: Locale, indicator: Indicator, bands: Bands) -> str:
    edge = threshold_text(locale, indicator, bands.good)
    if indicator.direction == "up":
        return locale.t("good from {value}", value=edge)
    return locale.t("good up to {value}", value=edge)


def interval_text(locale: Locale, indicator: Indicator, row: Measure) -> str:
    """Return the interval within which chance alone may move a share of few counted things; "" for any other figure."""
    span = interval_of(indicator, row.numerator, row.denominator)
    if span is None or row.denominator is None or row.denominator >= SMALL_N:
        return ""
    low = locale.number(span[0], indicator.decimals)
    high = locale.quantity(span[1], PERCENT_UNIT, indicator.decimals)
    return locale.t("interval (95%): {low}–{high}", low=low, high=high)


def target_chip(locale: Locale, indicator: Indicator) -> Markup:
    """Return the chip that says on whose word the target or the bands stand, empty where there are none."""
    threshold = indicator.target or indicator.bands
    return Markup() if threshold is None else trusted(provenance_html(threshold.provenance, locale))


def change_texts(locale: Locale, sector: Sector, indicator: Indicator, found: Changes) -> tuple[str, ...]:
    """Return what the figure did since the period before and since last year, each once; () without a base."""
    words = [
        _change_text(locale, sector, indicator, change)
        for change in (found.on_previous, found.on_last_year)
        if change is not None
    ]
    return tuple(dict.fromkeys(words))


def _change_text(locale: Locale, sector: Sector, indicator: Indicator, change: Change) -> str:
    if change.targets is None:
        unit = unit_symbol(indicator.unit) or unit_word(locale, indicator.unit)
        return locale.change(change.difference, unit, change.decimals, since=change.base_period)
    # Points between shares of two targets would call a fourfold amount a fall.
    before, now = (_denominator_text(locale, sector, indicator, target) for target in change.targets)
    return locale.t(
        "{period}: {value} of {before}; the target is {now} now",
        period=locale.period(change.base_period),
        value=value_text(locale, indicator, change.base_value, change.decimals),
        before=before,
        now=now,
    )
