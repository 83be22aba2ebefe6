"""The end of a live page: its own kernel, and nobody else's, may be ended."""

from tornado.web import HTTPError
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

from command_center.serving.identity_provider import Reader


class OwnKernelShutdown(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Voila's handler, which asks nothing, behind the question whose kernel it is."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel; 403 for one that is another's or does not run."""
        reader = self.current_user
        if not isinstance(reader, Reader) or not self.kernel_manager.is_held_by(kernel_id, reader.holder):
            raise HTTPError(403, log_message="not the reader's kernel")
        await super().post(kernel_id)
