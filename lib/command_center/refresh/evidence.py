"""What is counted of each dataset and period before it is scored: rows, regions, cells, faults, days.

Reads the register of submissions and what was set apart; the accepted rows are handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from command_center.calendar import WorkingCalendar
from command_center.catalog import SAMPLE_METHOD, Dataset, Indicator, Sector
from command_center.contracts import SourceTable
from command_center.contracts.schema import is_period
from command_center.indicators.faults import MeasureFault
from command_center.ingest.report import REASON
from command_center.ingest.submissions import SubmissionFiles, active_submissions
from command_center.ingest.submissions.register import Register
from command_center.pages.house import House
from command_center.quality import (
    ReadinessRules,
    counted_period,
    due_on,
    expected_regions,
    metadata_of,
    obligations,
)

PERIOD, REGION = "period", "region_code"
_REPEATED = frozenset({"repeated_rows", "primary_key", "unique"})
_CROSSED = frozenset({"parts_total", "not_above", "children_sum", "never_falls", "total_mismatch"})
_CROSSED_FIGURES = frozenset(
    {"children_differ_from_parent", "computed_differs_from_published", "two_datasets_one_figure"}
)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the counting needs besides one sector's tables."""

    house: House
    rules: ReadinessRules
    calendar: WorkingCalendar
    as_of: date


def evidence_of(
    known: Evidence,
    sector: Sector,
    tables: Mapping[str, SourceTable],
    faults: Iterable[MeasureFault],
) -> pd.DataFrame:
    """Return one row per dataset, kind (real or sample) and period with what `score_periods` asks for.

    Real rows are there for every due period, whether anything came or not; sample rows only where there are some.
    """
    spoken_against = _crossed_figures(sector, faults)
    found: list[dict[str, Any]] = []
    for dataset in sector.datasets:
        for is_sample in (False, True):
            counted = _Dataset(known, sector, dataset, tables.get(dataset.id), is_sample)
            found += counted.rows(spoken_against.get((dataset.id, is_sample), {}))
    return pd.DataFrame(found)


class _Dataset:
    """One dataset, its real rows or its sample rows."""

    def __init__(
        self, known: Evidence, sector: Sector, dataset: Dataset, table: SourceTable | None, is_sample: bool
    ) -> None:
        self._known, self._sector, self._dataset, self._is_sample = known, sector, dataset, is_sample
        self._frame = _own_rows(table, is_sample)
        if PERIOD in self._frame:
            periods = self._frame[PERIOD].dropna().unique()
            counted = {text: counted_period(str(text), dataset.cadence) for text in periods}
            self._frame = self._frame.assign(counted=self._frame[PERIOD].map(counted))
        self._required = [field.name for field in dataset.table.fields if field.constraints.required]
        settings = known.house.settings
        self._files = SubmissionFiles(settings, samples=is_sample)
        self._active = active_submissions(settings, sector.slug, dataset.id, samples=is_sample)

    def rows(self, spoken_against: Mapping[str, int]) -> list[dict[str, Any]]:
        """Return the counts of every period that is due or has rows."""
        apart, by_period = self._apart(), self._by_period()
        due = {}
        if not self._is_sample:
            known = self._known
            due = {
                one.period: one.due_on
                for one in obligations(self._dataset.cadence, known.rules, known.calendar, known.as_of)
            }
        elif not by_period:
            return []
        supplied = self._supplied(by_period)
        metadata = metadata_of(self._sector, self._dataset)
        shared = {
            "sector": self._sector.slug,
            "dataset": self._dataset.id,
            "agency_code": self._dataset.owner or self._sector.owner,
            "is_sample": self._is_sample,
            "metadata_slots": metadata.slots,
            "metadata_filled": metadata.filled,
            "metadata_missing": ",".join(metadata.missing),
        }
        expected = expected_regions(self._dataset, self._frame, self._known.house.regions)
        return [
            shared
            | {"period": period, "is_due": period in due}
            | self._days(period, due.get(period), supplied.get(period))
            | self._filled(by_period.get(period), expected)
            | apart.get(period, _Apart()).counts(spoken_against.get(period, 0))
            for period in sorted({*by_period, *due})
        ]

    def _days(self, period: str, due: date | None, supplied: date | None) -> dict[str, Any]:
        known = self._known
        last = due or due_on(period, self._dataset.cadence, known.rules, known.calendar)
        until = supplied or (None if self._is_sample or due is None else known.as_of)
        late = None
        if last is not None and until is not None and (supplied is not None or due is not None):
            late = max(0, known.calendar.working_days_between(last, until))
        if self._is_sample:
            late = None  # nobody sent it, so nobody was late
        return {"due_on": last, "supplied_on": supplied, "late_days": late}

    def _by_period(self) -> dict[str, "_Rows"]:
        """What the accepted rows of each period come to, counted in one pass over the table."""
        if "counted" not in self._frame:
            return {}
        known = [name for name in self._required if name in self._frame]
        filled = self._frame[known].notna().sum(axis=1).groupby(self._frame["counted"]).sum().to_dict()
        grouped = self._frame.groupby("counted")
        regions = grouped[REGION].unique().to_dict() if REGION in self._frame else {}
        first = grouped["source_date"].min().dropna().to_dict() if "source_date" in self._frame else {}
        return {
            str(period): _Rows(
                count,
                int(filled[period]),
                frozenset(pd.Series(regions[period]).dropna()) if period in regions else None,
                first[period].date() if period in first else None,
            )
            for period, count in grouped.size().to_dict().items()
        }

    def _filled(self, rows: "_Rows | None", expected: frozenset[str]) -> dict[str, Any]:
        required = len(self._required)
        if rows is None:
            return _counts(0, max(len(expected), 1), 0, required, 0, expected)
        present = expected if rows.regions is None else expected & rows.regions
        return _counts(
            rows.count,
            max(len(expected), 1),
            len(present) if expected else 1,
            rows.count * required,
            rows.filled,
            expected - present,
        )

    def _supplied(self, by_period: Mapping[str, "_Rows"]) -> dict[str, date]:
        """The day each period came first: of the file that brought it, else the day its source was published."""
        found: dict[str, date] = {}
        if self._is_sample:
            return found
        for period, rows in by_period.items():
            if self._dataset.file is not None and rows.first_source is not None:
                found[period] = rows.first_source
        register = Register(self._files.register)
        for one in register.all(dataset=f"{self._sector.slug}.{self._dataset.id}"):
            if one.state not in ("accepted", "superseded"):
                continue
            for period in filter(is_period, one.periods.split(",")):
                counted = counted_period(period, self._dataset.cadence)
                day = one.received_at.date()
                found[counted] = min(day, found.get(counted, day))
        return {period: day for period, day in found.items() if period in by_period}

    def _apart(self) -> dict[str, "_Apart"]:
        """What was set apart of the files that count, by period; a row of no readable period speaks against all."""
        found: dict[str, _Apart] = {}
        for one in self._active:
            path = self._files.quarantine(one)
            if not path.is_file():
                continue
            periods = [counted_period(text, self._dataset.cadence) for text in one.periods.split(",") if text]
            for row in pd.read_parquet(path).to_dict("records"):
                text = str(row.get(PERIOD, ""))
                named = [counted_period(text, self._dataset.cadence)] if is_period(text) else periods
                for period in dict.fromkeys(named):
                    found.setdefault(period, _Apart()).add(str(row[REASON]))
        return found


