"""The canary house behind the real server: two editions and a draft, each with canaries of its own, a session per role."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from command_center.editions import Edition, list_editions
from command_center.identity import Accounts, IdentityRegister, Logins
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.access.canaries import (
    PERSONAS,
    SECTORS,
    Canary,
    Finder,
    Persona,
    build_canaries,
    canaries,
    write_canaries,
)
from tests.conftest import DAY
from tests.serving.conftest import Answer, Site, start, stop, wait

PASSWORD = "kata sandi panjang sekali"


@dataclass(frozen=True)
class Guardhouse:
    """The server, its editions by name, every canary, and the cookie of every persona."""

    site: Site
    editions: Mapping[str, Edition]
    canaries: Mapping[str, list[Canary]]
    finder: Finder
    cookies: Mapping[Persona, str]

    def get(self, persona: Persona, path: str, **named: str) -> Answer:
        """Ask as somebody."""
        cookie = self.cookies[persona]
        return self.site.get(path, **({"Cookie": cookie} if cookie else {}), **named)

    def leaks(self, persona: Persona, answer: Answer) -> set[Canary]:
        """The forbidden canaries in an answer, headers included."""
        return {
            one for one in self.finder.find(f"{answer.headers}\n{answer.text}") if not persona.may_see(one)
        }


def open_sessions(settings: Settings) -> dict[Persona, str]:
    """Make an account for every persona and log it in; the public has no cookie."""
    register = IdentityRegister.of(settings)
    accounts, logins = Accounts(register), Logins(register)
    cookies = {PERSONAS[0]: ""}
    for number, persona in enumerate(PERSONAS[1:]):
        account = accounts.add(f"kantor{number}", persona.role, persona.scope)
        if number == 0:
            accounts.use_link(accounts.new_link(account.login), PASSWORD)
        cookies[persona] = f"sesi={logins.begin_for(account.id).token}"
    return cookies


@pytest.fixture(scope="session")
def guardhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guardhouse]:
    """The canary house, served."""
    folder = tmp_path_factory.mktemp("guardhouse")
    settings = build_canaries(folder / "house")
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        for shift, (name, day, draft) in enumerate((("older", 20, False), ("draft", 28, True))):
            made[name] = _refreshed(settings, shift + 1, day, draft=draft)
    made["latest"] = _refreshed(settings, 0, DAY.day, draft=False)
    known = {name: canaries(edition) for name, edition in made.items()}
    cookies = open_sessions(settings)
    site = start(settings, folder / "serve.log")
    try:
        wait(site)
        every = [canary for found in known.values() for canary in found]
        yield Guardhouse(site, made, known, Finder(every), cookies)
    finally:
        stop(site)


def _refreshed(settings: Settings, shift: int, day: int, *, draft: bool) -> Edition:
    for slug, (order, *_) in SECTORS.items():
        write_canaries(settings.sectors_dir / slug, order, shift)
    result = refresh(settings, DAY.replace(day=day), draft=draft)
    assert (result.failures, result.failed_pages) == ((), ())
    (edition,) = [one for one in list_editions(settings) if one.id == result.edition.id]
    return edition


@pytest.fixture
def canary_house(guardhouse: Guardhouse, tmp_path: Path) -> Settings:
    """A copy of the house that a test may change."""
    shutil.copytree(guardhouse.site.settings.root, tmp_path / "house", symlinks=True)
    return Settings(tmp_path / "house")
