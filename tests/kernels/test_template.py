"""The template forks only when that is safe, and nothing outlives whoever asked for it."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from command_center.kernels.fork import kernel_arguments
from command_center.kernels.owner import WarmTemplate
from command_center.kernels.protocol import KernelRequest, TemplateError
from command_center.kernels.provisioner import fork_kernel
from tests.kernels.talking import eventually, is_gone, kernel

MakeModule = Callable[[str, str], None]


@pytest.fixture
def make_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeModule:
    """Write a module where templates and kernels find it."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))

    def make(name: str, code: str) -> None:
        (folder / f"{name}.py").write_text(textwrap.dedent(code))

    return make


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
            "2 threads",
        ),
        ("import vl_convert", "may not hold vl_convert"),
        ("file = open(__file__)", "foreign open file"),
    ],
)
def test_a_template_that_could_not_fork_safely_does_not_start(
    code: str, reason: str, make_module: MakeModule
) -> None:
    make_module("unsafe", code)
    template = WarmTemplate(modules=("unsafe",))
    with pytest.raises(TemplateError, match=reason):
        template.start()
    template.stop()


def test_a_thread_that_starts_later_stops_the_next_fork(make_module: MakeModule) -> None:
    # Threads of a template cannot be started from outside; a timer signal does it while it serves.
    make_module(
        "late",
        """
        import signal, threading
        def start(*_):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        signal.signal(signal.SIGUSR1, start)
        """,
    )
    with WarmTemplate(modules=("late",)) as template:
        request = KernelRequest(
            (sys.executable, "-m", "ipykernel_launcher"), dict(os.environ), str(Path.cwd())
        )
        kernel_process = fork_kernel(template.socket, request, 1, 2)
        kernel_process.kill()
        assert kernel_process.wait() == -signal.SIGKILL
        assert template.pid is not None
        os.kill(template.pid, signal.SIGUSR1)
        with pytest.raises(TemplateError, match="2 threads"):
            fork_kernel(template.socket, request, 1, 2)


def test_modules_that_are_not_there_are_left_out_and_named(bare: WarmTemplate) -> None:
    with WarmTemplate(modules=("json", "no_such_package.at_all")) as template:
        assert template.absent_modules == ("no_such_package.at_all",)
        assert template.is_alive


def test_the_socket_is_private_to_its_owner(bare: WarmTemplate) -> None:
    assert bare.socket.stat().st_mode & 0o777 == 0o600
    assert bare.socket.parent.stat().st_mode & 0o777 == 0o700


def test_a_killed_kernel_is_reported_with_its_signal_and_reaped(bare: WarmTemplate) -> None:
    with kernel(bare.socket) as running:
        process = running.provisioner.process
        assert process is not None
        assert process.poll() is None
        os.kill(running.pid, signal.SIGKILL)
        assert eventually(lambda: process.poll() == -signal.SIGKILL)
        assert not Path(f"/proc/{running.pid}").exists()


def test_the_exit_code_of_a_kernel_is_reported(bare: WarmTemplate) -> None:
    with kernel(bare.socket) as running:
        process = running.provisioner.process
        assert process is not None
        running.client.execute("import os; os._exit(7)")
        assert process.wait() == 7


def test_what_a_kernel_left_running_ends_with_it(bare: WarmTemplate) -> None:
    with kernel(bare.socket) as running:
        child = int(running.run("import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"))
        running.client.execute("import os; os._exit(0)")
        assert eventually(lambda: is_gone(child))


