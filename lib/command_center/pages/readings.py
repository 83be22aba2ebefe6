"""A reading: one indicator in one region, put into the words a card, a tile or a sentence needs.

Takes figures from the measures as they are and computes none; the same reading serves every
page, so two pages cannot say different things.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from markupsafe import Markup

from command_center.catalog import Bands, Indicator, Sector
from command_center.indicators.changes import Changes, changes
from command_center.indicators.series import Measure, latest, methods_of, series
from command_center.locale import Locale
from command_center.pages.addresses import indicator_page
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext
from command_center.pages.units import unit_symbol, unit_word
from command_center.theme import provenance_html, status_html

_RANK = {"kab": 0, "kec": 1, "desa": 2, "kel": 2}


@dataclass(frozen=True)
class OtherSeries:
    """The same question answered by another method; shown beside, never mixed in."""

    method: str
    value: str
    period: str
    method_code: str
    period_code: str


@dataclass(frozen=True)
class Reading:
    """An indicator in a region, in words. `value` says "no data yet" where there is none."""

    sector: Sector
    indicator: Indicator
    region: str
    name: str
    question: str
    owner: str
    status: str
    status_html: Markup
    value: str
    unit: str
    link: str
    csv_link: str
    key: str = ""
    number: float | None = None
    period_code: str = ""
    period: str = ""
    as_of: str = ""
    as_of_date: date | None = None
    method: str = ""
    method_label: str = ""
    changes: tuple[str, ...] = ()
    target: str = ""
    target_chip: Markup = field(default_factory=Markup)
    n: str = ""
    others: tuple[OtherSeries, ...] = ()
    level_note: str = ""
    age_note: str = ""
    is_sample: bool = False

    @property
    def has_value(self) -> bool:
        return self.number is not None


def reads_at(context: PageContext, indicator: Indicator, region: str) -> bool:
    """Return whether an indicator honestly reaches down to a region's level."""
    return _RANK[context.house.regions.get(region).level] <= _RANK[indicator.grain]


def read(
    context: PageContext,
    sector: Sector,
    indicator: Indicator,
    region: str | None = None,
    *,
    period: str | None = None,
    method: str | None = None,
) -> Reading:
    """Return the reading of an indicator in a region: its latest figure, or that of a period and method.

    A region below the indicator's grain gives a reading without value that says why.
    """
    code = region or context.region.code
    if not reads_at(context, indicator, code):
        return _too_deep(context, sector, indicator, code)
    chosen = method or main_method(context, indicator, code)
    row = None if chosen is None else _measure(context, indicator, code, chosen, period)
    if row is None or row.value is None or row.as_of is None:
        return _absent(context, sector, indicator, code)
    locale = context.locale
    figure, unit = value_parts(locale, indicator, row.value)
    return replace(
        _absent(context, sector, indicator, code),
        status=row.status,
        status_html=trusted(status_html(row.status, locale)),
        value=figure,
        unit=unit,
        key="|".join((indicator.id, code, row.period, row.method)),
        number=row.value,
        period_code=row.period,
        period=locale.period(row.period),
        as_of=locale.date(row.as_of),
        as_of_date=row.as_of,
        method=row.method,
        method_label=method_label(context, sector, indicator, row.method),
        changes=_changes(
            locale, indicator, changes(context.measures, indicator, code, row.period, method=row.method)
        ),
        n="" if row.n is None else locale.t("n = {count}", count=locale.number(row.n, 0)),
        others=_others(context, sector, indicator, code, row.method),
        age_note=_age_note(locale, row.status, row.as_of, context.as_of),
        is_sample=sector.dataset(indicator.dataset).is_sample,
    )


def main_method(context: PageContext, indicator: Indicator, region: str) -> str | None:
    """Return the method a card leads with: the declared one where it has figures, else the most recent."""
    known = methods_of(context.measures, indicator, region)
    if not known or known[0] == indicator.main_method:
        return known[0] if known else None
    newest = {method: latest(context.measures, indicator, region, method=method) for method in known}
    return max(known, key=lambda method: str(newest[method].as_of if newest[method] else ""))  # type: ignore[union-attr]


def periods_with_value(context: PageContext, indicator: Indicator, region: str) -> tuple[str, ...]:
    """Return the periods of the leading method that have a figure in a region, in time order."""
    method = main_method(context, indicator, region)
    if method is None:
        return ()
    line = series(context.measures, indicator, region, method=method)
    return tuple(line.loc[line["value"].notna(), "period"])


def _measure(
    context: PageContext, indicator: Indicator, region: str, method: str, period: str | None
) -> Measure | None:
    if period is None:
        return latest(context.measures, indicator, region, method=method)
    line = series(context.measures, indicator, region, method=method)
    rows = line[line["period"].eq(period)]
    return Measure.of(rows.iloc[0]) if len(rows) else None


def method_label(context: PageContext, sector: Sector, indicator: Indicator, method: str) -> str:
    """Return a method's name in the page's language; its code where the dataset does not name it."""
    text = sector.dataset(indicator.dataset).methods.get(method)
    return text.in_language(context.language) if text else method


def value_parts(locale: Locale, indicator: Indicator, value: float | None) -> tuple[str, str]:
    """Return figure and unit apart, such as ("10,58", "%")."""
    # Rupiah are read in millions and billions; the declared decimals are those of a whole rupiah.
    decimals = None if indicator.unit == "idr" else indicator.decimals
    figure, word = locale.quantity_parts(value, unit_symbol(indicator.unit), decimals)
    return figure, word or ("" if value is None else unit_word(locale, indicator.unit))


