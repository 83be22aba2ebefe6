"""A kernel client that begins as soon as the kernel answers, not a moment of silence later.

Only the waiting differs from jupyter_client's; everything that is said stays the same.
"""

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient

CLIENT_CLASS = f"{__name__}.PromptKernelClient"
_ANSWER_TIMEOUT_S = 1.0
_ECHO_TIMEOUT_S = 0.2


class PromptKernelClient(AsyncKernelClient):
    """Ready once the kernel has been heard on both channels.

    The original then reads the output channel until nothing comes for 0.2 seconds, at every start; whoever
    executes a cell tells its outputs from others by their parent anyway.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel's first answer; RuntimeError when it has ended or `timeout` seconds have passed."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answers():
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answers(self) -> bool:
        self.kernel_info()
        try:
            reply = await self.get_shell_msg(timeout=_ANSWER_TIMEOUT_S)
            if reply["msg_type"] != "kernel_info_reply":
                return False
            # Whatever it is: what arrives shows that outputs will arrive.
            await self.get_iopub_msg(timeout=_ECHO_TIMEOUT_S)
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True
