"""What asks for attention in an edition, found once at its refresh: by rule, by variation, or as a question on data.

Over all series together: chance findings at a controlled false-discovery rate, at most so many alarms a day, ranked
by consequence. Where the data cannot be trusted nothing but that is raised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from command_center.calendar import WorkingCalendar
from command_center.catalog import SAMPLE_METHOD, Catalog
from command_center.regions import RegionTree
from command_center.signals.attention import AttentionRules, find_problems
from command_center.signals.conditions import standings
from command_center.signals.lines import SeriesLine, series_lines
from command_center.signals.raising import Raised, raised
from command_center.signals.rules import Consequence, Rise, Rule, RuleBook, Watched
from command_center.signals.schema import conform_signals
from command_center.signals.significance import discoveries
from command_center.signals.variation import Variation, variation_table, variations

_LEVEL_OF_DOTS = {1: "kab", 2: "kec", 3: "desa"}
_NO_CONSEQUENCE = Consequence(people=0, rupiah=0, law=0)
_JUMP, _BAD, _VARIATION = "jump", "bad_data", "variation"
Place = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class HouseSignals:
    """The tables of schema: `signals` that are raised or have just ended, `variation` of every line."""

    signals: pd.DataFrame
    variation: pd.DataFrame


@dataclass(frozen=True)
class _Found:
    line: SeriesLine
    kind: str
    rule: str
    raised: Raised | None
    consequence: Consequence
    owner: str
    provenance: str
    pointing: int = 0
    is_severe: bool = False
    p_value: float | None = None


def find_signals(
    measures: pd.DataFrame,
    catalog: Catalog,
    regions: RegionTree,
    book: RuleBook,
    attention: AttentionRules,
    calendar: WorkingCalendar,
    as_of: date,
    *,
    poor: frozenset[tuple[str, str]] = frozenset(),
    rejected: frozenset[tuple[str, str]] = frozenset(),
) -> HouseSignals:
    """Return the signals of measures on a day.

    `poor` names indicator and region ("" is every region) whose data score is below the floor of the rules:
    there, and where figures are not comparable, only bad data is raised. `rejected` are ids and begins of
    breaches that their owners have called false alarms: they are left out.
    """
    lines = series_lines(measures, catalog)
    varied = variations(lines, book)
    questioned = _questioned(measures, catalog, attention)
    bad = {_place(line) for line in lines if _is_bad(line, poor)}
    silent = questioned | bad
    candidates = [
        *_by_rule(lines, book, silent),
        *(found for one in varied if (found := _by_variation(one, book)) and _place(one.line) not in silent),
    ]
    kept = _believed(candidates, sum(1 for one in varied if one.mean == one.mean), book.false_discovery_rate)
    kept += [_question(line, _JUMP) for line in lines if _place(line) in questioned]
    kept += [_question(line, _BAD) for line in lines if _place(line) in bad - questioned]
    kept = [one for one in kept if (_signal_id(one), _since(one)) not in rejected]
    confirm_by = calendar.add_working_days(as_of, book.confirm_working_days).isoformat()
    return HouseSignals(_ranked(kept, regions, book, confirm_by), variation_table(varied))


def _place(line: SeriesLine) -> Place:
    return line.indicator.id, line.region_code, line.agency_code


def _questioned(measures: pd.DataFrame, catalog: Catalog, attention: AttentionRules) -> set[Place]:
    return {
        (problem.indicator, problem.region_code, problem.agency_code)
        for problem in find_problems(measures, catalog, attention)
        if problem.kind == "jump"
    }


def _is_bad(line: SeriesLine, poor: frozenset[tuple[str, str]]) -> bool:
    named = {(line.indicator.id, line.region_code), (line.indicator.id, "")}
    return bool(named & poor) or line.latest.status == "not_comparable"


def _by_rule(lines: Sequence[SeriesLine], book: RuleBook, silent: set[Place]) -> Iterator[_Found]:
    by_indicator: dict[str, list[SeriesLine]] = {}
    for line in lines:
        by_indicator.setdefault(line.indicator.id, []).append(line)
    latest = {_place(line): {point.period: point.value for point in line.points} for line in lines}
    for rule in book.rules:
        for watched in rule.watches:
            for indicator in watched.indicators:
                for line in by_indicator.get(indicator, ()):
                    if _is_meant(rule, line) and _place(line) not in silent:
                        yield from _judged(rule, watched, line, latest)


def _is_meant(rule: Rule, line: SeriesLine) -> bool:
    level = _LEVEL_OF_DOTS[line.region_code.count(".")]
    return level in rule.levels and (rule.agencies or not line.agency_code)


def _judged(
    rule: Rule, watched: Watched, line: SeriesLine, latest: Mapping[Place, Mapping[str, float]]
) -> Iterator[_Found]:
    history = standings(watched.condition, line.points, line.indicator.direction)
    if not history or not _is_guarded(watched, line, latest):
        return
    is_chance = isinstance(watched.condition, Rise)
    found = raised(
        history, periods=1 if is_chance else watched.periods, severe=watched.severe, clear=watched.clear
    )
    if is_chance and (found is None or not found.standing.is_breach):
        return
    if found is not None:
        yield _Found(
            line=line,
            kind="rule",
            rule=rule.id,
            raised=found,
            consequence=rule.consequence,
            owner=rule.owner,
            provenance=rule.provenance,
            is_severe=found.is_severe,
            p_value=found.standing.p_value,
        )


def _is_guarded(watched: Watched, line: SeriesLine, latest: Mapping[Place, Mapping[str, float]]) -> bool:
    guard = watched.guard
    if guard is None:
        return True
    beside = latest.get((guard.indicator, line.region_code, line.agency_code), {})
    value = beside.get(line.latest.period)
    return value is not None and value >= guard.least


def _by_variation(one: Variation, book: RuleBook) -> _Found | None:
    """Return the special cause of a latest point that is no improvement; it must hold, or be severe."""
    better = {"up": 1, "down": -1}.get(one.line.indicator.direction, 0)
    if one.pointing == 0 or one.pointing == better:
        return None
    is_severe = one.is_severe(book.severe_limits)
    if not (one.holds or is_severe):
        return None
    return _Found(
        line=one.line,
        kind=_VARIATION,
        rule=_VARIATION,
        raised=None,
        consequence=_NO_CONSEQUENCE,
        owner=one.line.sector.owner_of(one.line.indicator),
        provenance="practice",
        pointing=one.pointing,
        is_severe=is_severe,
        p_value=one.p_value,
    )


def _question(line: SeriesLine, kind: str) -> _Found:
    # The walidata asks, and the owner of the series answers.
    return _Found(
        line=line,
        kind=kind,
        rule=kind,
        raised=None,
        consequence=_NO_CONSEQUENCE,
        owner=line.sector.owner_of(line.indicator),
        provenance="proposal",
    )


def _believed(candidates: Iterable[_Found], tested: int, rate: float) -> list[_Found]:
    """Return the candidates without those that chance explains, over all `tested` series together.

    A figure beyond a limit that somebody has set is no sample and is believed as it stands.
    """
    found = list(candidates)
    chances = [one for one in found if one.p_value is not None]
    # Every other series that was tested is a hypothesis too, and was not rejected.
    others = max(tested - len(chances), 0)
    p_values = np.array([one.p_value for one in chances] + [1.0] * others, dtype=np.float64)
    rejected = discoveries(p_values, rate)[: len(chances)]
    believed = {id(one) for one, is_found in zip(chances, rejected, strict=True) if is_found}
    return [one for one in found if one.p_value is None or id(one) in believed]


def _ranked(found: list[_Found], regions: RegionTree, book: RuleBook, confirm_by: str) -> pd.DataFrame:
    leaves = _leaves(regions)
    whole = max(leaves.values(), default=1)
    scored = [(_score(one, leaves.get(one.line.region_code, 0) / whole), one) for one in found]
    scored.sort(key=lambda item: (_is_over(item[1]), _is_sample(item[1]), -item[0], _signal_id(item[1])))
    ordered = _first_of_each(scored)
    rows, rank = [], 0
    for score, one in ordered:
        is_over = _is_over(one)
        rank += not is_over
        rows.append(
            {
                **_row(one, confirm_by),
                "score": score,
                "rank": 0 if is_over else rank,
                "is_alarm": not is_over and rank <= book.most_a_day,
            }
        )
    return conform_signals(pd.DataFrame(rows).drop_duplicates("id") if rows else pd.DataFrame())


def _first_of_each(scored: list[tuple[float, _Found]]) -> list[tuple[float, _Found]]:
    """Return the strongest of each rule before the second of any: forty villages of one kind are one matter.

    Figures of agencies and of the whole regency are matters of their own.
    """
    seen: dict[tuple[str, str, str], int] = {}
    keyed = []
    for score, one in scored:
        group = (
            one.rule,
            one.line.indicator.id,
            one.line.region_code if one.line.region_code.count(".") == 1 else "",
        )
        turn = seen.get(group, 0)
        seen[group] = turn + 1
        # The first two of a group stand: the whole and the part that makes it.
        keyed.append(((_is_over(one), _is_sample(one), max(turn - 1, 0), -score), score, one))
    return [(score, one) for _, score, one in sorted(keyed, key=lambda item: item[0])]


def _score(one: _Found, share_of_places: float) -> float:
    """Return the consequence: people by the share of villages they live in, rupiah and law as declared.

    A question about data comes after what is known and before what only varies.
    """
    stake = one.consequence
    base = stake.people * share_of_places + stake.rupiah + stake.law
    extra = {_JUMP: 1.5, _BAD: 0.25, _VARIATION: 0.5}.get(one.kind, 0.0)
    return round(base + extra + (1.0 if one.is_severe else 0.0), 6)


def _is_over(one: _Found) -> bool:
    return one.raised is not None and one.raised.is_ended


def _is_sample(one: _Found) -> bool:
    return one.line.method == SAMPLE_METHOD


def _signal_id(one: _Found) -> str:
    line = one.line
    parts = (one.rule, line.indicator.id, line.region_code, line.agency_code)
    return "-".join(part for part in parts if part)


def _since(one: _Found) -> str:
    return one.raised.since if one.raised else one.line.latest.period


def _row(one: _Found, confirm_by: str) -> dict[str, object]:
    line, state = one.line, one.raised
    point = state.standing.point if state else line.latest
    return {
        "id": _signal_id(one),
        "kind": one.kind,
        "rule": one.rule,
        "sector": line.sector.slug,
        "indicator": line.indicator.id,
        "region_code": line.region_code,
        "agency_code": line.agency_code,
        "method": line.method,
        "period": point.period,
        "value": point.value,
        "threshold": state.standing.threshold if state else np.nan,
        "since": _since(one),
        "state": "ended" if _is_over(one) else "raised",
        "is_new": state.is_new if state else False,
        "is_severe": one.is_severe,
        "pointing": one.pointing,
        "owner": one.owner,
        "confirm_by": confirm_by,
        "provenance": one.provenance,
    }


def _leaves(regions: RegionTree) -> dict[str, int]:
    """Return how many villages lie in each region, itself included where it is one."""
    counts: dict[str, int] = {}
    for region in (regions.root, *regions.descendants(regions.root.code)):
        if not regions.children(region.code):
            for above in (*regions.ancestors(region.code), region):
                counts[above.code] = counts.get(above.code, 0) + 1
    return counts
