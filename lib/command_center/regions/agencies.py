"""Who owns and who owes a figure: the agencies of the regency under codes that outlive their names.

A renamed agency keeps its code and has one row per name with its days of validity. The codes are a
proposal until the regency confirms them; this module says so and decides nothing from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from rapidfuzz import fuzz, process

from command_center.errors import CommandCenterError, ReferenceDataError
from command_center.regions.matching import FUZZY_CUTOFF, FUZZY_MARGIN, normalise
from command_center.regions.reference import KEEPER, read_table
from command_center.settings import Settings

KINDS = ("opd", "kecamatan", "outside")
_COLUMNS = (
    "code", "kind", "name_id", "short_name", "name_en", "aliases", "region_code", "parent_code",
    "valid_from", "valid_to", "provenance", "source",
)  # fmt: skip


class UnknownAgencyError(CommandCenterError):
    """An agency code or name that the reference data does not know, or that several agencies share."""


@dataclass(frozen=True)
class Agency:
    """One agency under one name; open validity is None, `valid_to` is the last day of the name.

    `region_code` is the kecamatan an office serves, `parent_code` the agency a section belongs to.
    """

    code: str
    kind: str
    name_id: str
    short_name: str
    name_en: str
    aliases: tuple[str, ...]
    region_code: str | None
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None
    provenance: str
    source: str

    def is_valid(self, on: date) -> bool:
        """Return whether the agency bore this name on that day."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)

    @property
    def names(self) -> tuple[str, ...]:
        """Every way this name is written."""
        return (self.short_name, self.name_id, self.name_en, *self.aliases)


@dataclass(frozen=True)
class AgencyMatch:
    """The agency a text means: `how` is "exact" or "fuzzy", `score` 0-100."""

    code: str
    how: str
    score: float


class AgencyBook:
    """All agencies with all their names."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        """Index the agencies; ReferenceDataError when two names of one code are valid on the same day."""
        self._names: dict[str, list[Agency]] = {}
        for agency in agencies:
            self._names.setdefault(agency.code, []).append(agency)
        for code, names in self._names.items():
            names.sort(key=lambda agency: agency.valid_from or date.min)
            for earlier, later in pairwise(names):
                if (earlier.valid_to or date.max) >= (later.valid_from or date.min):
                    raise _contradiction(f"two names of {code} are valid on the same day")

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in order."""
        return tuple(sorted(self._names))

    def get(self, code: str, on: date | None = None) -> Agency:
        """Return the agency under the name it bore on that day, or under its latest name.

        Raises UnknownAgencyError when the code is unknown or had no name on that day.
        """
        names = self._names.get(code)
        if names is None:
            raise UnknownAgencyError(
                f"No agency has the code '{code}'",
                who=KEEPER,
                next_step="add it to data/reference/agencies.csv or correct the code",
            )
        if on is None:
            return names[-1]
        for agency in names:
            if agency.is_valid(on):
                return agency
        raise UnknownAgencyError(
            f"The agency {code} has no name on {on.isoformat()}",
            who=KEEPER,
            next_step="correct its valid_from and valid_to",
        )

    def history(self, code: str) -> tuple[Agency, ...]:
        """Return every name the code has borne, oldest first."""
        self.get(code)
        return tuple(self._names[code])

    def of_kind(self, kind: str, on: date | None = None) -> tuple[Agency, ...]:
        """Return the agencies of one kind in code order, under their name on that day (or latest)."""
        return tuple(agency for code in self.codes if (agency := self.get(code, on)).kind == kind)

    def match(self, text: str) -> AgencyMatch:
        """Return the agency a name means, by any present or past name, abbreviation or alias.

        Raises UnknownAgencyError when no agency, or more than one, fits.
        """
        wanted = _key(text)
        rows = [row for history in self._names.values() for row in history]
        keys = [(_key(name), row.code) for row in rows for name in row.names]
        exact = sorted({code for key, code in keys if key == wanted})
        if len(exact) == 1:
            return AgencyMatch(exact[0], "exact", 100.0)
        scores: dict[str, float] = dict.fromkeys(exact, 100.0)
        near = process.extract(wanted, [key for key, _ in keys], scorer=fuzz.ratio, limit=20)
        for _, score, position in near:
            scores.setdefault(keys[position][1], float(score))
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:3]
        if not wanted or not ranked or ranked[0][1] < FUZZY_CUTOFF:
            raise self._unsettled(f"No agency is called '{text}'", ranked)
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < FUZZY_MARGIN:
            raise self._unsettled(f"'{text}' fits more than one agency", ranked)
        return AgencyMatch(ranked[0][0], "fuzzy", ranked[0][1])

    def _unsettled(self, what: str, ranked: list[tuple[str, float]]) -> UnknownAgencyError:
        listed = ", ".join(f"{code} {self.get(code).short_name}" for code, _ in ranked)
        return UnknownAgencyError(
            what, who="the sender of the file", next_step=f"use the code; nearest are {listed}"
        )


def load_agencies(settings: Settings) -> AgencyBook:
    """Return the agencies of `data/reference/agencies.csv`; read once per folder."""
    return _load(settings.reference_dir)


@lru_cache(maxsize=4)
def _load(folder: Path) -> AgencyBook:
    return AgencyBook(_agency(row) for row in read_table(folder / "agencies.csv", _COLUMNS))


def _agency(row: dict[str, str]) -> Agency:
    if row["kind"] not in KINDS:
        raise _contradiction(f"{row['code']} has the kind '{row['kind']}', known are {', '.join(KINDS)}")
    return Agency(
        code=row["code"],
        kind=row["kind"],
        name_id=row["name_id"],
        short_name=row["short_name"],
        name_en=row["name_en"],
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
        region_code=row["region_code"] or None,
        parent_code=row["parent_code"] or None,
        valid_from=_day(row, "valid_from"),
        valid_to=_day(row, "valid_to"),
        provenance=row["provenance"],
        source=row["source"],
    )


def _day(row: dict[str, str], column: str) -> date | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise _contradiction(f"{column} of {row['code']} is not a day: {row[column]}") from error


def _key(name: str) -> str:
    return "".join(letter for letter in normalise(str(name)) if letter.isalnum())


def _contradiction(what: str) -> ReferenceDataError:
    return ReferenceDataError(
        f"The agency table contradicts itself: {what}",
        where="data/reference/agencies.csv",
        who=KEEPER,
        next_step="correct the row",
    )
