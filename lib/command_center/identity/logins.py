"""Logging in: one password tried, a session begun, used, ended. Wrong tries lock a name, known or not, for a while."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from command_center.access import Person, person
from command_center.identity.passwords import hash_password, is_outdated, verify_password
from command_center.identity.register import IdentityRegister, new_token, token_hash

IDLE_SECONDS = 2 * 3600.0
LONGEST_SECONDS = 12 * 3600.0
# A session that is used is not written at every request.
_SEEN_EVERY_SECONDS = 60.0
TRIES = 5
LOCK_SECONDS = 15 * 60.0
# Tries are forgotten after a day without one.
_FORGET_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Login:
    """What came of a try: the token of a new session, or why there is none ("locked", "wrong")."""

    token: str = ""
    refusal: str = ""
    account: str = ""


@dataclass(frozen=True)
class Session:
    """A session in force: its hash, which names it within the server, and whose it is."""

    id: str
    person: Person


class Logins:
    """The sessions of one house. `now` is the clock, in seconds."""

    def __init__(self, register: IdentityRegister, now: Callable[[], float] = time.time) -> None:
        self._register = register
        self._now = now

    def log_in(self, login: str, password: str) -> Login:
        """Try a password; five wrong ones close a name for a quarter of an hour, and each further one again.

        While it is closed no password is tried. Takes as long for a name that nobody has.
        """
        name, now = login.strip().casefold()[:64], self._now()
        with self._register.read() as database:
            tried = database.execute("SELECT * FROM attempts WHERE login = ?", (name,)).fetchone()
            row = database.execute(
                "SELECT * FROM accounts WHERE login = ? AND NOT is_disabled", (name,)
            ).fetchone()
        if tried is not None and tried["locked_until"] > now:
            return Login(refusal="locked", account=row["id"] if row else "")
        if not verify_password(row["password"] if row else "", password):
            return Login(refusal=self._count_failure(name), account=row["id"] if row else "")
        return self._begin(row, password)

    def session(self, token: str) -> Session | None:
        """Return the session of a token; None where it ended, lay idle too long or never was."""
        if not token:
            return None
        now = self._now()
        with self._register.read() as database:
            row = database.execute(
                "SELECT sessions.*, role, scope FROM sessions JOIN accounts ON accounts.id = sessions.account"
                " WHERE token = ? AND seen_at > ? AND sessions.created_at > ? AND NOT is_disabled",
                (token_hash(token), now - IDLE_SECONDS, now - LONGEST_SECONDS),
            ).fetchone()
        if row is None:
            return None
        if row["seen_at"] < now - _SEEN_EVERY_SECONDS:
            with self._register.open() as database:
                database.execute("UPDATE sessions SET seen_at = ? WHERE token = ?", (now, row["token"]))
        scope = tuple(part for part in row["scope"].split(",") if part)
        return Session(row["token"], person(row["account"], row["role"], scope))

    def log_out(self, token: str) -> None:
        """End one session."""
        with self._register.open() as database:
            database.execute("DELETE FROM sessions WHERE token = ?", (token_hash(token),))

    def change_password(self, account: str, old: str, new: str) -> Login:
        """Set another password; every session ends and a new one begins. AccessError for one that is too weak.

        The old one is asked for, and counts as a try.
        """
        with self._register.read() as database:
            row = database.execute("SELECT * FROM accounts WHERE id = ?", (account,)).fetchone()
            tried = database.execute("SELECT * FROM attempts WHERE login = ?", (row["login"],)).fetchone()
        if tried is not None and tried["locked_until"] > self._now():
            return Login(refusal="locked", account=account)
        if not verify_password(row["password"], old):
            return Login(refusal=self._count_failure(row["login"]), account=account)
        kept = hash_password(new, row["login"])
        with self._register.open() as database:
            database.execute("UPDATE accounts SET password = ? WHERE id = ?", (kept, account))
            database.execute("DELETE FROM sessions WHERE account = ?", (account,))
            database.execute("DELETE FROM links WHERE account = ?", (account,))
            return Login(token=self._new_session(database, account), account=account)

    def begin_for(self, account: str) -> Login:
        """Begin a session for somebody who has just proved who they are in another way."""
        with self._register.open() as database:
            return Login(token=self._new_session(database, account), account=account)

    def _begin(self, row: sqlite3.Row, password: str) -> Login:
        outdated = is_outdated(row["password"])
        renewed = hash_password(password, row["login"]) if outdated else row["password"]
        with self._register.open() as database:
            database.execute("DELETE FROM attempts WHERE login = ?", (row["login"],))
            if outdated:
                database.execute(
                    "UPDATE accounts SET password = ? WHERE id = ? AND password = ?",
                    (renewed, row["id"], row["password"]),
                )
            return Login(token=self._new_session(database, row["id"]), account=row["id"])

    def _new_session(self, database: sqlite3.Connection, account: str) -> str:
        now, token = self._now(), new_token()
        database.execute(
            "DELETE FROM sessions WHERE seen_at <= ? OR created_at <= ?",
            (now - IDLE_SECONDS, now - LONGEST_SECONDS),
        )
        database.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (token_hash(token), account, now, now))
        return token

    def _count_failure(self, login: str) -> str:
        now = self._now()
        with self._register.open() as database:
            database.execute("DELETE FROM attempts WHERE last_at <= ?", (now - _FORGET_SECONDS,))
            row = database.execute(
                "INSERT INTO attempts VALUES (?, 1, ?, 0) ON CONFLICT (login) DO UPDATE SET"
                " failures = failures + 1, last_at = excluded.last_at RETURNING failures",
                (login, now),
            ).fetchone()
            is_locked = row["failures"] >= TRIES
            if is_locked:
                database.execute(
                    "UPDATE attempts SET locked_until = ? WHERE login = ?", (now + LOCK_SECONDS, login)
                )
        return "locked" if is_locked else "wrong"
