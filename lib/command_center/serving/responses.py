"""What our own handlers share: the house, and errors in the reader's words instead of tracebacks."""

from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import RequestHandler

from command_center.locale import Locale
from command_center.pages.house import House
from command_center.pages.notices import notice_page


def reader_locale(path: str) -> Locale:
    """Return the language of a path: English below `/en/`, Indonesian everywhere else."""
    return Locale("en" if "/en/" in path else "id")


class PlainErrors(RequestHandler):
    """Answers errors with one plain page: what happened and where to go, nothing of the inside."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send a short page in the reader's language."""
        locale = reader_locale(self.request.path)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(notice_page(locale, status_code))


class HouseHandler(PlainErrors, JupyterHandler):
    """A handler that knows the house."""

    def initialize(self, house: House) -> None:
        """Keep the house."""
        self.house = house
