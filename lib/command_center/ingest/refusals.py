"""The one error of intake: a file or sheet that cannot be taken in at all.

Raised before anything is stored, so nothing has changed when it is read.
"""

from command_center.errors import CommandCenterError

SENDER = "the sender of the file"


class IngestError(CommandCenterError):
    """A file that cannot be taken in; `code` is the name of the check that stopped it."""

    def __init__(
        self, code: str, what: str, *, where: str = "", who: str = SENDER, next_step: str = ""
    ) -> None:
        self.code = code
        super().__init__(what, where=where, who=who, next_step=next_step)

    def under(self, where: str) -> "IngestError":
        """Return the same refusal at a fuller place, such as one with a receipt."""
        return IngestError(self.code, self.what, where=where, who=self.who, next_step=self.next_step)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.what, self.where, self.who, self.next_step))


def _rebuild(code: str, what: str, where: str, who: str, next_step: str) -> IngestError:
    return IngestError(code, what, where=where, who=who, next_step=next_step)
