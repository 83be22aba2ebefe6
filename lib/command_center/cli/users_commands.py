"""Verbs on accounts. An account has no password until its owner has chosen one by a link that works once."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from command_center.cli.console import console, say
from command_center.settings import load_settings

if TYPE_CHECKING:
    from command_center.identity import Accounts

app = typer.Typer(help="Make, list and close accounts.", no_args_is_help=True)

_Address = Annotated[str, typer.Option(help="Where readers reach the server.")]
_HERE = "http://localhost:8080"


@app.command("add")
def add_command(
    login: Annotated[str, typer.Argument(help="Login name; of an office rather than of a person.")],
    role: Annotated[
        str, typer.Option(help="pimpinan, walidata, analis, asisten, opd, camat, kepala_desa.")
    ] = "",
    scope: Annotated[
        str, typer.Option(help="Sectors (comma between), agency code or region code, as the role needs.")
    ] = "",
    admin: Annotated[bool, typer.Option("--admin", help="The same as --role walidata.")] = False,
    address: _Address = _HERE,
) -> None:
    """Make an account and print the link by which its owner chooses a password, once, within a day."""
    from command_center.access import person
    from command_center.pages.house import open_house

    chosen = "walidata" if admin and not role else role
    scopes = tuple(part.strip() for part in scope.split(",") if part.strip())
    house = open_house()
    # Known sectors, agencies and regions only: each of these says what is wrong.
    for code in person("", chosen, scopes).scope:
        if chosen == "asisten":
            house.catalog.sector(code)
        elif chosen == "opd":
            house.agencies.get(code)
        else:
            house.regions.get(code)
    accounts = _accounts()
    account = accounts.add(login, chosen, scopes)
    say(f"Account {account.login} ({account.id}), role {account.person.role}, was made.")
    _say_link(address, accounts.new_link(account.login))


@app.command("list")
def list_command() -> None:
    """List all accounts by login name."""
    table = Table(Column("login", no_wrap=True), Column("id", no_wrap=True), "role", "scope", "state")
    for account in _accounts().all():
        state = (
            "disabled" if account.is_disabled else "in use" if account.has_password else "waits for its owner"
        )
        table.add_row(account.login, account.id, account.person.role, ", ".join(account.person.scope), state)
    console.print(table)


@app.command("disable")
def disable_command(login: Annotated[str, typer.Argument(help="Login name.")]) -> None:
    """Close an account; its sessions end at once."""
    account = _accounts().disable(login)
    say(f"Account {account.login} ({account.id}) is closed and its sessions have ended.")


@app.command("passwd")
def passwd_command(
    login: Annotated[str, typer.Argument(help="Login name.")], address: _Address = _HERE
) -> None:
    """Print a link by which the owner chooses another password, once, within a day."""
    _say_link(address, _accounts().new_link(login))


def _accounts() -> "Accounts":
    from command_center.identity import Accounts, IdentityRegister

    return Accounts(IdentityRegister.of(load_settings()))


def _say_link(address: str, token: str) -> None:
    say("Give this link to the owner; it works once and until this time tomorrow:")
    say(f"{address.rstrip('/')}/akun/mulai/{token}/")
