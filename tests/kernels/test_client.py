"""The client begins when the kernel answers, and says so when it never will."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager

from command_center.kernels.client import CLIENT_CLASS, PromptKernelClient
from command_center.kernels.owner import WarmTemplate
from command_center.kernels.provisioner import WarmForkProvisioner
from tests.house.loops import run_apart


@asynccontextmanager
async def started(
    warm: WarmTemplate, folder: Path
) -> AsyncIterator[tuple[AsyncKernelManager, PromptKernelClient]]:
    manager = AsyncKernelManager(
        kernel_name="python3",
        connection_file=str(folder / "kernel.json"),
        transport="ipc",
        ip=str(folder / "kernel"),
        client_class=CLIENT_CLASS,
    )
    manager.provisioner = WarmForkProvisioner(
        kernel_id="one", kernel_spec=manager.kernel_spec, parent=manager, template_socket=str(warm.socket)
    )
    output = folder / "output.txt"
    with output.open("wb") as stream:
        await manager.start_kernel(stdout=stream, stderr=stream)
    client = manager.client()
    client.start_channels()
    try:
        yield manager, client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel()


def test_no_output_of_the_first_cell_is_lost(warm: WarmTemplate, tmp_path: Path) -> None:
    async def outputs() -> None:
        async with started(warm, tmp_path) as (_, client):
            await client.wait_for_ready(timeout=60)
            assert isinstance(client, PromptKernelClient)
            request = client.execute("print('heard')")
            while True:
                message = await client.get_iopub_msg(timeout=30)
                if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                    assert message["content"]["text"] == "heard\n"
                    return

    run_apart(outputs())


def test_a_kernel_that_has_ended_is_not_waited_for(warm: WarmTemplate, tmp_path: Path) -> None:
    async def ended() -> None:
        async with started(warm, tmp_path) as (manager, client):
            await manager.provisioner.kill()
            with pytest.raises(RuntimeError, match="died"):
                await client.wait_for_ready(timeout=60)

    run_apart(ended())


def test_waiting_ends_when_the_time_is_up(warm: WarmTemplate, tmp_path: Path, monkeypatch) -> None:
    async def deaf(_: PromptKernelClient) -> bool:
        await asyncio.sleep(0.01)
        return False

    async def slow() -> None:
        async with started(warm, tmp_path) as (_, client):
            with monkeypatch.context() as patch:
                patch.setattr(PromptKernelClient, "_answers", deaf)
                with pytest.raises(RuntimeError, match=r"0\.1 seconds"):
                    await client.wait_for_ready(timeout=0.1)

    run_apart(slow())


def test_a_kernel_that_is_shut_down_complains_of_no_interrupt(warm: WarmTemplate, tmp_path: Path) -> None:
    async def shut_down() -> None:
        async with started(warm, tmp_path) as (_, client):
            await client.wait_for_ready(timeout=60)

    run_apart(shut_down())
    assert (tmp_path / "output.txt").read_text() == ""


def test_a_running_cell_can_still_be_interrupted(warm: WarmTemplate, tmp_path: Path) -> None:
    async def interrupted() -> None:
        async with started(warm, tmp_path) as (manager, client):
            await client.wait_for_ready(timeout=60)
            request = client.execute("import time\nprint('begun')\ntime.sleep(60)")
            while (await client.get_iopub_msg(timeout=30))["msg_type"] != "stream":
                pass
            await manager.interrupt_kernel()
            reply = await client.get_shell_msg(timeout=30)
            while reply["parent_header"].get("msg_id") != request:
                reply = await client.get_shell_msg(timeout=30)
            assert reply["content"]["ename"] == "KeyboardInterrupt"

    run_apart(interrupted())
