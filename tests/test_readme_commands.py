"""Every command and file that README and CONTRIBUTING name exists, with the options they give it.

Reads code spans and code blocks only; a word in running text is not a command.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import typer

ROOT = Path(__file__).resolve().parents[1]
GUIDES = [ROOT / "README.md", ROOT / "README.id.md", ROOT / "CONTRIBUTING.md"]

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
FILE_ENDINGS = (".py", ".yml", ".csv", ".po", ".md", ".toml", ".lock", ".ipynb", ".sh", ".png", "/")


def code_lines(guide: Path) -> Iterator[str]:
    text = guide.read_text(encoding="utf-8")
    for block in FENCE.findall(text):
        yield from (line.partition(" #")[0].strip() for line in block.splitlines())
    yield from SPAN.findall(FENCE.sub("", text))


def commands(program: str) -> list[list[str]]:
    """The words after a program's name, for every command line in the guides; `a|b` gives two lines."""
    lines = {line.translate({ord("["): "", ord("]"): ""}) for guide in GUIDES for line in code_lines(guide)}
    spoken = (shlex.split(line)[1:] for line in sorted(lines) if line.split(" ")[0] == program)
    return [list(words) for line in spoken for words in product(*(word.split("|") for word in line))]


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@cache
def command_line() -> Any:
    # Here, so that the other tests of this file run without it; sectors bring verbs along.
    from command_center.cli.app import _add_sector_groups, app

    _add_sector_groups()
    return typer.main.get_command(app)


def resolve(words: list[str]) -> tuple[Any, list[str]]:
    """Follow verbs down to a command; the words that are left are its arguments and options."""
    command = command_line()
    while words and (verbs := getattr(command, "commands", None)):
        verb, *words = words
        assert verb in verbs, f"command-center has no verb {verb!r}; it has {sorted(verbs)}"
        command = verbs[verb]
    return command, words


def exists(name: str) -> bool:
    """Whether a named file exists; `<slug>` is any folder, and a bare file may lie in any sector."""
    pattern = re.sub(r"<[^>]+>", "*", name.rstrip("/"))
    return any(ROOT.glob(pattern)) or any(ROOT.glob(f"sectors/*/{pattern}"))


def test_every_make_target_that_the_guides_name_exists() -> None:
    named = {word for words in commands("make") for word in words if "=" not in word}
    assert named
    assert named - make_targets() == set()


def test_every_public_make_target_shows_in_make_help_and_in_phony() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    helped = set(re.findall(r"^([a-z][a-z-]*):.*?## \S", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert helped == make_targets() == phony


@pytest.mark.parametrize("words", commands("command-center"), ids=" ".join)
def test_every_command_that_the_guides_name_exists_with_its_options(words: list[str]) -> None:
    command, rest = resolve(words)
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word.partition("=")[0] for word in rest if word.startswith("--")} - known == set()


def test_every_file_that_the_guides_name_exists() -> None:
    spans = {span for guide in GUIDES for span in code_lines(guide) if " " not in span}
    linked = {
        target
        for guide in GUIDES
        for target in re.findall(r"\]\(([^)#:]+)\)", guide.read_text(encoding="utf-8"))
    }
    named = linked | {span for span in spans if span.endswith(FILE_ENDINGS)}
    assert named
    assert {name for name in named if not exists(name)} == set()