def value_text(locale: Locale, indicator: Indicator, value: float | None) -> str:
    """Return figure and unit as one text, such as "10,58%" or "3.769 anak"."""
    figure, unit = value_parts(locale, indicator, value)
    return f"{figure}{unit}" if unit in ("", "%") else f"{figure} {unit}"


def target_text(locale: Locale, indicator: Indicator) -> str:
    """Return the target in words; an unknown one says that it has not been entered."""
    if indicator.target is not None:
        text = threshold_text(locale, indicator, indicator.target.value)
        if indicator.target.year is not None:
            return locale.t("target {value} in {year}", value=text, year=str(indicator.target.year))
        return locale.t("target {value}", value=text)
    if indicator.bands is not None:
        return _bands_text(locale, indicator, indicator.bands)
    if indicator.direction == "neutral":
        return ""
    return locale.t("target: not entered yet")


def threshold_text(locale: Locale, indicator: Indicator, value: float) -> str:
    """Return a threshold as it was set: 40%, not 40,00%."""
    unit = unit_symbol(indicator.unit) or unit_word(locale, indicator.unit)
    return locale.quantity(value, unit)


def _bands_text(locale: Locale, indicator: Indicator, bands: Bands) -> str:
    edge = threshold_text(locale, indicator, bands.good)
    if indicator.direction == "up":
        return locale.t("good from {value}", value=edge)
    return locale.t("good up to {value}", value=edge)


def _target_chip(locale: Locale, indicator: Indicator) -> Markup:
    threshold = indicator.target or indicator.bands
    return Markup() if threshold is None else trusted(provenance_html(threshold.provenance, locale))


def _changes(locale: Locale, indicator: Indicator, found: Changes) -> tuple[str, ...]:
    words: list[str] = []
    for change in (found.on_previous, found.on_last_year):
        if change is not None:
            unit = unit_symbol(indicator.unit) or unit_word(locale, indicator.unit)
            text = locale.change(change.difference, unit, indicator.decimals, since=change.base_period)
            if text not in words:
                words.append(text)
    return tuple(words)


def _others(
    context: PageContext, sector: Sector, indicator: Indicator, code: str, shown: str
) -> tuple[OtherSeries, ...]:
    found = []
    for method in methods_of(context.measures, indicator, code):
        row = latest(context.measures, indicator, code, method=method)
        if method == shown or row is None or row.value is None:
            continue
        found.append(
            OtherSeries(
                method=method_label(context, sector, indicator, method),
                value=value_text(context.locale, indicator, row.value),
                period=context.locale.period(row.period),
                method_code=row.method,
                period_code=row.period,
            )
        )
    return tuple(found)


def _age_note(locale: Locale, status: str, as_of: date, today: date) -> str:
    if status != "stale":
        return ""
    years = round((today - as_of).days / 365.25, 1)
    return locale.tn(
        "the data are {years} year old",
        "the data are {years} years old",
        1 if years == 1 else 2,  # 1.5 years are a plural too
        years=locale.number(years),
    )


def _absent(context: PageContext, sector: Sector, indicator: Indicator, code: str) -> Reading:
    locale = context.locale
    is_open = context.view.sees(sector, indicator, code)
    return Reading(
        sector=sector,
        indicator=indicator,
        region=code,
        name=indicator.name.in_language(context.language),
        question=indicator.question.in_language(context.language),
        owner=context.owner_name(sector, indicator),
        link=context.link(indicator_page(indicator.id, code)),
        csv_link=context.download_link(f"{indicator.id}/{code}.csv"),
        status="no_data",
        status_html=trusted(status_html("no_data", locale)) if is_open else Markup(),
        value=locale.missing if is_open else locale.t("not open to the public"),
        unit="",
        level_note="" if is_open else _closed_note(locale, indicator),
        target=target_text(locale, indicator),
        target_chip=_target_chip(locale, indicator),
    )


def _closed_note(locale: Locale, indicator: Indicator) -> str:
    """Say that a figure is not shown to this reader, which is not the same as not being there."""
    if indicator.access == "internal":
        return locale.t("For official use; log in with an account that may see it.")
    return locale.t("Exempt from publication under UU 14/2008; log in with an account that may see it.")


def _too_deep(context: PageContext, sector: Sector, indicator: Indicator, code: str) -> Reading:
    reason = indicator.grain_reason.in_language(context.language) if indicator.grain_reason else ""
    note = f"{_nearest_above(context, sector, indicator, code)} {reason}".strip()
    return replace(_absent(context, sector, indicator, code), level_note=note)


def _nearest_above(context: PageContext, sector: Sector, indicator: Indicator, code: str) -> str:
    """Return the figure of the smallest region around this one that has one, as a sentence."""
    locale, root = context.locale, context.house.regions.root
    for region in reversed(context.house.regions.ancestors(code)):
        if not reads_at(context, indicator, region.code):
            continue
        found = read(context, sector, indicator, region.code)
        if not found.has_value:
            continue
        value = value_text(locale, indicator, found.number)
        if region.code == root.code:
            return locale.t(
                "Only known for the whole regency: {value} ({period}).", value=value, period=found.period
            )
        return locale.t(
            "Only known down to {region}: {value} ({period}).",
            region=context.region_name(region.code),
            value=value,
            period=found.period,
        )
    return locale.t("Not made for a region this small, and there is no figure above it yet.")
