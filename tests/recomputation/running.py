"""Notebooks run in this process, cell by cell, as a kernel would: fast enough for thirty of them."""

import contextlib
import io
from typing import Any

import pytest
from nbformat import NotebookNode

from command_center.settings import ROOT_VARIABLE, Settings


def run(notebook: NotebookNode, settings: Settings, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run every code cell in order and return what the names mean at the end."""
    patch.setenv(ROOT_VARIABLE, str(settings.root))
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, cell.id, "exec"), names)  # noqa: S102 - the cells under test
    return names
