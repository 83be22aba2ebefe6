"""The one error of intake: a file or sheet that cannot be taken in at all.

Raised before anything is stored, so nothing has changed when it is read.
"""

from command_center.errors import CommandCenterError

SENDER = "the sender of the file"


class IngestError(CommandCenterError):
    """A file that cannot be taken in; `code` is the name of the check that stopped it.

    `receipt` is the submission it was registered as, "" before it has one.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        where: str = "",
        who: str = SENDER,
        next_step: str = "",
        receipt: str = "",
    ) -> None:
        self.code = code
        self.receipt = receipt
        super().__init__(what, where=where, who=who, next_step=next_step)

    def under(self, name: str, receipt: str) -> "IngestError":
        """Return the same refusal with the receipt it was registered under."""
        where = f"{name}, receipt {receipt}"
        return IngestError(
            self.code, self.what, where=where, who=self.who, next_step=self.next_step, receipt=receipt
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.what, self.where, self.who, self.next_step, self.receipt))


def _rebuild(code: str, what: str, where: str, who: str, next_step: str, receipt: str) -> IngestError:
    return IngestError(code, what, where=where, who=who, next_step=next_step, receipt=receipt)
