"""What became of an execution: the error a reader meets, and the check that a notebook ran whole.

Reads executed notebooks; executes nothing and writes nothing.
"""

import re
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode

from command_center.errors import PublishingError

SKIP_TAG = "skip-execution"
_TRACEBACK_LINES = 12
_ESCAPE_CODES = re.compile(r"\x1b\[[0-9;]*m")


class ExecutionError(PublishingError):
    """A notebook that did not run whole; carries the cell at fault and the end of its traceback.

    `cell_index` counts all cells from 0 and is None when no cell is at fault; `cell_source` and `traceback`
    are then empty.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        who: str = "",
        next_step: str = "",
        cell_index: int | None = None,
        cell_source: str = "",
        traceback: str = "",
    ) -> None:
        self.cell_index = cell_index
        self.cell_source = cell_source
        self.traceback = traceback
        super().__init__(what, where=where, who=who, next_step=next_step)

    def __reduce__(self) -> tuple[object, ...]:
        # The parent's way home by pickle, and the attributes of our own after it.
        return (*super().__reduce__(), self.__dict__)


def cell_error(
    what: str, name: str, index: int, source: str, traceback: Sequence[str] = ()
) -> ExecutionError:
    """Return the ExecutionError for cell `index` of the notebook called `name`."""
    return ExecutionError(
        what,
        where=f"{name}, cell {index + 1}",
        who="the developer of the notebook",
        next_step="run the notebook with the same parameters up to that cell",
        cell_index=index,
        cell_source=source,
        traceback=short_traceback(traceback),
    )


def short_traceback(lines: Sequence[str]) -> str:
    """Return the last lines of an IPython traceback without colours; empty for none."""
    plain = _ESCAPE_CODES.sub("", "\n".join(lines)).splitlines()
    return "\n".join(plain[-_TRACEBACK_LINES:])


def last_started_cell(notebook: NotebookNode) -> int | None:
    """Return the index of the cell that papermill started last, or None when it started none."""
    started = [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.metadata.get("papermill", {}).get("start_time") is not None
    ]
    return started[-1] if started else None


def check_whole(notebook: NotebookNode, name: str) -> None:
    """Raise ExecutionError unless every code cell ran and none shows an error.

    Stricter than papermill, for which `SystemExit(0)` is a success that skips the rest, and which accepts
    errors in cells tagged `raises-exception`. Empty cells and cells tagged `skip-execution` need not run.
    """
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                raise _from_output(name, index, cell.source, output)
        needs_no_run = not cell.source.strip() or SKIP_TAG in cell.metadata.get("tags", [])
        if cell.execution_count is None and not needs_no_run:
            raise cell_error("A cell of the notebook was not executed", name, index, cell.source)


def _from_output(name: str, index: int, source: str, output: Any) -> ExecutionError:
    what = f"The notebook failed: {output.ename}: {output.evalue}"
    return cell_error(what, name, index, source, output.traceback)
