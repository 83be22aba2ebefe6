"""The roads of an edition: read through the same door as all figures, computed once, written beside them.

What does not change is taken from the edition before: the plans are the longest part of it.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from command_center.catalog import Sector
from command_center.editions import Edition, EditionBuilder
from command_center.ingest.submissions.current import read_current
from command_center.pages.house import House
from command_center.roads.atlas import RoadData, road_tables
from command_center.roads.parameters import load_parameters
from command_center.samples.world import open_world

ROAD_TABLES = (
    "road_links", "road_segments", "road_reports", "road_frontier", "road_packages", "road_waiting", "road_criticality",
    "road_districts", "road_origin",
)  # fmt: skip


def write_roads(house: House, builder: EditionBuilder, base: Edition | None, as_of: date) -> None:
    """Write the road tables of every sector that declares roads and has been sent them; else there are none."""
    for sector in house.catalog.sectors:
        if sector.roads is None:
            continue
        data, is_sample = _data(house, sector, as_of)
        if data is None:
            continue
        origin = _fingerprint(house, data)
        kept = _kept(base, origin)
        tables = kept or road_tables(data, load_parameters(house.settings))
        for name, table in tables.items():
            builder.write_table(name, table)
        about = {"sha256": [origin], "sector": [sector.slug], "is_sample": [is_sample]}
        about["period"] = [str(data.segments["period"].max())]
        builder.write_table("road_origin", pd.DataFrame(about))


def _data(house: House, sector: Sector, as_of: date) -> tuple[RoadData | None, bool]:
    """Return what a sector's roads are made of, None where a part is lacking, and whether any of it is invented."""
    if sector.roads is None:
        return None, False
    codes = frozenset(house.agencies.codes)
    tables = {}
    for part, dataset in sector.roads.model_dump().items():
        table = read_current(house.settings, sector.slug, sector.dataset(dataset), house.regions, codes)
        if table is None:
            return None, False
        tables[part] = table
    people = open_world(house.settings, as_of).persons
    villages = [house.regions.get(str(code)) for code in people.index]
    centres = house.regions.districts
    data = RoadData(
        **{part: table.frame for part, table in tables.items()},
        people=pd.DataFrame(
            {
                "lon": [one.lon for one in villages],
                "lat": [one.lat for one in villages],
                "persons": people.to_numpy(),
            }
        ),
        targets=pd.DataFrame({"lon": [one.lon for one in centres], "lat": [one.lat for one in centres]}),
    )
    return data, any(file.is_sample for table in tables.values() for file in table.files)


def _fingerprint(house: House, data: RoadData) -> str:
    """Return a hash of everything the tables are made of: the rows, the parameters and the code."""
    whole = hashlib.sha256()
    for table in (data.links, data.segments, data.reports, data.people, data.targets):
        whole.update(pd.util.hash_pandas_object(table.astype("str"), index=False).to_numpy().tobytes())
    library = Path(__file__).resolve().parents[1] / "roads"
    for path in (house.settings.reference_dir / "roads.yml", *sorted(library.glob("*.py"))):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _kept(base: Edition | None, origin: str) -> Mapping[str, pd.DataFrame] | None:
    about = None if base is None else base.table("road_origin")
    if base is None or about is None or about["sha256"].iloc[0] != origin:
        return None
    tables = {name: base.table(name) for name in ROAD_TABLES[:-1]}
    return {name: table for name, table in tables.items() if table is not None}
