"""The verbs on accounts: a link instead of a password, plain refusals, nothing made where something is wrong."""

import re

import pytest

from command_center.identity import Accounts, IdentityRegister
from command_center.settings import Settings
from tests.cli.conftest import Command

PASSWORD = "empat kuda hitam berlari"


def accounts_of(settings: Settings) -> Accounts:
    return Accounts(IdentityRegister.of(settings))


def link_in(output: str) -> str:
    (token,) = re.findall(r"https://data\.example/akun/mulai/([\w-]{43})/", output)
    return str(token)


def test_an_account_is_made_with_a_link_and_no_password(fresh_house: Settings, command: Command) -> None:
    made = command(
        fresh_house, "users", "add", "dinkes", "--role", "opd", "--scope", "1.02.01", "--address", "https://data.example/"
    )  # fmt: skip
    assert made.code == 0, made.errors
    owner = accounts_of(fresh_house).link_owner(link_in(made.output))
    assert owner is not None
    assert (owner.login, owner.person.role, owner.person.scope, owner.has_password) == (
        "dinkes", "opd", ("1.02.01",), False,
    )  # fmt: skip
    listed = command(fresh_house, "users", "list").output
    assert "dinkes" in listed
    assert "waits for its owner" in listed


def test_the_administrator_is_the_data_steward(fresh_house: Settings, command: Command) -> None:
    assert command(fresh_house, "users", "add", "kepala.data", "--admin").code == 0
    assert accounts_of(fresh_house).get("kepala.data").person.role == "walidata"


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "dinkes"),
        ("add", "dinkes", "--role", "raja"),
        ("add", "dinkes", "--role", "opd"),
        ("add", "dinkes", "--role", "asisten", "--scope", "watter"),
        ("add", "dinkes", "--role", "camat", "--scope", "33.16.99"),
        ("add", "9876543210987654", "--role", "analis"),
        ("disable", "nobody"),
        ("passwd", "nobody"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    fresh_house: Settings, command: Command, arguments: tuple[str, ...]
) -> None:
    told = command(fresh_house, "users", *arguments)
    assert told.code == 1
    assert "■" in told.errors
    assert "Traceback" not in told.errors
    assert accounts_of(fresh_house).all() == []


def test_an_account_is_closed_and_another_password_needs_a_link(
    fresh_house: Settings, command: Command
) -> None:
    accounts = accounts_of(fresh_house)
    accounts.add("bappeda", "analis")
    renewed = command(fresh_house, "users", "passwd", "bappeda", "--address", "https://data.example")
    assert accounts.use_link(link_in(renewed.output), PASSWORD).has_password
    assert command(fresh_house, "users", "disable", "bappeda").code == 0
    assert accounts.get("bappeda").is_disabled
    assert command(fresh_house, "users", "passwd", "bappeda").code == 1
    assert "disabled" in command(fresh_house, "users", "list").output
