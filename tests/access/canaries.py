"""A house whose figures are canaries: indicators of all three classes, no number twice, so that one that leaks is known.

The table of who may see what is written out here a second time, by hand, and shares nothing with the library.
"""

import csv
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from command_center.editions import Edition
from command_center.settings import Settings
from tests.house.builder import VILLAGES, build_house

SECTORS = {
    "water": (1, "Air", "Water", "1.03.01", "WAT"),
    "power": (2, "Listrik", "Power", "1.02.01", "PWR"),
}
CLASSES = ("publik", "internal", "dikecualikan")
YEARS = ("2023", "2024")
# What an agency may type into a text column.
SOURCE, NOTE = "<script>alert(1)</script>", "=HYPERLINK(1)"

INDICATOR = """\
  - id: {id}
    name: {{id: "Ukuran {id}", en: "Measure {id}"}}
    question: {{id: "Berapa {id}?", en: "How many {id}?"}}
    definition: {{id: Jumlah, en: Sum}}
    dataset: supply
    formula: {{numerator: {column}}}
    unit: count
    decimals: 0
    direction: down
    grain: desa
    main_method: survey
    access: {access}
    bands: {{good: 10, watch: 20, provenance: proposal, source: {{id: usulan, en: proposal}}}}
"""
DECLARATION = """\
slug: {slug}
order: {order}
name: {{id: {name_id}, en: {name_en}}}
question: {{id: "Siapa terlayani?", en: "Who is served?"}}
story: {{id: Cerita, en: Story}}
owner: "{owner}"
datasets:
  - id: supply
    title: {{id: Layanan, en: Supply}}
    owner: "{owner}"
    cadence: yearly
    file: ./supply.csv
    methods:
      survey: {{id: Survei, en: Survey}}
    table:
      primaryKey: [region_code, period, method]
      foreignKeys:
        - {{fields: region_code, reference: {{resource: regions, fields: code}}}}
      fields:
        - {{name: region_code, type: string, constraints: {{required: true}}}}
        - {{name: period, type: string, constraints: {{required: true}}}}
        - {{name: method, type: string, constraints: {{required: true, enum: [survey]}}}}
        - {{name: first, type: integer, constraints: {{minimum: 0}}}}
        - {{name: second, type: integer, constraints: {{minimum: 0}}}}
        - {{name: third, type: integer, constraints: {{minimum: 0}}}}
        - {{name: as_of, type: date, constraints: {{required: true}}}}
        - {{name: source, type: string, constraints: {{required: true}}}}
        - {{name: source_date, type: date}}
        - {{name: note, type: string}}
indicators:
{indicators}
page:
  headline: {prefix}3
  beside: [{prefix}1, {prefix}2]
"""


def build_canaries(root: Path, *, shift: int = 0) -> Settings:
    """Make the house below `root`; `shift` moves every figure, for another edition with other canaries."""
    settings = build_house(root)
    for slug, (order, name_id, name_en, owner, prefix) in SECTORS.items():
        folder = root / "sectors" / slug
        columns = ("first", "second", "third")
        indicators = "".join(
            INDICATOR.format(id=f"{prefix}{number}", column=column, access=access)
            for number, (column, access) in enumerate(zip(columns, CLASSES, strict=True), start=1)
        )
        (folder / "sector.yml").write_text(
            DECLARATION.format(
                slug=slug, order=order, name_id=name_id, name_en=name_en, owner=owner, prefix=prefix,
                indicators=indicators,
            ),
            encoding="utf-8",
        )  # fmt: skip
        write_canaries(folder, order, shift)
    shutil.rmtree(root / "data" / "registers", ignore_errors=True)
    return settings


