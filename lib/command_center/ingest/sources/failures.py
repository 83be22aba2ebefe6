"""What can go wrong on the way to a remote source, each as one error a reader can act on.

No message repeats what the other side answered, a query string or a header: any of them may hold a secret.
"""

from command_center.errors import CommandCenterError


class SourceError(CommandCenterError):
    """A remote source that could not be read as declared."""


class SourceDeclarationError(SourceError):
    """An entry of sources.yml, or a token in the environment, that cannot be used."""


class SourceUnavailableError(SourceError):
    """The source is down, too slow, broke off, or said "later": trying again may help."""

    retry_after_seconds: float | None = None


class AccessDeniedError(SourceError):
    """The source refuses to show this to us."""


class MissingAtSourceError(SourceError):
    """What was asked for is not at the source, or no longer."""


class UnexpectedAnswerError(SourceError):
    """An answer of another kind than asked for: a web page, no JSON, rows that do not add up."""


class OversizeError(SourceError):
    """An answer larger than the declared limit."""


class RedirectError(SourceError):
    """A redirect in a loop, to an undeclared host, or away from https."""


class SourceBusyError(SourceError):
    """Another run holds the ledger."""


class LandingError(SourceError):
    """The ledger or the landing folder cannot be written or read."""
