"""What our own handlers share: the house, and errors in the reader's words instead of tracebacks."""

import re
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, RequestHandler

from command_center.editions import Edition, open_edition
from command_center.errors import EditionError
from command_center.locale import Locale
from command_center.pages.house import House
from command_center.pages.notices import notice_page

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
        house = getattr(self, "house", None)
        product = house.profile.product_title[locale.language] if house else ""
        self.finish(notice_page(locale, status_code, product, other_language(self.request.path)))


def shown_edition(house: House, edition_id: str) -> Edition:
    """Return the edition of an address ("" is the latest); HTTPError 404 for an unknown one or a draft, 503 for none."""
    try:
        edition = open_edition(house.settings, edition_id or "latest")
    except EditionError as error:
        raise HTTPError(404 if edition_id else 503, log_message=str(error)) from error
    if edition.is_draft:
        raise HTTPError(404, log_message="drafts are for analysts")
    return edition


class HouseHandler(PlainErrors, JupyterHandler):
    """A handler that knows the house."""

    def initialize(self, house: House) -> None:
        """Keep the house."""
        self.house = house

    async def head(self, *arguments: str, **named: str) -> None:
        """Answer as `get` does; Tornado leaves the body out."""
        answer = self.get(*arguments, **named)
        if answer is not None:
            await answer
