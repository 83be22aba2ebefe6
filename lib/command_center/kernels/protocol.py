"""What the template, its owner and the kernel provisioner say to each other: one JSON object a line.

Holds the words and the framing only; starts no process and opens no file. One connection belongs to
one kernel: request, answer, exit status. Closing it ends the kernel, so a dead client leaves none behind.
"""

import json
import select
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from command_center.errors import CommandCenterError

SOCKET_VARIABLE = "COMMAND_CENTER_TEMPLATE_SOCKET"
# Without this Arrow's allocator claims 1 GiB of address space at its first use, which a memory limit counts.
SMALL_ARENAS: Mapping[str, str] = {"MIMALLOC_ARENA_EAGER_COMMIT": "0"}
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 65536
_MAX_DESCRIPTORS = 2


class TemplateError(CommandCenterError):
    """The warm template cannot be started, cannot be reached or refuses to fork."""


@dataclass(frozen=True)
class KernelRequest:
    """One kernel asked for: the command jupyter_client would have spawned, its environment and folder."""

    command: tuple[str, ...]
    environment: dict[str, str]
    cwd: str

    def to_message(self) -> dict[str, Any]:
        """Return the JSON form of the request."""
        return asdict(self)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Return the request in `message`; raises TemplateError when a part is missing or of another type."""
        command, environment, cwd = (message.get(name) for name in ("command", "environment", "cwd"))
        if not (isinstance(command, list) and isinstance(environment, dict) and isinstance(cwd, str)):
            raise TemplateError("A kernel request needs a command, an environment and a folder")
        return cls(
            command=tuple(str(word) for word in command),
            environment={str(name): str(value) for name, value in environment.items()},
            cwd=cwd,
        )


class Channel:
    """A connected unix socket that carries messages and, beside them, open file descriptors."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.descriptors: list[int] = []
        self._buffer = b""

    def fileno(self) -> int:
        """Return the descriptor of the socket, for selectors."""
        return self.connection.fileno()

    def close(self) -> None:
        """Close the socket; closing twice is harmless."""
        self.connection.close()

    def send(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Send one message; raises OSError when the other side is gone."""
        data = json.dumps(message).encode() + b"\n"
        if len(data) > MAX_MESSAGE_BYTES:
            raise TemplateError("A message to the warm template is too long", where=f"{len(data)} bytes")
        sent = socket.send_fds(self.connection, [data], list(descriptors)) if descriptors else 0
        if sent < len(data):
            self.connection.sendall(data[sent:])

    def receive(self) -> dict[str, Any] | None:
        """Return the next message, waiting as long as the socket's timeout allows, or None at the end.

        Descriptors that came along are added to `descriptors`, and belong to the caller. Raises
        TemplateError for a message that is too long or no JSON object, OSError when the socket fails.
        """
        while b"\n" not in self._buffer:
            data, descriptors, _, _ = socket.recv_fds(self.connection, _CHUNK_BYTES, _MAX_DESCRIPTORS)
            self.descriptors.extend(descriptors)
            if not data:
                return None
            self._buffer += data
            if len(self._buffer) > MAX_MESSAGE_BYTES:
                raise TemplateError("A message to the warm template is too long")
        line, self._buffer = self._buffer.split(b"\n", 1)
        try:
            message = json.loads(line)
        except ValueError as error:
            raise TemplateError("A message to the warm template is not JSON", where=str(error)) from error
        if not isinstance(message, dict):
            raise TemplateError("A message to the warm template is not a JSON object")
        return message

    def has_news(self) -> bool:
        """Tell whether `receive` would return at once: a message, part of one, or the end."""
        if b"\n" in self._buffer:
            return True
        # poll, not select: a server with many viewers has descriptors above select's 1024.
        poller = select.poll()
        poller.register(self.connection, select.POLLIN)
        return bool(poller.poll(0))
