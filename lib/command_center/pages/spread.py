"""How an indicator is spread over the regions below a page's own: map and bars or funnel, one method and period.

Where the leading figure has no parts, the most recent figure that has some is shown and named as
what it is; where nothing has parts, the map only leads to the regions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.charts import Figure, FunnelLines, bars_by_region, figure_html, funnel_plot
from command_center.indicators.rounding import with_decimals
from command_center.indicators.series import Measure, by_region, methods_of, periods_of, series
from command_center.indicators.uncertainty import (
    funnel,
    funnel_lines,
    has_small_n,
    is_counted_share,
    with_intervals,
)
from command_center.maps.draw import choropleth
from command_center.pages.addresses import sector_page
from command_center.pages.amounts import measure_text, threshold_text
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext
from command_center.pages.readings import main_method, method_label, reads_at
from command_center.pages.units import unit_symbol, unit_word
from command_center.regions import Region

MAX_BARS = 25


@dataclass(frozen=True)
class Spread:
    """The figures of the regions below `parent` for one period and method."""

    context: PageContext
    sector: Sector
    indicator: Indicator
    parent: Region
    frame: pd.DataFrame
    period: str
    method: str

    @property
    def level(self) -> str:
        return "kec" if self.parent.parent is None else "desa"

    @property
    def _unit(self) -> str:
        return unit_symbol(self.indicator.unit) or unit_word(self.context.locale, self.indicator.unit)

    @property
    def _decimals(self) -> int | None:
        return None if self.indicator.unit == "idr" else self.indicator.decimals

    @property
    def _decimals_of(self) -> dict[str, int]:
        known = self.frame[self.frame["decimals"].notna()]
        return dict(zip(known["region_code"], known["decimals"].astype("int"), strict=True))

    @property
    def _apart(self) -> dict[str, str]:
        """The regions whose figure may not be held against others, with their status."""
        rows = self.frame[self.frame["status"].eq("not_comparable") & self.frame["value"].notna()]
        return dict(zip(rows["region_code"], rows["status"], strict=True))

    def _names(self) -> dict[str, str]:
        regions = self.context.house.regions
        return {code: regions.get(code).name for code in self.frame["region_code"]}

    def figures(self, threshold: float | None, filters: Mapping[str, str]) -> tuple[Markup, Markup]:
        """Return the map and what stands beside it as HTML; links keep the reader's filters.

        Beside it stand a funnel plot where small numbers forbid a ranking, else bars ("" above 25 regions).
        """
        is_sample = self.method == SAMPLE_METHOD
        drawn_beside = self._funnel()
        if drawn_beside is None and len(self.frame) <= MAX_BARS:
            drawn_beside = self._bars(threshold)
        bars = (
            trusted(figure_html(drawn_beside, self.context.locale, is_sample=is_sample))
            if drawn_beside is not None
            else Markup()
        )
        drawn = self._map(threshold, filters)
        return trusted(figure_html(drawn, self.context.locale, is_sample=is_sample)), bars

    def _map(self, threshold: float | None, filters: Mapping[str, str]) -> Figure:
        context, codes = self.context, list(self.frame["region_code"])
        shapes = context.shapes[self.level]
        kept = {name: value for name, value in filters.items() if value and name != "period"}
        return choropleth(
            shapes[shapes["code"].isin(codes)],
            dict(zip(codes, self.frame["value"], strict=True)),
            locale=context.locale,
            title=self._title(threshold),
            links={code: context.link(sector_page(self.sector.slug, code), **kept) for code in codes},
            unit=self._unit,
            decimals=self._decimals,
            decimals_of=self._decimals_of,
            focus=context.region.code,
            apart=self._apart,
            is_approximate=self.level in context.approximate_levels,
            hidden=frozenset(self.frame.loc[self.frame["suppressed"], "region_code"]),
        )

    def _bars(self, threshold: float | None) -> Figure:
        context, locale, indicator = self.context, self.context.locale, self.indicator
        return bars_by_region(
            self.frame if threshold is None else self.frame.assign(target=threshold),
            locale=locale,
            title=locale.t(
                "{indicator} by region, {period} ({method})",
                indicator=indicator.name.in_language(locale.language),
                period=locale.period(self.period),
                method=method_label(context, self.sector, indicator, self.method),
            ),
            names=self._names(),
            focus=context.region.code,
            is_what_if=threshold is not None,
            unit=self._unit,
            decimals=self._decimals,
        )

    @property
    def _has_small_numbers(self) -> bool:
        return is_counted_share(self.indicator, self.frame) and has_small_n(self.frame)

    def _whole_share(self) -> float | None:
        """Return the share of the parent in percent; None where it is not known or is no share of counts."""
        line = series(self.context.measures, self.indicator, self.parent.code, self.method)
        rows = line[line["period"].eq(self.period)]
        return float(rows["value"].iloc[0]) if is_counted_share(self.indicator, rows) else None

    def _tells_apart(self, known: pd.DataFrame) -> bool:
        """Return whether the highest figure may be called the highest: not where chance explains it as well."""
        if self._has_small_numbers:
            return False
        top = known[known["value"].eq(known["value"].max())]
        return bool(top["rank_low"].isna().all() or top["rank_low"].eq(top["rank_high"]).all())

    def _funnel(self) -> Figure | None:
        """Return the funnel plot; None where numbers are large, are no shares of counts, or stand alone."""
        found = funnel(self.frame, self._whole_share()) if self._has_small_numbers else None
        if found is None:
            return None
        locale, names, intervals = self.context.locale, self._names(), self.frame.set_index("region_code")
        rows = found.rows.join(intervals[["interval_low", "interval_high"]], on="region_code")
        return funnel_plot(
            rows,
            share=found.share,
            lines=FunnelLines(*funnel_lines(found)),
            locale=locale,
            title=locale.t(
                "{indicator} against chance, {period} ({method})",
                indicator=self.indicator.name.in_language(locale.language),
                period=locale.period(self.period),
                method=method_label(self.context, self.sector, self.indicator, self.method),
            ),
            names=names,
            apart=[names[code] for code in self._apart],
            hidden=int(self.frame["suppressed"].sum()),
            decimals=self.indicator.decimals,
            focus=self.context.region.code,
        )

    def _title(self, threshold: float | None) -> str:
        locale, indicator = self.context.locale, self.indicator
        known = self.frame[self.frame["value"].notna()]
        # A figure that may not be held against others is no highest one either.
        compared = known[~known["region_code"].isin(self._apart)]
        known = known if compared.empty else compared
        name, period = indicator.name.in_language(locale.language), locale.period(self.period)
        if threshold is None and known.empty:
            return locale.t("{indicator}, {period}", indicator=name, period=period)
        if threshold is None and not self._tells_apart(compared):
            return locale.t("{indicator} by region, {period}", indicator=name, period=period)
        if threshold is None:
            top = known[known["value"].eq(known["value"].max())]
            value = Measure.of(top.iloc[0])
            return locale.t(
                "{indicator}, {period}: highest in {region} ({value})",
                indicator=name,
                period=period,
                region=self.context.region_name(value.region_code)
                if len(top) == 1
                else locale.tn("{n} region", "{n} regions", len(top)),
                value=measure_text(locale, indicator, value),
            )
        is_down = indicator.direction == "down"
        missed = known["value"] > threshold if is_down else known["value"] < threshold
        words = {
            "count": locale.number(int(missed.sum()), 0),
            "total": locale.number(len(self.frame), 0),
            "threshold": threshold_text(locale, indicator, threshold),
            "indicator": name,
            "period": period,
        }
        if is_down:
            return locale.t(
                "{count} of {total} regions are above {threshold}: {indicator}, {period}", **words
            )
        return locale.t("{count} of {total} regions are below {threshold}: {indicator}, {period}", **words)


def find_spread(context: PageContext, sector: Sector, indicator: Indicator, period: str) -> Spread | None:
    """Return the spread for a period by the leading method, else the most recent one by any; None where none exists."""
    regions = context.house.regions
    below = regions.children(context.region.code)
    parent = context.region if below else regions.get(context.region.parent or context.region.code)
    parts = regions.children(parent.code)
    if not parts or not reads_at(context, indicator, parts[0].code):
        return None
    level = "kec" if parent.parent is None else "desa"
    for method, candidate in _candidates(context, indicator, period):
        frame = by_region(
            context.measures, indicator, candidate, level, regions, method=method, within=parent.code
        )
        if frame["value"].notna().any() or frame["suppressed"].any():
            framed = with_intervals(with_decimals(frame, indicator), indicator)
            return Spread(context, sector, indicator, parent, framed, candidate, method)
    return None


def _candidates(context: PageContext, indicator: Indicator, period: str) -> list[tuple[str, str]]:
    """Return (method, period) to try: the chosen one, the leading method's others, then other methods, newest first."""
    lead = main_method(context, indicator, context.region.code)
    methods = methods_of(context.measures, indicator)
    ordered = sorted(methods, key=lambda method: (method != lead, method == SAMPLE_METHOD))
    chosen = [(lead, period)] if lead is not None and period else []
    return chosen + [
        (method, candidate)
        for method in ordered
        for candidate in reversed(periods_of(context.measures, indicator, method=method))
    ]
