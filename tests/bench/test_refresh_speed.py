"""A refresh of all pages beside the loop it replaces: one `papermill` command for each page."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import mean

import pytest

from command_center.pages.house import open_house
from command_center.publishing import pages_of_edition, plan_page
from command_center.regions import load_profile
from tests.bench.conftest import Refreshed
from tests.bench.telling import tell
from tests.conftest import DAY

pytestmark = pytest.mark.bench

# Of each kind of page about as many as there are: every so-and-so-many-th of the list.
SAMPLE = 8


def test_a_refresh_takes_an_eighth_of_the_loop_of_papermill_commands(
    refreshed: Refreshed, tmp_path: Path
) -> None:
    house = open_house(refreshed.settings)
    pages = pages_of_edition(house, DAY)
    sample = pages[:: len(pages) // SAMPLE][:SAMPLE]
    seconds = []
    for number, address in enumerate(sample):
        plan = plan_page(house, address, refreshed.edition.id)
        command = [sys.executable, "-m", "papermill", str(plan.notebook), str(tmp_path / f"{number}.ipynb")]
        given = [word for name, value in plan.parameters.items() for word in ("-r", name, value)]
        started = time.perf_counter()
        done = subprocess.run(
            [*command, *given, "--no-progress-bar", "--cwd", str(plan.notebook.parent)],
            env=refreshed.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds.append(time.perf_counter() - started)
        assert done.returncode == 0, done.stderr
    assert refreshed.edition.manifest["pages"]["failed"] == []
    loop_s = mean(seconds) * refreshed.page_count
    print(
        f"\nrefresh of {load_profile(refreshed.settings).name}: {refreshed.page_count} pages, "
        f"{len(refreshed.edition.measures)} figures in {refreshed.seconds:.1f} s, measuring and rendering included; "
        f"the loop is extrapolated from {len(sample)} pages at {mean(seconds):.2f} s "
        f"({min(seconds):.2f} to {max(seconds):.2f}), without rendering"
    )
    assert tell(f"all {refreshed.page_count} pages", refreshed.seconds, loop_s) >= 8
