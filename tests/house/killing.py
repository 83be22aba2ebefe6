"""Kill a refresh at any moment and see what is left: the harness of every crash test.

The victim carries a mark in its environment, which all its descendants inherit, so that no orphan can hide
in a process group of its own.
"""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from command_center.editions import Edition, open_edition
from command_center.settings import Settings

MARK = "COMMAND_CENTER_TEST_MARK"
# Kernels end when the template does, workers when their kernel has; the template looks for its owner once a second.
GONE_SECONDS = 30.0


def _hear_interrupts() -> None:
    # A test run in the background ignores Ctrl+C, and its children would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Victim:
    """A `command-center` process to be killed."""

    settings: Settings
    arguments: list[str]
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "command_center.cli", *self.arguments],
            env={**os.environ, **self.settings.environment, MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_hear_interrupts,
        )

    def kill_after(self, seconds: float) -> bool:
        """Let it run that long, then SIGKILL the process alone; True where it was still running."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.communicate()
        return self.process.returncode == -signal.SIGKILL

    def finish(self) -> tuple[int, str]:
        """Let it run to its end; return exit code and what it said."""
        output, _ = self.process.communicate(timeout=300)
        return self.process.returncode, output.decode()

    def survivors(self) -> dict[int, str]:
        """Return what is still alive of it after the time that an orderly end may take."""
        deadline = time.monotonic() + GONE_SECONDS
        while (alive := marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return alive


def marked(mark: str) -> dict[int, str]:
    """Return command line by pid of every living process that carries the mark."""
    wanted = f"{MARK}={mark}".encode()
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended while we looked
            continue
    return found


def assert_whole(edition: Edition) -> None:
    """Assert that an edition on disk is complete: manifest, tables and their row counts, shapes, every page."""
    manifest = json.loads((edition.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["edition"] == edition.path.name
    for name, rows in manifest["rows"].items():
        assert len(pd.read_parquet(edition.path / f"{name}.parquet")) == rows, name
    assert edition.catalog.sectors
    for level in ("kab", "kec", "desa"):
        assert len(gpd.read_parquet(edition.path / "shapes" / f"{level}.parquet")), level
    pages = manifest["pages"]
    assert len(pages["files"]) == pages["count"]
    for name, size in pages["files"].items():
        # Pages for everybody are named within their folder, those of other views within the edition.
        content = (edition.path / ("" if name.startswith("views/") else "pages") / name).read_bytes()
        assert len(content) == size, name
        assert gzip.decompress(content).rstrip().endswith(b"</html>"), name


def assert_latest_whole(settings: Settings) -> Edition:
    """Assert that `latest` opens and is complete, and that nothing half-made lies beside it; return it."""
    edition = open_edition(settings)
    assert_whole(edition)
    for path in settings.editions_dir.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name not in ("building", "drafts"):
            assert_whole(Edition(path))
    return edition
