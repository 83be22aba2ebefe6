"""Mail that goes out: written down first, then sent until a server has taken it. Each message has one stable Message-ID.

A message is sent twice only where the process ends between the server's yes and its record; both then bear the same
Message-ID, by which mail programs show one.
"""

import hashlib
import os
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from command_center.briefing.export import BriefingFiles
from command_center.scheduling.journal import Journal

SERVER_VARIABLE, PASSWORD_VARIABLE = "COMMAND_CENTER_SMTP", "COMMAND_CENTER_SMTP_PASSWORD"
_BACKOFF_S, _LONGEST_BACKOFF_S = 60.0, 3600.0
_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Server:
    """A mail server, from COMMAND_CENTER_SMTP: smtp://user@host:port (STARTTLS where offered) or smtps://…"""

    host: str
    port: int
    is_tls: bool
    user: str

    @classmethod
    def in_environment(cls) -> "Server | None":
        """Return the server that the environment names; None where it names none."""
        text = os.environ.get(SERVER_VARIABLE, "")
        if not text:
            return None
        parts = urlsplit(text)
        is_tls = parts.scheme == "smtps"
        return cls(
            parts.hostname or "localhost", parts.port or (465 if is_tls else 25), is_tls, parts.username or ""
        )


def message_id(day: date, recipient: str, language: str, sender: str) -> str:
    """Return the Message-ID of a day's briefing to somebody: the same whenever it is made."""
    digest = hashlib.sha256(f"{recipient}\0{language}".encode()).hexdigest()[:20]
    return f"<briefing.{day.isoformat()}.{digest}@{sender.rpartition('@')[2]}>"


def briefing_mail(
    files: BriefingFiles, *, day: date, recipient: str, language: str, sender: str
) -> EmailMessage:
    """Return the mail of a briefing: plain text as its body, the HTML beside it, the PDF attached."""
    text = files.text.read_text(encoding="utf-8")
    mail = EmailMessage()
    mail["Subject"] = text.splitlines()[0]
    mail["From"], mail["To"] = sender, recipient
    mail["Message-ID"] = message_id(day, recipient, language, sender)
    # Quoted-printable: servers refuse lines of more than 998 bytes.
    mail.set_content(text, cte="quoted-printable")
    html = files.html.read_text(encoding="utf-8")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    name = f"briefing-{day.isoformat()}.pdf"
    mail.add_attachment(files.pdf.read_bytes(), maintype="application", subtype="pdf", filename=name)
    return mail


def put_out(journal: Journal, mail: EmailMessage, now: float) -> bool:
    """Write a mail into the outbox; False where its Message-ID is there already, which then stays as it was."""
    with journal.open() as database:
        made = database.execute(
            "INSERT OR IGNORE INTO outbox (message_id, recipient, mail, made) VALUES (?, ?, ?, ?)",
            (mail["Message-ID"], mail["To"], mail.as_bytes(policy=policy.SMTP), now),
        )
    return made.rowcount > 0


def send_waiting(journal: Journal, server: Server, now: Callable[[], float]) -> tuple[int, int]:
    """Send what waits and is due for a try; return how many were sent and how many still wait."""
    sent = 0
    with journal.open() as database:
        rows = database.execute(
            "SELECT message_id, recipient, mail, tries FROM outbox WHERE sent = 0 AND next_try <= ? ORDER BY made",
            (now(),),
        ).fetchall()
    for key, recipient, content, tries in rows:
        try:
            _send(server, recipient, content)
        except (OSError, smtplib.SMTPException) as error:
            wait = min(_BACKOFF_S * 2**tries, _LONGEST_BACKOFF_S)
            _note(journal, key, "tries = tries + 1, next_try = ?, said = ?", now() + wait, str(error)[:300])
        else:
            _note(journal, key, "tries = tries + 1, sent = ?, said = ?", now(), "")
            sent += 1
    return sent, waiting_count(journal)


def waiting_count(journal: Journal) -> int:
    """Return how many messages no server has taken yet."""
    with journal.open() as database:
        return int(database.execute("SELECT count(*) FROM outbox WHERE sent = 0").fetchone()[0])


def _note(journal: Journal, key: str, what: str, *values: object) -> None:
    with journal.open() as database:
        database.execute(f"UPDATE outbox SET {what} WHERE message_id = ?", (*values, key))  # noqa: S608


def _send(server: Server, recipient: str, content: bytes) -> None:
    kind = smtplib.SMTP_SSL if server.is_tls else smtplib.SMTP
    with kind(server.host, server.port, timeout=_TIMEOUT_S) as client:
        client.ehlo()
        if not server.is_tls and client.has_extn("starttls"):
            client.starttls()
            client.ehlo()
        if server.user:
            client.login(server.user, os.environ.get(PASSWORD_VARIABLE, ""))
        sender = _header(content, b"From")
        client.sendmail(sender, [recipient], content)


def _header(content: bytes, name: bytes) -> str:
    for line in content.splitlines():
        if line.lower().startswith(name.lower() + b":"):
            return line.partition(b":")[2].strip().decode()
    return ""
