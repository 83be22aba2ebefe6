"""Mail through a real server on loopback: each recipient's rights, one Message-ID, a server that is down and comes back."""

from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from command_center.editions import open_edition
from command_center.identity import Accounts, IdentityRegister
from command_center.pages.house import open_house
from command_center.scheduling import Journal
from command_center.scheduling.delivery import deliver_briefing
from command_center.scheduling.outbox import SERVER_VARIABLE, Server, put_out, send_waiting, waiting_count
from command_center.scheduling.timetable import Recipient
from command_center.settings import Settings
from tests.scheduling.postoffice import Letterbox, open_letterbox

DAY = date(2026, 11, 24)


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, Server]]:
    with open_letterbox() as (box, port):
        yield box, Server("127.0.0.1", port, False, "")


def mail(key: str = "<a@b>") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"], made["Message-ID"] = "s", "c@localhost", "x@localhost", key
    made.set_content("isi")
    return made


def test_a_message_is_written_down_once_and_sent_once(
    tmp_path: Path, letterbox: tuple[Letterbox, Server]
) -> None:
    box, server = letterbox
    journal = Journal(tmp_path / "s.sqlite")
    assert put_out(journal, mail(), 1.0)
    assert not put_out(journal, mail(), 2.0)
    assert send_waiting(journal, server, lambda: 10.0) == (1, 0)
    assert send_waiting(journal, server, lambda: 11.0) == (0, 0)
    assert [one["Message-ID"] for one in box.taken] == ["<a@b>"]


def test_a_server_that_refuses_or_is_down_costs_time_and_loses_nothing(
    tmp_path: Path, letterbox: tuple[Letterbox, Server]
) -> None:
    box, server = letterbox
    journal = Journal(tmp_path / "s.sqlite")
    put_out(journal, mail(), 0.0)
    assert send_waiting(journal, Server("127.0.0.1", 1, False, ""), lambda: 0.0) == (0, 1)
    assert send_waiting(journal, server, lambda: 59.0) == (0, 1)  # not before a minute has passed
    box.answer = "451 later"
    assert send_waiting(journal, server, lambda: 61.0) == (0, 1)
    box.answer = "250 OK"
    assert send_waiting(journal, server, lambda: 61.0 + 119.0) == (0, 1)  # twice as long
    assert send_waiting(journal, server, lambda: 61.0 + 121.0) == (1, 0)
    assert len(box.taken) == 1


def test_killed_between_the_servers_yes_and_its_record_the_second_mail_has_the_same_id(
    tmp_path: Path, letterbox: tuple[Letterbox, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, server = letterbox
    journal = Journal(tmp_path / "s.sqlite")
    put_out(journal, mail("<same@id>"), 0.0)

    def killed(*_: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr("command_center.scheduling.outbox._note", killed)
        with pytest.raises(SystemExit):
            send_waiting(journal, server, lambda: 1.0)
    assert waiting_count(journal) == 1
    assert send_waiting(journal, server, lambda: 2.0) == (1, 0)
    assert [one["Message-ID"] for one in box.taken] == ["<same@id>", "<same@id>"]


def test_each_recipient_gets_what_the_account_may_see_and_folders_what_everybody_may(
    own_house: Settings, letterbox: tuple[Letterbox, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, server = letterbox
    monkeypatch.setenv(SERVER_VARIABLE, f"smtp://127.0.0.1:{server.port}")
    accounts = Accounts(IdentityRegister.of(own_house))
    accounts.add("bupati", "pimpinan")
    accounts.add("lama", "analis")
    accounts.disable("lama")
    seen: list[str] = []
    real = __import__("command_center.briefing.export", fromlist=["x"]).keep_briefing

    def noting(*arguments: object, **named: object) -> object:
        seen.append(named["view"].kind)  # type: ignore[attr-defined]
        return real(*arguments, **named)

    monkeypatch.setattr("command_center.scheduling.delivery.keep_briefing", noting)
    recipients = [
        Recipient(login="bupati", mail="bupati@localhost"),
        Recipient(login="lama", mail="lama@localhost"),
        Recipient(login="tidak_ada", mail="x@localhost"),
        Recipient(folder="out"),
    ]
    house = open_house(own_house)

    def deliver() -> tuple[int, int, int, tuple[str, ...]]:
        done = deliver_briefing(
            house, open_edition(own_house), DAY, recipients, sender="pusat@localhost", now=lambda: 5.0
        )
        return done.sent, done.waiting, done.folders, done.refused

    sent, waiting, folders, refused = deliver()
    assert (sent, waiting, folders) == (1, 0, 1)
    assert ["lama" in refused[0], "tidak_ada" in refused[1]] == [True, True]
    assert seen == ["publik", "semua", "publik"]
    assert deliver()[0] == 0  # the same day again: the same Message-ID, nothing sent twice
    (letter,) = box.taken
    assert letter["To"] == "bupati@localhost"
    assert letter["Message-ID"].startswith("<briefing.2026-11-24.")
    body = letter.get_body(("plain",))
    assert body is not None
    assert "TIGA HAL UTAMA" in body.get_content()
    (attached,) = letter.iter_attachments()
    assert attached.get_content().startswith(b"%PDF")
    kept = own_house.root / "data" / "briefings" / "2026-11-24"
    assert (kept / "semua").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in (own_house.root / "out" / "2026-11-24").iterdir()) == [
        "briefing.html", "briefing.pdf", "briefing.txt",
    ]  # fmt: skip
