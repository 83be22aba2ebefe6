"""What must start at once loads nothing heavy."""

import subprocess
import sys

import pytest


def loaded_after(code: str) -> set[str]:
    """The modules that a fresh Python holds after running `code`."""
    program = f"import contextlib, io, sys\nwith contextlib.redirect_stdout(io.StringIO()):\n    {code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["refresh", "--help"], ["harvest", "--help"], ["editions", "--help"]],
    ids=" ".join,
)
def test_help_is_answered_without_tables_notebooks_or_a_server(arguments: list[str]) -> None:
    loaded = loaded_after(f"from command_center.cli import app; app({arguments}, standalone_mode=False)")
    assert "typer" in loaded
    assert loaded & {"pandas", "voila", "papermill", "altair", "tornado"} == set()


def test_figures_are_printed_without_notebooks_or_a_server() -> None:
    loaded = loaded_after(
        "import command_center.cli.run_commands, command_center.editions, command_center.catalog"
    )
    assert loaded & {"voila", "papermill", "altair", "ipywidgets", "tornado"} == set()


def test_no_grammar_of_international_addresses_is_built_for_a_schema() -> None:
    loaded = loaded_after("import command_center, altair, nbformat")
    assert "jsonschema" in loaded
    assert "lark" not in loaded
