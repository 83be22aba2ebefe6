"""One indicator's figures from one tidy table, summed per region, agency, period and method.

A missing number stays missing, a sum of percentages is never taken, and a published value is used only
where the parts of the ratio were not published. Knows no target and no status.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.catalog import Indicator, Sector
from command_center.contracts import ROW_INDEX, SourceTable
from command_center.errors import CatalogError
from command_center.indicators.faults import PLACE as GROUP
from command_center.indicators.faults import MeasureFault, fault_at
from command_center.indicators.rounding import rounding_tolerance, shown_number
from command_center.locale import LocaleError, parse_period
from command_center.regions import RegionTree

LEVEL_RANK = {"kab": 0, "kec": 1, "desa": 2, "kel": 2}
_AMOUNTS = ("numerator", "denominator", "published", "n")
_SHOWN_VALUES = 5


@dataclass(frozen=True, eq=False)
class Measured:
    """Figures of one indicator, one row per GROUP, and what was found wrong.

    Columns: GROUP, numerator, denominator, value, n, as_of, comparable, source_submission. `value` is missing
    where it cannot be known; a numerator or denominator summed over rows is missing when one of them is.
    """

    rows: pd.DataFrame
    faults: tuple[MeasureFault, ...]


def measure_indicator(
    sector: Sector,
    indicator: Indicator,
    table: SourceTable,
    regions: RegionTree,
    tidy: pd.DataFrame | None = None,
) -> Measured:
    """Return the figures the table itself gives, before any roll-up.

    `tidy` is the table after the sector's transform (default: as it was read). It has a `period`, the columns
    the formula names, and optionally region_code (absent: the whole regency), agency_code, method, as_of,
    source_date, `comparable` (False: the sector holds the figure against no other) and `source_row`.
    `as_of` defaults to the end of the period, or the day of publication if that came first.
    Raises CatalogError where the table lacks a column the formula names.
    """
    frame = table.frame if tidy is None else tidy
    _require_columns(sector, indicator, frame)
    inputs = _inputs(indicator, frame, regions.root.code)
    keep, faults = _usable(sector, indicator, inputs, regions)
    grouped = _grouped(inputs[keep])
    faults += _group_faults(sector, indicator, grouped)
    rows, value_faults = _with_values(sector, indicator, grouped)
    single = rows["rows"].eq(1) & rows[ROW_INDEX].notna()
    rows["source_submission"] = table.submissions(sector.slug, rows[ROW_INDEX].where(single))
    columns = [*GROUP, "numerator", "denominator", "value", "n", "as_of", "comparable", "source_submission"]
    return Measured(rows[columns], tuple(faults + value_faults))


def ratio(numerator: pd.Series, denominator: pd.Series, indicator: Indicator) -> pd.Series:
    """Return numerator ÷ denominator × scale, or numerator × scale where the formula has no denominator.

    Missing where a part is missing or the denominator is 0.
    """
    if indicator.formula.denominator is None:
        return numerator * indicator.formula.scale
    return numerator / denominator.where(denominator.ne(0)) * indicator.formula.scale


def is_complete(numerator: pd.Series, denominator: pd.Series, indicator: Indicator) -> pd.Series:
    """Return where every part of the formula is known, so that it can be summed into a parent."""
    if indicator.formula.denominator is None:
        return numerator.notna()
    return numerator.notna() & denominator.notna()


def _require_columns(sector: Sector, indicator: Indicator, frame: pd.DataFrame) -> None:
    formula = indicator.formula
    named = (formula.numerator, formula.denominator, formula.published, formula.n)
    missing = [name for name in ("period", *named) if name is not None and name not in frame.columns]
    if missing:
        raise CatalogError(
            f"Indicator {indicator.id} needs the column {', '.join(missing)}, "
            f"which the table {indicator.dataset!r} lacks",
            where=f"sectors/{sector.slug}/sector.yml and transform.py",
            who="the analyst",
            next_step="its columns are: " + ", ".join(str(name) for name in frame.columns),
        )


def _inputs(indicator: Indicator, frame: pd.DataFrame, root_code: str) -> pd.DataFrame:
    formula = indicator.formula
    inputs = pd.DataFrame(index=frame.index)
    inputs["region_code"] = _text(frame, "region_code", root_code)
    for name in ("agency_code", "period", "method"):
        inputs[name] = _text(frame, name, "")
    amounts = (formula.numerator, formula.denominator, formula.published, formula.n)
    for name, column in zip(_AMOUNTS, amounts, strict=True):
        inputs[name] = frame[column].astype("float64") if column is not None else np.nan
    inputs["as_of"] = _dates(frame, "as_of")
    inputs["source_date"] = _dates(frame, "source_date")
    comparable = frame.get("comparable", pd.Series(True, index=frame.index))
    inputs["comparable"] = comparable.astype("boolean").fillna(True).astype("bool")
    inputs[ROW_INDEX] = (
        frame[ROW_INDEX].astype("float64") if ROW_INDEX in frame.columns else _row_numbers(frame)
    )
    return inputs


def _text(frame: pd.DataFrame, name: str, default: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(default, index=frame.index, dtype="str")
    return frame[name].astype("str").where(frame[name].notna(), "")


def _dates(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    return pd.to_datetime(frame[name]).astype("datetime64[s]")


def _row_numbers(frame: pd.DataFrame) -> pd.Series:
    # Only an index of that name still points at rows of the file; after a transform it may be anything.
    known = frame.index.name == ROW_INDEX
    return pd.Series(frame.index if known else np.nan, index=frame.index, dtype="float64")


def _usable(
    sector: Sector, indicator: Indicator, inputs: pd.DataFrame, regions: RegionTree
) -> tuple[pd.Series, list[MeasureFault]]:
    """Return the mask of usable rows, with `as_of` completed in place for them, and one fault per reason."""
    ranks = {region.code: LEVEL_RANK[region.level] for region in regions}
    rank = inputs["region_code"].map(ranks)
    ends = {text: _period_end(text) for text in inputs["period"].unique()}
    end = inputs["period"].map(ends).astype("datetime64[s]")
    # Of a table made for indicators of several grains, rows without this one's numbers are not its own.
    finer = rank.gt(LEVEL_RANK[indicator.grain])
    foreign = finer & inputs[list(_AMOUNTS)].isna().all(axis="columns")
    reasons = {
        "unknown_region": (rank.isna(), "region_code"),
        "finer_than_grain": (finer & ~foreign, "region_code"),
        "period_unreadable": (end.isna(), "period"),
    }
    faults = []
    keep = ~foreign
    for check, (bad, column) in reasons.items():
        if bad.any():
            values = sorted(inputs.loc[bad, column].unique())
            shown = ", ".join(values[:_SHOWN_VALUES]) + (", …" if len(values) > _SHOWN_VALUES else "")
            faults.append(MeasureFault(sector.slug, indicator.id, check, value=shown, count=int(bad.sum())))
            keep &= ~bad
    derived = end.where(~inputs["source_date"].lt(end), inputs["source_date"])
    inputs["as_of"] = inputs["as_of"].where(inputs["as_of"].notna(), derived)
    return keep, faults


def _period_end(text: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(parse_period(text).end)
    except LocaleError:
        return None


def _grouped(inputs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per GROUP: sums, `known_…` counts, number of `rows`, oldest as_of, first source_row."""
    # Floats add up differently in another order; sorting first makes the order of the file irrelevant.
    ordered = inputs.sort_values([*GROUP, *_AMOUNTS], kind="stable")
    if not ordered.duplicated(list(GROUP)).any():
        return _one_row_each(ordered)
    groups = ordered.groupby(list(GROUP), sort=True)
    sizes = groups.size()
    counts = groups[list(_AMOUNTS)].count()
    sums = groups[list(_AMOUNTS)].sum(min_count=1).where(counts.eq(sizes, axis="index"))
    out = sums.join(counts.add_prefix("known_"))
    out["rows"] = sizes
    out["as_of"] = groups["as_of"].min()
    out["comparable"] = groups["comparable"].all()
    out[ROW_INDEX] = groups[ROW_INDEX].min()
    return out.reset_index()


