"""Passwords: argon2id, the parameters of RFC 9106 for machines with little memory. Stores nothing."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from command_center.errors import AccessError
from command_center.locale import translatable

MIN_LENGTH, MAX_LENGTH = 12, 200
_MIN_DISTINCT = 5

TOO_SHORT = translatable("A password has at least {n} characters.")
TOO_LONG = translatable("A password has at most {n} characters.")
TOO_PLAIN = translatable("The password is too easy to guess: use several words, and not the login name.")


class WeakPasswordError(AccessError):
    """A password that is not taken: `text` says why, with `n` as its bound, for whoever chose it."""

    def __init__(self, text: str, n: int) -> None:
        self.text, self.n = text, n
        super().__init__(text.format(n=n), who="whoever chooses the password")


def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str, login: str = "") -> str:
    """Return the argon2id hash of a password; WeakPasswordError where it is too weak."""
    for is_wrong, text, n in (
        (len(password) < MIN_LENGTH, TOO_SHORT, MIN_LENGTH),
        (len(password) > MAX_LENGTH, TOO_LONG, MAX_LENGTH),
        (len(set(password)) < _MIN_DISTINCT or bool(login and login in password.casefold()), TOO_PLAIN, 0),
    ):
        if is_wrong:
            raise WeakPasswordError(text, n)
    return _hasher().hash(password)


def verify_password(kept: str, password: str) -> bool:
    """Return whether a password fits the kept hash; an empty one fits nothing and takes as long as any other."""
    try:
        _hasher().verify(kept or _nobodys(), password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def is_outdated(kept: str) -> bool:
    """Return whether a hash was made with other parameters than those of today."""
    return _hasher().check_needs_rehash(kept)


@functools.cache
def _nobodys() -> str:
    """A hash to try where there is no account, so that the time of an answer tells nothing."""
    return _hasher().hash("a password that no account has")
