"""A kernel with limits gets an exception or ends; it never takes the machine along."""

import signal

import pytest

from command_center.kernels.owner import WarmTemplate
from tests.kernels.talking import eventually, kernel

DRAW = """
import altair as alt, pandas as pd, vl_convert
chart = alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_bar().encode(x="x:Q").to_dict()
print(vl_convert.vegalite_to_svg(chart)[:4])
"""


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_a_kernel_out_of_memory_gets_an_exception_and_lives(way: str, warm: WarmTemplate) -> None:
    with kernel(warm.socket if way == "fork" else None, memory_limit_mb=1500) as running:
        assert running.run(DRAW) == "<svg"
        assert running.error_of("bytearray(2 * 2**30)") == "MemoryError"
        arrow = "import pyarrow; pyarrow.allocate_buffer(2 * 2**30)"
        assert running.error_of(arrow) == "ArrowMemoryError"
        query = "select count(distinct md5(range::varchar) || repeat('x', 100)) from range(30_000_000)"
        assert running.error_of(f"import duckdb; duckdb.sql({query!r}).fetchall()") == "OutOfMemoryException"
        assert running.run("print('alive')") == "alive"


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_a_kernel_out_of_wall_clock_is_killed(way: str, bare: WarmTemplate) -> None:
    with kernel(bare.socket if way == "fork" else None, wall_limit_s=6.0) as running:
        process = running.provisioner.process
        assert process is not None
        assert eventually(lambda: process.poll() == -signal.SIGKILL, timeout=12)
        assert running.provisioner.wall_clock_ran_out


def test_a_kernel_out_of_processor_time_ends(bare: WarmTemplate) -> None:
    with kernel(bare.socket, cpu_limit_s=2) as running:
        process = running.provisioner.process
        assert process is not None
        running.client.execute("while True: pass")
        assert eventually(lambda: process.poll() is not None, timeout=15)
        assert process.poll() in {-signal.SIGXCPU, -signal.SIGKILL}
