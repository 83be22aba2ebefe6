"""What our own handlers share: the house, the edition as the reader may see it, and errors in the reader's words."""

import functools
import re
import time
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, RequestHandler

from command_center.access import PUBLIK, Person, View, shared_view
from command_center.catalog import Catalog, load_sound_catalog
from command_center.editions import Edition, latest_id, open_edition
from command_center.errors import EditionError
from command_center.locale import Locale
from command_center.pages.house import House
from command_center.pages.notices import notice_page
from command_center.serving.guard import Guarded
from command_center.serving.static_files import YEAR_SECONDS
from command_center.settings import Settings

# A class that is raised in a declaration closes the figure in every edition within this time.
_DECLARED_SECONDS = 2.0

# What the audit log calls an answer with numbers that the public may not see for their smallness.
SMALL_CELLS = "small_cells"

_published: dict[tuple[Settings, str], Edition] = {}
_EDITION = re.compile(r"(/edisi/[\w.-]+)(/.*)")


def reader_locale(path: str) -> Locale:
    """Return the language of a path: English below `/en/`, Indonesian everywhere else."""
    return Locale("en" if "/en/" in path else "id")


def other_language(path: str) -> str:
    """Return the same path in the other language: `/en/` comes first, or right after the edition."""
    edition, rest = (match[1], match[2]) if (match := _EDITION.match(path)) else ("", path)
    # A path that begins with two strokes would be another host.
    place = rest.lstrip("/")
    if place.startswith("en/"):
        return f"{edition}/{place.removeprefix('en/').lstrip('/')}"
    return f"{edition}/en/{place}"


class PlainErrors(RequestHandler):
    """Answers errors with one plain page: what happened and where to go, nothing of the inside."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send a short page in the reader's language."""
        locale = reader_locale(self.request.path)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        house = getattr(self, "house", None)
        product = house.profile.product_title[locale.language] if house else ""
        self.finish(notice_page(locale, status_code, product, other_language(self.request.path)))


def shown_edition(house: House, edition_id: str, person: Person) -> Edition:
    """Return the edition of an address ("" is the latest) as somebody may see it.

    HTTPError 404 for an unknown one and for a draft that is not open to the person, 503 where there is none.
    """
    try:
        edition = _open(house.settings, edition_id)
    except EditionError as error:
        raise HTTPError(404 if edition_id else 503, log_message=str(error)) from error
    if edition.is_draft and not person.opens_drafts:
        raise HTTPError(404, log_message="drafts are for analysts")
    return edition.seen_by(
        _closed(person.view, edition.path, house.settings.root, _declared_at(house.settings))
    )


def _open(settings: Settings, edition_id: str) -> Edition:
    # One that is published neither changes nor goes, and a page is asked for more often than anything else.
    name = edition_id or latest_id(settings) or "latest"
    known = _published.get((settings, name))
    if known is None:
        known = open_edition(settings, name)
        if not known.is_draft:
            _published[settings, name] = known
    return known


def shared_edition(edition: Edition, sector: str = "") -> Edition:
    """Return the edition under the view whose finished page shows the same; `sector` as in `shared_view`."""
    return edition.seen_by(_shared(edition.path, edition.view, sector))


def shows_small_cells(edition: Edition, sector: str = "") -> bool:
    """Return whether the finished page of a sector ("" shows all) may hold small cells that the public may not see."""
    return _small_cells(edition.path, edition.view, sector)


def set_caching(handler: RequestHandler, edition: Edition, *, is_older: bool) -> None:
    """Say how long an answer made from an edition may be kept, and by whom.

    What is not for everybody is kept by the reader's own browser only and asked for anew each time.
    """
    if edition.view.kind != PUBLIK.kind or edition.is_draft:
        handler.set_header("Cache-Control", "private, no-cache")
    elif is_older:
        handler.set_header("Cache-Control", f"public, max-age={YEAR_SECONDS}, immutable")
        # Another account in the same browser may see more at the same address.
        handler.add_header("Vary", "Cookie")
    else:
        handler.set_header("Cache-Control", "no-cache")


class HouseHandler(PlainErrors, Guarded, JupyterHandler):
    """A handler that knows the house."""

    def initialize(self, house: House) -> None:
        """Keep the house."""
        self.house = house

    def set_default_headers(self) -> None:
        """Let nothing be shown from a cache without asking."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-cache")

    async def head(self, *arguments: str, **named: str) -> None:
        """Answer as `get` does; Tornado leaves the body out."""
        answer = self.get(*arguments, **named)
        if answer is not None:
            await answer


@functools.lru_cache(maxsize=1024)
def _shared(path: Path, view: View, sector: str) -> View:
    whole = _whole(path)
    return shared_view(view, whole.figures, whole.catalog, sector=sector)


@functools.lru_cache(maxsize=1024)
def _small_cells(path: Path, view: View, sector: str) -> bool:
    return _whole(path).seen_by(view).opens_small_cells(sector)


@functools.lru_cache(maxsize=4)
def _whole(path: Path) -> Edition:
    return Edition(path)


_declared: dict[Path, tuple[float, Catalog]] = {}


def _declared_at(settings: Settings) -> float:
    """Read the declarations when they were read too long ago; return when that was."""
    read_at, _ = _declared.get(settings.root, (float("-inf"), None))
    if time.monotonic() - read_at > _DECLARED_SECONDS:
        catalog, read_at = load_sound_catalog(settings), time.monotonic()
        _declared[settings.root] = (read_at, catalog)
    return read_at


@functools.lru_cache(maxsize=256)
def _closed(view: View, path: Path, root: Path, read_at: float) -> View:
    """Return the view of an edition, given the declarations that were read at that time and are the last."""
    return view.closing(Edition(path).catalog, _declared[root][1])
