"""Sectors are found, not registered: every `sectors/<slug>/sector.yml` is an item.

A wrong key is answered with file, line and the nearest known key. Nothing is skipped in silence: a
declaration that cannot be used is named with its error.
"""

import difflib
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from command_center.catalog.datasets import Dataset
from command_center.catalog.models import Indicator, Sector
from command_center.errors import CatalogError
from command_center.settings import Settings

DECLARATION = "sector.yml"
# libyaml reads the house in a tenth of the time.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class BrokenSector:
    """A folder whose declaration cannot be used, and why."""

    slug: str
    error: CatalogError


@dataclass(frozen=True)
class Catalog:
    """All sectors in the order of the menu, and the folders that could not be read as one."""

    sectors: tuple[Sector, ...]
    broken: tuple[BrokenSector, ...] = ()

    def sector(self, slug: str) -> Sector:
        """Return a sector; CatalogError says what is wrong with it, or names the nearest slug."""
        for sector in self.sectors:
            if sector.slug == slug:
                return sector
        for broken in self.broken:
            if broken.slug == slug:
                raise broken.error
        raise CatalogError(
            f"There is no sector {slug!r}{_nearest(slug, [s.slug for s in self.sectors])}",
            where="sectors/",
            who="the analyst",
            next_step="command-center check lists the sectors",
        )

    def indicator(self, indicator_id: str) -> tuple[Sector, Indicator]:
        """Return an indicator and its sector; CatalogError naming the nearest id otherwise."""
        for sector in self.sectors:
            for indicator in sector.indicators:
                if indicator.id == indicator_id:
                    return sector, indicator
        raise self._unknown(indicator_id)

    def _unknown(self, indicator_id: str) -> CatalogError:
        known = [indicator.id for sector in self.sectors for indicator in sector.indicators]
        return CatalogError(
            f"There is no indicator {indicator_id!r}{_nearest(indicator_id, known)}",
            where="sectors/*/sector.yml",
            who="the analyst",
            next_step="choose one of: " + ", ".join(known),
        )

    def series_of(self, indicator_id: str) -> tuple[Sector, tuple[Indicator, ...]]:
        """Return a sector and the indicator of that id, or the series of a compound id: EDU1 names EDU1.sd, EDU1.smp.

        CatalogError as for `indicator` where there is neither.
        """
        for sector in self.sectors:
            exact = tuple(one for one in sector.indicators if one.id == indicator_id)
            series = tuple(one for one in sector.indicators if one.id.startswith(f"{indicator_id}."))
            if found := exact or series:
                return sector, found
        raise self._unknown(indicator_id)

    @property
    def indicators(self) -> tuple[tuple[Sector, Indicator], ...]:
        return tuple((sector, indicator) for sector in self.sectors for indicator in sector.indicators)

    @property
    def datasets(self) -> tuple[tuple[Sector, Dataset], ...]:
        return tuple((sector, dataset) for sector in self.sectors for dataset in sector.datasets)


def sector_slugs(settings: Settings) -> tuple[str, ...]:
    """Return the slugs of all folders that declare a sector, alphabetically."""
    return tuple(sorted(path.parent.name for path in settings.sectors_dir.glob(f"*/{DECLARATION}")))


def load_catalog(settings: Settings) -> Catalog:
    """Return every sector, ordered by `order`; CatalogError where one is broken or two claim one place or id."""
    catalog = load_sound_catalog(settings)
    if catalog.broken:
        raise catalog.broken[0].error
    _refuse_doubles("order", [(str(sector.order), sector.slug) for sector in catalog.sectors])
    return catalog


