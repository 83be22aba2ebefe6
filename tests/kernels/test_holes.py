"""Before it forks the template fills the holes in its memory, so that a fork writes to few of the pages it shares."""

import os
import subprocess
import sys

import pytest

# Leaves every second of many small objects, then has a fork make as many new ones and says how much it wrote to.
FORK = """
import gc, os, sys
from pathlib import Path
from command_center.kernels.holes import fill_holes

objects = [bytes(64 + number % 200) for number in range(400_000)]
kept = objects[::2]
del objects
gc.collect()
if sys.argv[1] == "filled":
    fill_holes()
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
made = [bytes(64 + number % 200) for number in range(10_000)]
rows = [line.split() for line in Path("/proc/self/smaps_rollup").read_text().splitlines()]
print(next(row[1] for row in rows if row[0] == "Private_Dirty:"), flush=True)
os._exit(0)
"""


def written_kb(way: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", FORK, way], env={**os.environ}, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_fork_of_a_filled_process_writes_to_fewer_pages() -> None:
    left, filled = written_kb("left"), written_kb("filled")
    assert filled < left / 1.5, (left, filled)
