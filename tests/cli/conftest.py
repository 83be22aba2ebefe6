"""The command as a person runs it, in this process: what it printed and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from command_center.cli import main
from command_center.settings import Settings


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    output: str
    errors: str


Command = Callable[..., Ended]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Call `command(settings, "refresh", "--draft")` and get what came of it."""

    def run(settings: Settings, *words: str) -> Ended:
        for name, value in settings.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["command-center", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run
