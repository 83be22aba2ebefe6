"""A reading: one indicator in one region, put into the words a card, a tile or a sentence needs.

Takes figures from the measures as they are and computes none; the same reading serves every
page, so two pages cannot say different things.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from markupsafe import Markup

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.indicators.changes import changes
from command_center.indicators.series import Measure, latest, methods_of, series
from command_center.locale import Locale
from command_center.pages.addresses import indicator_page
from command_center.pages.amounts import (
    as_of_text,
    change_texts,
    hidden_note,
    hidden_text,
    interval_text,
    joined_unit,
    measure_parts,
    measure_text,
    own_target_text,
    target_chip,
    target_text,
)
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext
from command_center.theme import status_html

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
class Pair:
    """The figure without which another is never shown."""

    name: str
    value: str
    period: str
    link: str
    key: str


@dataclass(frozen=True)
class Reading:
    """An indicator in a region, in words. `value` says "no data yet" where there is none.

    `is_hidden` says that there is a figure, of a period, which this reader may not see since it counts few persons:
    `value` says so, and there is no number anywhere.
    """

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
    workbook_link: str
    notebook_link: str = ""
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
    interval: str = ""
    others: tuple[OtherSeries, ...] = ()
    others_note: str = ""
    others_count: str = ""
    pair: Pair | None = None
    level_note: str = ""
    age_note: str = ""
    score: str = ""
    score_note: str = ""
    held_note: str = ""
    is_sample: bool = False
    is_hidden: bool = False

    @property
    def has_value(self) -> bool:
        return self.number is not None

    @property
    def is_shown(self) -> bool:
        """Whether there is something to tell: a figure, or that it is hidden."""
        return self.has_value or self.is_hidden

    @property
    def text(self) -> str:
        """Figure and unit as one text."""
        return joined_unit(self.value, self.unit)


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

    A region below the indicator's grain gives a reading without value that says why. A paired indicator brings
    the latest figure of its pair.
    """
    found = _read(context, sector, indicator, region, period=period, method=method)
    if indicator.pair is None or not found.has_value:
        return found
    paired, regions = sector.indicator(indicator.pair), context.house.regions
    # A survey ends at the regency: below it the figure of the nearest region above stands beside.
    place = next(
        one.code
        for one in reversed((*regions.ancestors(found.region), regions.get(found.region)))
        if reads_at(context, paired, one.code)
    )
    other = _read(context, sector, paired, place)
    if not other.has_value:
        return found
    name = f"{other.name} ({other.method_label})" if other.method_label else other.name
    return replace(found, pair=Pair(name, other.text, other.period, other.link, other.key))


def _read(
    context: PageContext,
    sector: Sector,
    indicator: Indicator,
    region: str | None,
    *,
    period: str | None = None,
    method: str | None = None,
) -> Reading:
    code = region or context.region.code
    if not reads_at(context, indicator, code):
        return _too_deep(context, sector, indicator, code)
    chosen = method or main_method(context, indicator, code)
    row = None if chosen is None else _measure(context, indicator, code, chosen, period)
    if row is not None and row.suppressed:
        return _hidden(context, sector, indicator, row)
    if row is None or row.value is None or row.as_of is None:
        return _absent(context, sector, indicator, code)
    locale = context.locale
    figure, unit = measure_parts(locale, indicator, row)
    others = _others(context, sector, indicator, code, row.method)
    count = locale.number(len(others) + 1, 0)
    score, score_note = context.data_scores.score(locale, sector, row)
    return replace(
        _told(context, sector, indicator, row),
        value=figure,
        unit=unit,
        notebook_link=context.notebook_link(row),
        key="|".join((indicator.id, code, row.period, row.method)),
        number=row.value,
        changes=change_texts(
            locale,
            sector,
            indicator,
            changes(context.measures, indicator, code, row.period, method=row.method),
        ),
        target=_target(locale, sector, indicator, row),
        n="" if row.n is None else locale.t("n = {count}", count=locale.number(row.n, 0)),
        interval=interval_text(locale, indicator, row),
        others=others,
        others_note=locale.t("{n} figures, each on another basis", n=count) if others else "",
        others_count=locale.t("{n} figures", n=count) if others else "",
        age_note="" if score_note else _age_note(locale, row.status, row.as_of, context.as_of),
        score=score,
        score_note=score_note,
        held_note=context.data_scores.held_note(locale, sector, row),
        is_sample=row.method == SAMPLE_METHOD,
    )


