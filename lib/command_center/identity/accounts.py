"""Accounts: made on the command line, without a password; a link that works once lets their owner choose one."""

import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from command_center.access import Person, person
from command_center.errors import AccessError
from command_center.identity.passwords import hash_password
from command_center.identity.register import IdentityRegister, new_token, token_hash

LINK_SECONDS = 24 * 3600.0
FIRST_LOGIN, FIRST_ROLE = "walidata", "walidata"
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
# Numbers of officials and citizens are long; none of them becomes a login name.
_LONG_NUMBER = re.compile(r"[0-9]{7,}")


@dataclass(frozen=True)
class Account:
    """An account: `has_password` is False until its owner has chosen one."""

    id: str
    login: str
    person: Person
    is_disabled: bool
    has_password: bool


class Accounts:
    """The accounts of one house. `now` is the clock, in seconds."""

    def __init__(self, register: IdentityRegister, now: Callable[[], float] = time.time) -> None:
        self._register = register
        self._now = now

    def add(self, login: str, role: str, scope: tuple[str, ...] = ()) -> Account:
        """Make an account without a password; AccessError for a name that is taken or a role that does not fit."""
        name = login_name(login)
        made = person(secrets.token_hex(6), role, scope)
        try:
            with self._register.open() as database:
                database.execute(
                    "INSERT INTO accounts (id, login, role, scope, created_at) VALUES (?, ?, ?, ?, ?)",
                    (made.account, name, made.role, ",".join(made.scope), self._now()),
                )
        except sqlite3.IntegrityError as error:
            raise AccessError(
                f"There is an account {name!r} already",
                who="whoever makes the account",
                next_step="command-center users list",
            ) from error
        return Account(made.account, name, made, is_disabled=False, has_password=False)

    def all(self) -> list[Account]:
        """Return every account by login name."""
        with self._register.read() as database:
            return [_account(row) for row in database.execute("SELECT * FROM accounts ORDER BY login")]

    def get(self, login: str) -> Account:
        """Return the account of a login name; AccessError where there is none."""
        name = login.strip().casefold()
        with self._register.read() as database:
            row = database.execute("SELECT * FROM accounts WHERE login = ?", (name,)).fetchone()
        if row is None:
            raise AccessError(
                f"There is no account {login!r}",
                who="whoever keeps the accounts",
                next_step="command-center users list",
            )
        return _account(row)

    def disable(self, login: str) -> Account:
        """Close an account: its sessions and links end at once, and its password opens nothing any more."""
        account = self.get(login)
        with self._register.open() as database:
            database.execute("UPDATE accounts SET is_disabled = 1 WHERE id = ?", (account.id,))
            _end_all(database, account.id)
        return self.get(login)

    def new_link(self, login: str) -> str:
        """Return a token that lets the owner choose a password once, within a day; earlier ones end.

        AccessError for a disabled account.
        """
        account = self.get(login)
        if account.is_disabled:
            raise AccessError(f"The account {account.login!r} is disabled", who="whoever keeps the accounts")
        token = new_token()
        with self._register.open() as database:
            database.execute("DELETE FROM links WHERE account = ?", (account.id,))
            database.execute(
                "INSERT INTO links VALUES (?, ?, ?)",
                (token_hash(token), account.id, self._now() + LINK_SECONDS),
            )
        return token

    def link_owner(self, token: str) -> Account | None:
        """Return whose link a token is; None where it was used, has expired or never was."""
        with self._register.read() as database:
            row = database.execute(
                "SELECT accounts.* FROM links JOIN accounts ON accounts.id = links.account"
                " WHERE links.token = ? AND expires_at > ? AND NOT is_disabled",
                (token_hash(token), self._now()),
            ).fetchone()
        return None if row is None else _account(row)

    def use_link(self, token: str, password: str) -> Account:
        """Set the password of the link's owner and end the link and every session; AccessError otherwise.

        The link stays where the password is too weak.
        """
        owner = self.link_owner(token)
        kept = hash_password(password, owner.login if owner else "")
        with self._register.open() as database:
            used = database.execute(
                "DELETE FROM links WHERE token = ? AND expires_at > ? RETURNING account",
                (token_hash(token), self._now()),
            ).fetchone()
            if used is None or owner is None:
                raise AccessError("This link has been used or has expired", who="whoever keeps the accounts")
            database.execute("UPDATE accounts SET password = ? WHERE id = ?", (kept, used["account"]))
            database.execute("DELETE FROM attempts WHERE login = ?", (owner.login,))
            _end_all(database, used["account"])
        return self.get(owner.login)

    def first_link(self) -> str | None:
        """Return a link for the first administrator; None where somebody has a password already."""
        accounts = self.all()
        if any(account.has_password for account in accounts):
            return None
        waiting = [
            account for account in accounts if account.person.role == FIRST_ROLE and not account.is_disabled
        ]
        first = waiting[0] if waiting else self.add(FIRST_LOGIN, FIRST_ROLE)
        return self.new_link(first.login)


def login_name(text: str) -> str:
    """Return a login name as it is kept; AccessError where it could be a personal number or is no name."""
    name = text.strip().casefold()
    if not _LOGIN.fullmatch(name) or _LONG_NUMBER.search(name):
        raise AccessError(
            "A login name has 3 to 32 letters, digits, dots or dashes, begins with a letter and holds no long number",
            who="whoever makes the account",
            next_step="name the office, such as dinkes or camat.nama",
        )
    return name


def _account(row: sqlite3.Row) -> Account:
    scope = tuple(part for part in row["scope"].split(",") if part)
    return Account(
        row["id"],
        row["login"],
        person(row["id"], row["role"], scope),
        is_disabled=bool(row["is_disabled"]),
        has_password=bool(row["password"]),
    )


def _end_all(database: sqlite3.Connection, account: str) -> None:
    database.execute("DELETE FROM sessions WHERE account = ?", (account,))
    database.execute("DELETE FROM links WHERE account = ?", (account,))
