"""What an open page asks now and then: which edition is the latest, and whether its kernel is still there."""

from command_center.editions import latest_id
from command_center.serving.responses import HouseHandler


class LatestHandler(HouseHandler):
    """Answers JSON: `edition`, the id of the latest, "" before the first; `live`, false where the kernel has ended."""

    async def get(self) -> None:
        """Send it; `?kernel=` names the kernel of a live page."""
        kernel = self.get_query_argument("kernel", "")
        self.set_header("Cache-Control", "no-store")
        self.write(
            {
                "edition": latest_id(self.house.settings) or "",
                "live": not kernel or kernel in self.kernel_manager,
            }
        )
