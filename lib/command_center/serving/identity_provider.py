"""Who sends a request, as jupyter-server asks for it: the account of the session cookie, else the public.

Every request has somebody behind it, so nothing here sends a reader to a login page; what somebody may do is
decided by `guard`.
"""

from dataclasses import dataclass, field
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler
from traitlets import Instance, default

from command_center.access import ANYBODY, Person
from command_center.identity import IdentityRegister, Logins
from command_center.identity.register import new_token, token_hash

_SESSION, _VISITOR = "sesi", "tamu"


@dataclass
class Reader(User):
    """A user of Jupyter with the person behind it, and what the browser is known by: kernels belong to that."""

    person: Person = ANYBODY
    holder: str = ""
    session_token: str = field(default="", repr=False)


class HouseIdentity(IdentityProvider):
    """Knows people by their session cookie. Accepts no token in an address or header."""

    logins = Instance(Logins)

    @default("logins")
    def _logins_of_the_house(self) -> Logins:
        server: Any = self.parent
        return Logins(IdentityRegister.of(server.house.settings))

    @property
    def auth_enabled(self) -> bool:
        """Always: what is open to everybody is open because the rules say so."""
        return True

    def get_user(self, handler: RequestHandler) -> Reader:
        """Return who is behind a request; the public where there is no session in force."""
        known = getattr(handler, "_jupyter_current_user", None)
        if isinstance(known, Reader):
            return known
        token = handler.get_cookie(cookie_name(handler, _SESSION)) or ""
        session = self.logins.session(token)
        if session is not None:
            return Reader(
                session.person.account, person=session.person, holder=session.id, session_token=token
            )
        visitor = handler.get_cookie(cookie_name(handler, _VISITOR)) or ""
        return Reader("publik", holder=token_hash(visitor) if visitor else "")

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return none: the pages for logging in are our own."""
        return []

    def is_token_authenticated(self, handler: Any) -> bool:
        """Never: so every change needs the form's own token."""
        return False

    def should_check_origin(self, handler: Any) -> bool:
        """Always."""
        return True


class KernelAuthorizer(Authorizer):
    """Allows nothing that Jupyter's own handlers ask for, except work with a kernel of one's own."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Return whether the kernel in the address is the reader's own."""
        if resource != "kernels" or not isinstance(user, Reader):
            return False
        kernel_id = handler.path_kwargs.get("kernel_id") or next(iter(handler.path_args), "")
        return bool(handler.kernel_manager.is_held_by(kernel_id, user.holder))


def cookie_name(handler: RequestHandler, name: str) -> str:
    """Return a cookie's name; behind HTTPS browsers hold one with this prefix to this host and to HTTPS."""
    return f"__Host-{name}" if is_secure(handler) else name


def is_secure(handler: RequestHandler) -> bool:
    """Return whether the reader came over HTTPS, here or at the proxy before us.

    Whoever makes that up only gets a cookie that the browser does not send back.
    """
    return "https" in (handler.request.protocol, handler.request.headers.get("X-Forwarded-Proto", ""))


def keep_session(handler: RequestHandler, token: str) -> None:
    """Hand the browser its session; it ends with the browser, and before that on the server."""
    _keep(handler, _SESSION, token)


def forget_session(handler: RequestHandler) -> None:
    """Take the session from the browser."""
    handler.clear_cookie(cookie_name(handler, _SESSION), path="/", secure=is_secure(handler))


def holder_of(handler: RequestHandler, reader: Reader) -> str:
    """Return by what a kernel's owner is known, and make a visitor known by a cookie of its own first."""
    if not reader.holder:
        token = new_token()
        _keep(handler, _VISITOR, token)
        reader.holder = token_hash(token)
    return reader.holder


def _keep(handler: RequestHandler, name: str, token: str) -> None:
    handler.set_cookie(
        cookie_name(handler, name), token, path="/", httponly=True, samesite="Lax", secure=is_secure(handler)
    )
