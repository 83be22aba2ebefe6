"""The file of accounts and sessions: a small SQLite database that only its owner can read.

Tokens and passwords are kept as hashes; who reads the file can log in as nobody.
"""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from command_center.settings import Settings

_WAIT_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, role TEXT NOT NULL, scope TEXT NOT NULL,
    password TEXT NOT NULL DEFAULT '', is_disabled INTEGER NOT NULL DEFAULT 0, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS links (
    token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts, created_at REAL NOT NULL,
    seen_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS by_account ON sessions (account);
CREATE TABLE IF NOT EXISTS attempts (
    login TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at REAL NOT NULL, locked_until REAL NOT NULL);
"""


class IdentityRegister:
    """Connections to `data/registers/users.sqlite`; the file is made at the first of them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, settings: Settings) -> "IdentityRegister":
        """Return the register of a house."""
        return cls(settings.data_dir / "registers" / "users.sqlite")

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose changes are kept together, or not at all where an error comes through."""
        if not self.path.exists():
            self._make()
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection
        finally:
            connection.close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for reading alone, which waits for nobody."""
        if not self.path.exists():
            self._make()
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()

    def _make(self) -> None:
        make_private(self.path, _SCHEMA)


def make_private(path: Path, schema: str) -> None:
    """Make a database that only its owner can read; it appears with its tables, and one that is there stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    # Private from its first moment; SQLite gives its side files the same rights.
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        connection = sqlite3.connect(aside, timeout=_WAIT_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(schema)
        finally:
            connection.close()
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def new_token() -> str:
    """Return a random text that cannot be guessed, fit for a cookie and an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token. It is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