def load_sound_catalog(settings: Settings) -> Catalog:
    """Return the sectors that can be used, and under `broken` the others with their errors.

    Of two sectors that claim one indicator id the later in the menu counts as broken.
    """
    sectors: list[Sector] = []
    broken: list[BrokenSector] = []
    for slug in sector_slugs(settings):
        try:
            sectors.append(load_sector(settings, slug))
        except CatalogError as error:
            broken.append(BrokenSector(slug, error))
    sound: list[Sector] = []
    for sector in sorted(sectors, key=lambda sector: (sector.order, sector.slug)):
        try:
            _refuse_doubles(
                "indicator id", [(i.id, other.slug) for other in [*sound, sector] for i in other.indicators]
            )
        except CatalogError as error:
            broken.append(BrokenSector(sector.slug, error))
        else:
            sound.append(sector)
    return Catalog(tuple(sound), tuple(broken))


def load_sector(settings: Settings, slug: str) -> Sector:
    """Return one declared sector; CatalogError with file, line and who must act."""
    path = settings.sectors_dir / slug / DECLARATION
    if not path.is_file():
        raise CatalogError(
            f"Sector {slug!r} has no declaration{_nearest(slug, sector_slugs(settings))}",
            where=str(path.relative_to(settings.root)),
            who="the analyst",
            next_step=f"command-center new-sector {slug}",
        )
    stamp = path.stat()
    return _read_sector(path, settings.root, stamp.st_mtime_ns, stamp.st_size)


@functools.lru_cache(maxsize=64)
def _read_sector(path: Path, root: Path, _changed_ns: int, _size: int) -> Sector:
    # Change time and size are part of the key: an edited declaration is read anew.
    where = str(path.relative_to(root))
    try:
        text = path.read_text(encoding="utf-8")
        declared = yaml.load(text, Loader=_Loader)  # noqa: S506 - one of the two safe loaders
    except (OSError, ValueError, yaml.YAMLError) as error:
        # ValueError: bytes that are not UTF-8, or a date that is in no calendar.
        raise CatalogError(
            f"The declaration is not YAML: {error}", where=where, who="the analyst", next_step="mend the file"
        ) from error
    try:
        sector = Sector.model_validate(declared)
    except ValidationError as error:
        raise CatalogError(
            "; ".join(_explain(text, detail) for detail in error.errors()),
            where=where,
            who="the analyst who changed the declaration",
            next_step=f"command-center check {path.parent.name}",
        ) from error
    if sector.slug != path.parent.name:
        raise CatalogError(
            f"slug {sector.slug!r} differs from its folder {path.parent.name!r}",
            where=where,
            who="the analyst",
            next_step="give both the same name",
        )
    return sector


def _explain(text: str, detail: Any) -> str:
    location = tuple(detail["loc"])
    place = ".".join(str(part) for part in location) or "file"
    line = _line_of(text, location)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(location[:-1])
        return f"line {line}: unknown key {place!r}{_nearest(str(location[-1]), known)}"
    if detail["type"] == "missing":
        return f"line {line}: key {place!r} is missing"
    return f"line {line}: {place}: {detail['msg']}"


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """Walk the models along a validation path and return the keys allowed at its end."""
    model: Any = Sector
    for part in location:
        if isinstance(part, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        model = _model_inside(model.model_fields[part].annotation) if part in model.model_fields else None
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _model_inside(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_inside(argument)
        if found is not None:
            return found
    return None


def _line_of(text: str, location: tuple[int | str, ...]) -> int:
    # By the same loader: what one of the two reads, the other may refuse.
    node = yaml.compose(text, Loader=_Loader)
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        node = child
    return node.start_mark.line + 1 if node is not None else 1


def _child(node: Any, part: int | str) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value if not isinstance(value, yaml.ScalarNode) else key
    return None


def _nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _refuse_doubles(what: str, claims: list[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for claim, slug in claims:
        if claim in seen:
            raise CatalogError(
                f"{what} {claim} is claimed by both {seen[claim]!r} and {slug!r}",
                where="sectors/*/sector.yml",
                who="the analyst who added the later one",
                next_step=f"choose another {what} in sectors/{slug}/sector.yml",
            )
        seen[claim] = slug
