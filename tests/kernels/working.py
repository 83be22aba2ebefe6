"""What a kernel must be able to do, as one piece of work that many kernels are given."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.kernels.talking import kernel

AT_ONCE = 2
PATIENCE_S = 120

WORK = """
import io, json, random, secrets, uuid
import altair as alt, duckdb, geopandas, numpy as np, pandas as pd
import pyarrow as pa, pyarrow.compute as pc, pyarrow.parquet as pq
import vl_convert
from shapely.geometry import Point
from command_center.charts.drawing import draw

drawn = [random.random(), np.random.rand(), np.random.default_rng().random(), secrets.token_hex(8), str(uuid.uuid4())]
frame = pd.DataFrame({"x": np.arange(48), "y": np.random.rand(48)})
chart = alt.Chart(frame).mark_line().encode(x="x:Q", y="y:Q").to_dict()
svgs = [vl_convert.vegalite_to_svg(chart)[:4], draw(chart)[:4]]
rows = duckdb.sql("select count(distinct range % 1000) from range(200000)").fetchall()[0][0]
total = pc.sum(pa.array(range(100_000))).as_py()
file = io.BytesIO()
pq.write_table(pa.Table.from_pandas(frame), file)
read = pd.read_parquet(file).shape
place = geopandas.GeoDataFrame(geometry=[Point(111.4, -7.0)], crs=4326).to_crs(32749).geometry[0]
joined = frame.merge(frame, on="x").groupby("x").sum()
matrix = np.linalg.inv(np.random.rand(300, 300)).shape
print(json.dumps([drawn, svgs, rows, total, read, round(place.x), len(joined), matrix]))
"""


def work_of(socket: Path | None) -> list:
    """What one kernel answers, forked from the template at `socket` or spawned."""
    with kernel(socket) as running:
        answer: list = json.loads(running.run(WORK, timeout=PATIENCE_S))
        return answer


def assert_sound_kernels(socket: Path | None, count: int) -> None:
    """So many kernels, two at a time, all finish the work with the same answers and no random number in common."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda _: work_of(socket), range(count)))
    for _, *answers in results:
        assert answers == [["<svg", "<svg"], 1000, 4999950000, [48, 2], 544181, 48, [300, 300]]
    for column in zip(*(drawn for drawn, *_ in results), strict=True):
        assert len(set(column)) == count


def private_mb(pid: int) -> float:
    """The memory that is a process's alone: what it wrote to (Private_Dirty), in MiB."""
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return float(next(row[1] for row in rows if row[0] == "Private_Dirty:")) / 1024
