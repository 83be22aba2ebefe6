"""An indicator over time in the page's region: one line per method, never joined, at most four.

Below the level an indicator reaches, the line of the whole regency is shown under its name.
"""

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.charts import figure_html, trend
from command_center.indicators.rounding import with_decimals
from command_center.indicators.series import latest, series
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext
from command_center.pages.readings import main_method, method_label, reads_at, shown_methods
from command_center.pages.units import unit_symbol, unit_word

MAX_METHODS = 4


def history(
    context: PageContext, sector: Sector, indicator: Indicator, comparison: str, threshold: float | None
) -> Markup:
    """Return the drawing as HTML, "" with fewer than two figures.

    `comparison` is one of the explorer's; `threshold` is one the reader tries out, drawn and named as such.
    """
    locale = context.locale
    code = context.region.code
    if not reads_at(context, indicator, code):
        code = context.house.regions.root.code
    methods = shown_methods(context, indicator, code)
    lead = main_method(context, indicator, code)
    if lead is None:
        return Markup()
    known = series(context.measures, indicator, code, method=lead)["value"].notna().sum()
    # One figure is no line: the other sources then stand beside it, each for itself.
    with_others = comparison == "methods" or (known < 2 and comparison != "regency")
    shown = [lead, *_newest_first(context, indicator, code, [name for name in methods if name != lead])]
    shown = shown[:MAX_METHODS] if with_others else shown[:1]
    frame = pd.concat([series(context.measures, indicator, code, method=method) for method in shown])
    if comparison == "regency" and code != context.house.regions.root.code:
        whole = series(context.measures, indicator, context.house.regions.root.code, method=lead)
        frame = pd.concat([frame, whole.assign(method="regency")])
    if threshold is not None:
        frame = frame.assign(target=threshold)
    frame, target = with_decimals(frame, indicator), indicator.target
    labels = {method: method_label(context, sector, indicator, method) for method in shown}
    labels["regency"] = context.region_name(context.house.regions.root.code)
    figure = trend(
        frame,
        locale=locale,
        title=locale.t(
            "{indicator}, {region}",
            indicator=indicator.name.in_language(locale.language),
            region=context.region_name(code),
        ),
        unit=unit_symbol(indicator.unit) or unit_word(locale, indicator.unit),
        decimals=None if indicator.unit == "idr" else indicator.decimals,
        method_labels=labels,
        is_what_if=threshold is not None,
        target_of_year=None
        if threshold is not None or target is None or target.year is None
        else (target.year, target.value),
    )
    if not figure.svg:
        return Markup()
    if indicator.share_of_target and frame["denominator"].dropna().nunique() > 1:
        note = locale.t("The target differs between periods; the percentages do not have one base.")
        figure = replace(figure, notes=(*figure.notes, note))
    return trusted(figure_html(figure, locale, is_sample=lead == SAMPLE_METHOD))


def _newest_first(context: PageContext, indicator: Indicator, code: str, methods: list[str]) -> list[str]:
    """Order methods by their latest figure, so that four lines leave out the oldest."""

    def newest(method: str) -> str:
        row = latest(context.measures, indicator, code, method=method)
        return "" if row is None or row.value is None else str(row.as_of)

    return sorted(methods, key=newest, reverse=True)
