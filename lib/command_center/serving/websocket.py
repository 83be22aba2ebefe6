"""The websocket of a live page; one whose kernel has ended is told so, where Jupyter would wait for it and fail."""

from typing import Any

from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from command_center.serving.identity_provider import Reader
from command_center.serving.responses import PlainErrors


class LiveWebsocket(PlainErrors, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """Voila's handler with its filter of messages, for kernels that are alive."""

    async def pre_get(self) -> None:
        """Let the reader of the kernel in, as Jupyter does; 404 for a kernel of the reader's own that has ended."""
        kernels: Any = self.kernel_manager
        kernel_id, reader = self.path_kwargs["kernel_id"], self.current_user
        is_own = isinstance(reader, Reader) and kernels.is_held_by(kernel_id, reader.holder)
        if is_own and not await kernels.is_running(kernel_id):
            raise HTTPError(404, log_message="the kernel has ended")
        try:
            await super().pre_get()
        except TimeoutError as error:
            raise HTTPError(404, log_message="the kernel ended meanwhile") from error
