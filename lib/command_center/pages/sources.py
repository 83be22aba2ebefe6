"""Where the figures of a page come from: file, hash, row, citation, date."""

from collections.abc import Sequence

from command_center.pages.blocks import Block, render
from command_center.pages.context import PageContext
from command_center.pages.readings import Reading

_SHORT_HASH = 12


def source_table(context: PageContext, readings: Sequence[Reading]) -> Block:
    """Return the sources behind the figures shown, one row per figure."""
    locale = context.locale
    rows = [row for reading in readings if reading.has_value for row in _rows(context, reading)]
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


def _rows(context: PageContext, reading: Reading) -> list[dict[str, str]]:
    measures = context.measures
    row = measures[
        (measures["indicator"] == reading.indicator.id)
        & (measures["region_code"] == reading.region)
        & (measures["period"] == reading.period_code)
        & (measures["method"] == reading.method)
        & (measures["agency_code"] == "")
    ]
    if row.empty:
        return []
    sources = context.edition.sources
    found = sources[sources["source_submission"] == row.iloc[0]["source_submission"]]
    return [
        {
            "indicator": reading.name,
            "figure": f"{reading.value}{'' if reading.unit == '%' else ' '}{reading.unit}".strip(),
            "period": reading.period,
            "method": reading.method_label,
            "file": f"{source['file']}{_place(source)}",
            "sha256": str(source["sha256"])[:_SHORT_HASH],
            "source": str(source["source"] or ""),
            "note": str(source["note"] or ""),
        }
        for source in found.to_dict("records")
    ]


def _place(source: dict[str, object]) -> str:
    row = source["row"]
    return "" if row is None or row != row else f", {int(str(row).split('.')[0])}"
