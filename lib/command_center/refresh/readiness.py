"""The state of the data as an edition keeps it: scores, faults by kind, totals of earlier editions.

Computed once per refresh; pages and letters only read it.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from command_center.calendar import load_calendar
from command_center.catalog import SAMPLE_METHOD, Sector
from command_center.contracts import SourceTable
from command_center.editions import Edition, list_editions
from command_center.indicators.faults import MeasureFault
from command_center.indicators.status import with_unfit
from command_center.ingest.submissions import Submission, SubmissionFiles
from command_center.ingest.submissions.register import Register
from command_center.pages.house import House
from command_center.quality import (
    ReadinessRules,
    conform_faults,
    conform_history,
    conform_readiness,
    counted_period,
    load_readiness_rules,
    score_periods,
    scores_of_agencies,
    unfit_periods,
)
from command_center.refresh.evidence import Evidence, evidence_of
from command_center.settings import Settings

# A superseded file has been replaced: what was wrong with it is nobody's work any more.
_STATES = ("received", "checked", "accepted", "returned")


@dataclass(frozen=True, eq=False)
class Readiness:
    """The three tables of an edition: `scores` by dataset and period, `faults` by kind, `history` of agencies' totals."""

    scores: pd.DataFrame
    faults: pd.DataFrame
    history: pd.DataFrame


def score_sector(
    house: House,
    sector: Sector,
    tables: Mapping[str, SourceTable],
    faults: Iterable[MeasureFault],
    as_of: date,
) -> pd.DataFrame:
    """Return the scores of a sector's datasets (READINESS_COLUMNS), one row per dataset, kind and period."""
    rules = load_readiness_rules(house.settings)
    known = Evidence(house, rules, load_calendar(house.settings), as_of)
    counts = evidence_of(known, sector, tables, faults)
    return conform_readiness(
        counts if counts.empty else score_periods(counts.astype({"late_days": "float64"}), rules)
    )


def judge_by_scores(
    measures: pd.DataFrame, sources: pd.DataFrame, scores: pd.DataFrame, sector: Sector, rules: ReadinessRules
) -> pd.DataFrame:
    """Return the measures with the status of those that rest on data of too low a score set to unfit."""
    is_unfit = rests_on_unfit_data(measures, sources, scores, sector, rules)
    return measures.assign(status=with_unfit(measures["status"], is_unfit)) if is_unfit.any() else measures


def rests_on_unfit_data(
    measures: pd.DataFrame, sources: pd.DataFrame, scores: pd.DataFrame, sector: Sector, rules: ReadinessRules
) -> "pd.Series[bool]":
    """Return for each measure of a sector whether the data of its period score too low."""
    unfit = unfit_periods(scores[scores["sector"].eq(sector.slug)], rules)
    cadences = {one.id: one.cadence for one in sector.datasets}
    poor = set(unfit[["dataset", "is_sample", "period"]].itertuples(index=False, name=None))
    dataset = measures["source_submission"].map(sources.set_index("source_submission")["dataset"])
    rows = zip(dataset, measures["method"].eq(SAMPLE_METHOD), measures["period"], strict=True)
    found = [
        bool(poor)
        and name in cadences
        and (name, bool(is_sample), counted_period(period, cadences[name])) in poor
        for name, is_sample, period in rows
    ]
    return pd.Series(found, index=measures.index, dtype="bool")


def unfit_places(
    measures: pd.DataFrame,
    sources: pd.DataFrame,
    scores: pd.DataFrame,
    sectors: Iterable[Sector],
    rules: ReadinessRules,
) -> frozenset[tuple[str, str]]:
    """Return indicator and region wherever the latest figure rests on data of too low a score."""
    found: set[tuple[str, str]] = set()
    for sector in sectors:
        own = measures[measures["sector"].eq(sector.slug) & measures["value"].notna()]
        newest = own.groupby(["indicator", "region_code"])["as_of"].transform("max")
        latest = own[own["as_of"].eq(newest)]
        its_sources = sources[sources["sector"].eq(sector.slug)]
        poor = latest[rests_on_unfit_data(latest, its_sources, scores, sector, rules)]
        found.update(poor[["indicator", "region_code"]].itertuples(index=False, name=None))
    return frozenset(found)


def faults_of_submissions(
    settings: Settings, *, samples: bool, sectors: Collection[str] | None = None
) -> pd.DataFrame:
    """Return how often each check told a fault in the submissions that were not replaced (FAULT_COLUMNS).

    A file that was refused counts once under the check that refused it.
    """
    stores = [SubmissionFiles(settings)]
    if samples:
        stores.append(SubmissionFiles(settings, samples=True))
    counted: Counter[tuple[Any, ...]] = Counter()
    files: Counter[tuple[Any, ...]] = Counter()
    latest: dict[tuple[Any, ...], date] = {}
    for store in stores:
        for one in Register(store.register).all():
            if one.state not in _STATES or (sectors is not None and one.sector not in sectors):
                continue
            for (check, action), count in _told(store, one).items():
                key = (one.sector, one.dataset, one.agency, one.channel == "sample", one.state, check, action)
                counted[key] += count
                files[key] += 1
                latest[key] = max(one.received_at.date(), latest.get(key, date.min))
    names = ("sector", "dataset", "agency_code", "is_sample", "state", "check", "action")
    return conform_faults(
        pd.DataFrame(
            [
                dict(zip(names, key, strict=True))
                | {"count": count, "files": files[key], "received_on": latest[key]}
                for key, count in counted.items()
            ]
        )
    )


def _told(store: SubmissionFiles, submission: Submission) -> Counter[tuple[str, str]]:
    path = store.report(submission)
    found: Counter[tuple[str, str]] = Counter()
    if submission.refusal:
        found[submission.refusal, "rejected"] += 1
    elif path.is_file():
        report = json.loads(path.read_text(encoding="utf-8"))
        told = [*report["faults"], *(fault for sheet in report["sheets"] for fault in sheet["faults"])]
        found.update((fault["check"], fault["action"]) for fault in told)
    return found


def history_of(settings: Settings, scores: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the totals of agencies by edition day, those of the last edition before `as_of` with its own history."""
    rules = load_readiness_rules(settings)
    earlier = next(
        (one for one in list_editions(settings, drafts=False) if one.as_of < as_of.isoformat()), None
    )
    parts = [_summary(scores, rules, as_of)]
    if earlier is not None:
        parts += [earlier.readiness_history, _missing_day(earlier, rules)]
    filled = [part for part in parts if not part.empty]
    return conform_history(pd.concat(filled, ignore_index=True) if filled else pd.DataFrame())


def _missing_day(edition: Edition, rules: ReadinessRules) -> pd.DataFrame:
    """The totals of an edition's own day where its history does not hold them."""
    day = date.fromisoformat(edition.as_of)
    if edition.readiness_history["as_of"].eq(pd.Timestamp(day)).any():
        return pd.DataFrame()
    return _summary(edition.readiness, rules, day)


def _summary(scores: pd.DataFrame, rules: ReadinessRules, day: date) -> pd.DataFrame:
    agencies = scores_of_agencies(scores, rules)
    return agencies[["agency_code", "is_sample", "total", "datasets"]].assign(as_of=pd.Timestamp(day))
