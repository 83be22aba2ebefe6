"""Time and peak memory of taking in one file, each in a process of its own."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parent / "pandas_baseline.py"


@dataclass(frozen=True)
class Run:
    """Seconds from the file to the result, megabytes of the process at its largest, rows found faulty."""

    seconds: float
    megabytes: float
    faulty: int


def run(how: str, path: Path, times: int = 1) -> Run:
    """Return the fastest of several runs of `ours`, `pandas` or `pandas_calamine`, with the largest memory."""
    runs = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(PROGRAM), how, str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seconds, megabytes, faulty = done.stdout.split()
        runs.append(Run(float(seconds), float(megabytes), int(faulty)))
    return Run(min(r.seconds for r in runs), max(r.megabytes for r in runs), runs[0].faulty)


def compare(path: Path, baseline: str, times: int = 1) -> tuple[float, float]:
    """Print ours beside the baseline and return the ratios of time and memory; both must find the same rows."""
    our, other = run("ours", path, times), run(baseline, path, times)
    assert our.faulty == other.faulty > 0
    ratios = our.seconds / other.seconds, our.megabytes / other.megabytes
    print(
        f"{path.name} | ours {our.seconds:.2f} s {our.megabytes:.0f} MB | {baseline} {other.seconds:.2f} s "
        f"{other.megabytes:.0f} MB | time × {ratios[0]:.2f}, memory × {ratios[1]:.2f}"
    )
    return ratios
