"""Invented tables of the infrastructure item, in level with the published figures of the regency.

Roads of 916.1 km with 261 km heavily and 55 km lightly damaged (2023) and more than 35 percent damaged (2025); 185
villages short of water in 2023, 196 with 481,149 persons in 2024; improved drinking water 93.54 percent (2023):
data/published/infrastructure_*.csv.
"""

from datetime import date, timedelta
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from command_center.samples import World
from command_center.samples.network import NamedRoad, draw_network
from command_center.samples.surveys import classes_along, measured, stations
from command_center.samples.world import Chance, Counts, part_of, share_out

# Roads, in units of 10 m so that the sub-districts add up to the last digit: heavy, light damage, unsurveyed.
LENGTH, TEN_M = 91_610, 100
ROADS = ((26_100, 5_500, 1_900), (25_300, 6_100, 1_600), (25_700, 6_900, 1_200))
GOOD_OF_STEADY = 0.68

REPORT_MONTHS, REPORTS_A_MONTH = 22, 84
# Roads break in the wet months.
WET = (1.7, 1.8, 1.6, 1.2, 0.8, 0.6, 0.5, 0.4, 0.5, 0.7, 1.0, 1.4)
DAMAGES = {"lubang": 0.58, "retak": 0.17, "amblas": 0.09, "drainase": 0.12, "jembatan": 0.04}
AUTHORITIES = {"kabupaten": 0.68, "desa": 0.16, "provinsi": 0.12, "nasional": 0.04}
POTHOLE_DAYS, OTHER_DAYS = 7, 14  # working days
CLOSED = 0.88
ROAD_LINKS = 250

# The base of 2022: 910 km, two thirds steady; of the rest five sixths heavily damaged, as in 2023.
OWN_KM, OWN, SEGMENT_M = 910.0, "kabupaten", 100.0
SHARES = {0: 0.45, 1: 0.21, 2: 0.057, 3: 0.271, 4: 0.012}
SURVEY_YEARS = 1
PAVEMENTS = {"aspal": 0.66, "lapen": 0.1, "beton": 0.16, "kerikil": 0.08}
DEGREES, METRES = "EPSG:4326", "EPSG:32749"
TRAFFIC = {"nasional": 9000, "provinsi": 4500, "kabupaten": 900}
PERSONS_PER_FACILITY = 3500
# Roads the press and the agency name, and the places they pass; lengths where they are known. A place that is no
# village of its own stands under the nearest one that is.
NAMED_ROADS = (
    NamedRoad("Blora-Rembang", ("Tempelan", "Medang", "Ngampel"), "nasional"),
    NamedRoad("Blora-Cepu", ("Tempelan", "Jepon", "Cepu"), "nasional"),
    NamedRoad("Kunduran-Ngawen-Blora", ("Kunduran", "Ngawen", "Tempelan"), "provinsi", 25.02),
    NamedRoad(
        "Singget-Doplang-Randublatung-Cepu", ("Singget", "Doplang", "Randublatung", "Cepu"), "provinsi", 46.0
    ),
    NamedRoad("Ngawen-Japah-Todanan", ("Ngawen", "Japah", "Todanan"), "provinsi", 28.06),
    NamedRoad("Cabak-Bleboh", ("Cabak", "Bleboh"), OWN, 12.59),
    NamedRoad("Blora-Randublatung", ("Tempelan", "Randublatung"), OWN),
    NamedRoad("Kunduran-Todanan", ("Kunduran", "Todanan"), OWN),
    NamedRoad("Randublatung-Menden", ("Randublatung", "Mendenrejo"), OWN),
    NamedRoad("Kedungtuban-Galuk-Temengeng", ("Kedungtuban", "Galuk", "Temengeng"), OWN),
    NamedRoad("Mulyorejo-Ngloram-Panolan", ("Mulyorejo", "Ngloram", "Panolan"), OWN),
    NamedRoad("Banjarejo-Karangtalun-Ngawen", ("Banjarejo", "Karangtalun", "Ngawen"), OWN),
    NamedRoad("Japah-Tunjungan", ("Japah", "Tunjungan"), OWN),
    NamedRoad("Keser-Nglangitan", ("Keser", "Nglangitan"), OWN),
    NamedRoad("Jepon-Bogorejo", ("Jepon", "Bogorejo"), OWN),
    NamedRoad("Randublatung-Getas", ("Randublatung", "Getas"), OWN),
    NamedRoad("Trembul-Rowobungkul-Sonokidul", ("Rowobungkul", "Sonokidul"), OWN),
    NamedRoad("Kunduran-Doplang", ("Kunduran", "Doplang"), OWN),
    NamedRoad("Ketuwan-Gondel-Mojorembun", ("Ketuwan", "Gondel", "Mojorembun"), OWN),
    NamedRoad("Pilang-Bulakan-Temulus", ("Pilang", "Temulus"), OWN),
    NamedRoad("Sidorejo-Kenongogong-Klagen", ("Sidorejo", "Klagen"), OWN),
)

