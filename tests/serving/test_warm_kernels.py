"""The server's live pages come from forked kernels, quietly, and nothing of them outlives the server."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from command_center.refresh import refresh
from tests.conftest import DAY
from tests.kernels.talking import eventually
from tests.serving.conftest import Site

PATIENCE_S = 60.0
LIVE = "/bidang/water/33.16/?live=1"
TEMPLATE = "command_center.kernels.template"


def processes(site: Site) -> list[psutil.Process]:
    return psutil.Process(site.process.pid).children(recursive=True)


def templates(site: Site) -> list[psutil.Process]:
    """The server's own children that fork kernels; their children are the kernels."""
    return [
        child
        for child in psutil.Process(site.process.pid).children()
        if TEMPLATE in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE
    ]


def ready_template(site: Site, *, other_than: int = 0) -> psutil.Process:
    """Return the template once the server takes its kernels from it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for template in templates(site):
            if template.pid != other_than and Path(template.cmdline()[4]).is_socket():
                return template
        time.sleep(0.1)
    raise AssertionError(site.log.read_text())


def test_a_live_page_comes_from_a_fork_of_the_template_and_says_nothing_on_the_log(own_site: Site) -> None:
    template = ready_template(own_site)
    time.sleep(1)  # the server hears of it a moment later
    live = own_site.get(LIVE)
    assert live.status == 200
    assert "data-figure=" in live.text
    assert len(template.children()) == 1
    complaints = re.findall(r"WARNING|ERROR|Traceback|not trusted|encryption", own_site.log.read_text())
    assert complaints == []


def test_nothing_outlives_a_server_that_is_asked_to_end(own_site: Site) -> None:
    ready_template(own_site)
    own_site.get(LIVE)
    left = processes(own_site)
    assert len(left) >= 3  # template, renderer, kernel
    own_site.process.send_signal(signal.SIGTERM)
    own_site.process.wait(PATIENCE_S)
    _, alive = psutil.wait_procs(left, PATIENCE_S)
    assert alive == []
    assert "KeyboardInterrupt" not in own_site.log.read_text()


def test_nothing_outlives_a_server_that_is_killed(own_site: Site) -> None:
    ready_template(own_site)
    own_site.get(LIVE)
    left = processes(own_site)
    os.kill(own_site.process.pid, signal.SIGKILL)
    own_site.process.wait(PATIENCE_S)
    _, alive = psutil.wait_procs(left, PATIENCE_S)
    assert alive == []


def test_the_template_is_renewed_when_an_edition_is_published(own_site: Site, no_pages: None) -> None:
    before = ready_template(own_site)
    time.sleep(1)
    refresh(own_site.settings, DAY.replace(day=29))
    assert ready_template(own_site, other_than=before.pid).pid != before.pid
    assert own_site.get(LIVE).status == 200


def test_a_reader_whose_kernel_dies_at_its_start_or_later_gets_an_end_and_no_error(own_site: Site) -> None:
    template = ready_template(own_site)
    time.sleep(1)
    own_site.get(LIVE)
    known = {kernel.pid for kernel in template.children()}
    for later in (0.0, 0.3, 0.8):
        with ThreadPoolExecutor(1) as pool:
            opening = pool.submit(own_site.get, LIVE, timeout=30)
            assert eventually(
                lambda: {kernel.pid for kernel in template.children()} - known != set(), timeout=20
            )
            time.sleep(later)
            for kernel in template.children():
                if kernel.pid not in known:
                    known.add(kernel.pid)
                    kernel.kill()
            answer = opening.result()
        assert answer.status == 200
        assert answer.text.rstrip().endswith("</html>")
    assert own_site.get(LIVE).text.count("data-figure=") > 0