def test_without_its_template_a_client_gets_a_spawned_kernel_and_one_warning(
    bare: WarmTemplate, caplog: pytest.LogCaptureFixture
) -> None:
    with kernel(bare.socket) as running:
        assert bare.pid is not None
        os.kill(bare.pid, signal.SIGKILL)
        process = running.provisioner.process
        assert process is not None
        assert eventually(lambda: process.poll() == -signal.SIGKILL)
        assert is_gone(running.pid)
    assert not bare.is_alive
    for _ in range(2):
        with kernel(bare.socket) as fallback:
            assert fallback.run("import os; print(os.getppid())") == str(os.getpid())
    assert len([record for record in caplog.records if "slower" in record.message]) == 1
    bare.start()
    with kernel(bare.socket) as again:
        assert again.run("import os; print(os.getppid())") == str(bare.pid)


ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import time
from pathlib import Path
from tests.kernels.talking import kernel
from command_center.kernels.owner import WarmTemplate
template = WarmTemplate(modules=())
template.start()
template.replace()
with kernel(template.socket) as running:
    print(template.pid, running.pid, template.socket, flush=True)
    time.sleep(60)
"""

CLIENT = """
import time
from pathlib import Path
from tests.kernels.talking import kernel
with kernel(Path({socket!r})) as running:
    print(running.pid, flush=True)
    time.sleep(60)
"""


def said_by(code: str) -> tuple[subprocess.Popen[str], list[str]]:
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_nothing_outlives_an_owner_that_was_killed() -> None:
    owner, (template, kernel_pid, socket) = said_by(OWNER)
    end(owner)
    assert eventually(lambda: is_gone(int(template)) and is_gone(int(kernel_pid)))
    assert eventually(lambda: not Path(socket).parent.exists())


def test_a_kernel_ends_with_the_client_that_asked_for_it_and_the_template_stays(bare: WarmTemplate) -> None:
    client, (kernel_pid,) = said_by(CLIENT.format(socket=str(bare.socket)))
    assert not is_gone(int(kernel_pid))
    end(client)
    assert eventually(lambda: is_gone(int(kernel_pid)))
    assert bare.is_alive


def test_a_replaced_template_serves_new_code_and_old_kernels_live_on(make_module: MakeModule) -> None:
    make_module("edition", "import os; number = 1; seen = os.environ.get('EDITION')")
    with WarmTemplate(modules=("edition",), environment={"EDITION": "old"}) as template:
        socket, first = template.socket, template.pid
        assert first is not None
        with kernel(socket) as old:
            make_module("edition", "import os; number = 2; seen = os.environ.get('EDITION')")
            template.replace({"EDITION": "new"})
            assert template.socket == socket
            with kernel(socket) as new:
                assert new.run("import edition; print(edition.number, edition.seen)") == "2 new"
            assert old.run("import edition; print(edition.number, edition.seen)") == "1 old"
            assert not is_gone(first)
        assert eventually(lambda: is_gone(first))
        assert template.is_alive


def test_a_replacement_that_cannot_start_leaves_the_old_template_serving(make_module: MakeModule) -> None:
    make_module("sound", "")
    with WarmTemplate(modules=("sound",)) as template:
        before = template.pid
        make_module(
            "sound", "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
        )
        with pytest.raises(TemplateError):
            template.replace()
        assert template.pid == before
        with kernel(template.socket) as running:
            assert running.run("import os; print(os.getppid())") == str(before)


@pytest.mark.parametrize(
    "command",
    [
        ("/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "x"),
        (sys.executable, "script.py"),
        (sys.executable, "-m"),
        (sys.executable, "-m", "xeus_python"),
        (),
    ],
)
def test_only_this_python_and_only_ipykernel_is_forked(command: tuple[str, ...]) -> None:
    with pytest.raises(TemplateError):
        kernel_arguments(command)


def test_the_arguments_after_the_launcher_are_the_kernels() -> None:
    command = (
        sys.executable,
        "-Xfrozen_modules=off",
        "-m",
        "ipykernel_launcher",
        "-f",
        "file.json",
        "--debug",
    )
    assert kernel_arguments(command) == ["-f", "file.json", "--debug"]


def test_a_request_that_makes_no_sense_is_refused_and_the_template_lives(bare: WarmTemplate) -> None:
    request = KernelRequest((sys.executable, "-m", "ipykernel_launcher"), {}, "/no/such/folder")
    with pytest.raises(TemplateError, match="folder"):
        fork_kernel(bare.socket, request, 1, 2)
    assert bare.is_alive
