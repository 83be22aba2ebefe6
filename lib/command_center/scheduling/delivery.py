"""The briefing brought to its recipients: each gets what the account may see, by mail or into a folder."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from command_center.access import PUBLIK
from command_center.briefing.export import keep_briefing
from command_center.editions import Edition
from command_center.errors import AccessError
from command_center.identity import Accounts, IdentityRegister
from command_center.pages.house import House
from command_center.scheduling.journal import Journal
from command_center.scheduling.outbox import Server, briefing_mail, put_out, send_waiting, waiting_count
from command_center.scheduling.timetable import Recipient


@dataclass(frozen=True)
class Delivered:
    """What became of a delivery: messages sent now, messages that wait, folders filled, recipients refused."""

    sent: int
    waiting: int
    folders: int
    refused: tuple[str, ...]


def deliver_briefing(
    house: House,
    edition: Edition,
    day: date,
    recipients: Iterable[Recipient],
    *,
    sender: str,
    now: Callable[[], float],
    trouble: tuple[str, ...] = (),
) -> Delivered:
    """Keep the briefing, write a mail per recipient into the outbox, and send what waits.

    A login that does not exist or is disabled gets nothing and is named. Without a mail server messages wait.
    """
    journal, folders, refused = Journal.of(house.settings), 0, []
    accounts = Accounts(IdentityRegister.of(house.settings))
    keep_briefing(house, edition, day, view=PUBLIK, trouble=trouble)
    for one in recipients:
        if one.folder:
            files = keep_briefing(house, edition, day, language=one.language, view=PUBLIK, trouble=trouble)
            target = house.settings.root / one.folder / day.isoformat()
            target.mkdir(parents=True, exist_ok=True)
            for path in (files.pdf, files.html, files.text):
                shutil.copyfile(path, target / path.name)
            folders += 1
            continue
        try:
            account = accounts.get(one.login)
        except AccessError as error:
            refused.append(f"{one.login}: {error.what}")
            continue
        if account.is_disabled:
            refused.append(f"{one.login}: the account is disabled")
            continue
        view = account.person.view
        files = keep_briefing(house, edition, day, language=one.language, view=view, trouble=trouble)
        mail = briefing_mail(files, day=day, recipient=one.mail, language=one.language, sender=sender)
        put_out(journal, mail, now())
    server = Server.in_environment()
    sent, waiting = send_waiting(journal, server, now) if server else (0, waiting_count(journal))
    return Delivered(sent, waiting, folders, tuple(refused))