def _one_row_each(ordered: pd.DataFrame) -> pd.DataFrame:
    """Return what grouping would, a tenth of the time, for the usual table in which no figure has two rows."""
    known = ordered[list(_AMOUNTS)].notna().astype("int64").add_prefix("known_")
    out = pd.concat([ordered[[*GROUP, *_AMOUNTS]], known], axis="columns").assign(rows=1)
    return out.assign(**{name: ordered[name] for name in ("as_of", "comparable", ROW_INDEX)}).reset_index(
        drop=True
    )


def _with_values(
    sector: Sector, indicator: Indicator, rows: pd.DataFrame
) -> tuple[pd.DataFrame, list[MeasureFault]]:
    computed = ratio(rows["numerator"], rows["denominator"], indicator)
    complete = is_complete(rows["numerator"], rows["denominator"], indicator)
    published = rows["published"].where(rows["rows"].eq(1))
    rows["value"] = computed.where(complete, published)
    shown = rows.assign(computed=computed, printed=published)
    differs = (computed - published).abs().gt(rounding_tolerance(published))
    faults = [
        fault_at(
            sector.slug,
            indicator.id,
            "computed_differs_from_published",
            row,
            value=f"{row['computed']:.{indicator.decimals + 1}f}",
            expected=shown_number(row["printed"]),
        )
        for row in shown[differs].to_dict("records")
    ]
    return rows, faults


def _group_faults(sector: Sector, indicator: Indicator, rows: pd.DataFrame) -> list[MeasureFault]:
    if rows["rows"].le(1).all():
        return []
    return [*_incomplete(sector, indicator, rows), *_several_published(sector, indicator, rows)]


def _incomplete(sector: Sector, indicator: Indicator, rows: pd.DataFrame) -> Iterator[MeasureFault]:
    parts = [part for part in ("numerator", "denominator") if getattr(indicator.formula, part) is not None]
    if not parts:
        return
    known = rows[[f"known_{part}" for part in parts]]
    partial = (
        known.min(axis="columns").lt(rows["rows"]) & known.max(axis="columns").gt(0) & rows["rows"].gt(1)
    )
    for row in rows[partial].to_dict("records"):
        yield fault_at(
            sector.slug,
            indicator.id,
            "incomplete_group",
            row,
            value=str(min(row[f"known_{part}"] for part in parts)),
            expected=str(row["rows"]),
            severity="warning",
        )


def _several_published(sector: Sector, indicator: Indicator, rows: pd.DataFrame) -> Iterator[MeasureFault]:
    complete = is_complete(rows["numerator"], rows["denominator"], indicator)
    several = rows["rows"].gt(1) & rows["known_published"].gt(0) & ~complete
    for row in rows[several].to_dict("records"):
        yield fault_at(
            sector.slug, indicator.id, "several_published_rows", row, value=str(row["known_published"])
        )
