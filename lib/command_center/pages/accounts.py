"""Pages of accounts: log in, one's own account, choose a password. They name a role, never a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from command_center.access import ROLES, Person
from command_center.locale import Locale, translatable
from command_center.pages.blocks import render, trusted
from command_center.pages.frame import ASSETS, frame_words
from command_center.pages.house import House
from command_center.theme import stylesheet

Message = Literal["", "wrong", "locked", "wrong_old", "differs", "changed"]
_MESSAGES = {
    "wrong": translatable("Login name or password is wrong."),
    "locked": translatable(
        "Too many wrong tries. Wait a quarter of an hour, or ask the data steward for a link."
    ),
    "wrong_old": translatable("The present password is wrong."),
    "differs": translatable("The two new passwords differ."),
    "changed": translatable("The password was changed; every other session has ended."),
}
_LIMIT = 200


@dataclass(frozen=True)
class _Field:
    """One line of a form."""

    name: str
    label: str
    kind: str
    autocomplete: str
    limit: int = _LIMIT


def login_page(house: House, locale: Locale, xsrf: str, *, wanted: str, message: Message = "") -> str:
    """Return the page on which somebody logs in; `wanted` is where they are led then, "" is home."""
    t = locale.t
    fields = (
        _Field("login", t("Login name"), "text", "username", 32),
        _Field("password", t("Password"), "password", "current-password"),
    )
    return _page(
        house, locale, xsrf, link="masuk/", title=t("Log in"),
        text=t("What is open to everybody needs no account."), fields=fields, button=t("Log in"),
        message=message, hidden=(("next", wanted),) if wanted else (),
    )  # fmt: skip


def choose_page(
    house: House, locale: Locale, xsrf: str, login: str, *, message: Message = "", said: str = ""
) -> str:
    """Return the page on which the owner of a new account chooses a password; `said` is what was wrong with one."""
    t = locale.t
    return _page(
        house, locale, xsrf, link="", title=t("Choose a password"), text="", fields=_new_password(locale),
        facts=((t("Login name"), login),), button=t("Save the password"), hint=_hint(locale), message=message,
        said=said,
    )  # fmt: skip


def account_page(
    house: House, locale: Locale, xsrf: str, person: Person, *, message: Message = "", said: str = ""
) -> str:
    """Return the page of one's own account: role and scope, another password, log out."""
    t = locale.t
    old = _Field("old", t("Present password"), "password", "current-password")
    facts = [(t("Role"), t(ROLES[person.role]))]
    if person.scope:
        facts.append((t("For"), ", ".join(_scope(house, locale, person))))
    return _page(
        house, locale, xsrf, link="akun/", title=t("Account"), text="", facts=facts,
        fields=(old, *_new_password(locale)), heading=t("Change the password"), button=t("Save the password"),
        hint=_hint(locale), message=message, said=said,
        logout={"action": f"{_home(locale)}keluar/", "label": t("Log out")},
    )  # fmt: skip


def _new_password(locale: Locale) -> Sequence[_Field]:
    return (
        _Field("new", locale.t("New password"), "password", "new-password"),
        _Field("again", locale.t("New password again"), "password", "new-password"),
    )


def _hint(locale: Locale) -> str:
    return locale.t("At least 12 characters; several words are easy to keep and hard to guess.")


def _scope(house: House, locale: Locale, person: Person) -> list[str]:
    if person.role == "asisten":
        names = {sector.slug: sector.name.in_language(locale.language) for sector in house.catalog.sectors}
        return [names.get(slug, slug) for slug in person.scope]
    if person.role == "opd":
        return [house.agencies.get(code).short_name for code in person.scope]
    return [house.region_label(code, locale) for code in person.scope]


def _page(
    house: House, locale: Locale, xsrf: str, *, link: str, title: str, text: str, fields: Sequence[_Field],
    button: str, message: Message, said: str = "", **values: Any,
) -> str:  # fmt: skip
    home, other = _home(locale), "/" if locale.language == "en" else "/en/"
    block = render(
        "account",
        page_language=locale.language,
        css=trusted(stylesheet(ASSETS)),
        title=title,
        text=text,
        product=house.profile.product_title[locale.language],
        home_link=home,
        home_label=locale.t("Home"),
        search_action=f"{home}cari/",
        words=frame_words(locale),
        query="",
        edition="",
        is_draft=False,
        language="id" if locale.language == "en" else "en",
        language_link=f"{other}{link}" if link else "",
        crumbs=(),
        xsrf=xsrf,
        action="",
        fields=fields,
        button=button,
        message=said or (locale.t(_MESSAGES[message]) if message else ""),
        is_good=message == "changed",
        **{"facts": (), "hidden": (), "heading": "", "hint": "", "logout": None, **values},
    )
    return str(block.html)


def _home(locale: Locale) -> str:
    return "/en/" if locale.language == "en" else "/"
