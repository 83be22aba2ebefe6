"""Who opens a submission: everybody while the way in stands open, its own agency and the stewards once it is closed."""

from pathlib import Path

import pytest

from command_center.ingest.submissions import Delivery, Door, Submission, open_intake
from command_center.settings import Settings
from tests.access.canaries import PERSONAS, Persona
from tests.access.conftest import Guardhouse
from tests.serving.conftest import Site, start, stop, wait

SENDER = "1.03.01"
READERS = {"pimpinan", "walidata", "analis"}


def opens(persona: Persona, *, inbox: str) -> bool:
    """The table: an agency its own, those who answer for the data all, others while the way in stands open."""
    if persona.role == "opd":
        return persona.scope == (SENDER,)
    return inbox == "open" or persona.role in READERS


def sent(settings: Settings) -> Submission:
    """A submission of the agency that owns the first sector."""
    content = (settings.sectors_dir / "water" / "supply.csv").read_bytes()
    delivery = Delivery(
        content, "supply.csv", sector="water", dataset="supply", agency=SENDER, channel="upload"
    )
    return Door(open_intake(settings)).receive(delivery).submission


@pytest.mark.parametrize("inbox", ["open", "closed"])
def test_every_role_opens_exactly_the_submissions_it_may(
    guardhouse: Guardhouse, canary_house: Settings, tmp_path: Path, inbox: str
) -> None:
    receipt = sent(canary_house).receipt
    site: Site = start(canary_house, tmp_path / "serve.log", f"--{inbox}-inbox")
    try:
        wait(site)
        for persona in PERSONAS:
            cookie = guardhouse.cookies[persona]
            headers = {"Cookie": cookie} if cookie else {}
            may = opens(persona, inbox=inbox)
            for path in (f"/kirim/{receipt}/", f"/en/kirim/{receipt}/", f"/kirim/{receipt}.xlsx"):
                assert site.get(path, **headers).status == (200 if may else 404), (persona, path)
            listed = site.get("/kirim/daftar/", **headers)
            assert listed.status == 200
            assert (receipt in listed.text) == may, persona
    finally:
        stop(site)