PACKAGES = 200
PUBLIC_WORKS, HOUSING, HOUSING_SHARE = "1.03.01", "1.04.01", 0.25
MEDIAN_CONTRACT, ROUNDED = 620_000_000, 1000

SEASONS = 3
VILLAGES_SHORT = {2023: (185, 454_000), 2024: (196, 481_149), 2025: (127, 268_000), 2026: (158, 352_000)}
SEASON_WEEKS = 26
TANK_PERSONS = 900

YEARS = 3
PERSONS_PER_HOUSEHOLD = 3.05
WATER, SANITATION = (0.9354, 0.941, 0.947), (0.884, 0.897, 0.909)


def kondisi_jalan_kec(world: World) -> pd.DataFrame:
    """Return the km of regency roads by condition, sub-district and year."""
    chance = world.chance("infrastructure.kondisi_jalan_kec")
    persons = world.persons_by_district.to_numpy(dtype="float64")
    length = share_out(LENGTH, np.sqrt(persons), chance, 0.2)
    bad = np.exp(chance.normal(0.0, 0.3, len(length)))
    parts = []
    for year, (heavy_km, light_km, unknown_km) in zip(world.years(YEARS), ROADS, strict=True):
        heavy = share_out(heavy_km, length * bad, chance, 0.05)
        light = share_out(light_km, length * np.sqrt(bad), chance, 0.1)
        unknown = share_out(unknown_km, length, chance, 0.6)
        steady = length - heavy - light - unknown
        good = (steady * GOOD_OF_STEADY / np.sqrt(bad) ** 0.3).astype("int64")
        km = {
            "length_km": length,
            "good_km": good,
            "fair_km": steady - good,
            "light_damage_km": light,
            "heavy_damage_km": heavy,
            "unsurveyed_km": unknown,
        }
        table = pd.DataFrame({name: units / TEN_M for name, units in km.items()})
        parts.append(table.assign(region_code=world.districts, period=year))
    return pd.concat(parts, ignore_index=True)


def ruas_jalan(world: World) -> pd.DataFrame:
    """Return the inventory: one row per road with its line in degrees, in the base of 2022."""
    roads = _roads(world)
    chance = world.chance("infrastructure.ruas_jalan")
    places = _places(world)
    persons = world.persons.to_numpy()
    served = np.array([persons[list(road.places)].sum() for road in roads["drawn"]])
    traffic = roads["authority"].map(TRAFFIC) * np.exp(chance.normal(0, 0.6, len(roads)))
    lines = gpd.GeoSeries([road.line for road in roads["drawn"]], crs=METRES).to_crs(DEGREES)
    names = places["name"].to_numpy()
    return pd.DataFrame(
        {
            "region_code": world.regions.root.code,
            "period": world.years(SURVEY_YEARS)[0],
            "road_code": roads["road_code"],
            "road_name": roads["name"],
            "start_place": [names[road.places[0]] for road in roads["drawn"]],
            "end_place": [names[road.places[-1]] for road in roads["drawn"]],
            "length_km": roads["length_km"],
            "width_m": chance.choice([3.0, 3.5, 4.0, 5.0], len(roads)),
            "pavement": roads["pavement"],
            "authority": roads["authority"],
            "daily_traffic": traffic.round().astype("int64"),
            "served_persons": served,
            "facilities": chance.poisson(served / PERSONS_PER_FACILITY),
            "geometry": shapely.to_wkt(lines.to_numpy(), rounding_precision=5),
        }
    )


