"""Careful GET requests: limited in size, time, redirects and hosts, repeated only where that may help.

Never shows a query string, a header or another side's words; sends the token to its own origin only;
judges no content beyond "this is a web page, not a file".
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urljoin

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from urllib3.exceptions import HTTPError

from command_center.ingest.sources.failures import (
    AccessDeniedError,
    MissingAtSourceError,
    OversizeError,
    RedirectError,
    SourceError,
    SourceUnavailableError,
    UnexpectedAnswerError,
)
from command_center.ingest.sources.web import (
    DEFAULT_PORTS,
    Counterpart,
    Download,
    Limits,
    Marks,
    Reply,
    origin,
    retry_after,
    shown,
)

USER_AGENT = "command-center"
_CHUNK_BYTES = 65_536
_SNIFFED_BYTES = 512
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")

_Result = TypeVar("_Result")
_Failure = TypeVar("_Failure", bound=SourceError)


@dataclass
class HttpClient:
    """Reads from the origin of `home` and from `link_hosts`; a context manager.

    Connection faults, 408, 425, 429, 5xx and bodies that break off are tried again with growing waits
    (Retry-After is kept up to the longest wait) and end as SourceUnavailableError. Everything else is told at once.
    """

    home: str
    counterpart: Counterpart
    token: str | None = field(default=None, repr=False)
    link_hosts: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], None] = time.sleep
    _session: requests.Session = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        # Without an `auth` requests would look for passwords in ~/.netrc.
        self._session.auth = _send_as_is
        # Compressed transport would hide the length, and a few bytes could unfold into gigabytes.
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def allows(self, url: str) -> bool:
        """Return whether an address is http(s) at the home origin or at a declared host."""
        scheme, host, port = origin(url)
        if scheme not in DEFAULT_PORTS:
            return False
        _, home_host, home_port = origin(self.home)
        at_home = host == home_host and (port == home_port or port == DEFAULT_PORTS[scheme])
        return at_home or host in self.link_hosts or f"{host}:{port}" in self.link_hosts

    def fetch(self, url: str, keep_statuses: frozenset[int] = frozenset()) -> Reply:
        """Return a short answer; error statuses in `keep_statuses` come back, all others raise SourceError."""

        def once() -> Reply:
            with self._open(url, {}) as answer:
                if answer.status_code not in keep_statuses:
                    self._refuse_status(answer, url)
                content = b"".join(self._body(answer, url, self.limits.reply_bytes))
                return Reply(answer.status_code, content.decode("utf-8", errors="replace"))

        return self._repeat(once)

    def download(self, url: str, part: Path, known: Marks | None = None) -> Download | None:
        """Write a file to `part` and return its size and hash; None when it is still the one of `known`.

        Raises SourceError; `part` may then hold a piece, which is the caller's to remove.
        """
        headers = known.headers() if known else {}

        def once() -> Download | None:
            with self._open(url, headers) as answer:
                if answer.status_code == 304 and headers:
                    return None
                self._refuse_status(answer, url)
                size, digest = self._write(answer, url, part)
                marks = Marks(answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
                return Download(size, digest, marks)

        return self._repeat(once)

    # --- one exchange --------------------------------------------------------------------------

    @contextmanager
    def _open(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """Yield the answer at the end of all redirects, its body still unread."""
        current = url
        for _ in range(self.limits.redirects + 1):
            self._refuse_address(current, url)
            answer = self._send(current, headers)
            try:
                target = answer.headers.get("Location")
                if answer.status_code not in _REDIRECTS or not target:
                    yield answer
                    return
            finally:
                answer.close()
            current = urljoin(current, target)
        raise self._error(
            RedirectError, f"The address was redirected more than {self.limits.redirects} times", url
        )

    def _send(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        sent = dict(headers)
        if self.token and origin(url) == origin(self.home):
            sent["Authorization"] = self.token
        try:
            return self._session.get(
                url,
                headers=sent,
                stream=True,
                allow_redirects=False,
                timeout=(self.limits.connect_seconds, self.limits.silence_seconds),
            )
        except requests.exceptions.SSLError:
            raise self._error(
                UnexpectedAnswerError, "The source's certificate cannot be trusted", url
            ) from None
        except requests.exceptions.Timeout:
            raise self._error(SourceUnavailableError, "The source did not answer in time", url) from None
        except requests.exceptions.ConnectionError:
            raise self._error(SourceUnavailableError, "The source cannot be reached", url) from None
        except requests.exceptions.RequestException as error:
            # The original would repeat the whole address, query included.
            kind = type(error).__name__
            raise self._error(UnexpectedAnswerError, f"The request failed ({kind})", url) from None

    def _refuse_address(self, current: str, first: str) -> None:
        if not self.allows(current):
            scheme, host, _ = origin(current)
            if scheme not in DEFAULT_PORTS:
                what = f"The source points to an address that is not http or https ({scheme or 'no'} scheme)"
            else:
                what = f"The source points to another host, {host}, that is not declared"
            raise self._error(
                RedirectError, what, first, "name the host under link_hosts in sources.yml if it is trusted"
            )
        if origin(first)[0] == "https" and origin(current)[0] != "https":
            raise self._error(RedirectError, "The source redirects from https to http", first)

    def _refuse_status(self, answer: requests.Response, url: str) -> None:
        status = answer.status_code
        if status == 200:
            return
        if status in _TRANSIENT:
            error = self._error(SourceUnavailableError, f"The source answered {status}", url)
            error.retry_after_seconds = retry_after(answer.headers.get("Retry-After"))
            raise error
        if status in {401, 403}:
            raise self._error(
                AccessDeniedError,
                f"The source refuses access ({status})",
                url,
                "ask its keeper for access, or set the token named in sources.yml",
            )
        if status in {404, 410}:
            raise self._error(MissingAtSourceError, f"There is nothing at this address ({status})", url)
        raise self._error(UnexpectedAnswerError, f"The source answered {status}", url)

    # --- bodies --------------------------------------------------------------------------------

    def _body(self, answer: requests.Response, url: str, most: int) -> Iterator[bytes]:
        limit = f"{most / 1e6:,.0f} MB" if most >= 1e6 else f"{most} bytes"
        announced = answer.headers.get("Content-Length", "")
        too_large = f"The answer is larger than the limit of {limit}"
        enlarge = "raise max_megabytes in sources.yml if the file is right"
        if announced.isdigit() and int(announced) > most:
            raise self._error(OversizeError, too_large, url, enlarge)
        end = time.monotonic() + self.limits.total_seconds
        size = 0
        try:
            # read1 hands over what has come: read would wait for a full chunk, however slowly it trickles.
            while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=True):
                size += len(chunk)
                if size > most:
                    raise self._error(OversizeError, too_large, url, enlarge)
                if time.monotonic() > end:
                    raise self._error(
                        SourceUnavailableError,
                        f"The answer was not complete after {self.limits.total_seconds:.0f} s",
                        url,
                    )
                yield chunk
        except (HTTPError, OSError):
            told = f" of {announced}" if announced else ""
            raise self._error(
                SourceUnavailableError, f"The answer broke off after {size}{told} bytes", url
            ) from None

    def _write(self, answer: requests.Response, url: str, part: Path) -> tuple[int, str]:
        digest = hashlib.sha256()
        size = 0
        start = b""
        with part.open("wb") as file:
            for chunk in self._body(answer, url, self.limits.file_bytes):
                if len(start) < _SNIFFED_BYTES:
                    start += chunk[:_SNIFFED_BYTES]
                    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB_PAGE):
                        raise self._error(UnexpectedAnswerError, "A web page came instead of the file", url)
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if not size:
            raise self._error(UnexpectedAnswerError, "An empty answer came instead of the file", url)
        return size, digest.hexdigest()

    # --- trying again --------------------------------------------------------------------------

    def _repeat(self, once: Callable[[], _Result]) -> _Result:
        retrying = Retrying(
            retry=retry_if_exception_type(SourceUnavailableError),
            stop=stop_after_attempt(self.limits.attempts),
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(once)

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_seconds if isinstance(error, SourceUnavailableError) else None
        growing = self.limits.first_wait_seconds * 2.0 ** (state.attempt_number - 1)
        return min(max(growing, asked or 0.0), self.limits.longest_wait_seconds)

    def _error(self, kind: type[_Failure], what: str, url: str, next_step: str = "") -> _Failure:
        return kind(
            what,
            where=shown(url),
            who=self.counterpart.who,
            next_step=next_step or self.counterpart.next_step,
        )


def _send_as_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
