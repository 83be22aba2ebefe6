"""One million events beside pm4py and plain pandas in one run, ten million beside one; Kaplan-Meier beside lifelines.

pm4py (AGPL) and lifelines (pandas below 3) are installed apart, below the folder for temporary files; neither is a
dependency. Where they cannot be had, the bench fails and says so.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from command_center.eventlog import arranged, read_log
from command_center.eventlog.survival import kaplan_meier
from tests.bench.letters_logs import write_csv, write_parquet
from tests.bench.telling import tell
from tests.eventlog.logs import REAL

pytestmark = pytest.mark.bench
CHILD = Path(__file__).with_name("letters_children.py")
MILLION, TIMES_FASTER, ROUNDS = 1_000_000, 6, 3


@pytest.fixture(scope="session")
def apart() -> str:
    """The Python of an environment with pm4py and lifelines, kept for the next run."""
    folder = Path(tempfile.gettempdir()) / f"command-center-letters-bench-{os.getuid()}"
    python = folder / "bin" / "python"
    wanted = ["pm4py", "lifelines", "pandas<3"]
    if not (folder / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
        (folder / "done").touch()
    return str(python)


def run(python: str, way: str, path: Path) -> dict[str, Any]:
    environment = {**os.environ} if python == sys.executable else {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH"
    }  # fmt: skip
    done = subprocess.run(
        [python, str(CHILD), way, str(path)], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_million_events_from_csv_are_measured_six_times_faster(tmp_path: Path, apart: str) -> None:
    path = tmp_path / "million.csv"
    write_csv(path, MILLION)
    pythons = {"ours": sys.executable, "pandas": sys.executable, "pm4py": apart}
    # In turns, so that a slow minute of the machine hits all.
    runs = [{way: run(python, way, path) for way, python in pythons.items()} for _ in range(ROUNDS)]
    figures = runs[0]["ours"]["figures"]
    assert figures["events"] == MILLION
    for other in ("pandas", "pm4py"):
        assert runs[0][other]["figures"] == pytest.approx(figures, rel=1e-6), other
    seconds = {way: statistics.median(one[way]["seconds"] for one in runs) for way in pythons}
    peak = max(one["ours"]["peak_mb"] for one in runs)
    ratios = [
        tell(f"1 million events, CSV, beside {other}", seconds["ours"], seconds[other])
        for other in pythons
        if other != "ours"
    ]
    print(f"peak of ours {peak:.0f} MB")
    assert min(ratios) >= TIMES_FASTER
    assert peak < 1_000


def test_ten_million_events_from_parquet_take_hardly_more_than_ten_times_one(tmp_path: Path) -> None:
    measured = {}
    for size in (MILLION, 10 * MILLION):
        path = tmp_path / f"{size}.parquet"
        write_parquet(path, size)
        runs = [run(sys.executable, "ours", path) for _ in range(ROUNDS)]
        assert runs[0]["figures"]["events"] == size
        measured[size] = (min(one["seconds"] for one in runs), max(one["peak_mb"] for one in runs))
    exponent = math.log10(measured[10 * MILLION][0] / measured[MILLION][0])
    print(f"\nParquet, seconds and peak MB: {measured}; exponent {exponent:.3f}")
    assert exponent <= 1.1
    assert measured[10 * MILLION][1] < 4_000


def durations(kind: str) -> tuple[np.ndarray, np.ndarray]:
    if kind == "real":
        log = arranged(read_log(REAL / "receipt.csv", "Europe/Amsterdam"))
        cut = int(np.median(log.time))
        opened, ended = log.time[log.first], log.time[log.last]
        begun = opened < cut
        return (np.minimum(ended, cut) - opened)[begun] / 1e6, (ended <= cut)[begun]
    chance = np.random.default_rng(int(kind))
    size = int(chance.integers(50, 3_000))
    return chance.exponential(100, size).round(1), chance.random(size) < 0.7


@pytest.mark.parametrize("kind", ["real", *map(str, range(10))])
def test_kaplan_meier_equals_lifelines(kind: str, apart: str, tmp_path: Path) -> None:
    taken, is_closed = durations(kind)
    path = tmp_path / "durations.json"
    path.write_text(json.dumps({"durations": taken.tolist(), "closed": is_closed.tolist()}))
    expected = run(apart, "lifelines", path)["figures"]
    found = kaplan_meier(taken, is_closed)
    difference = max(
        abs(found.at(time) - share)
        for time, share in zip(expected["times"], expected["survival"], strict=True)
    )
    print(f"\n{kind}: {len(taken)} cases, largest difference {difference:.2e}")
    assert difference < 1e-9
