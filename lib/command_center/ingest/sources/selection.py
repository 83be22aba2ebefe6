"""Which resources of a listed portal are read, in which form, and for which dataset of the house.

Pure decisions over what the portal says of itself; asks for nothing and writes nothing.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from command_center.ingest.sources.answers import Dataset, Resource, TableState
from command_center.ingest.sources.declaration import CkanSource, Form
from command_center.ingest.sources.landing import safe_name
from command_center.ingest.sources.report import Item
from command_center.ingest.sources.web import shown

# What the door can read, by the words that portals use for it.
_EXTENSIONS = {
    "csv": "csv",
    "tsv": "tsv",
    "xls": "xls",
    "xlsx": "xlsx",
    "ods": "ods",
    "json": "json",
    "geojson": "geojson",
    "gpkg": "gpkg",
    "geopackage": "gpkg",
    "zip": "zip",
    "shp": "zip",
}


@dataclass(frozen=True)
class Job:
    """One resource that is asked for, and how it will be read; `into` is a SECTOR.DATASET or None."""

    dataset: Dataset
    resource: Resource
    form: Form
    extension: str
    into: str | None

    @property
    def name(self) -> str:
        return self.resource.name or self.resource.id

    @property
    def stem(self) -> str:
        # The id keeps apart two resources of one name; the names are for people.
        names = (self.dataset.name, self.name, self.resource.id[:8])
        return "--".join(safe_name(name) for name in names)

    @property
    def is_linked(self) -> bool:
        """Whether the file lies elsewhere, so that the portal's dates say nothing about it."""
        return self.form == "file" and self.resource.url_type != "upload"

    def fingerprint(self, table: TableState | None) -> str:
        """Return what changes when the resource does; without the query string, which is new in a signed address."""
        resource = self.resource
        marks: list[Any] = [
            self.form,
            resource.last_modified,
            resource.metadata_modified or self.dataset.metadata_modified,
        ]
        if table is None:
            marks += [shown(resource.url or ""), resource.hash, resource.size]
        else:
            columns = [[column.id, column.type] for column in table.fields]
            marks += [table.row_count, table.last_row_id, columns]
        return json.dumps(marks)


def select(
    source: CkanSource, datasets: list[Dataset], allows: Callable[[str], bool]
) -> Iterator[Job | Item]:
    """Yield a job for each resource to read and an item "skipped" for each that cannot be.

    `allows` says whether an address may be read. Resources that the declaration leaves out are not told.
    """
    for dataset in datasets:
        for resource in dataset.resources:
            name = resource.name or ""
            if source.is_excluded(dataset.name, name):
                continue
            rule = source.rule(dataset.name, name)
            form = (rule.form if rule else None) or _form(resource, allows)
            extension = "csv" if form == "datastore" else _extension(resource)
            reason = _reason_to_skip(resource, form, extension, allows)
            if extension is None or reason:
                yield Item("skipped", dataset.name, name, form, reason=reason)
            else:
                yield Job(dataset, resource, form, extension, rule.into if rule else None)


def _form(resource: Resource, allows: Callable[[str], bool]) -> Form:
    """Choose the uploaded original where there is one, the portal's table where the file lies out of reach."""
    if not resource.datastore_active or resource.url_type == "upload":
        return "file"
    has_file = resource.url_type != "datastore" and allows(resource.url or "")
    return "file" if has_file else "datastore"


def _extension(resource: Resource) -> str | None:
    suffix = PurePosixPath(urlsplit(resource.url or "").path).suffix.lower().lstrip(".")
    return _EXTENSIONS.get(suffix) or _EXTENSIONS.get((resource.format or "").strip().lower().lstrip("."))


def _reason_to_skip(
    resource: Resource, form: Form, extension: str | None, allows: Callable[[str], bool]
) -> str:
    if form == "datastore":
        return "" if resource.datastore_active else "has no datastore"
    if extension is None:
        return f"format {resource.format or 'unknown'} is not one that can be read"
    if not allows(resource.url or ""):
        return f"lies on another host, {urlsplit(resource.url or '').hostname}; see link_hosts in sources.yml"
    return ""
