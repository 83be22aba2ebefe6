"""Roles and the person behind a request: what they see, open, send. Knows no account and no password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from command_center.access.views import EVERYTHING, INTERNAL, PUBLIK, View
from command_center.errors import AccessError
from command_center.locale import translatable

Role = Literal["publik", "pimpinan", "walidata", "analis", "asisten", "opd", "camat", "kepala_desa"]

# Each with its name, and with what an account of it must name: sectors, an agency, a region.
ROLES: Mapping[str, str] = {
    "pimpinan": translatable("Head of the region"),
    "walidata": translatable("Data steward"),
    "analis": translatable("Analyst"),
    "asisten": translatable("Assistant, by sector"),
    "opd": translatable("Agency"),
    "camat": translatable("Head of a sub-district"),
    "kepala_desa": translatable("Head of a village"),
    "publik": translatable("Public"),
}
_SCOPES = {
    "asisten": ("one or more sectors", re.compile(r"[a-z][a-z0-9_]*")),
    "opd": ("one agency code", re.compile(r"[0-9]+(\.[0-9]+)+")),
    "camat": ("the code of one sub-district", re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}")),
    "kepala_desa": ("the code of one village", re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")),
}
_MAKERS = frozenset({"pimpinan", "walidata", "analis"})
_TAKERS = frozenset({"walidata", "analis"})


@dataclass(frozen=True)
class Person:
    """Somebody at work: the id of the account ("" for the public), the role and its scope."""

    account: str = ""
    role: Role = "publik"
    scope: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether somebody has logged in."""
        return bool(self.account)

    @property
    def view(self) -> View:
        """What figures this person may see."""
        if self.role in ("pimpinan", "walidata"):
            return EVERYTHING
        if self.role == "analis":
            return INTERNAL
        if self.role == "asisten":
            return View("sektor", self.scope)
        if self.role == "opd":
            return View("opd", self.scope)
        if self.role in ("camat", "kepala_desa"):
            return View("wilayah", self.scope)
        return PUBLIK

    @property
    def opens_drafts(self) -> bool:
        """Whether editions that are not published are open too."""
        return self.role in _MAKERS

    def may_send(self, agency: str | None = None, *, is_open: bool) -> bool:
        """Return whether a file may be sent for an agency, or None: for any at all.

        `is_open` says whether the way in stands open to those who have no mandate of their own.
        """
        if self.role in _TAKERS:
            return True
        if self.role == "opd":
            return agency is None or agency == self.scope[0]
        return is_open

    def may_open(self, agency: str, *, is_open: bool) -> bool:
        """Return whether a submission of an agency may be opened: its receipt and its marked workbook.

        `is_open` as in `may_send`. The head of the region reads them all.
        """
        return self.role in _MAKERS or self.may_send(agency, is_open=is_open)

    def may_read_letter(self, agency: str) -> bool:
        """Return whether a letter of request to an agency may be read: by who sends it, the leaders and the agency."""
        return self.role in ("pimpinan", "walidata") or (self.role == "opd" and agency == self.scope[0])


ANYBODY = Person()


def person(account: str, role: str, scope: tuple[str, ...]) -> Person:
    """Return the person of an account; AccessError where the role is unknown or the scope does not fit it."""
    if role not in ROLES:
        raise AccessError(
            f"There is no role {role!r}",
            who="whoever makes the account",
            next_step=f"choose one of: {', '.join(ROLES)}",
        )
    wanted = _SCOPES.get(role)
    if wanted is None and scope:
        raise AccessError(
            f"The role {role} has no scope", where=",".join(scope), who="whoever makes the account"
        )
    if wanted is not None:
        said, pattern = wanted
        is_one = role == "asisten" or len(scope) == 1
        if not scope or not is_one or not all(pattern.fullmatch(one) for one in scope):
            raise AccessError(
                f"The role {role} needs {said}",
                where=",".join(scope) or "no scope given",
                who="whoever makes the account",
                next_step="give it with --scope",
            )
    return Person(account, cast("Role", role), tuple(sorted(scope)))
