"""The kept files read with pandas alone, and what a person would compute from them: nothing of the library is used.

Sample files are read as an office wrote them: Indonesian headers, semicolons, numbers and dates spelled in several
ways. Published tables are read as they are committed.
"""

import sqlite3
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "Nopember",
    "Desember",
)  # fmt: skip


def a_number(text: str) -> float:
    """Read a number as an office writes it: spaces, "Rp 1.234.567,-", points between thousands; empty is missing."""
    plain = text.replace("\u00a0", " ").strip()
    if plain.startswith("Rp"):
        plain = plain.removeprefix("Rp").removesuffix(",-").strip()
    if plain.count(".") > 1 or (plain.count(".") == 1 and "Rp" in text):
        plain = plain.replace(".", "")
    return float(plain) if plain else np.nan


def a_day(text: str) -> pd.Timestamp:
    """Read a day in ISO or in Indonesian words; empty is missing."""
    plain = text.strip()
    if not plain:
        return pd.NaT
    if " " in plain:
        day, month, year = plain.split()
        return pd.Timestamp(int(year), MONTHS.index(month) + 1, int(day))
    return pd.Timestamp(plain)


@dataclass(frozen=True)
class RawFiles:
    """The files of one house."""

    root: Path

    @cached_property
    def _received(self) -> dict[tuple[str, str], list[str]]:
        register = self.root / "data/samples/registers/submissions.sqlite"
        with sqlite3.connect(f"file:{register}?mode=ro", uri=True) as connection:
            rows = connection.execute(
                "SELECT sector, dataset, sha256 FROM submissions WHERE state = 'accepted' ORDER BY name"
            ).fetchall()
        found: dict[tuple[str, str], list[str]] = {}
        for sector, dataset, sha256 in rows:
            found.setdefault((sector, dataset), []).append(sha256)
        return found

    @cache  # noqa: B019 - lives as long as the tests
    def sample(self, sector: str, dataset: str) -> pd.DataFrame:
        """Return all sample files of a dataset as one table, columns under their declared names, typed."""
        declared = yaml.safe_load((self.root / f"sectors/{sector}/sector.yml").read_text(encoding="utf-8"))
        fields = next(one for one in declared["datasets"] if one["id"] == dataset)["table"]["fields"]
        names = {field["title"]["id"] if "title" in field else field["name"]: field for field in fields}
        parts = [
            pd.read_csv(
                self.root / "data/samples/raw" / sha256[:2] / sha256,
                sep=";",
                dtype=str,
                keep_default_na=False,
            )
            for sha256 in self._received[sector, dataset]
        ]
        table = pd.concat(parts, ignore_index=True)
        for title in table.columns:
            kind = names[title].get("type", "string")
            if kind in ("integer", "number"):
                table[title] = table[title].map(a_number)
            elif kind == "date":
                table[title] = table[title].map(a_day)
            else:
                cells = table[title].str.strip()
                allowed = {word.lower(): word for word in names[title].get("constraints", {}).get("enum", ())}
                table[title] = cells.map(lambda cell, words=allowed: words.get(cell.lower(), cell))
        return table.rename(columns={title: field["name"] for title, field in names.items()})

    def published(self, name: str) -> pd.DataFrame:
        """Return a committed table of published figures; empty cells are missing."""
        return pd.read_csv(
            self.root / "data/published" / f"{name}.csv",
            dtype={"region_code": str, "period": str, "method": str, "agency_code": str},
        )


def within(table: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return the rows of a region and of those below it."""
    codes = table["region_code"]
    return table[codes.eq(region) | codes.str.startswith(f"{region}.")]


def month_end(period: str) -> pd.Timestamp:
    """Return the last day of a month."""
    return pd.Timestamp(f"{period}-01") + pd.offsets.MonthEnd(0)


def working_day(start: pd.Series, days: pd.Series) -> pd.Series:
    """Return the day that lies so many working days (Monday to Friday) after each start, counted one by one."""
    found = []
    for day, left in zip(start, days.astype(int), strict=True):
        current = day
        while current.day_of_week > 4:
            current -= pd.Timedelta(days=1)
        while left:
            current += pd.Timedelta(days=1)
            left -= current.day_of_week <= 4
        found.append(current)
    return pd.Series(found, index=start.index)