@dataclass(frozen=True)
class _Rows:
    """The accepted rows of one period: how many, required cells filled, regions (None where it has no such column)."""

    count: int
    filled: int
    regions: frozenset[str] | None
    first_source: date | None


@dataclass
class _Apart:
    """Rows set apart in one period."""

    rows: int = 0
    repeated: int = 0
    crossed: int = 0

    def add(self, reason: str) -> None:
        checks = set(reason.split(", "))
        self.rows += 1
        self.repeated += bool(checks & _REPEATED)
        self.crossed += bool(checks & _CROSSED)

    def counts(self, spoken_against: int) -> dict[str, int]:
        return {
            "apart_rows": self.rows,
            "repeated_rows": self.repeated,
            "crossed_rows": self.crossed + spoken_against,
        }


def _counts(
    rows: int, expected: int, present: int, required: int, filled: int, missing: Iterable[str]
) -> dict[str, Any]:
    return {
        "rows": rows,
        "expected_regions": expected,
        "present_regions": present,
        "required_cells": required,
        "filled_cells": filled,
        "missing_regions": ",".join(sorted(missing)),
    }


def _own_rows(table: SourceTable | None, is_sample: bool) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame()
    return table.frame[table.sample_rows.eq(is_sample)]


def _crossed_figures(
    sector: Sector, faults: Iterable[MeasureFault]
) -> dict[tuple[str, bool], dict[str, int]]:
    """Figures a cross-check speaks against, by dataset and kind, then by period."""
    found: dict[tuple[str, bool], dict[str, int]] = {}
    for fault in faults:
        if fault.check not in _CROSSED_FIGURES:
            continue
        indicator, is_sample = sector.indicator(fault.indicator), fault.method == SAMPLE_METHOD
        for name in _datasets_of(sector, indicator, fault.method):
            counts = found.setdefault((name, is_sample), {})
            period = counted_period(fault.period, sector.dataset(name).cadence) if fault.period else ""
            counts[period] = counts.get(period, 0) + fault.count
    return found


def _datasets_of(sector: Sector, indicator: Indicator, method: str) -> tuple[str, ...]:
    own = tuple(name for name in indicator.datasets if method in sector.dataset(name).methods)
    return own or indicator.datasets
