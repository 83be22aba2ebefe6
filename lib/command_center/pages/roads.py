"""The page of a sector's roads: condition on the map, the strip of each road, and what to repair first for a budget.

Every number was computed at the refresh (roads.atlas); this page writes them down.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pandas as pd
from markupsafe import Markup

from command_center.catalog import Sector
from command_center.locale import Language, Locale
from command_center.maps.roads import road_map, rows_of, runs, strip, swatch
from command_center.pages.addresses import roads_page
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top
from command_center.pages.road_words import BAND_NAMES, PART_NAMES, road_words
from command_center.roads.condition import ALL_CLASSES
from command_center.roads.placement import QUEUED
from command_center.theme import colours, sample_stamp_html

# Steady share of a sub-district in percent: below 50, below 60, below 70, below 80, above.
SHADE_EDGES = (50.0, 60.0, 70.0, 80.0)
CRITICAL_SHOWN, BUDGET_SHOWN = 10, 100_000_000_000


@dataclass(frozen=True)
class RoadsPage:
    """The roads of one sector at one edition."""

    context: PageContext
    sector: Sector

    def top(self) -> Block:
        """Return the head of the page."""
        locale = self.context.locale
        if not self.is_supplied:
            lead = locale.t("Nobody has sent the inventory and the survey of the roads yet.")
        else:
            lead = locale.t("Which roads are steady, where is the damage, and what is to be repaired first?")
        return page_top(self.context, lead=lead)

    @cached_property
    def is_supplied(self) -> bool:
        """Whether this edition has roads of this sector."""
        about = self.context.edition.table("road_origin")
        return about is not None and about["sector"].iloc[0] == self.sector.slug

    def roads(self) -> Block:
        """Return the map, the strips, the plans and the tables; a sentence where no roads were sent."""
        if not self.is_supplied:
            datasets = self.sector.roads.model_dump().values() if self.sector.roads else ()
            return render(
                "roads_awaited", datasets=[self._title(name) for name in datasets], words=self.words
            )
        return render(
            "roads",
            words=self.words,
            stamp=trusted(sample_stamp_html(self.context.locale)) if self._is_sample else "",
            classes=[self._class(name) for name in ALL_CLASSES],
            map=self._map(),
            shades=self._shades(),
            strips=self._strips(),
            plans=self._plans(),
            chosen=self._chosen,
            waiting=self._waiting(),
            critical=self._critical(),
            rows=self._rows(),
            period=self._about["period"],
        )

    def bottom(self) -> Block:
        """Return the foot of the page."""
        return join(page_bottom(self.context))

    # --- tables of the edition -----------------------------------------------------------------

    def _table(self, name: str) -> pd.DataFrame:
        table = self.context.edition.table(f"road_{name}")
        return pd.DataFrame() if table is None else table

    @cached_property
    def _about(self) -> "pd.Series[str]":
        return self._table("origin").iloc[0]

    @property
    def _is_sample(self) -> bool:
        return bool(self._about["is_sample"])

    @cached_property
    def _links(self) -> pd.DataFrame:
        return self._table("links")

    @cached_property
    def _segments(self) -> pd.DataFrame:
        return self._table("segments")

    @cached_property
    def _reports(self) -> pd.DataFrame:
        return self._table("reports")

    @cached_property
    def _stretches(self) -> pd.DataFrame:
        return runs(self._segments)

    @cached_property
    def _frontier(self) -> pd.DataFrame:
        return self._table("frontier")

    @cached_property
    def _chosen(self) -> int:
        """The position of the budget shown first."""
        return int((self._frontier["budget_idr"] - BUDGET_SHOWN).abs().to_numpy().argmin())

    # --- words -----------------------------------------------------------------------------------

    @property
    def _locale(self) -> Locale:
        return self.context.locale

    def _km(self, value: float | None) -> str:
        return self._locale.quantity(value, "km", 1)

    def _percent(self, value: float | None) -> str:
        return self._locale.quantity(value, "%", 1)

    def _rupiah(self, value: float | None) -> str:
        return self._locale.quantity(value, "Rp")

    def _title(self, dataset: str) -> str:
        return self.sector.dataset(dataset).title.in_language(self.context.language)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The fixed words of the page."""
        return road_words(self._locale)

    def _class(self, name: str) -> dict[str, object]:
        km = self._links[name].sum()
        return {"name": name, "word": self.words[name], "km": self._km(km), "swatch": swatch(name)}

    # --- map -------------------------------------------------------------------------------------

    def _map(self) -> Markup:
        t, areas = self._locale.t, self.context.shapes["kec"]
        districts = self._table("districts").set_index("region_code")["steady_pct"]
        shares = {str(code): float(districts.get(code, float("nan"))) for code in areas["code"]}
        classes = "; ".join(f"{one['word']}: {one['km']}" for one in map(self._class, ALL_CLASSES))
        return road_map(
            self._links,
            self._stretches,
            areas,
            {code: self._shade(share) for code, share in shares.items()},
            self._reports[["x", "y"]].assign(label=[self._report(row) for row in rows_of(self._reports)]),
            {str(row.road_code): self._said(row) for row in rows_of(self._links)},
            title=t("Roads by condition"),
            description=t(
                "Map of {count} roads. {classes}.",
                count=self._locale.number(len(self._links)),
                classes=classes,
            ),
        )

    def _shade(self, share: float) -> str:
        shades = colours.sequence("blues", 5)
        if math.isnan(share):
            return colours.NO_DATA_AREA
        return shades[sum(share >= edge for edge in SHADE_EDGES)]

    def _shades(self) -> list[dict[str, str]]:
        number = self._locale.number
        edges = [number(edge, 0) for edge in SHADE_EDGES]
        labels = [f"< {edges[0]}%"]
        labels += [f"{low}–{high}%" for low, high in pairwise(edges)]
        labels.append(f"≥ {edges[-1]}%")
        return [
            {"colour": colour, "label": label}
            for colour, label in zip(colours.sequence("blues", 5), labels, strict=True)
        ]

    def _report(self, row: Any) -> str:
        t = self._locale.t
        if row.outcome == QUEUED:
            return t("Report {code}: place to be checked by a person", code=row.report_code)
        return t(
            "Report {code}: {kind} on {road}",
            code=row.report_code,
            kind=row.damage_kind,
            road=row.road_code,
        )

    def _said(self, row: Any) -> str:
        name = f"{row.road_code} {row.name}"
        steady = row.steady_pct
        facts = [str(row.authority), self._km(row.length_km)]
        if not pd.isna(steady):
            facts.append(self._locale.t("{share} steady", share=self._percent(steady)))
        return f"{name}: {', '.join(facts)}"

    # --- strips ----------------------------------------------------------------------------------

    def _strips(self) -> list[dict[str, object]]:
        by_road = _by(self._segments, "road_code")
        stretches = _by(self._stretches, "road_code")
        placed = self._reports[self._reports["outcome"].ne(QUEUED)]
        at = {str(code): part["sta_m"] for code, part in placed.groupby("road_code")}
        return [self._strip(row, by_road, stretches, at) for row in rows_of(self._links)]

    def _strip(
        self,
        row: Any,
        by_road: Mapping[str, pd.DataFrame],
        stretches: Mapping[str, pd.DataFrame],
        at: Mapping[str, "pd.Series[float]"],
    ) -> dict[str, object]:
        code = str(row.road_code)
        segments = by_road.get(code)
        facts = self._said(row)
        if segments is None:
            return {"code": code, "heading": facts, "drawing": "", "note": self.words["other"], "rows": []}
        title = self._locale.t("Strip map of {road}", road=f"{code} {row.name}")
        drawing = strip(
            stretches[code], segments, at.get(code, pd.Series(dtype="float64")), self.words, title
        )
        methods = ", ".join(sorted({str(each) for each in segments["method"] if each}))
        note = self._locale.t("Method: {method}", method=methods or self._locale.missing)
        rows = [
            {
                "stretch": f"{_sta(each.from_m)} – {_sta(each.to_m)}",
                "word": self.words[str(each.condition)],
                "name": each.condition,
                "sdi": self._locale.number(each.sdi, 0) if not pd.isna(each.sdi) else "–",
            }
            for each in rows_of(stretches[code])
        ]
        return {"code": code, "heading": facts, "drawing": drawing, "note": note, "rows": rows}

    # --- plans -----------------------------------------------------------------------------------

    def _plans(self) -> list[dict[str, object]]:
        packages = self._table("packages")
        by_budget = _by(packages, "budget_idr") if len(packages) else {}
        return [
            self._plan(number, row, by_budget.get(str(row["budget_idr"]), packages.iloc[:0]))
            for number, (_, row) in enumerate(self._frontier.iterrows())
        ]

    def _plan(self, number: int, row: "pd.Series[float]", packages: pd.DataFrame) -> dict[str, object]:
        t = self._locale.t
        label = t(
            "{budget}: {share} steady",
            budget=self._rupiah(row["budget_idr"]),
            share=self._percent(row["steady_pct"]),
        )
        facts = [
            t(
                "{spent} spent on {n} packages.",
                spent=self._rupiah(row["spent_idr"]),
                n=self._locale.number(row["packages"], 0),
            ),
            t(
                "{km} become steady: {share} of the network.",
                km=self._km(row["made_steady_km"]),
                share=self._percent(row["steady_pct"]),
            ),
        ]
        if not pd.isna(row["next_km"]):
            facts.append(
                t(
                    "The next Rp10 billion add {km} ({points} percentage points).",
                    km=self._km(row["next_km"]),
                    points=self._locale.number(row["next_points"], 2),
                )
            )
        return {
            "number": number,
            "label": label,
            "facts": facts,
            "rows": [self._package(one) for one in rows_of(packages)],
        }

    def _package(self, row: Any) -> dict[str, str]:
        read = row._asdict()
        t = self._locale.t
        reason = t(
            "{km} damaged, the worst {worst}; weighs most: {part}",
            km=self._km(read["damaged_km"]),
            worst=self.words[read["worst"]].lower(),
            part=t(PART_NAMES[read["main_part"]]),
        )
        if read["reports_count"]:
            reason += "; " + self._locale.tn(
                "{n} open report", "{n} open reports", int(read["reports_count"])
            )
        return {
            "code": read["road_code"],
            "road": read["road_name"],
            "stretch": f"{_sta(read['from_m'])} – {_sta(read['to_m'])}",
            "length": self._km(read["length_km"]),
            "cost": self._rupiah(read["cost_idr"]),
            "per_year": self._rupiah(read["cost_per_km_year_idr"]),
            "reason": reason,
        }

    def _waiting(self) -> list[dict[str, str]]:
        return [
            {
                "band": self._locale.t(BAND_NAMES[str(row["band"])]),
                "now": self._rupiah(row["needed_now_idr"]),
                "later": self._rupiah(row["needed_later_idr"]),
                "waiting": self._rupiah(row["waiting_idr"]),
                "steady": self._percent(row["steady_pct_later"]),
            }
            for _, row in self._table("waiting").iterrows()
        ]

    def _critical(self) -> list[dict[str, str]]:
        return [
            {
                "code": row["road_code"],
                "road": row["road_name"],
                "heavy": self._km(row["heavy_km"]),
                "people": self._locale.number(row["people_cut"], 0),
                "detour": self._locale.number(row["detour_person_km"], 0),
            }
            for _, row in self._table("criticality").head(CRITICAL_SHOWN).iterrows()
        ]

    def _rows(self) -> list[dict[str, object]]:
        return [
            {
                "code": row["road_code"],
                "name": row["name"],
                "authority": row["authority"],
                "length": self._locale.number(row["length_km"], 2),
                "km": [
                    self._locale.number(row[name], 1) if not pd.isna(row[name]) else "–"
                    for name in ALL_CLASSES
                ],
                "has": " ".join(f"cc-has-{name}" for name in ALL_CLASSES if row[name] > 0),
                "steady": self._percent(row["steady_pct"]) if not pd.isna(row["steady_pct"]) else "–",
                "reports": self._locale.number(row["reports"], 0),
            }
            for _, row in self._links.iterrows()
        ]


def _by(table: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    return {str(value): part for value, part in table.groupby(column)}


def _sta(metres: float) -> str:
    return f"{int(metres) // 1000}+{int(metres) % 1000:03d}"


def open_roads(sector: str, *, edition: str = "latest", language: Language = "id") -> RoadsPage:
    """Return the page of a sector's roads; CatalogError or EditionError, each saying what to do."""
    context = open_context(roads_page(sector), edition, language)
    return RoadsPage(context, context.house.catalog.sector(sector))
