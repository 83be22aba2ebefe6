"""Where the figures of a page come from: file, hash, row, citation, date."""

from collections.abc import Iterator, Sequence

from command_center.catalog import Indicator, Sector
from command_center.indicators.series import Measure
from command_center.pages.amounts import measure_text
from command_center.pages.blocks import Block, render
from command_center.pages.context import PageContext
from command_center.pages.readings import Reading, method_label

_SHORT_HASH = 12


def source_table(context: PageContext, readings: Sequence[Reading]) -> Block:
    """Return the sources behind the figures shown, those by other methods included, one row per source."""
    return _table(
        context,
        [
            row
            for reading in readings
            if reading.has_value
            for shown in (
                (reading.method, reading.period_code),
                *((other.method_code, other.period_code) for other in reading.others),
            )
            for row in _rows(context, reading.sector, reading.indicator, reading.region, shown)
        ],
    )


def history_sources(context: PageContext, sector: Sector, indicator: Indicator) -> Block:
    """Return the sources behind every figure of an indicator in the page's region, by method and period."""
    return _table(context, list(_rows(context, sector, indicator, context.region.code)))


def _table(context: PageContext, rows: list[dict[str, str]]) -> Block:
    locale = context.locale
    return render(
        "sources",
        heading=locale.t("Where these figures come from"),
        columns=(
            locale.t("Indicator"),
            locale.t("Figure"),
            locale.t("Period"),
            locale.t("Method"),
            locale.t("File and row"),
            locale.t("Source"),
        ),
        rows=rows,
        summary=locale.tn("{n} source", "{n} sources", len(rows)),
    )


def _rows(
    context: PageContext,
    sector: Sector,
    indicator: Indicator,
    region: str,
    only: tuple[str, str] | None = None,
) -> Iterator[dict[str, str]]:
    """Give a row per source of the figures of a region, of those of `only` a method and a period if given."""
    measures, sources = context.measures, context.edition.sources
    here = measures["indicator"].eq(indicator.id) & measures["region_code"].eq(region)
    here &= measures["value"].notna()
    if only is not None:
        method, period = only
        here &= measures["method"].eq(method) & measures["period"].eq(period) & measures["agency_code"].eq("")
    shown = measures[here]
    behind = sources[sources["source_submission"].isin(shown["source_submission"])]
    by_submission = {key: rows.to_dict("records") for key, rows in behind.groupby("source_submission")}
    for figure in (Measure.of(row) for _, row in shown.iterrows()):
        for source in by_submission.get(figure.source_submission, ()):
            yield {
                "indicator": indicator.name.in_language(context.language),
                "figure": measure_text(context.locale, indicator, figure),
                "period": context.locale.period(figure.period),
                "method": method_label(context, sector, indicator, figure.method),
                "file": f"{source['file']}{_place(context, source['row'])}",
                "sha256": str(source["sha256"])[:_SHORT_HASH],
                "source": str(source["source"] or ""),
                "note": str(source["note"] or ""),
            }


def _place(context: PageContext, row: object) -> str:
    if row is None or row != row:
        return ""
    return ", " + context.locale.t("row {number}", number=str(row).split(".")[0])
