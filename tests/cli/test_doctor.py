"""`command-center doctor` opens every item of the menu on a server of its own and names what is broken."""

import gzip
from pathlib import Path

import pytest

from command_center.editions import open_edition
from command_center.settings import Settings
from tests.cli.conftest import Command, Ended

pytestmark = pytest.mark.slow


def line(ended: Ended, path: str) -> str:
    return next(text for text in ended.output.splitlines() if f" {path} " in text)


def test_a_sound_house_works(own_house: Settings, command: Command) -> None:
    ended = command(own_house, "doctor")
    assert ended.code == 0, ended.output
    for path in ("/", "/en/", "/bidang/water/33.16/", "/bidang/power/33.16.15/", "/indikator/WAT1/33.16/"):
        assert "● works" in line(ended, path)
    assert "13 of 13 pages work." in ended.output


def test_a_broken_page_is_named_and_the_others_are_still_tried(own_house: Settings, command: Command) -> None:
    edition = open_edition(own_house)
    lost = edition.path / "pages/id/sector/water/33.16.html.gz"
    lost.unlink()
    notebook = own_house.sectors_dir / "water" / "dashboard.ipynb"
    notebook.write_text(notebook.read_text().replace("page.cards()", "page.carts()"))
    hurt = edition.path / "pages" / Path("id/sector/power/33.16.html.gz")
    page = gzip.decompress(hurt.read_bytes()).replace(b"</body>", b'<div class="cc-error">x</div></body>')
    hurt.write_bytes(gzip.compress(page))
    ended = command(own_house, "doctor")
    assert ended.code == 1
    assert "■ answers 500" in line(ended, "/bidang/water/33.16/")
    assert "■ a part" in line(ended, "/bidang/power/33.16/")  # the rest may stand on the next line
    assert "● works" in line(ended, "/bidang/power/33.16.15/")
    assert "11 of 13 pages work." in ended.output
