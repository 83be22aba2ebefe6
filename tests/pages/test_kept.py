"""A live page takes what nothing changes from the finished page of its own edition, address and view."""

import gzip
from pathlib import Path
from typing import cast

import pytest

from command_center.access import EVERYTHING, PUBLIK, View
from command_center.editions import Edition
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, trusted
from command_center.pages.context import PageContext
from command_center.pages.house import House
from command_center.pages.kept import LIVE_VARIABLE, kept_block

ADDRESS = sector_page("water", "99.01")


def made() -> Block:
    return Block(trusted("made"))


def finished(edition: Path, text: str) -> PageContext:
    page = edition / "pages" / ADDRESS.file
    page.parent.mkdir(parents=True)
    page.write_bytes(gzip.compress(text.encode()))
    return context(edition, PUBLIK)


def context(edition: Path, view: View) -> PageContext:
    return PageContext(cast(House, None), Edition(edition, view=view), ADDRESS)


def test_a_block_stands_between_marks_that_a_live_page_finds_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = kept_block(context(tmp_path, PUBLIK), "other", made)
    first = kept_block(context(tmp_path, PUBLIK), "cards", lambda: Block(trusted("<p>kept</p>")))
    page = finished(tmp_path, f"<main>{other.html}{first.html}</main>")
    assert "made" in kept_block(page, "cards", made).html
    monkeypatch.setenv(LIVE_VARIABLE, "1")
    assert kept_block(page, "cards", made) == first


def test_what_the_finished_page_has_not_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIVE_VARIABLE, "1")
    page = finished(tmp_path / "one", "<!--block cards-->never ended")
    assert "made" in kept_block(page, "cards", made).html
    assert "made" in kept_block(context(tmp_path / "none", PUBLIK), "cards", made).html


def test_the_page_of_another_view_is_never_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIVE_VARIABLE, "1")
    finished(tmp_path, "<!--block cards-->of the public<!--end cards-->")
    assert "made" in kept_block(context(tmp_path, EVERYTHING), "cards", made).html