def write_canaries(folder: Path, order: int, shift: int) -> None:
    """Write the figures: seven digits, spread so widely that no sum of a few is another one."""
    with (folder / "supply.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [
                "region_code",
                "period",
                "method",
                "first",
                "second",
                "third",
                "as_of",
                "source",
                "source_date",
                "note",
            ]
        )
        for place, code in enumerate(VILLAGES):
            for year_place, year in enumerate(YEARS):
                seed = ((order * 10 + place) * 10 + year_place) * 10
                figures = [
                    1_234_567 + (seed + number) * 7_919 + shift * 101 + number**5 * 13 for number in (1, 2, 3)
                ]
                writer.writerow(
                    [code, year, "survey", *figures, f"{year}-12-31", SOURCE, f"{year}-12-31", NOTE]
                )


@dataclass(frozen=True)
class Canary:
    """One figure of an edition and what it says of itself."""

    edition: str
    sector: str
    indicator: str
    access: str
    owner: str
    region: str
    period: str
    number: int

    @property
    def pattern(self) -> str:
        """The number as text and as the two languages write it."""
        plain = str(self.number)
        dotted = f"{self.number:,}"
        return "|".join((plain, re.escape(dotted), re.escape(dotted.replace(",", "."))))


def canaries(edition: Edition) -> list[Canary]:
    """Every figure of an edition; the numbers must all differ."""
    found = []
    for row in edition.measures.itertuples():
        sector, indicator = edition.catalog.indicator(str(row.indicator))
        found.append(
            Canary(
                edition.id, sector.slug, indicator.id, indicator.access, SECTORS[sector.slug][3],
                str(row.region_code), str(row.period), round(float(row.value)),  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return found


class Finder:
    """Finds canaries in bytes, all in one pass."""

    def __init__(self, known: list[Canary]) -> None:
        assert len({canary.number for canary in known}) == len(known), "two canaries are the same number"
        self._by_number = {canary.number: canary for canary in known}
        every = "|".join(canary.pattern for canary in known)
        self._pattern = re.compile(rf"(?<![\d])(?:{every})(?![\d])")

    def find(self, text: str) -> set[Canary]:
        """The canaries in a text."""
        return {self._by_number[int(re.sub(r"[.,]", "", hit))] for hit in self._pattern.findall(text)}


# --- who may see what, by hand ---------------------------------------------------------------------


@dataclass(frozen=True)
class Persona:
    """Somebody with a role and its scope."""

    role: str
    scope: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return "-".join((self.role, *self.scope)).replace(".", "")[:30] or self.role

    @property
    def login(self) -> str:
        return (
            f"{self.role.replace('_', '')}.{abs(hash(self.scope)) % 10_000:04d}" if self.scope else self.role
        )

    @property
    def opens_drafts(self) -> bool:
        return self.role in ("pimpinan", "walidata", "analis")

    def may_see(self, canary: Canary) -> bool:
        """The table: everything; up to internal; one's own; what is open to everybody."""
        if canary.access == "publik":
            return True
        match self.role:
            case "pimpinan" | "walidata":
                return True
            case "analis":
                return canary.access == "internal"
            case "asisten":
                return canary.sector in self.scope
            case "opd":
                return canary.owner == self.scope[0]
            case "camat" | "kepala_desa":
                within = (
                    canary.region == self.scope[0]
                    or canary.region[: len(self.scope[0]) + 1] == f"{self.scope[0]}."
                )
                return canary.access == "internal" and within
        return False


PERSONAS = (
    Persona("publik"),
    Persona("pimpinan"),
    Persona("walidata"),
    Persona("analis"),
    Persona("asisten", ("water",)),
    Persona("asisten", ("power",)),
    Persona("asisten", ("power", "water")),
    Persona("opd", ("1.03.01",)),
    Persona("opd", ("1.02.01",)),
    Persona("opd", ("2.16.01",)),
    Persona("camat", ("33.16.15",)),
    Persona("camat", ("33.16.16",)),
    Persona("kepala_desa", ("33.16.15.2001",)),
    Persona("kepala_desa", ("33.16.16.2011",)),
)
