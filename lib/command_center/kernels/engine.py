"""The papermill engine that runs a notebook in a kernel of the warm template, under a wall clock.

Importing this imports papermill (seconds), so `execution` does it on first use. Writes no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import papermill
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError

from command_center.kernels.client import CLIENT_CLASS
from command_center.kernels.outcome import ExecutionError, cell_error, last_started_cell
from command_center.kernels.provisioner import WarmForkProvisioner

ENGINE_NAME = "command_center"
KERNEL_NAME = "python3"
# A busy machine delivers the last output late; papermill's own 4 seconds would fail a sound notebook.
_OUTPUT_TIMEOUT_S = 60
_KERNEL_START_TIMEOUT_S = 60
# A unix socket's path has 107 characters; the channel's number comes after the address.
_LONGEST_ADDRESS = 100


@dataclass(frozen=True)
class Run:
    """How a notebook runs: its name in messages, working folder, environment and wall clock."""

    name: str
    cwd: Path
    environment: Mapping[str, str]
    timeout_s: float


class WarmEngine(Engine):  # type: ignore[misc]  # papermill brings no types
    """Papermill's cell by cell execution, with a kernel manager whose provisioner is `warm-fork`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, run: Run, **_: Any
    ) -> None:
        """Execute the cells of `nb_man.nb`; raises ExecutionError when the kernel ends or time is up."""
        with TemporaryDirectory(prefix="command-center-") as folder:
            manager = _private_manager(kernel_name, Path(folder))
            provisioner = WarmForkProvisioner(
                kernel_id=manager.kernel_id,
                kernel_spec=manager.kernel_spec,
                parent=manager,
                wall_limit_s=run.timeout_s,
            )
            manager.provisioner = provisioner
            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                iopub_timeout=_OUTPUT_TIMEOUT_S,
                startup_timeout=_KERNEL_START_TIMEOUT_S,
                # The polite way begins with an interrupt, which may hit the kernel in the middle of its last
                # answer; then it takes three seconds to end. A notebook has nothing left to tidy up.
                shutdown_kernel="immediate",
            )
            try:
                # cwd goes to the kernel, not to papermill, which would change the folder of this whole process.
                client.execute(cleanup_kc=True, cwd=str(run.cwd), env=dict(run.environment))
            except RuntimeError as error:  # what jupyter_client and nbclient raise when a kernel has died
                raise _kernel_ended(nb_man.nb, run, provisioner.wall_clock_ran_out) from error


def run_papermill(notebook: NotebookNode, parameters: Mapping[str, Any], run: Run) -> NotebookNode:
    """Return `notebook` executed by papermill with `parameters` injected; the given one is not changed.

    Raises ExecutionError when a cell fails, the kernel ends or the wall clock runs out. Closes the event
    loop of its thread, so call it in a thread of its own.
    """
    papermill_engines.register(ENGINE_NAME, WarmEngine)
    try:
        executed: NotebookNode = papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(parameters),
            engine_name=ENGINE_NAME,
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            log_output=False,
            autosave_cell_every=0,
            run=run,
        )
    except PapermillExecutionError as error:
        what = f"The notebook failed: {error.ename}: {error.evalue}"
        raise cell_error(what, run.name, error.cell_index, error.source, error.traceback) from error
    finally:
        ensure_event_loop().close()
    return executed


def _private_manager(kernel_name: str, folder: Path) -> AsyncKernelManager:
    # ipc in a folder of its own, not tcp: a port could be taken by another between choosing and binding it,
    # and any user of this machine could connect to it. Only a deep TMPDIR leaves no choice.
    address = str(folder / "kernel")
    ipc = {"transport": "ipc", "ip": address} if len(address) < _LONGEST_ADDRESS else {}
    return AsyncKernelManager(
        kernel_name=kernel_name,
        kernel_id=str(uuid4()),
        connection_file=str(folder / "kernel.json"),
        client_class=CLIENT_CLASS,
        **ipc,
    )


def _kernel_ended(notebook: NotebookNode, run: Run, ran_out: bool) -> ExecutionError:
    what = f"The notebook did not finish within {run.timeout_s:g} seconds" if ran_out else "The kernel ended"
    index = last_started_cell(notebook)
    if index is None:
        return ExecutionError(
            f"{what} before the first cell", where=run.name, who="the operator", next_step="run it again"
        )
    return cell_error(what, run.name, index, notebook.cells[index].source)
