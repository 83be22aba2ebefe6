"""An executed notebook is whole or it is not there."""

import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from command_center.errors import CommandCenterError
from command_center.kernels.execution import execute_notebook
from command_center.kernels.outcome import ExecutionError, check_whole
from command_center.kernels.owner import WarmTemplate
from command_center.kernels.workers import Job, execute_many
from tests.kernels.talking import eventually, is_gone


def notebook(*sources: str) -> NotebookNode:
    cells = [new_code_cell("number = 1", metadata={"tags": ["parameters"]}), new_markdown_cell("A title.")]
    return new_notebook(cells=[*cells, *(new_code_cell(source) for source in sources)])


def written(folder: Path, name: str, *sources: str) -> Path:
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook(*sources), path)
    return path


@pytest.fixture
def _warm_kernels(warm: WarmTemplate, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in warm.variables.items():
        monkeypatch.setenv(name, value)


pytestmark = pytest.mark.usefixtures("_warm_kernels")


def test_the_executed_notebook_holds_parameters_and_outputs_and_no_path_of_this_machine(
    tmp_path: Path,
) -> None:
    source = written(tmp_path, "sound", "import os\nprint(number, os.getcwd() == os.environ['HERE'])")
    output = tmp_path / "deep" / "er" / "sound.ipynb"
    environment = {"HERE": str(tmp_path)}
    executed = execute_notebook(source, output, {"number": 5}, tmp_path, 60, environment)
    assert executed.cells[-1].outputs[0].text == "5 True\n"
    assert nbformat.read(output, as_version=4).cells[-1].outputs == executed.cells[-1].outputs
    assert executed.metadata.papermill.parameters == {"number": 5}
    assert str(tmp_path) not in output.read_text()
    assert list(output.parent.iterdir()) == [output]


def test_a_notebook_in_memory_is_executed_and_not_changed(tmp_path: Path) -> None:
    given = notebook("print(number)")
    executed = execute_notebook(given, tmp_path / "out.ipynb", {"number": 3}, tmp_path, 60)
    assert executed.cells[-1].outputs[0].text == "3\n"
    assert given == notebook("print(number)") | {"cells": given.cells}
    assert len(given.cells) == 3
    assert given.cells[-1].outputs == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("import sys\nsys.exit()", "SystemExit"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "The kernel ended"),
        ("import os\nos._exit(0)", "The kernel ended"),
        ("import time\ntime.sleep(600)", "did not finish within 4 seconds"),
    ],
)
def test_a_notebook_that_did_not_run_whole_fails_at_its_cell_and_leaves_the_old_output(
    cell: str, message: str, tmp_path: Path
) -> None:
    source = written(tmp_path, "broken", cell, "print('after')")
    output = tmp_path / "out" / "broken.ipynb"
    output.parent.mkdir()
    output.write_text("the last good one")
    started = time.monotonic()
    with pytest.raises(ExecutionError, match=message) as caught:
        execute_notebook(source, output, {}, tmp_path, timeout_s=4)
    assert time.monotonic() - started < 30
    assert caught.value.cell_source == cell
    assert caught.value.where.startswith("broken.ipynb, cell 3")
    assert caught.value.next_step
    assert "\x1b" not in caught.value.traceback
    assert output.read_text() == "the last good one"
    assert list(output.parent.iterdir()) == [output]


def test_a_failing_cell_shows_the_end_of_its_traceback(tmp_path: Path) -> None:
    source = written(tmp_path, "deep", "def dig(n):\n    return 1 / 0 if n == 0 else dig(n - 1)\ndig(50)")
    with pytest.raises(ExecutionError) as caught:
        execute_notebook(source, tmp_path / "out.ipynb", {}, tmp_path, 60)
    assert caught.value.traceback.endswith("ZeroDivisionError: division by zero")
    assert len(caught.value.traceback.splitlines()) <= 12


@pytest.mark.parametrize("parameter", ["password", "API_KEY", "github_token", "smtpSecret"])
def test_a_parameter_named_like_a_secret_is_refused(parameter: str, tmp_path: Path) -> None:
    with pytest.raises(ExecutionError, match="secret"):
        execute_notebook(notebook(), tmp_path / "out.ipynb", {parameter: "x"}, tmp_path, 60)


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ipynb"
    bad.write_text("{")
    for source in (bad, tmp_path / "absent.ipynb"):
        with pytest.raises(ExecutionError, match="cannot be read"):
            execute_notebook(source, tmp_path / "out.ipynb", {}, tmp_path, 60)


