"""What a problem page shows beside its words: control chart, map, and the indicators that the rule compares with.

Takes figures as the edition has them and computes none.
"""

from dataclasses import dataclass

from markupsafe import Markup

from command_center.catalog import Indicator
from command_center.charts import figure_html, table_html
from command_center.charts.control_charts import control_chart
from command_center.charts.figure import Column, Table
from command_center.indicators.series import Measure, by_region
from command_center.locale import is_missing
from command_center.maps.draw import choropleth
from command_center.pages.addresses import indicator_page
from command_center.pages.alarms import Alarm
from command_center.pages.amounts import measure_text
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext
from command_center.pages.readings import method_label, reads_at
from command_center.pages.units import unit_symbol, unit_word
from command_center.signals.charted import ChartPoint, charted
from command_center.signals.lines import alike_periods


@dataclass(frozen=True)
class ProblemEvidence:
    """The evidence of one signal at one edition."""

    context: PageContext
    alarm: Alarm

    @property
    def _district_level(self) -> bool:
        regions = self.context.house.regions
        return bool(regions.districts) and reads_at(
            self.context, self.alarm.indicator, regions.districts[0].code
        )

    def by_district(self) -> dict[str, float]:
        """Return the known figures of the sub-districts in the period of the signal, by the same method."""
        if not self._district_level or self.alarm.agency_code:
            return {}
        row = self.alarm.row
        frame = by_region(
            self.context.measures,
            self.alarm.indicator,
            str(row["period"]),
            "kec",
            self.context.house.regions,
            method=str(row["method"]),
        )
        known = frame[frame["value"].notna()]
        return dict(zip(known["region_code"], known["value"].astype("float64"), strict=True))

    def chart(self) -> Markup:
        """Return the control chart of the series as HTML."""
        locale, alarm, indicator = self.context.locale, self.alarm, self.alarm.indicator
        threshold = alarm.row["threshold"]
        figure = control_chart(
            self._points(),
            locale=locale,
            title=locale.t(
                "{indicator}, {region}",
                indicator=indicator.name.in_language(locale.language),
                region=alarm.place,
            ),
            unit=unit_symbol(indicator.unit) or unit_word(locale, indicator.unit),
            decimals=None if indicator.unit == "idr" else indicator.decimals,
            threshold=None if is_missing(threshold) else float(str(threshold)),
            threshold_label=alarm.threshold,
        )
        return trusted(figure_html(figure, locale, is_sample=alarm.is_sample))

    def _points(self) -> tuple[ChartPoint, ...]:
        """Return the whole line; with limits only where its chart has some."""
        line = self.alarm.line
        pairs = list(zip(line["period"], line["value"].astype("float64"), strict=True))
        if not is_missing(self.alarm.variation["mean"]):
            of_chart = set(alike_periods(line["period"]))
            return charted([(period, value) for period, value in pairs if period in of_chart])
        return tuple(ChartPoint(period, value, None, None, None) for period, value in pairs)

    def map(self) -> Markup:
        """Return the map of the sub-districts in the same period as HTML, "" where there is none."""
        context, locale, alarm = self.context, self.context.locale, self.alarm
        known = self.by_district()
        if not known:
            return Markup()
        codes = [region.code for region in context.house.regions.districts]
        focus = next(
            (code for code in codes if alarm.region_code == code or alarm.region_code.startswith(f"{code}.")),
            None,
        )
        figure = choropleth(
            context.shapes["kec"],
            {code: known.get(code, float("nan")) for code in codes},
            locale=locale,
            title=locale.t(
                "{indicator}, {region}",
                indicator=alarm.indicator.name.in_language(locale.language),
                region=alarm.period,
            ),
            links={code: context.link(indicator_page(alarm.indicator.id, code)) for code in codes},
            unit=unit_symbol(alarm.indicator.unit) or unit_word(locale, alarm.indicator.unit),
            decimals=None if alarm.indicator.unit == "idr" else alarm.indicator.decimals,
            focus=focus or context.house.regions.root.code,
            is_approximate="kec" in context.approximate_levels,
        )
        return trusted(figure_html(figure, locale, is_sample=alarm.is_sample))

    def beside(self) -> Markup:
        """Return the indicators that the rule compares with, in the same place, as a table; "" without any."""
        if self.alarm.rule is None or not self.alarm.rule.compare:
            return Markup()
        locale = self.context.locale
        rows = tuple(self._compared(name) for name in self.alarm.rule.compare if self.is_declared(name))
        columns = (
            Column(locale.t("Indicator")),
            Column(locale.t("Figure"), is_number=True),
            Column(locale.t("Period")),
        )
        return trusted(table_html(Table(columns, rows), locale.t("Beside it"))) if rows else Markup()

    def is_declared(self, name: str) -> bool:
        """Return whether the edition knows an indicator."""
        return any(indicator.id == name for _, indicator in self.context.house.catalog.indicators)

    def _compared(self, name: str) -> tuple[str, str, str]:
        context, locale = self.context, self.context.locale
        sector, indicator = context.house.catalog.indicator(name)
        label = indicator.name.in_language(locale.language)
        row = self.newest(indicator)
        if row is None:
            return label, locale.missing, "–"
        method = method_label(context, sector, indicator, row.method)
        return f"{label} ({method})", measure_text(locale, indicator, row), locale.period(row.period)

    def newest(self, indicator: Indicator) -> Measure | None:
        """Return the figure of another indicator in the same place: of the same period and method if there is one."""
        alarm, measures = self.alarm, self.context.measures
        here = measures[
            measures["indicator"].eq(indicator.id)
            & measures["region_code"].eq(alarm.region_code)
            & measures["agency_code"].eq(alarm.agency_code)
            & measures["value"].notna()
            & ~measures["suppressed"]
        ]
        if here.empty:
            return None
        # Of what was known on the day of the figure, the nearest; a later one says nothing about it.
        until = here[here["as_of"].le(alarm.line["as_of"].max())]
        chosen = until if len(until) else here
        return Measure.of(chosen.sort_values("as_of", kind="stable").iloc[-1])
