"""What is said before and after a request: its bounds, the marks of a version, addresses fit to be shown.

Values and pure functions; nothing here asks a server.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Limits:
    """Bounds of every request; bytes after decompression, seconds of wall clock, attempts in all."""

    file_bytes: int = 100_000_000
    reply_bytes: int = 64_000_000
    connect_seconds: float = 10.0
    silence_seconds: float = 60.0
    total_seconds: float = 1_800.0
    attempts: int = 4
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True)
class Counterpart:
    """Who is asked, for the words of an error: who must act, and what to do next."""

    who: str
    next_step: str


@dataclass(frozen=True)
class Marks:
    """What a server gives along so that it can be asked "has it changed since": ETag and Last-Modified."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers that ask for the file only if it changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Download:
    """A file that arrived whole: its size, SHA-256 and the marks for asking again."""

    size_bytes: int
    sha256: str
    marks: Marks = Marks()


@dataclass(frozen=True)
class Reply:
    """A short answer in memory; `text` is UTF-8, undecodable bytes replaced."""

    status: int
    text: str


def shown(url: str) -> str:
    """Return an address without user name, query and fragment: fit for messages, ledger and sidecars."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port, the port filled in."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(parts.scheme)


def retry_after(text: str | None) -> float | None:
    """Return the seconds of a Retry-After header, a number or an HTTP date; None when it is neither."""
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
