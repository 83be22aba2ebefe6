"""What is missing: a strip of periods per dataset, and below it the kecamatan with gaps in each period."""

from typing import Any

import pandas as pd

from command_center.locale import Locale
from command_center.pages.blocks import Block, render
from command_center.pages.context import PageContext
from command_center.quality import gaps_by_district

_WHOLE, _PART, _NONE = ("●", "good"), ("◐", "watch"), ("○", "critical")


def gap_grid(context: PageContext, readiness: pd.DataFrame) -> Block:
    """Return a row per dataset with the state of each due period; those with gaps by region open to a grid."""
    locale = context.locale
    due = readiness[readiness["is_due"] & ~readiness["is_sample"].astype("bool")]
    return render(
        "readiness_gaps",
        heading=locale.t("What is missing"),
        note=locale.t("One mark per period that is due, the newest last."),
        legend=[
            (_WHOLE, locale.t("whole")),
            (_PART, locale.t("some regions are missing")),
            (_NONE, locale.t("nothing has come")),
        ],
        datasets=[_dataset(context, rows) for _, rows in due.groupby(["sector", "dataset"], sort=True)],
        nothing=locale.t("No dataset of this agency is due on a fixed day."),
        by_region=locale.t("By region"),
        region_label=locale.t("Region"),
    )


def _dataset(context: PageContext, rows: pd.DataFrame) -> dict[str, Any]:
    locale, first = context.locale, rows.iloc[0]
    ordered = rows.sort_values("due_on", kind="stable").to_dict("records")
    dataset = context.house.catalog.sector(first["sector"]).dataset(first["dataset"])
    missing = [row for row in ordered if row["rows"] == 0]
    return {
        "title": dataset.title.in_language(context.language),
        "marks": [_mark(locale, row) for row in ordered],
        "said": locale.t(
            "{missing} of {total} periods are missing",
            missing=locale.number(len(missing), 0),
            total=locale.number(len(ordered), 0),
        ),
        "grid": _grid(context, [row for row in ordered if row["missing_regions"] and row["rows"]]),
    }


def _mark(locale: Locale, row: dict[Any, Any]) -> dict[str, str]:
    state = _NONE if row["rows"] == 0 else _PART if row["missing_regions"] else _WHOLE
    words = {
        _NONE: locale.t("nothing has come"),
        _PART: locale.t("some regions are missing"),
        _WHOLE: locale.t("whole"),
    }
    period = locale.period(row["period"], short=True)
    return {"shape": state[0], "status": state[1], "period": period, "said": f"{period}: {words[state]}"}


def _grid(context: PageContext, rows: list[dict[Any, Any]]) -> dict[str, Any] | None:
    """Kecamatan with gaps × periods, in cells the number of regions that are missing there."""
    if not rows:
        return None
    locale, regions = context.locale, context.house.regions
    district_of = {
        village.code: district.code
        for district in regions.districts
        for village in regions.children(district.code)
    }
    gaps = [gaps_by_district(row["missing_regions"], district_of) for row in rows]
    codes = sorted({code for one in gaps for code in one})
    return {
        "periods": [locale.period(row["period"], short=True) for row in rows],
        "rows": [
            (context.region_name(code), [locale.number(one[code], 0) if code in one else "●" for one in gaps])
            for code in codes
        ],
    }
