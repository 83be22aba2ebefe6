"""The guard before every handler, Jupyter's own included: who may come in, and the note in the audit log.

A route without a rule is not served at all. Rules say who may ask; what an answer holds for whom is decided by
the view of the person.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, RequestHandler

from command_center.access import Person
from command_center.identity import AuditLog
from command_center.serving.identity_provider import HouseIdentity, Reader, is_secure

AUDIT = "command_center_audit"
_READING = frozenset({"GET", "HEAD"})


def everybody(_: Person) -> bool:
    """Return True: what is served holds only what the reader may see."""
    return True


@dataclass(frozen=True)
class Rule:
    """Who may use a route with which methods, and under which name it is noted ("" is not noted)."""

    methods: frozenset[str] = _READING
    allows: Callable[[Person], bool] = everybody
    action: str = ""


class Guarded(RequestHandler):
    """Asks the rule of its route before anything else happens."""

    rule: Rule

    async def prepare(self, *arguments: Any, **named: Any) -> None:
        """Let the reader in, or answer 403 or 405."""
        if self.request.method not in self.rule.methods:
            raise HTTPError(405)
        if not isinstance(self, JupyterHandler):
            self.current_user = self._identity.get_user(self)
        prepared: Any = super().prepare(*arguments, **named)
        if inspect.isawaitable(prepared):
            await prepared
        if not self.rule.allows(self.person):
            raise HTTPError(403, log_message="the rule of the route refuses")

    @property
    def person(self) -> Person:
        """Who is behind the request."""
        return self.reader.person

    @property
    def reader(self) -> Reader:
        """The same, with what the browser is known by."""
        user = self.current_user
        return user if isinstance(user, Reader) else Reader("publik")

    @property
    def noted_object(self) -> str:
        """What the audit log calls the object of the request: its path, without what was asked or typed."""
        return self.request.path

    def set_cookie(self, name: str, value: str | bytes, **named: Any) -> None:  # type: ignore[override]
        """Set a cookie that no other site sends along, and behind HTTPS nothing but HTTPS carries."""
        named.setdefault("samesite", "Lax")
        if is_secure(self):
            named.setdefault("secure", True)
        super().set_cookie(name, value, **named)

    def note(self, action: str, about: str = "", status: int | None = None) -> None:
        """Note something in the audit log, under the person behind the request."""
        person = self.person
        self.audit.record(
            person.account, person.role, action, about or self.noted_object, status or self.get_status()
        )

    def on_finish(self) -> None:
        """Note what was asked and how it ended."""
        status = self.get_status()
        if status == 403:
            self.note("refused")
        elif self.rule.action and status < 400:
            self.note(self.rule.action)
        super().on_finish()

    @property
    def audit(self) -> AuditLog:
        """The audit log."""
        audit: AuditLog = self.settings[AUDIT]
        return audit

    @property
    def _identity(self) -> HouseIdentity:
        provider: HouseIdentity = self.settings["identity_provider"]
        return provider


def guarded(handler: type[RequestHandler], rule: Rule) -> type[RequestHandler]:
    """Return the handler behind a guard with this rule."""
    bases = (handler,) if issubclass(handler, Guarded) else (Guarded, handler)
    return type(handler.__name__, bases, {"rule": rule, "__doc__": handler.__doc__})
