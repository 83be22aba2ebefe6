"""Charts drawn by the renderer are those drawn in one's own process, and a renderer that is gone costs no chart."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import command_center.charts.renderer as renderer_module
from command_center.charts.drawing import DRAWN, RENDERER_VARIABLE, draw
from command_center.charts.figure import ChartError
from command_center.charts.renderer import ChartRenderer

POINTS = {
    "data": {"values": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]},
    "mark": "point",
    "encoding": {"x": {"field": "a", "type": "quantitative"}, "y": {"field": "b", "type": "quantitative"}},
}
NONSENSE = {"mark": "nonsense", "data": 3}


@pytest.fixture(scope="module")
def running() -> Iterator[ChartRenderer]:
    with ChartRenderer() as renderer:
        yield renderer


@pytest.fixture
def renderer(running: ChartRenderer, monkeypatch: pytest.MonkeyPatch) -> ChartRenderer:
    """A renderer that this process asks for its drawings."""
    for name, value in running.variables.items():
        monkeypatch.setenv(name, value)
    return running


@pytest.fixture
def own_hand(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn in this process instead of being asked for."""
    drawn: list[str] = []
    monkeypatch.setattr(
        "command_center.charts.drawing.draw_here", lambda text: drawn.append(text) or "<svg/>"
    )
    return drawn


def is_gone(pid: int, patience_s: float = 15) -> bool:
    deadline = time.monotonic() + patience_s
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


# --- the same drawing -----------------------------------------------------------------------------


def test_the_renderer_draws_what_this_process_would(
    renderer: ChartRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = draw(POINTS)
    monkeypatch.delenv(RENDERER_VARIABLE)
    assert draw(POINTS) == asked
    assert asked.startswith("<svg")


def test_the_renderer_and_not_this_process_draws(renderer: ChartRenderer, own_hand: list[str]) -> None:
    assert draw(POINTS) != "<svg/>"
    assert own_hand == []


def test_letters_beyond_ascii_come_back_as_they_went(renderer: ChartRenderer) -> None:
    text = {
        "data": {"values": [{"a": "Łódź ≥ 5 °"}]},
        "mark": "text",
        "encoding": {"text": {"field": "a"}},
    }
    assert "Łódź ≥ 5 °" in draw(text)


def test_what_cannot_be_drawn_is_a_chart_error_and_the_next_chart_is_drawn(renderer: ChartRenderer) -> None:
    with pytest.raises(ChartError, match="could not be drawn"):
        draw(NONSENSE)
    assert draw(POINTS).startswith("<svg")


# --- no renderer, no loss ---------------------------------------------------------------------------


def test_without_a_renderer_this_process_draws(own_hand: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RENDERER_VARIABLE, raising=False)
    assert draw(POINTS) == "<svg/>"


@pytest.mark.parametrize("there", [False, True], ids=["no socket", "nobody listens"])
def test_a_renderer_that_does_not_answer_is_done_without(
    there: bool, own_hand: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "renderer.sock"
    if there:
        path.touch()
    monkeypatch.setenv(RENDERER_VARIABLE, str(path))
    assert draw(POINTS) == "<svg/>"
    assert len(own_hand) == 1


def test_a_renderer_that_died_is_done_without(own_hand: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with ChartRenderer() as renderer:
        assert renderer.pid is not None
        monkeypatch.setenv(RENDERER_VARIABLE, renderer.variables[RENDERER_VARIABLE])
        os.kill(renderer.pid, signal.SIGKILL)
        assert draw(POINTS) == "<svg/>"


# --- beginning and end ------------------------------------------------------------------------------


def test_nothing_is_left_of_a_renderer_that_was_stopped() -> None:
    renderer = ChartRenderer()
    assert renderer.variables == {}
    renderer.start()
    pid, path = renderer.pid, Path(renderer.variables[RENDERER_VARIABLE])
    assert pid is not None
    assert path.is_socket()
    assert path.stat().st_mode & 0o077 == 0
    renderer.stop()
    renderer.stop()
    assert is_gone(pid)
    assert not path.parent.exists()
    assert (renderer.pid, renderer.variables) == (None, {})


def test_a_renderer_started_twice_is_one_process() -> None:
    with ChartRenderer() as renderer:
        pid = renderer.pid
        renderer.start()
        assert renderer.pid == pid


OWNER = """
import sys
from command_center.charts.renderer import ChartRenderer
renderer = ChartRenderer()
renderer.start()
print(renderer.pid, renderer.variables["COMMAND_CENTER_RENDERER"], flush=True)
sys.stdin.read()
"""


def test_a_renderer_whose_owner_was_killed_ends_and_takes_its_socket_along() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        pid, path = owner.stdout.readline().split()
        owner.kill()
    assert is_gone(int(pid))
    assert not Path(path).parent.exists()


def test_a_renderer_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    renderer = ChartRenderer()
    with pytest.raises(ChartError, match="did not start"):
        renderer.start()
    assert (renderer.pid, renderer.variables) == (None, {})


# --- what it keeps ----------------------------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a renderer in this process draws, each drawing ten bytes long."""
    found: list[str] = []
    monkeypatch.setattr(renderer_module, "draw_here", lambda text: found.append(text) or "x" * 9)
    return found


def test_equal_specifications_are_drawn_once(drawn: list[str]) -> None:
    drawings = renderer_module._Drawings()
    assert {drawings.answer(b"a") for _ in range(3)} == {DRAWN + b"x" * 9}
    drawings.answer(b"b")
    assert drawn == ["a", "b"]


def test_the_drawing_that_was_not_asked_for_longest_is_forgotten_first(drawn: list[str]) -> None:
    drawings = renderer_module._Drawings(limit_bytes=20)
    for request in (b"a", b"b", b"a", b"c", b"a", b"b"):
        drawings.answer(request)
    assert drawn == ["a", "b", "c", "b"]
