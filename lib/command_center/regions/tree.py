"""The tree of regions: regency, kecamatan, desa and kelurahan, under the Kemendagri and BPS codes.

The two systems list the kecamatan in different orders, so one code is never derived from the other: the
crosswalk is the table. Adds no figure of its own and fills no empty area.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
from rapidfuzz import process

from command_center.errors import ReferenceDataError, UnknownRegionError
from command_center.regions.matching import AmbiguousRegionError, RegionMatch, match_region
from command_center.regions.reference import KEEPER, read_table
from command_center.settings import Settings

LEVELS = ("kab", "kec", "desa", "kel")
VILLAGE_LEVELS = ("desa", "kel")
_LEVEL_WORDS = {"kab": "Kabupaten", "kec": "Kecamatan", "desa": "Desa", "kel": "Kelurahan"}
_COLUMNS = ("code", "bps_code", "name", "level", "parent_code", "lon", "lat", "postcode", "area_km2")
# A spelling of this kind names a place inside the region: kept for the reader, never matched.
_PLACE_ONLY = "place"
_DOTTED = re.compile(r"\d{2}\.\d{2}(\.\d{2}(\.\d{4})?)?")
_SEPARATORS = re.compile(r"(?<=\d)[ \-](?=\d)")


@dataclass(frozen=True)
class Region:
    """One region; `parent` is a code or None, `area_km2` None where no area was published."""

    code: str
    name: str
    level: str
    parent: str | None
    bps_code: str
    spellings: tuple[str, ...]
    lon: float
    lat: float
    area_km2: float | None
    source: str
    postcode: str | None = None
    area_source: str = ""


@dataclass(frozen=True)
class ResolvedCode:
    """A code as read: `system` is "kemendagri", "bps", or "both" where the digits say the same in each."""

    code: str
    system: str


class RegionTree:
    """All regions of one regency, in code order."""

    def __init__(self, regions: Iterable[Region]) -> None:
        """Index the regions; ReferenceDataError when they are not one tree with unique codes."""
        self._regions: dict[str, Region] = {}
        self._bps: dict[str, Region] = {}
        self._children: dict[str, list[Region]] = {}
        for region in sorted(regions, key=lambda item: item.code):
            self._add(region)
        roots = [region for region in self._regions.values() if region.parent is None]
        if len(roots) != 1:
            raise _contradiction(f"{len(roots)} regions have no parent, one must")
        self.root = roots[0]

    def __len__(self) -> int:
        return len(self._regions)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def __contains__(self, code: object) -> bool:
        return code in self._regions

    @property
    def districts(self) -> tuple[Region, ...]:
        """The kecamatan."""
        return self.descendants(self.root.code, level="kec")

    @property
    def villages(self) -> tuple[Region, ...]:
        """The desa and kelurahan."""
        return self.descendants(self.root.code, level=VILLAGE_LEVELS)

    def get(self, code: str) -> Region:
        """Return the region with this Kemendagri code; UnknownRegionError names the nearest codes."""
        region = self._regions.get(code)
        if region is None:
            raise self._unknown_code(code)
        return region

    def by_bps(self, code: str | int) -> Region:
        """Return the region with this BPS code; UnknownRegionError when there is none."""
        region = self._bps.get(str(code).strip())
        if region is None:
            raise self._unknown_code(str(code))
        return region

    def children(self, code: str) -> tuple[Region, ...]:
        """Return the regions directly below, in code order; empty for a village."""
        self.get(code)
        return tuple(self._children.get(code, ()))

    def ancestors(self, code: str) -> tuple[Region, ...]:
        """Return the regions above, root first, without the region itself."""
        chain: list[Region] = []
        region = self.get(code)
        while region.parent is not None:
            region = self.get(region.parent)
            chain.append(region)
        return tuple(reversed(chain))

    def near(self, code: str) -> tuple[str, ...]:
        """Return the codes a page about a region can show: itself, those above, those directly below, its neighbours.

        Neighbours are the regions below the same one. Root first, then in code order.
        """
        above = self.ancestors(code)
        beside = self.children(above[-1].code) if above else (self.get(code),)
        return tuple(dict.fromkeys(one.code for one in (*above, *beside, *self.children(code))))

    def descendants(self, code: str, level: str | Collection[str] | None = None) -> tuple[Region, ...]:
        """Return all regions below in code order, of one level or several when `level` is given."""
        wanted = _levels(level)
        found: list[Region] = []
        for child in self.children(code):
            if child.level in wanted:
                found.append(child)
            found.extend(self.descendants(child.code, level))
        return tuple(found)

    def match(
        self, text: str, within: str | None = None, level: str | Collection[str] | None = None
    ) -> RegionMatch:
        """Return the region a name means: exactly, by a recorded spelling, or nearly.

        `within` keeps to the descendants of that code. A call takes about 2 ms: match each distinct name of a
        column once. Raises AmbiguousRegionError when several regions fit
        equally, UnknownRegionError (with the nearest names, and where else the name occurs) when none does.
        """
        wanted = _levels(level)
        scope = self.descendants(within) if within is not None else tuple(self._regions.values())
        return match_region(
            text,
            [region for region in scope if region.level in wanted],
            label=self.label,
            within=self.label(within) if within is not None else None,
            elsewhere=[region for region in self._regions.values() if region not in scope] if within else [],
        )

    def resolve_code(self, text: str | int | float) -> ResolvedCode:
        """Return the region a code means, in either system, dotted or not, also when read as a number.

        Digits are looked up whole in both systems, never cut or padded. Raises AmbiguousRegionError when
        the systems disagree about them, UnknownRegionError when neither knows them.
        """
        found = self.find_code(text)
        if found is None:
            raise self._unknown_code(_code_text(text))
        return found

    def find_code(self, text: str | int | float) -> ResolvedCode | None:
        """Return what resolve_code does, or None when neither system knows the code."""
        code = _code_text(text)
        if _DOTTED.fullmatch(code):
            return ResolvedCode(code, "kemendagri") if code in self._regions else None
        own, other = self._regions.get(_dotted(code)), self._bps.get(code)
        if own and other and own is not other:
            raise AmbiguousRegionError(
                f"{code} means {self.label(own.code)} to Kemendagri and {self.label(other.code)} to BPS",
                candidates=(own.code, other.code),
                next_step="write the Kemendagri code with its dots",
            )
        if own is not None:
            return ResolvedCode(own.code, "both" if other else "kemendagri")
        return ResolvedCode(other.code, "bps") if other is not None else None

    def label(self, code: str) -> str:
        """Return the Indonesian title of a region, such as "Kecamatan X"."""
        region = self.get(code)
        return f"{_LEVEL_WORDS[region.level]} {region.name}"

    def frame(self) -> pd.DataFrame:
        """Return one row per region: code, bps_code, name, level, parent_code, lon, lat, postcode, area_km2.

        lon and lat in decimal degrees; postcode and parent_code None, area_km2 NaN, where there is none.
        """
        rows = [
            (r.code, r.bps_code, r.name, r.level, r.parent, r.lon, r.lat, r.postcode, r.area_km2)
            for r in self._regions.values()
        ]
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"area_km2": "float64"})

    def _add(self, region: Region) -> None:
        if region.code in self._regions or region.bps_code in self._bps:
            raise _contradiction(f"a code of {region.code} {region.name} occurs twice")
        # Sorted by code, a parent always comes before its children.
        if region.parent is not None and region.parent not in self._regions:
            raise _contradiction(f"{region.code} {region.name} lies in {region.parent}, which is not listed")
        self._regions[region.code] = region
        self._bps[region.bps_code] = region
        if region.parent is not None:
            self._children.setdefault(region.parent, []).append(region)

    def _unknown_code(self, code: str) -> UnknownRegionError:
        near = process.extract(code, [*self._regions, *self._bps], limit=3)
        known = {**{r.bps_code: r for r in self._bps.values()}, **self._regions}
        names = ", ".join(f"{text} ({self.label(known[text].code)})" for text, _, _ in near)
        return UnknownRegionError(
            f"No region has the code '{code}'",
            who="the sender of the file",
            next_step=f"compare with the nearest codes: {names}",
        )


def load_regions(settings: Settings) -> RegionTree:
    """Return the tree of `data/reference/regions.csv` with its recorded spellings; read once per folder."""
    return _load(settings.reference_dir)


@lru_cache(maxsize=4)
def _load(folder: Path) -> RegionTree:
    spellings: dict[str, list[str]] = {}
    for row in read_table(folder / "region_spellings.csv", ("code", "spelling", "kind", "source")):
        if row["kind"] != _PLACE_ONLY:
            spellings.setdefault(row["code"], []).append(row["spelling"])
    path = folder / "regions.csv"
    rows = read_table(path, (*_COLUMNS, "area_source", "source"))
    stray = sorted(spellings.keys() - {row["code"] for row in rows})
    if stray:
        raise _contradiction(f"spellings are recorded for unknown codes: {', '.join(stray)}")
    return RegionTree(_region(row, spellings.get(row["code"], []), path) for row in rows)


def _region(row: dict[str, str], spellings: Sequence[str], path: Path) -> Region:
    if row["level"] not in LEVELS:
        raise _contradiction(f"{row['code']} has the level '{row['level']}', known are {', '.join(LEVELS)}")
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
        area = float(row["area_km2"]) if row["area_km2"] else None
    except ValueError as error:
        raise ReferenceDataError(
            f"A number of {row['code']} cannot be read: {error}", where=str(path), who=KEEPER
        ) from error
    return Region(
        code=row["code"],
        name=row["name"],
        level=row["level"],
        parent=row["parent_code"] or None,
        bps_code=row["bps_code"],
        spellings=tuple(spellings),
        lon=lon,
        lat=lat,
        area_km2=area,
        source=row["source"],
        postcode=row["postcode"] or None,
        area_source=row["area_source"],
    )


def _levels(level: str | Collection[str] | None) -> Collection[str]:
    if level is None:
        return LEVELS
    wanted = (level,) if isinstance(level, str) else tuple(level)
    unknown = sorted(set(wanted) - set(LEVELS))
    if unknown:
        raise UnknownRegionError(
            f"There is no level {', '.join(unknown)}", next_step=f"use one of {', '.join(LEVELS)}"
        )
    return wanted


def _code_text(value: str | int | float) -> str:
    """Spreadsheets hand codes over as 331615.0, '331615 or 33 16 15; the digits are all that counts."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.replace("\u00a0", " ").strip().lstrip("'").strip()
    if re.fullmatch(r"\d{4,}\.0+", text):
        text = text.partition(".")[0]
    return _SEPARATORS.sub(".", text)


def _dotted(digits: str) -> str:
    cuts = {4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}.get(len(digits), ())
    return ".".join(digits[start:end] for start, end in zip((0, *cuts), cuts, strict=False))


def _contradiction(what: str) -> ReferenceDataError:
    return ReferenceDataError(
        f"The region table contradicts itself: {what}",
        where="data/reference/regions.csv",
        who=KEEPER,
        next_step="correct the row",
    )
