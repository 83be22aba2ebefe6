"""Logging in and out, one's own account, and the link by which a password is chosen for the first time."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from tornado.web import HTTPError

from command_center.errors import AccessError
from command_center.identity import MAX_LENGTH, Accounts, Logins, WeakPasswordError
from command_center.locale import Locale
from command_center.pages.accounts import Message, account_page, choose_page, login_page
from command_center.serving.identity_provider import forget_session, keep_session
from command_center.serving.responses import HouseHandler, reader_locale

ACCOUNTS = "command_center_accounts"
# Each takes 64 MB and a tenth of a second of a processor.
_hashing = asyncio.Semaphore(2)

Result = TypeVar("Result")


class _AccountsHandler(HouseHandler):
    """What the handlers of accounts share."""

    def set_default_headers(self) -> None:
        """Let no cache keep a page of somebody's account."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    @property
    def logins(self) -> Logins:
        """Sessions and passwords."""
        return self._identity.logins

    @property
    def accounts(self) -> Accounts:
        """The accounts of the house."""
        accounts: Accounts = self.settings[ACCOUNTS]
        return accounts

    @property
    def reader_language(self) -> Locale:
        """The language of the address."""
        return reader_locale(self.request.path)

    @property
    def home(self) -> str:
        """Where the pages of that language begin."""
        return "/en/" if self.reader_language.language == "en" else "/"

    async def hashing(self, work: Callable[..., Result], *arguments: str) -> Result:
        """Do what takes long and much memory on a thread, two at a time."""
        async with _hashing:
            return await asyncio.to_thread(work, *arguments)

    def typed(self, name: str) -> str:
        """Return a field of the form as it was typed, not stripped."""
        return self.get_body_argument(name, "", strip=False)[: 2 * MAX_LENGTH]


class LoginHandler(_AccountsHandler):
    """The form for logging in."""

    def get(self) -> None:
        """Send the form."""
        self._send_form()

    async def post(self) -> None:
        """Try the password; go where the reader wanted to go, or say in plain words why not."""
        tried = await self.hashing(self.logins.log_in, self.typed("login"), self.typed("password"))
        if tried.token:
            keep_session(self, tried.token)
            self._note("login", tried.account, 200)
            self.redirect(local_path(self.get_argument("next", ""), self.home), status=303)
            return
        self._note("login failed", tried.account, 401)
        is_locked = tried.refusal == "locked"
        self.set_status(429 if is_locked else 401)
        self._send_form("locked" if is_locked else "wrong")

    def _note(self, action: str, account: str, status: int) -> None:
        role = next((one.person.role for one in self.accounts.all() if one.id == account), "publik")
        self.audit.record(account, role, action, self.noted_object, status)

    def _send_form(self, message: Message = "") -> None:
        wanted = local_path(self.get_argument("next", ""), "")
        self.write(
            login_page(
                self.house, self.reader_language, self.xsrf_token.decode(), wanted=wanted, message=message
            )
        )


class LogoutHandler(_AccountsHandler):
    """The end of a session."""

    async def post(self) -> None:
        """End the session and its kernels, and lead home."""
        self.note("logout")
        self.logins.log_out(self.reader.session_token)
        await self.kernel_manager.end_kernels_of(self.reader.holder)  # type: ignore[attr-defined]
        forget_session(self)
        # What only this reader could see goes from the browser too.
        self.set_header("Clear-Site-Data", '"cache"')
        self.redirect(self.home, status=303)


class AccountHandler(_AccountsHandler):
    """One's own account: the role, another password."""

    def get(self) -> None:
        """Send the page; who has not logged in is asked to."""
        if not self.person.is_known:
            self.redirect(f"{self.home}masuk/?{urlencode({'next': self.request.path})}")
            return
        self._send_page()

    async def post(self) -> None:
        """Set another password; every other session of the account ends."""
        if not self.person.is_known:
            raise HTTPError(403, log_message="no account")
        new = self.typed("new")
        if new != self.typed("again"):
            self.set_status(422)
            self._send_page("differs")
            return
        try:
            changed = await self.hashing(
                self.logins.change_password, self.person.account, self.typed("old"), new
            )
        except WeakPasswordError as error:
            self.set_status(422)
            self._send_page(said=self.reader_language.t(error.text, n=error.n))
            return
        if not changed.token:
            self.note("password not changed", status=401)
            self.set_status(429 if changed.refusal == "locked" else 401)
            self._send_page("locked" if changed.refusal == "locked" else "wrong_old")
            return
        self.note("password changed", status=200)
        await self.kernel_manager.end_kernels_of(self.reader.holder)  # type: ignore[attr-defined]
        keep_session(self, changed.token)
        self._send_page("changed")

    def _send_page(self, message: Message = "", said: str = "") -> None:
        self.write(
            account_page(
                self.house,
                self.reader_language,
                self.xsrf_token.decode(),
                self.person,
                message=message,
                said=said,
            )
        )


class LinkHandler(_AccountsHandler):
    """The link that lets the owner of an account choose a password, once."""

    @property
    def noted_object(self) -> str:
        """The path without the token."""
        return "/akun/mulai/"

    def get(self, token: str) -> None:
        """Send the form; 404 for a link that was used or has expired."""
        self._send_form(token)

    async def post(self, token: str) -> None:
        """Set the password and log in."""
        if self.typed("new") != self.typed("again"):
            self.set_status(422)
            self._send_form(token, "differs")
            return
        try:
            account = await self.hashing(self.accounts.use_link, token, self.typed("new"))
        except WeakPasswordError as error:
            self.set_status(422)
            self._send_form(token, said=self.reader_language.t(error.text, n=error.n))
            return
        except AccessError as error:
            raise HTTPError(404, log_message="a link that was used or has expired") from error
        keep_session(self, self.logins.begin_for(account.id).token)
        self.audit.record(account.id, account.person.role, "password chosen", self.noted_object, 200)
        self.redirect(f"{self.home}akun/", status=303)

    def _send_form(self, token: str, message: Message = "", said: str = "") -> None:
        owner = self.accounts.link_owner(token)
        if owner is None:
            raise HTTPError(404)
        self.write(
            choose_page(
                self.house,
                self.reader_language,
                self.xsrf_token.decode(),
                owner.login,
                message=message,
                said=said,
            )
        )


def local_path(wanted: str, otherwise: str) -> str:
    """Return a path of this server that somebody wants to be led to; `otherwise` for anything else."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local and wanted.isprintable() and "\\" not in wanted else otherwise
