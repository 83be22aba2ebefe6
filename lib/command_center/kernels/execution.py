"""Notebooks executed through papermill: run elsewhere, checked, then put in place in one step.

A notebook that did not run whole leaves no output file. Parameters end up in the file, so secrets are
refused among them and go through the environment.
"""

import copy
import os
import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
from nbformat import NotebookNode
from nbformat.reader import NotJSONError

from command_center.kernels.outcome import ExecutionError, check_whole

DEFAULT_TIMEOUT_S = 600.0
# Beyond the wall clock of the kernel: its start, its end, papermill's own import.
GRACE_S = 90.0
_SECRET_NAME = re.compile(r"passw|secret|token|credential|api_?key|private_?key", re.IGNORECASE)


def execute_notebook(
    source: Path | NotebookNode,
    output: Path,
    parameters: Mapping[str, Any],
    cwd: Path,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    environment: Mapping[str, str] | None = None,
) -> NotebookNode:
    """Execute `source` and write it to `output` when it ran whole; returns the executed notebook.

    The kernel starts in `cwd` with this process's environment and `environment` on top; it comes from the
    warm template that COMMAND_CENTER_TEMPLATE_SOCKET names, or is spawned. `timeout_s` is a wall clock over
    all cells, after which the kernel is killed. Parent folders of `output` are made. Raises ExecutionError,
    leaving `output` as it was, when the notebook cannot be read, a cell fails or exits, the kernel ends, time
    is up, or a parameter is named like a secret.
    """
    name = source.name if isinstance(source, Path) else output.name
    _refuse_secrets(parameters, name)
    notebook = _read(source) if isinstance(source, Path) else copy.deepcopy(source)
    executed = _run(notebook, parameters, name, cwd, timeout_s, {**os.environ, **(environment or {})})
    check_whole(executed, name)
    # Names, not paths: what this machine calls its folders is nobody's business.
    executed.metadata.papermill.update(input_path=name, output_path=output.name)
    _write(executed, output)
    return executed


def _run(
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    name: str,
    cwd: Path,
    timeout_s: float,
    environment: Mapping[str, str],
) -> NotebookNode:
    from command_center.kernels.engine import Run, run_papermill

    run = Run(name=name, cwd=cwd, environment=environment, timeout_s=timeout_s)
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notebook")
    try:
        future: Future[NotebookNode] = executor.submit(run_papermill, notebook, parameters, run)
        wait([future], timeout_s + GRACE_S)
        if future.done():
            return future.result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    # The kernel was killed long ago; whoever still waits for its answer is left behind.
    raise ExecutionError(
        f"The execution did not end {GRACE_S:g} seconds after its time was up",
        where=name,
        who="the operator",
        next_step="run it again; when it happens again, restart the service",
    )


def _read(source: Path) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, NotJSONError, nbformat.ValidationError) as error:
        raise ExecutionError(
            "The notebook cannot be read",
            where=f"{source.name}: {error}",
            who="the developer of the notebook",
            next_step="open it in JupyterLab and save it again",
        ) from error
    return notebook


def _refuse_secrets(parameters: Mapping[str, Any], name: str) -> None:
    named = sorted(parameter for parameter in parameters if _SECRET_NAME.search(parameter))
    if named:
        raise ExecutionError(
            "A parameter is named like a secret, and parameters are kept in the executed notebook",
            where=f"{name}: {', '.join(named)}",
            who="the developer of the notebook",
            next_step="hand secrets over in the environment",
        )


def _write(notebook: NotebookNode, output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.{uuid4().hex}")
    try:
        with unfinished.open("x", encoding="utf-8") as file:
            nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