def is_told(context: PageContext, indicator: Indicator, region: str) -> bool:
    """Return whether `read` would have something to tell (`is_shown`), without writing it out."""
    method = main_method(context, indicator, region) if reads_at(context, indicator, region) else None
    row = None if method is None else latest(context.measures, indicator, region, method=method)
    return row is not None and (row.suppressed or (row.value is not None and row.as_of is not None))


def _target(locale: Locale, sector: Sector, indicator: Indicator, row: Measure) -> str:
    own = own_target_text(locale, sector, indicator, row)
    if not own:
        return target_text(locale, indicator)
    return own if indicator.bands is None else f"{own}; {target_text(locale, indicator)}"


def main_method(context: PageContext, indicator: Indicator, region: str) -> str | None:
    """Return the method a card leads with: the declared one where it has figures, else the most recent.

    Sample data leads only where nothing else is known of the region.
    """
    known = shown_methods(context, indicator, region)
    if not known or known[0] == indicator.main_method:
        return known[0] if known else None
    newest = {method: latest(context.measures, indicator, region, method=method) for method in known}
    return max(known, key=lambda method: str(newest[method].as_of if newest[method] else ""))  # type: ignore[union-attr]


def shown_methods(context: PageContext, indicator: Indicator, region: str) -> tuple[str, ...]:
    """Return the methods that may stand beside each other, the main one first; sample data only by itself."""
    known = methods_of(context.measures, indicator, region)
    return tuple(method for method in known if method != SAMPLE_METHOD) or known


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
    if method == SAMPLE_METHOD:
        return context.locale.t("Sample data")
    text = sector.methods_of(indicator).get(method)
    return text.in_language(context.language) if text else method


def _others(
    context: PageContext, sector: Sector, indicator: Indicator, code: str, shown: str
) -> tuple[OtherSeries, ...]:
    """Return the latest figure by each other method, the newest first."""
    methods = [method for method in shown_methods(context, indicator, code) if method != shown]
    rows = [latest(context.measures, indicator, code, method=method) for method in methods]
    known = [row for row in rows if row is not None and row.value is not None]
    return tuple(
        OtherSeries(
            method=method_label(context, sector, indicator, row.method),
            value=measure_text(context.locale, indicator, row),
            period=context.locale.period(row.period),
            method_code=row.method,
            period_code=row.period,
        )
        for row in sorted(known, key=lambda row: row.as_of or date.min, reverse=True)
    )


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
        workbook_link=context.download_link(f"{indicator.id}/{code}.xlsx"),
        status="no_data",
        status_html=trusted(status_html("no_data", locale)) if is_open else Markup(),
        value=locale.missing if is_open else locale.t("not open to the public"),
        unit="",
        level_note="" if is_open else _closed_note(locale, indicator),
        target=target_text(locale, indicator),
        target_chip=target_chip(locale, indicator),
    )


def _hidden(context: PageContext, sector: Sector, indicator: Indicator, row: Measure) -> Reading:
    """Return the reading of a small cell: when it stands for and why it is hidden, and nothing it could be read from."""
    return replace(
        _told(context, sector, indicator, row),
        value=hidden_text(context.locale),
        level_note=hidden_note(context.locale, indicator),
        is_hidden=True,
    )


def _told(context: PageContext, sector: Sector, indicator: Indicator, row: Measure) -> Reading:
    """Return what a reading says of a figure besides its number: status, period, date, method."""
    locale = context.locale
    return replace(
        _absent(context, sector, indicator, row.region_code),
        status=row.status,
        status_html=trusted(status_html(row.status, locale)),
        period_code=row.period,
        period=locale.period(row.period),
        as_of=as_of_text(locale, row),
        as_of_date=row.as_of,
        method=row.method,
        method_label=method_label(context, sector, indicator, row.method),
        is_sample=row.method == SAMPLE_METHOD,
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
        found = _read(context, sector, indicator, region.code)
        if not found.has_value:
            continue
        value = found.text
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
