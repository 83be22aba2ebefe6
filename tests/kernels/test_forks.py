"""A forked kernel is a kernel like any other: it draws, queries, maps, and its random numbers are its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_center.kernels.owner import WarmTemplate
from command_center.kernels.protocol import SOCKET_VARIABLE
from tests.kernels.talking import eventually, kernel
from tests.kernels.working import assert_sound_kernels, private_mb

# Five hundred of them: tests/bench/test_fork_safety.py.
FORKS = 50
SPAWNS = 4


@pytest.mark.slow
@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_kernels_draw_query_and_map_without_hanging_and_draw_random_numbers_of_their_own(
    way: str, warm: WarmTemplate
) -> None:
    assert_sound_kernels(*((warm.socket, FORKS) if way == "fork" else (None, SPAWNS)))
    assert warm.is_alive


def test_a_forked_kernel_has_the_folder_and_exactly_the_environment_it_was_given(
    warm: WarmTemplate, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "beside_the_notebook.py").write_text("answer = 42")
    with kernel(warm.socket, cwd=here, env={"ONLY_FOR_THIS_ONE": "yes", "TZ": "Asia/Jakarta"}) as running:
        said = running.run(
            "import os, time, json, beside_the_notebook\n"
            "print(json.dumps([os.getcwd(), dict(os.environ), time.tzname, beside_the_notebook.answer]))"
        )
    folder, environment, zone, answer = json.loads(said)
    assert folder == str(here)
    assert environment["ONLY_FOR_THIS_ONE"] == "yes"
    assert "JE_ARROW_MALLOC_CONF" not in environment  # the template's own
    assert zone[0] == "WIB"
    assert answer == 42
    with kernel(warm.socket) as other:
        assert other.run("import os; print('ONLY_FOR_THIS_ONE' in os.environ)") == "False"


def test_a_forked_kernel_does_not_learn_where_the_template_listens(
    warm: WarmTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SOCKET_VARIABLE, str(warm.socket))
    with kernel(None) as running:
        seen = running.run(f"import os; print({SOCKET_VARIABLE!r} in os.environ, os.getppid())")
    assert seen == f"False {warm.pid}"


def test_a_forked_kernel_holds_nothing_of_the_template_or_of_other_kernels(warm: WarmTemplate) -> None:
    code = (
        "import os\n"
        "links = [os.readlink(f'/proc/self/fd/{fd}') for fd in range(200) if os.path.exists(f'/proc/self/fd/{fd}')]\n"
        "inodes = {line.split()[6] for line in open('/proc/net/unix') if 'template.sock' in line}\n"
        "print([link for link in links if link.startswith('socket:[') and link[8:-1] in inodes])"
    )
    with kernel(warm.socket), kernel(warm.socket) as second:
        assert second.run(code) == "[]"


def test_a_kernel_can_be_interrupted_restarted_and_shut_down_politely(
    warm: WarmTemplate, tmp_path: Path
) -> None:
    with kernel(warm.socket) as running:
        busy = tmp_path / "busy"
        running.client.execute(
            f"import time; open({str(busy)!r}, 'w').close(); time.sleep(60)", stop_on_error=False
        )
        assert eventually(busy.exists)
        running.manager.interrupt_kernel()
        assert running.run("print('awake')") == "awake"
        first = running.pid
        running.manager.restart_kernel()
        running.client.wait_for_ready(timeout=60)
        assert running.pid != first
        running.manager.request_shutdown()
        process = running.provisioner.process
        assert process is not None
        assert process.wait() == 0


CLIENT = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
print(type(manager.provisioner).__name__, type(manager.provisioner.process).__name__)
client.stop_channels()
manager.shutdown_kernel(now=True)
"""
BY_TRAIT = "from command_center.kernels.provisioner import use_warm_kernels\nuse_warm_kernels()\n"


@pytest.mark.parametrize("chosen_by", ["environment", "trait"])
def test_any_client_of_jupyter_gets_a_fork_once_the_provisioner_is_chosen(
    chosen_by: str, warm: WarmTemplate
) -> None:
    variables, prelude = dict(warm.variables), ""
    if chosen_by == "trait":
        variables, prelude = {SOCKET_VARIABLE: str(warm.socket)}, BY_TRAIT
    said = subprocess.run(
        [sys.executable, "-c", prelude + CLIENT],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout.split() == ["WarmForkProvisioner", "ForkedProcess"]


def test_a_kernel_that_has_nothing_to_do_gives_back_the_memory_it_freed(warm: WarmTemplate) -> None:
    """Sixteen megabytes in pieces below the top of the heap, which the C library would keep."""
    with kernel(warm.socket) as running:
        running.run(
            "pieces = [bytearray(64_000) for _ in range(250)]; top = bytearray(64_000); del pieces\n1 + 1"
        )
        before = private_mb(running.pid)
        assert eventually(lambda: private_mb(running.pid) < before - 10)
