"""Reads a CKAN portal: which datasets it has, their files, their datastores page by page.

What is kept of the answers stands in `answers.py`; what is read is the harvest's to decide.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode

import ckanapi
from ckanapi.errors import CKANAPIError, NotAuthorized, NotFound, ServerIncompatibleError
from pydantic import TypeAdapter, ValidationError

from command_center.ingest.sources.answers import Dataset, SearchPage, TablePage, TableState
from command_center.ingest.sources.failures import (
    AccessDeniedError,
    MissingAtSourceError,
    OversizeError,
    SourceError,
    UnexpectedAnswerError,
)
from command_center.ingest.sources.http import HttpClient
from command_center.ingest.sources.web import Counterpart, shown

_SEARCH_ROWS = 100
# With these statuses CKAN itself says what is wrong, in JSON.
_SPOKEN = frozenset({400, 403, 404, 409})
_ROW_ID = "_id"

_Answer = TypeVar("_Answer")


class CkanPortal:
    """One portal through ckanapi, over a client that bounds, repeats and words every request."""

    def __init__(self, address: str, client: HttpClient, counterpart: Counterpart) -> None:
        self._client = client
        self._counterpart = counterpart
        self._address = address
        self._remote = ckanapi.RemoteCKAN(address, get_only=True, session=_Transport(client, self._refuse))

    # --- what there is -------------------------------------------------------------------------

    def search(self, organisations: tuple[str, ...]) -> Iterator[Dataset]:
        """Yield every dataset of the named organisations, each once.

        The query asks for them and the answers are filtered again: a portal's search may ignore it. Ordered by
        id, because the usual order by change lets a dataset slip from one page to another in between.
        Raises UnexpectedAnswerError when pages do not add up to the announced count.
        """
        query = "organization:(" + " OR ".join(organisations) + ")"
        seen: set[str] = set()
        start, count = 0, 1
        while start < count:
            page = self._ask(
                SearchPage, "package_search", fq=query, sort="id asc", rows=_SEARCH_ROWS, start=start
            )
            count = page.count
            if not page.results and start < count:
                self._fail(f"The portal announced {count} datasets and listed {start}", "package_search")
            start += len(page.results)
            for dataset in page.results:
                name = dataset.organization.name if dataset.organization else None
                if dataset.id not in seen and name in organisations:
                    seen.add(dataset.id)
                    yield dataset

    def public_names(self) -> frozenset[str]:
        """Return the names of all public datasets, from the portal's database and not from its search index."""
        return frozenset(self._ask(tuple[str, ...], "package_list"))

    def dataset(self, name_or_id: str) -> Dataset:
        """Return one dataset; MissingAtSourceError when there is none or it was deleted."""
        dataset = self._ask(Dataset, "package_show", id=name_or_id)
        if dataset.state != "active":
            raise self._error(MissingAtSourceError, "The dataset was deleted at the portal", "package_show")
        return dataset

    def is_alive(self) -> bool:
        """Return whether the portal answers as CKAN does."""
        try:
            self._ask(dict[str, Any], "status_show")
        except SourceError:
            return False
        return True

    # --- datastores ----------------------------------------------------------------------------

    def table_state(self, resource_id: str) -> TableState:
        """Return what tells whether a datastore changed; a row edited in place is not seen."""
        page = self._page(resource_id, limit=1, offset=0, sort=f"{_ROW_ID} desc")
        rows = list(csv.reader(io.StringIO(page.records, newline="")))
        return TableState(page.total, rows[0][0] if rows else "", page.fields)

    def write_table(self, resource_id: str, state: TableState, page_rows: int, part: Path) -> int:
        """Write a datastore as UTF-8 CSV with one header line and return the number of rows.

        Values are the text that PostgreSQL prints; a missing one is an empty cell; the portal's own row id is
        left out. Raises UnexpectedAnswerError when the rows read are not the total, or their ids do not rise:
        then the table changed while it was read. OversizeError beyond the file limit.
        """
        names = [column.id for column in state.fields]
        if names[:1] != [_ROW_ID]:
            self._fail("The datastore has no row ids", resource_id)
        # One limit for the whole process; a border as text is longer than the usual 131,072 characters.
        csv.field_size_limit(self._client.limits.reply_bytes)
        last = rows_read = 0
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names[1:])
            while rows_read < state.row_count:
                page = self._page(resource_id, limit=page_rows, offset=rows_read, sort=_ROW_ID)
                if page.total != state.row_count or page.fields != state.fields:
                    self._changed(resource_id)
                rows = list(csv.reader(io.StringIO(page.records, newline="")))
                for row in rows:
                    row_id = int(row[0]) if row[0].isdigit() else 0
                    if len(row) != len(names) or row_id <= last:
                        self._changed(resource_id)
                    last = row_id
                    writer.writerow(row[1:])
                if not rows:
                    self._fail(f"{rows_read} rows came of {state.row_count}", resource_id)
                rows_read += len(rows)
                if file.tell() > self._client.limits.file_bytes:
                    raise self._error(
                        OversizeError, "The datastore is larger than max_megabytes", resource_id
                    )
        if rows_read != state.row_count:
            self._changed(resource_id)
        return rows_read

    def _page(self, resource_id: str, **asked: Any) -> TablePage:
        # As CSV the values come as PostgreSQL prints them: no number passes through a float.
        return self._ask(
            TablePage, "datastore_search", resource_id=resource_id, records_format="csv", **asked
        )

    def _changed(self, resource_id: str) -> NoReturn:
        self._fail("The datastore changed while it was read", resource_id)

    # --- asking --------------------------------------------------------------------------------

    def _ask(self, kind: type[_Answer], action: str, **asked: Any) -> _Answer:
        try:
            return TypeAdapter(kind).validate_python(self._remote.call_action(action, asked))
        except NotAuthorized:
            raise self._error(
                AccessDeniedError,
                "The portal refuses access (403)",
                action,
                "ask its keeper for access, or set the token named in sources.yml",
            ) from None
        except NotFound:
            raise self._error(MissingAtSourceError, "The portal does not have it (404)", action) from None
        except (CKANAPIError, ServerIncompatibleError):
            # Their texts repeat the whole answer.
            self._fail("The portal did not answer as CKAN does", action)
        except ValidationError as error:
            places = {".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False)}
            self._fail(f"The portal's answer lacks or misstates {', '.join(sorted(places)[:3])}", action)

    def _refuse(self, what: str, url: str) -> NoReturn:
        raise UnexpectedAnswerError(
            what, where=shown(url), who=self._counterpart.who, next_step=self._counterpart.next_step
        )

    def _fail(self, what: str, place: str) -> NoReturn:
        raise self._error(UnexpectedAnswerError, what, place)

    def _error(self, kind: type[SourceError], what: str, place: str, next_step: str = "") -> SourceError:
        return kind(
            what,
            where=f"{shown(self._address)}: {place}",
            who=self._counterpart.who,
            next_step=next_step or self._counterpart.next_step,
        )


@dataclass(frozen=True)
class _Spoken:
    """As much of an answer as ckanapi looks at."""

    status_code: int
    text: str


class _Transport:
    """Stands where ckanapi expects a requests session; ckanapi never sees the token."""

    def __init__(self, client: HttpClient, refuse: Any) -> None:
        self._client = client
        self._refuse = refuse

    def get(self, url: str, params: Mapping[str, Any] | None = None, **_: Any) -> _Spoken:
        full = f"{url}?{urlencode(params)}" if params else url
        reply = self._client.fetch(full, keep_statuses=_SPOKEN)
        if reply.text.lstrip("\ufeff \r\n\t")[:1] != "{":
            if reply.status == 403:
                raise AccessDeniedError(
                    "The portal refuses access (403)",
                    where=shown(url),
                    who=self._client.counterpart.who,
                    next_step="ask its keeper for access, or set the token named in sources.yml",
                )
            self._refuse(f"A page came instead of JSON (status {reply.status})", url)
        return _Spoken(reply.status, reply.text)

    def close(self) -> None:
        """Leave the client open: it belongs to who made it."""
