"""Fetches one declared file over http(s): only when it changed, whole or not at all.

Opens no file and judges no content; that is the door's, once the file lies in the inbox.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from command_center.ingest.sources.arrival import Arrival, settle
from command_center.ingest.sources.declaration import HttpSource, read_token
from command_center.ingest.sources.failures import SourceError
from command_center.ingest.sources.http import HttpClient
from command_center.ingest.sources.landing import Landing, SourcePaths, safe_name
from command_center.ingest.sources.ledger import Ledger, open_ledger
from command_center.ingest.sources.report import Item, SourceReport
from command_center.ingest.sources.web import Counterpart, Limits, shown

_ONLY_FILE = "file"


def download(
    source: HttpSource,
    paths: SourcePaths,
    *,
    environment: Mapping[str, str] = os.environ,
    again: bool = False,
    limits: Limits | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> SourceReport:
    """Read a declared address into the inbox of its sector and return what was done.

    The file is asked for with the ETag and date of the last time: "not changed" costs no transfer, and the same
    content is not landed twice unless `again`. Whatever goes wrong is the report's `error`, and nothing changes.
    """
    counterpart = Counterpart(
        who=f"agency {source.keeper}, keeper of the source",
        next_step=f"once the source answers as it should: command-center download --source {source.name}",
    )
    bounds = replace(limits or Limits(), file_bytes=source.max_megabytes * 1_000_000)
    began = time.monotonic()
    items: tuple[Item, ...] = ()
    failure: SourceError | None = None
    try:
        token = read_token(source, environment)
        with (
            open_ledger(paths.ledger, source.name) as ledger,
            HttpClient(source.url, counterpart, token, source.link_hosts, bounds, sleep) as client,
        ):
            run = ledger.begin_run()
            try:
                items = (_fetch(source, client, ledger, Landing(paths.inbox), again),)
            except SourceError as error:
                failure = error
            outcome = type(failure).__name__ if failure else "complete"
            ledger.end_run(run, outcome, {item.outcome: 1 for item in items})
    except SourceError as error:
        failure = error
    return SourceReport(source.name, items, 1, 0, time.monotonic() - began, failure)


def _fetch(source: HttpSource, client: HttpClient, ledger: Ledger, landing: Landing, again: bool) -> Item:
    landing.sweep()
    known = None if again else ledger.resources().get(_ONLY_FILE)
    if known and known.fingerprint != shown(source.url):
        # Another address now: its marks say nothing about the old one's.
        known = replace(known, etag=None, last_modified=None)
    with landing.part() as part:
        got = client.download(source.url, part, known.marks if known else None)
        if got is None:
            return Item("unchanged", source.into, source.name, "file")
        arrival = Arrival(
            source=source.name,
            kind="http",
            keeper=source.keeper,
            sender=source.keeper,
            resource_id=_ONLY_FILE,
            dataset_id=source.into,
            name=source.name,
            form="file",
            into=source.into,
            stem=safe_name(source.name),
            extension=source.format,
            fingerprint=shown(source.url),
            content=got,
            row_count=None,
            about={"url": shown(source.url), "last_modified": got.marks.last_modified},
        )
        outcome, file = settle(ledger, landing, part, arrival, known)
    return Item(outcome, source.into, source.name, "file", file=file, size_bytes=got.size_bytes)
