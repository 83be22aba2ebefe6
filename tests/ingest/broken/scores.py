"""Break files by every kind, check them, and count per kind what was planted, found, missed and found too much."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

import pandas as pd

from command_center.ingest.check import check_file
from command_center.ingest.report import FileReport
from tests.ingest.broken import (
    kinds_contract,
    kinds_dates,
    kinds_layout,
    kinds_numbers,
    kinds_places,
    kinds_words,
)
from tests.ingest.broken.drafts import KEY, Draft, NotApplicable, Planted, new_draft
from tests.ingest.broken.registry import KINDS, Kind
from tests.ingest.broken.tables import DATASETS

MODULES = (kinds_contract, kinds_dates, kinds_layout, kinds_numbers, kinds_places, kinds_words)


def kinds_of(*modules: ModuleType) -> list[Kind]:
    """Return the kinds that these modules plant."""
    return [kind for kind in KINDS.values() if any(vars(one).get(kind.name) is kind.plant for one in modules)]


@dataclass
class Score:
    """The result of one kind over all its files."""

    planted: int = 0
    found: int = 0
    right: int = 0
    datasets: set[str] = field(default_factory=set)
    files: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.planted if self.planted else 1.0


def drafts(kind: Kind, seeds: Iterable[int]) -> Iterable[Draft]:
    """Return a broken file of the kind for every dataset that can have it and every seed."""
    for seed in seeds:
        for at, name in enumerate(DATASETS):
            file_format = kind.formats[(at + seed + len(kind.name)) % len(kind.formats)]
            draft = new_draft(name, file_format, seed)
            try:
                kind.plant(draft)
            except NotApplicable:
                continue
            yield draft


def score(kind: Kind, seeds: Iterable[int]) -> Score:
    """Return how well the kind is found; `wrong` tells every miss, every false alarm and every wrong value."""
    result = Score()
    for draft in drafts(kind, seeds):
        report = check(draft)
        expected, found = Counter(draft.expected()), Counter(faults_of(report))
        where = f"{kind.name} {draft.dataset.id} {draft.file_format}"
        result.planted += expected.total()
        result.found += found.total()
        result.right += (expected & found).total()
        result.datasets.add(draft.dataset.id)
        result.files += 1
        result.wrong += [f"{where}: missed {one}" for one in expected - found]
        result.wrong += [f"{where}: false {one}" for one in found - expected]
        result.wrong += [f"{where}: {one}" for one in wrong_values(draft, report)]
        if not all(sheet.balances for sheet in report.sheets):
            result.wrong.append(f"{where}: does not balance")
        read = sum(sheet.read for sheet in report.sheets)
        if read != len(draft.records):
            result.wrong.append(f"{where}: {read} rows read of {len(draft.records)}")
    return result


def check(draft: Draft) -> FileReport:
    """Return the report of a broken file."""
    name = f"{draft.dataset.id}.{draft.file_format}"
    return check_file(draft.content(), name, draft.dataset, draft.ingest_context())


def faults_of(report: FileReport) -> list[Planted]:
    """Return every fault as (check, row or None, column)."""
    tables = [report.faults, *(sheet.faults for sheet in report.sheets)]
    return [
        (check, None if pd.isna(row) else int(row), column)
        for table in tables
        for check, row, column in table[["check", "row", "column"]].itertuples(index=False, name=None)
    ]


def wrong_values(draft: Draft, report: FileReport) -> list[str]:
    """Return every accepted cell that is not what its sender meant."""
    numbers = {number: row for row, number in ((r, draft.numbers()[id(r)]) for r in draft.records)}
    told = []
    for sheet in report.sheets:
        for number, values in zip(sheet.table.index, sheet.table.to_dict("records"), strict=True):
            truth = numbers[number].truth
            told += [
                f"row {number} {name}: read {read!r}, meant {truth[name]!r}"
                for name, read in values.items()
                if not _same(read, _meant(draft, name, truth[name]))
            ]
    return told


def _meant(draft: Draft, name: str, value: Any) -> Any:
    personal = draft.declared(name).personal is not None
    return KEY.code(value) if personal and value is not None else value


def _same(read: Any, meant: Any) -> bool:
    if meant is None:
        return bool(pd.isna(read))
    if isinstance(meant, date):
        return bool(pd.Timestamp(read) == pd.Timestamp(meant))
    if isinstance(meant, float):
        return abs(float(read) - meant) < 1e-6
    return bool(read == meant)


def table(scores: dict[str, Score], seeds: Iterable[int]) -> str:
    """Return the scores as the table that is printed."""
    lines = [f"seeds {list(seeds)}", "kind | datasets | files | planted | found | precision | recall"]
    lines += [
        f"{name} | {len(one.datasets)} | {one.files} | {one.planted} | {one.found} | {one.precision:.4f} | {one.recall:.4f}"
        for name, one in scores.items()
    ]
    return "\n".join(lines)
