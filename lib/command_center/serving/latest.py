"""What an open page asks now and then: which edition is the latest, and whether its kernel is still there."""

from typing import Any

from command_center.editions import latest_id
from command_center.serving.responses import HouseHandler


class LatestHandler(HouseHandler):
    """Answers JSON: `edition`, the id of the latest, "" before the first; `live`, whether the reader's kernel runs."""

    async def get(self) -> None:
        """Send it; `?kernel=` names the kernel of a live page."""
        kernel = self.get_query_argument("kernel", "")
        self.set_header("Cache-Control", "no-store")
        kernels: Any = self.kernel_manager
        is_live = not kernel or kernels.is_held_by(kernel, self.reader.holder)
        self.write({"edition": latest_id(self.house.settings) or "", "live": is_live})
