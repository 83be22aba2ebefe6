"""A real mail server on loopback that keeps what it takes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Letterbox:
    """What a server took, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        return self.answer


@contextmanager
def open_letterbox() -> Iterator[tuple[Letterbox, int]]:
    """Yield a letterbox and the port its server listens on."""
    with socket.socket() as probe:  # the controller greets itself at the port it was given, so 0 will not do
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