def segmen_jalan(world: World) -> pd.DataFrame:
    """Return the survey of the regency's own roads by 100 m."""
    chance = world.chance("infrastructure.segmen_jalan")
    roads = _roads(world)
    roads = roads[roads["authority"].eq(OWN)].reset_index(drop=True)
    segments = stations(roads, SEGMENT_M)
    at = segments["road"].to_numpy()
    classes = classes_along(segments, SHARES, chance)
    lines = np.array([road.line for road in roads["drawn"]])[at]
    part = (segments["from_m"] + segments["to_m"]) / 2 / (roads["length_km"].to_numpy()[at] * 1000)
    middle = shapely.line_interpolate_point(lines, part.to_numpy(), normalized=True)
    places = _places(world)
    near = cKDTree(places[["x", "y"]]).query(shapely.get_coordinates(middle))[1]
    year = world.years(SURVEY_YEARS)[0]
    days = np.datetime64(f"{year}-03-01") + (at % 150)
    found = measured(classes, roads["pavement"].iloc[at].reset_index(drop=True), chance)
    table = pd.DataFrame(
        {
            "region_code": np.array([world.regions.get(code).parent for code in world.villages])[near],
            "period": year,
            "road_code": roads["road_code"].to_numpy()[at],
            "from_m": segments["from_m"].round().astype("int64"),
            "to_m": segments["to_m"].round().astype("int64"),
            "surveyed_on": _text(days),
            "pavement": roads["pavement"].to_numpy()[at],
        }
    ).join(found)
    return table.assign(potholes=table["potholes"].astype("Int64"))


def laporan_kerusakan(world: World) -> pd.DataFrame:
    """Return damage reports one by one, as they stood at the end of the last whole month."""
    chance = world.chance("infrastructure.laporan_kerusakan")
    months = world.months(REPORT_MONTHS)
    end = np.datetime64(world.month_end(months[-1]))
    expected = REPORTS_A_MONTH * np.array([WET[int(month[5:]) - 1] for month in months])
    firsts = np.repeat(np.array(months, dtype="datetime64[D]"), chance.poisson(expected))
    reported = np.sort(firsts + chance.integers(0, 28, len(firsts)))
    count = len(reported)
    village = chance.choice(len(world.villages), count, p=(world.persons / world.persons.sum()).to_numpy())
    regions = [world.regions.get(code) for code in world.villages]
    kind = chance.choice(list(DAMAGES), count, p=list(DAMAGES.values()))
    authority = chance.choice(list(AUTHORITIES), count, p=list(AUTHORITIES.values()))
    own = authority == "kabupaten"
    limit = np.where(kind == "lubang", POTHOLE_DAYS, OTHER_DAYS)
    # Far sub-districts wait longer, and all do in the wet months.
    slow = np.exp(chance.normal(0.0, 0.3, len(world.districts)))[_district_of(world)][village]
    wet = np.array(WET)[pd.Series(reported).dt.month.to_numpy() - 1]
    days = np.rint(0.75 * limit * slow * wet**0.3 * np.exp(chance.normal(0, 0.5, count))).astype("int64")
    closed = np.busday_offset(reported, days, roll="backward")
    is_closed = own & (closed <= end) & (chance.random(count) < CLOSED)
    year = pd.Series(reported).dt.strftime("%Y")
    spots = _spots(world, village, authority, chance)
    return pd.DataFrame(
        {
            "region_code": np.array(world.villages)[village],
            "period": pd.Series(reported).dt.strftime("%Y-%m"),
            "report_code": "K" + year + "-" + (year.groupby(year).cumcount() + 1).astype("str").str.zfill(5),
            "reported_on": _text(reported),
            "lon": spots["lon"],
            "lat": spots["lat"],
            "place_text": "Jalan di "
            + pd.Series([region.name for region in regions]).iloc[village].to_numpy(),
            "damage_kind": kind,
            "authority": authority,
            "road_code": spots["road_code"].where(own),
            "chainage_m": spots["chainage_m"].astype("Int64").where(own),
            "limit_days": limit,
            "closed_on": _text(closed).where(is_closed),
            "status": np.select(
                [~own, is_closed, days > 0], ["diteruskan", "selesai", "dikerjakan"], "diterima"
            ),
        }
    )


