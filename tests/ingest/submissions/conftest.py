"""A door on the small house of two sectors, with a clock that moves one minute at each look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from command_center.cleaning.private import KEY_VARIABLE
from command_center.ingest.submissions import Delivery, Door, open_intake
from command_center.settings import Settings

AGENCY = "1.03.01"
START = datetime(2026, 11, 24, 8, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
HEADER = "region_code,period,method,served_households,all_households,as_of,source"
ROWS = (
    "33.16.15.2001,2025,survey,70,100,2025-12-31,Survei",
    "33.16.15.2007,2025,survey,71,100,2025-12-31,Survei",
    "33.16.16.2007,2025,survey,72,100,2025-12-31,Survei",
    "33.16.16.2011,2025,survey,73,100,2025-12-31,Survei",
)


def table(*rows: str) -> bytes:
    """A file with the header of the small house's tables and these rows."""
    return "\n".join([HEADER, *rows, ""]).encode()


def delivery(content: bytes, name: str = "supply.csv", **changes: str) -> Delivery:
    """A file for water.supply, from its owner."""
    fields = {"sector": "water", "dataset": "supply", "agency": AGENCY, "channel": "command"} | changes
    return Delivery(content, name, **fields)  # type: ignore[arg-type]


@pytest.fixture
def person_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of these tests only."""
    monkeypatch.setenv(KEY_VARIABLE, "a key for tests only, thirty-two characters or more")


@pytest.fixture
def new_door() -> Callable[[Settings], Door]:
    """A function that opens the door of a house anew, as another process would."""
    ticks = iter(range(1_000_000))
    return lambda settings: Door(open_intake(settings), lambda: START + timedelta(minutes=next(ticks)))


@pytest.fixture
def door(fresh_house: Settings, new_door: Callable[[Settings], Door]) -> Door:
    """The door of a house that took nothing in yet."""
    return new_door(fresh_house)