def test_a_cell_without_execution_count_is_not_whole() -> None:
    with pytest.raises(ExecutionError, match="not executed"):
        check_whole(notebook("print(1)"), "half.ipynb")
    skipped = notebook("")
    skipped.cells[0].metadata.tags.append("skip-execution")
    check_whole(skipped, "skipped.ipynb")


def test_the_error_survives_the_way_home_from_a_worker() -> None:
    error = ExecutionError(
        "what", where="there", who="me", next_step="go", cell_index=3, cell_source="1/0", traceback="t"
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert isinstance(copy, CommandCenterError)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


EXECUTOR = """
import sys
from pathlib import Path
from command_center.kernels.execution import execute_notebook
source, output, folder = map(Path, sys.argv[1:])
execute_notebook(source, output, {}, folder, 120)
"""


def test_an_executor_killed_in_the_middle_leaves_no_output_and_no_kernel(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        "slow",
        "import os\nopen('pid', 'w').write(str(os.getpid()))",
        "import time\ntime.sleep(100)",
    )
    output = tmp_path / "out" / "slow.ipynb"
    output.parent.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", EXECUTOR, source, output, tmp_path],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    pid_file = tmp_path / "pid"
    assert eventually(lambda: pid_file.exists() and pid_file.read_text() != "", timeout=60)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert eventually(lambda: is_gone(int(pid_file.read_text())))
    assert list(output.parent.iterdir()) == []


def test_one_failure_stops_no_other_notebook(tmp_path: Path, warm: WarmTemplate) -> None:
    cells = {
        "sound": "print(number)",
        "error": "1 / 0",
        "kernel": "import os\nos._exit(1)",
        "last": "print('last')",
    }
    jobs = [
        Job(written(tmp_path, name, cell), tmp_path / "out" / f"{name}.ipynb", {"number": 2}, tmp_path, 60)
        for name, cell in cells.items()
    ]
    outcomes = {outcome.job.source.stem: outcome for outcome in execute_many(jobs, 2, warm)}
    assert set(outcomes) == set(cells)
    assert {name for name, outcome in outcomes.items() if outcome.ok} == {"sound", "last"}
    assert all(outcome.seconds > 0 for outcome in outcomes.values())
    assert {path.stem for path in (tmp_path / "out").iterdir()} == {"sound", "last"}


def test_a_worker_that_is_killed_costs_its_own_notebook_and_is_replaced(
    tmp_path: Path, warm: WarmTemplate
) -> None:
    slow = written(tmp_path, "slow", "open('started', 'w').close()\nimport time\ntime.sleep(100)")
    last = written(tmp_path, "last", "print('last')")

    def kill_the_worker() -> None:
        assert eventually((tmp_path / "started").exists, timeout=60)
        for child in psutil.Process().children():
            if any("spawn_main" in word for word in child.cmdline()):
                child.kill()

    jobs = [Job(path, tmp_path / "out" / path.name, {}, tmp_path) for path in (slow, last)]
    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_the_worker)
        failed, sound = execute_many(jobs, 1, warm)
        killing.result()
    assert failed.error is not None
    assert "exit code -9" in str(failed.error)
    assert sound.ok


def test_leaving_early_ends_what_still_runs_and_clears_up_after_it(
    tmp_path: Path, warm: WarmTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    slow = written(
        tmp_path, "slow", "import os\nopen('pid', 'w').write(str(os.getpid()))\nimport time\ntime.sleep(100)"
    )
    quick = written(tmp_path, "quick", "import os, time\nwhile not os.path.exists('pid'): time.sleep(0.1)")
    outcomes = execute_many(
        [Job(path, tmp_path / "out" / path.name, {}, tmp_path) for path in (slow, quick)], 2, warm
    )
    assert next(outcomes).job.source == quick
    outcomes.close()
    assert eventually(lambda: is_gone(int((tmp_path / "pid").read_text())))
    assert list(scratch.iterdir()) == []
