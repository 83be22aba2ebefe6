"""One root for every error a reader may meet.

A message says what happened, where, who must act and what to do next; nothing here
catches, hides or logs.
"""


class CommandCenterError(Exception):
    """An error with the four things a reader needs: what, where, who acts, the next step."""

    def __init__(self, what: str, *, where: str = "", who: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.who = who
        self.next_step = next_step
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what]
        for label, text in (("where", self.where), ("who acts", self.who), ("next", self.next_step)):
            if text:
                parts.append(f"{label}: {text}")
        return " · ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes send errors home by pickle; keyword arguments do not survive the default.
        return (_rebuild, (type(self), self.what, self.where, self.who, self.next_step))


def _rebuild(
    kind: type[CommandCenterError], what: str, where: str, who: str, next_step: str
) -> CommandCenterError:
    error = kind.__new__(kind)
    CommandCenterError.__init__(error, what, where=where, who=who, next_step=next_step)
    return error


class SettingsError(CommandCenterError):
    """The house cannot be found or a setting has no usable value."""


class ReferenceDataError(CommandCenterError):
    """A file of data/reference is missing or contradicts itself."""


class UnknownRegionError(CommandCenterError):
    """A region code or name that the reference data does not know."""


class CatalogError(CommandCenterError):
    """A sector folder that does not say what it must."""


class PublishedDataError(CommandCenterError):
    """A published table that does not fit its declaration."""


class EditionError(CommandCenterError):
    """An edition that is missing, incomplete or may not be changed."""


class AccessError(CommandCenterError):
    """A role, a scope or an account that does not exist or may not be."""


class PublishingError(CommandCenterError):
    """A notebook that failed to execute or to render."""
