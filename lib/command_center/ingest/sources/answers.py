"""What is taken over of a portal's answers; all else in them, contact persons included, is dropped unread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Kept(BaseModel):
    """What is taken over of an answer; everything else in it, contact persons included, is dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Organisation(Kept):
    """The organisation that publishes a dataset."""

    name: str
    title: str | None = None


class Tag(Kept):
    """A keyword."""

    name: str


class Resource(Kept):
    """One file or table of a dataset; times as the portal writes them (UTC), `size` in bytes where it is known."""

    id: str
    name: str | None = None
    format: str | None = None
    mimetype: str | None = None
    url: str | None = None
    url_type: str | None = None
    datastore_active: bool = False
    created: str | None = None
    last_modified: str | None = None
    metadata_modified: str | None = None
    hash: str | None = None
    size: int | None = None


class Dataset(Kept):
    """A dataset with its resources, as the portal describes it."""

    id: str
    name: str
    title: str | None = None
    organization: Organisation | None = None
    license_id: str | None = None
    license_title: str | None = None
    metadata_modified: str | None = None
    state: str = "active"
    tags: tuple[Tag, ...] = ()
    resources: tuple[Resource, ...] = ()

    def has(self, resource_id: str) -> bool:
        """Return whether one of its resources has this id."""
        return any(resource.id == resource_id for resource in self.resources)

    def metadata(self) -> dict[str, Any]:
        """Return what a sidecar and the ledger keep of it."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "organisation": self.organization.model_dump() if self.organization else None,
            "license_id": self.license_id,
            "license_title": self.license_title,
            "tags": [tag.name for tag in self.tags],
            "metadata_modified": self.metadata_modified,
        }


class TableField(Kept):
    """A datastore column with its PostgreSQL type and the portal's own label and note."""

    id: str
    type: str
    info: Mapping[str, Any] | None = None

    def metadata(self) -> dict[str, Any]:
        """Return name, type and, where the portal has them, label and unit."""
        told = {key: self.info[key] for key in ("label", "unit") if self.info and self.info.get(key)}
        return {"name": self.id, "type": self.type, **told}


class SearchPage(Kept):
    """A page of found datasets and how many there are in all."""

    count: int
    results: tuple[Dataset, ...]


class TablePage(Kept):
    """A page of a datastore: rows in all, columns, and the rows of this page as CSV without a header."""

    total: int
    fields: tuple[TableField, ...]
    records: str = Field(repr=False)


@dataclass(frozen=True)
class TableState:
    """What can be known of a datastore without reading it: rows, the highest row id, the columns."""

    row_count: int
    last_row_id: str
    fields: tuple[TableField, ...]
