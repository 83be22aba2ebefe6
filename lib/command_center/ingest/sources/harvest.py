"""Harvests a CKAN portal: lists it, reads what changed since the last time, marks what vanished.

Every resource is landed and noted before the next one begins, so a run that is cut off goes on where it
stopped. Changes and removes nothing that landed earlier, and judges no content.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from command_center.ingest.sources.answers import Dataset
from command_center.ingest.sources.arrival import portal_arrival, settle
from command_center.ingest.sources.ckan import CkanPortal
from command_center.ingest.sources.declaration import CkanSource, read_token
from command_center.ingest.sources.failures import (
    AccessDeniedError,
    LandingError,
    MissingAtSourceError,
    SourceError,
    SourceUnavailableError,
    UnexpectedAnswerError,
)
from command_center.ingest.sources.http import HttpClient
from command_center.ingest.sources.landing import Landing, SourcePaths
from command_center.ingest.sources.ledger import DatasetRow, Ledger, ResourceRow, State, open_ledger, utc_now
from command_center.ingest.sources.report import Item, Outcome, SourceReport
from command_center.ingest.sources.selection import Job, select
from command_center.ingest.sources.web import Counterpart, Download, Limits

Progress = Callable[[str, int, int], None]

_MARKED: dict[State, Outcome] = {"deleted": "deleted", "withdrawn": "withdrawn", "left": "left"}


def harvest(
    source: CkanSource,
    paths: SourcePaths,
    *,
    environment: Mapping[str, str] = os.environ,
    again: bool = False,
    on_progress: Progress | None = None,
    limits: Limits | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> SourceReport:
    """Read what changed at a portal into the inbox and return what was done.

    Files land under `paths.inbox`, each with a sidecar of source, dataset, licence, columns, hash and rows. A token
    is taken from `environment` under the declared name. `again` reads and lands everything anew. A fault of one
    resource is an item "failed" and stops nothing; what stops the run (portal down, another run at work, disk
    full) is the report's `error`: what had landed by then stays and is not read again. SourceError is never
    raised, only reported.
    """
    counterpart = Counterpart(
        who=f"agency {source.keeper}, keeper of the portal",
        next_step=f"once the portal answers as it should: command-center harvest --source {source.name}",
    )
    bounds = replace(limits or Limits(), file_bytes=source.max_megabytes * 1_000_000)
    began = time.monotonic()
    items: list[Item] = []
    found: list[Dataset] = []
    failure: SourceError | None = None
    try:
        token = read_token(source, environment)
        with (
            open_ledger(paths.ledger, source.name) as ledger,
            HttpClient(source.url, counterpart, token, source.link_hosts, bounds, sleep) as client,
        ):
            portal = CkanPortal(source.url, client, counterpart)
            run = _Run(source, portal, client, ledger, Landing(paths.inbox), again, items, found)
            failure = run.go(on_progress)
    except SourceError as error:
        failure = error
    return SourceReport(
        source=source.name,
        items=tuple(items),
        dataset_count=len(found),
        organisation_count=len({dataset.organization for dataset in found if dataset.organization}),
        seconds=time.monotonic() - began,
        error=failure,
    )


@dataclass
class _Run:
    """One run; `items` and `found` are the caller's, so that they outlive a run that is cut off."""

    source: CkanSource
    portal: CkanPortal
    client: HttpClient
    ledger: Ledger
    landing: Landing
    again: bool
    items: list[Item]
    found: list[Dataset]
    known: dict[str, ResourceRow] = field(default_factory=dict)

    def go(self, on_progress: Progress | None) -> SourceError | None:
        """Do the whole run and return what ended it early."""
        number = self.ledger.begin_run()
        failure: SourceError | None = None
        try:
            self.landing.sweep()
            self.found.extend(self._list())
            self._mark_vanished()
            self._read_all(on_progress)
        except SourceError as error:
            failure = error
        outcomes = [item.outcome for item in self.items]
        counts = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
        self.ledger.end_run(number, type(failure).__name__ if failure else "complete", counts)
        return failure

    # --- what there is -------------------------------------------------------------------------

    def _list(self) -> list[Dataset]:
        """Return every dataset that is asked for, by name; a name that never existed is told."""
        found: dict[str, Dataset] = {}
        if self.source.organisations:
            public = self.portal.public_names()
            for dataset in self.portal.search(self.source.organisations):
                # A search index may still list what was deleted; the portal's database knows better.
                if dataset.name in public or self._state(dataset.id) == "active":
                    found[dataset.id] = dataset
        names = {dataset.name for dataset in found.values()}
        known_names = {row.name for row in self.ledger.datasets().values()}
        for name in dict.fromkeys(rule.name for rule in self.source.datasets if rule.name not in names):
            try:
                dataset = self.portal.dataset(name)
            except (MissingAtSourceError, AccessDeniedError) as error:
                if name not in known_names:
                    self.items.append(Item("failed", name, error=error))
            else:
                found[dataset.id] = dataset
        return sorted(found.values(), key=lambda dataset: dataset.name)

    def _state(self, dataset_id: str) -> State:
        """Return what the portal's database says of one dataset."""
        try:
            self.portal.dataset(dataset_id)
        except MissingAtSourceError:
            return "deleted"
        except AccessDeniedError:
            return "withdrawn"
        return "active"

    def _mark_vanished(self) -> None:
        """Mark in the ledger, and tell once, what the portal no longer has or no longer shows."""
        listed = {dataset.id: dataset for dataset in self.found}
        before = self.ledger.datasets()
        for row in before.values():
            if row.state == "active" and row.dataset_id not in listed:
                state = self._state(row.dataset_id)
                state = "left" if state == "active" else state
                self.ledger.mark_dataset(row.dataset_id, state)
                self.items.append(Item(_MARKED[state], row.name))
        for resource in self.ledger.resources().values():
            owner = listed.get(resource.dataset_id)
            if owner and resource.state == "active" and not owner.has(resource.resource_id):
                self.ledger.mark_resource(resource.resource_id, "deleted")
                self.items.append(Item("deleted", owner.name, resource.name, resource.form))
        for dataset in self.found:
            row, earlier = _dataset_row(dataset), before.get(dataset.id)
            if earlier is None or replace(earlier, state_since=row.state_since) != row:
                self.ledger.keep_dataset(row)

    # --- reading -------------------------------------------------------------------------------

    def _read_all(self, on_progress: Progress | None) -> None:
        jobs: list[Job] = []
        for chosen in select(self.source, self.found, self.client.allows):
            if isinstance(chosen, Job):
                jobs.append(chosen)
            else:
                self.items.append(chosen)
        self.known = self.ledger.resources()
        for done, job in enumerate(jobs, start=1):
            self.items.append(self._read_or_tell(job))
            if on_progress:
                on_progress(self.source.name, done, len(jobs))

    def _read_or_tell(self, job: Job) -> Item:
        """Read one resource; a fault of its own becomes an item, one of the portal or the disk is raised."""
        try:
            return self._read(job)
        except LandingError:
            raise
        except (SourceUnavailableError, UnexpectedAnswerError) as error:
            # One file that fails is told and passed over; a portal that is down, or answers everything with
            # a page about its maintenance, ends the run with one error.
            if not self.portal.is_alive():
                raise
            return self._item("failed", job, error=error)
        except SourceError as error:
            return self._item("failed", job, error=error)

    def _read(self, job: Job) -> Item:
        known = self.known.get(job.resource.id)
        last = None if self.again else known
        table = self.portal.table_state(job.resource.id) if job.form == "datastore" else None
        mark = job.fingerprint(table)
        is_doubtful = job.is_linked or (table is not None and self.source.reread == "always")
        if last and last.fingerprint == mark and not is_doubtful:
            return self._unchanged(job, last, mark)
        with self.landing.part() as part:
            if table is None:
                got = self.client.download(job.resource.url or "", part, last.marks if last else None)
                if got is None:
                    return self._unchanged(job, last, mark)
                rows = None
            else:
                rows = self.portal.write_table(job.resource.id, table, self.source.page_rows, part)
                got = _weigh(part)
            arrival = portal_arrival(self.source, job, mark, got, rows, table)
            outcome, file = settle(self.ledger, self.landing, part, arrival, last)
        return self._item(outcome, job, file=file, row_count=rows, size_bytes=got.size_bytes)

    def _unchanged(self, job: Job, known: ResourceRow | None, mark: str) -> Item:
        if known and (known.fingerprint != mark or known.state != "active"):
            self.ledger.keep_resource(replace(known, fingerprint=mark, state="active", state_since=None))
        return self._item("unchanged", job)

    @staticmethod
    def _item(outcome: Outcome, job: Job, **told: Any) -> Item:
        return Item(outcome, job.dataset.name, job.name, job.form, **told)


def _weigh(part: Path) -> Download:
    """Return size and hash of a table that was written here."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Download(part.stat().st_size, digest)


def _dataset_row(dataset: Dataset) -> DatasetRow:
    return DatasetRow(
        dataset_id=dataset.id,
        name=dataset.name,
        title=dataset.title or "",
        organisation=dataset.organization.name if dataset.organization else "",
        metadata_modified=dataset.metadata_modified or "",
        state="active",
        state_since=utc_now(),
        metadata=json.dumps(dataset.metadata(), ensure_ascii=False),
    )
