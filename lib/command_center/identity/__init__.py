"""Local accounts: who somebody is, how they prove it, how long that holds, and what they did.

Knows no page and no figure; what a role may see is the business of `access`.
"""

from command_center.identity.accounts import Account, Accounts, login_name
from command_center.identity.audit import AuditLog, Entry
from command_center.identity.logins import Login, Logins
from command_center.identity.passwords import (
    MAX_LENGTH,
    MIN_LENGTH,
    WeakPasswordError,
    hash_password,
    verify_password,
)
from command_center.identity.register import IdentityRegister

__all__ = [
    "MAX_LENGTH",
    "MIN_LENGTH",
    "Account",
    "Accounts",
    "AuditLog",
    "Entry",
    "IdentityRegister",
    "Login",
    "Logins",
    "WeakPasswordError",
    "hash_password",
    "login_name",
    "verify_password",
]