def paket_pekerjaan(world: World) -> pd.DataFrame:
    """Return plan and progress of every works package, by week from its begin until it is done."""
    chance = world.chance("infrastructure.paket_pekerjaan")
    parts = []
    for year in (world.as_of.year - 1, world.as_of.year):
        begins = np.datetime64(f"{year}-02-15") + chance.integers(0, 165, PACKAGES)
        ends = np.minimum(begins + chance.integers(60, 150, PACKAGES), np.datetime64(f"{year}-12-20"))
        speed = np.exp(chance.normal(-0.04, 0.1, PACKAGES))
        weeks = np.array(
            _sundays(date(year, 2, 15), min(date(year, 12, 31), world.as_of)), dtype="datetime64[D]"
        )
        passed = (weeks - begins[:, None]) / (ends - begins)[:, None]
        planned, done = _progress(passed), _progress(passed * speed[:, None])
        before = np.hstack([np.zeros((PACKAGES, 1), dtype="int64"), done[:, :-1]])
        package, week = np.nonzero((passed > 0) & (before < 100))
        value = (
            np.rint(MEDIAN_CONTRACT * np.exp(chance.normal(0, 1.1, PACKAGES)) / ROUNDED).astype("int64")
            * ROUNDED
        )
        agency = np.where(chance.random(PACKAGES) < HOUSING_SHARE, HOUSING, PUBLIC_WORKS)
        link = np.array([f"R{at:03d}" for at in chance.integers(1, ROAD_LINKS, PACKAGES)])
        parts.append(
            pd.DataFrame(
                {
                    "agency_code": agency[package],
                    "period": _text(weeks[week]),
                    "package_code": [f"RUP-{year}-{at + 1:04d}" for at in package],
                    "road_code": pd.Series(link[package]).where(agency[package] == PUBLIC_WORKS),
                    "contract_idr": value[package],
                    "planned_pct": planned[package, week],
                    "physical_pct": done[package, week],
                    "begins_on": _text(begins[package]),
                    "ends_on": _text(ends[package]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True).assign(region_code=world.regions.root.code)


def kekeringan_desa(world: World) -> pd.DataFrame:
    """Return which villages were short of water at the end of each week of the dry season, June to November."""
    chance = world.chance("infrastructure.kekeringan_desa")
    dry = chance.normal(0.0, 1.0, len(world.villages)) + 0.6 * _district_level(world, chance)
    parts = []
    for year in range(world.as_of.year - SEASONS + 1, world.as_of.year + 1):
        weeks = [day for day in _sundays(date(year, 6, 1), date(year, 11, 30)) if day <= world.as_of]
        parts += _season(world, year, weeks, dry + chance.normal(0, 0.35, len(dry)), chance)
    return pd.concat(parts, ignore_index=True)


def air_sanitasi_desa(world: World) -> pd.DataFrame:
    """Return households and those with improved drinking water and sanitation, by village and year."""
    chance = world.chance("infrastructure.air_sanitasi_desa")
    households = np.maximum(1, np.rint(world.persons.to_numpy() / PERSONS_PER_HOUSEHOLD)).astype("int64")
    level = _district_level(world, chance) * 0.4 + chance.normal(0, 0.5, len(households))
    parts = []
    for year, water, sanitation in zip(world.years(YEARS), WATER, SANITATION, strict=True):
        parts.append(
            pd.DataFrame(
                {
                    "region_code": world.villages,
                    "period": year,
                    "households": households,
                    "water_access_households": _with_access(households, water, level, chance),
                    "sanitation_access_households": _with_access(households, sanitation, level, chance),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=1)
def _roads(world: World) -> pd.DataFrame:
    """Return the network: road_code, name, authority, pavement, length_km (decree) and `drawn`, its line."""
    chance = world.chance("infrastructure.network")
    drawn = draw_network(
        _places(world), NAMED_ROADS, chance, own_authority=OWN, own_km=OWN_KM, roads=ROAD_LINKS
    )
    table = pd.DataFrame(
        {
            "road_code": [f"R{at + 1:03d}" for at in range(len(drawn))],
            "name": [road.name for road in drawn],
            "authority": [road.authority for road in drawn],
            "length_km": [road.length_km for road in drawn],
            "drawn": drawn,
        }
    )
    measured_km = np.array([road.line.length / 1000 for road in drawn])
    table["length_km"] = table["length_km"].astype("float64").fillna(pd.Series(measured_km.round(2)))
    known = np.array([road.length_km is not None for road in drawn])
    own = table["authority"].eq(OWN).to_numpy()
    rest = round((OWN_KM - table.loc[own & known, "length_km"].sum()) * TEN_M)
    table.loc[own & ~known, "length_km"] = share_out(rest, measured_km[own & ~known]) / TEN_M
    pavement = chance.choice(list(PAVEMENTS), len(table), p=list(PAVEMENTS.values()))
    return table.assign(pavement=np.where(own, pavement, "aspal"))


@lru_cache(maxsize=1)
def _places(world: World) -> pd.DataFrame:
    """Return name, x, y (metres) of every village, in the order of the world."""
    regions = [world.regions.get(code) for code in world.villages]
    at = gpd.GeoSeries(
        gpd.points_from_xy([region.lon for region in regions], [region.lat for region in regions]),
        crs=DEGREES,
    ).to_crs(METRES)
    return pd.DataFrame({"name": [region.name for region in regions], "x": at.x, "y": at.y})


def _spots(world: World, village: Counts, authority: npt.NDArray[np.str_], chance: Chance) -> pd.DataFrame:
    """Return where each report lies: beside a road of its body that passes near the village, or in the village."""
    roads, places = _roads(world), _places(world)
    chainage = np.full(len(village), np.nan)
    names = np.full(len(village), None, dtype="object")
    home = places[["x", "y"]].to_numpy()[village]
    x, y = home[:, 0] + chance.normal(0, 400, len(village)), home[:, 1] + chance.normal(0, 400, len(village))
    for body, of_body in roads.groupby("authority"):
        lines = np.array([road.line for road in of_body["drawn"]])
        wanted = np.flatnonzero(authority == body)
        points = shapely.points(x[wanted], y[wanted])
        near = shapely.STRtree(lines).nearest(points)
        along = shapely.line_locate_point(lines[near], points)
        on_road = shapely.get_coordinates(shapely.line_interpolate_point(lines[near], along))
        x[wanted], y[wanted] = (on_road + chance.normal(0, 6, on_road.shape)).T
        scale = of_body["length_km"].to_numpy()[near] * 1000 / shapely.length(lines[near])
        chainage[wanted] = np.floor(along * scale)
        names[wanted] = of_body["road_code"].to_numpy()[near]
    spots = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=METRES).to_crs(DEGREES)
    return pd.DataFrame(
        {"lon": spots.x.round(5), "lat": spots.y.round(5), "road_code": names, "chainage_m": chainage}
    )


def _season(
    world: World, year: int, weeks: list[date], dry: npt.NDArray[np.float64], chance: Chance
) -> list[pd.DataFrame]:
    short, persons_short = VILLAGES_SHORT[min(VILLAGES_SHORT, key=lambda known: abs(known - year))]
    people = world.persons.to_numpy()
    order = np.argsort(-dry, kind="stable")[:short]
    persons = np.zeros(len(dry), dtype="int64")
    persons[order] = np.minimum(share_out(persons_short, people[order]), people[order])
    # The driest are short of water first and are so the longest; the rains end it in November.
    first, last = np.full(len(dry), SEASON_WEEKS), np.full(len(dry), -1)
    first[order] = np.rint(16 * (np.arange(short) / short) ** 0.8 + chance.normal(0, 0.6, short)).clip(0, 17)
    last[order] = np.rint(24 - 3 * np.arange(short) / short + chance.normal(0, 0.8, short)).clip(18, 25)
    parts = []
    for number, week in enumerate(weeks):
        affected = (first <= number) & (number <= last)
        tanks = chance.poisson(np.where(affected, persons / TANK_PERSONS, 0.0))
        parts.append(
            pd.DataFrame(
                {
                    "region_code": world.villages,
                    "period": week.isoformat(),
                    "is_affected": affected.astype("int64"),
                    "affected_persons": np.where(affected, persons, 0),
                    "water_tanks_sent": tanks,
                }
            )
        )
    return parts


def _with_access(households: Counts, share: float, level: npt.NDArray[np.float64], chance: Chance) -> Counts:
    """Return how many have access: the share on the whole, villages apart by their level."""
    odds = share / (1 - share) * np.exp(level)
    each = odds / (1 + odds)
    without = (1 - each) * (1 - share) / np.average(1 - each, weights=households)
    return part_of(households, 1 - without, chance)


def _district_of(world: World) -> npt.NDArray[np.int64]:
    parents = [world.regions.get(code).parent for code in world.villages]
    return pd.Index(world.districts).get_indexer(parents).astype("int64")


def _district_level(world: World, chance: Chance) -> npt.NDArray[np.float64]:
    """Return for each village a level that its sub-district has in common."""
    return chance.normal(0.0, 1.0, len(world.districts))[_district_of(world)]


def _progress(passed: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the percent of works done after a part of the time: slow, fast, slow."""
    part = np.clip(passed, 0.0, 1.0)
    return np.rint(100 * (3 * part**2 - 2 * part**3)).astype("int64")


def _sundays(first: date, last: date) -> list[date]:
    begin = first + timedelta(days=6 - first.weekday())
    return [begin + timedelta(weeks=at) for at in range((last - begin).days // 7 + 1)]


def _text(days: npt.NDArray[np.datetime64]) -> pd.Series:
    return pd.Series(days).dt.strftime("%Y-%m-%d")
