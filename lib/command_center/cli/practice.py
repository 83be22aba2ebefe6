"""A house to practise in: a copy without sectors in a folder of its own, and the command run inside it.

What the notebook `start_here` shows. Nothing in the real house changes; the folder goes with the process.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import typer

from command_center.errors import CommandCenterError
from command_center.settings import Settings, load_settings

_WIDTH = "110"
_KEPT = ("data/reference", "notebooks", "voila_templates")


class PracticeError(CommandCenterError):
    """A verb that failed in the house of practice, or a file outside it."""


class Practice:
    """The house of practice; this process reads from it from now on."""

    def __init__(self, source: Settings) -> None:
        root = Path(tempfile.mkdtemp(prefix="command-center-practice-"))
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        for name in _KEPT:
            shutil.copytree(source.root / name, root / name)
        (root / "sectors").mkdir()
        self.settings = Settings(root)
        os.environ.update(self.settings.environment)

    def command(self, *words: str) -> None:
        """Run a verb of the command and print what it says; PracticeError where it fails."""
        typer.echo(" ".join(("$ command-center", *words)))
        ran = subprocess.run(
            [sys.executable, "-m", "command_center.cli", *words],
            cwd=self.settings.root,
            env={**os.environ, "COLUMNS": _WIDTH},
            capture_output=True,
            text=True,
            check=False,
        )
        typer.echo(ran.stdout.rstrip())
        if ran.returncode:
            raise PracticeError(
                f"command-center {words[0]} ended with {ran.returncode}: {ran.stderr.strip()}",
                where=str(self.settings.root),
                who="whoever runs this notebook",
                next_step="run the cells in their order, from the first",
            )

    def show(self, name: str) -> None:
        """Print a file of the house."""
        typer.echo(self._path(name).read_text(encoding="utf-8").rstrip())

    def write(self, name: str, text: str) -> None:
        """Write a file of the house and print it."""
        self._path(name).write_text(f"{text.strip()}\n", encoding="utf-8")
        self.show(name)

    def add_line(self, name: str, line: str) -> None:
        """Put a line at the end of a file and print the file."""
        self.write(name, f"{self._path(name).read_text(encoding='utf-8')}{line}")

    @property
    def receipt(self) -> str:
        """The receipt of the last submission; PracticeError before there is one."""
        from command_center.ingest.submissions.files import SubmissionFiles
        from command_center.ingest.submissions.register import Register

        path = SubmissionFiles(self.settings).register
        found = Register(path).all() if path.exists() else []
        if not found:
            raise PracticeError(
                "Nothing has been sent yet",
                where=str(path),
                who="whoever runs this notebook",
                next_step="run the cell with command-center ingest first",
            )
        return found[0].receipt

    def _path(self, name: str) -> Path:
        path = (self.settings.root / name).resolve()
        if not path.is_relative_to(self.settings.root.resolve()):
            raise PracticeError(
                f"{name} lies outside the house of practice",
                where=str(self.settings.root),
                who="whoever runs this notebook",
                next_step="give a name below the house, such as report.csv",
            )
        return path


def open_practice() -> Practice:
    """Return a new house of practice, made from the house this process stands in."""
    return Practice(load_settings())
