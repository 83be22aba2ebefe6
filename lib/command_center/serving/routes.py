"""The table of routes: every handler the server has, who may use it and how it is noted. Nothing else is served.

A handler that is not in the table stops the server from starting; a test walks the running server.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import RequestHandler
from voila.app import ThemesHandler
from voila.static_file_handler import TemplateStaticFileHandler

from command_center.errors import AccessError
from command_center.serving.accounts import (
    AccountHandler,
    LinkHandler,
    LoginHandler,
    LogoutHandler,
)
from command_center.serving.assets import FontHandler
from command_center.serving.downloads import EditionListHandler, MeasuresHandler
from command_center.serving.figure_downloads import FigureNotebookHandler, FiguresWorkbookHandler
from command_center.serving.guard import Rule, guarded
from command_center.serving.latest import LatestHandler
from command_center.serving.letters import RequestLetterHandler
from command_center.serving.pages import PageHandler
from command_center.serving.search import SearchHandler
from command_center.serving.shutdown import OwnKernelShutdown
from command_center.serving.static_files import VoilaFileHandler
from command_center.serving.submitting import (
    BlankWorkbookHandler,
    MarkedWorkbookHandler,
    ReceiptHandler,
    SendHandler,
    SubmissionListHandler,
)
from command_center.serving.verdicts import VerdictHandler
from command_center.serving.websocket import LiveWebsocket

_FORM = frozenset({"GET", "HEAD", "POST"})

RULES: Mapping[type[RequestHandler], Rule] = {
    # Open to everybody; what an answer holds follows the view of the reader.
    PageHandler: Rule(action="page"),
    SearchHandler: Rule(action="search"),
    EditionListHandler: Rule(action="editions"),
    LatestHandler: Rule(),
    MeasuresHandler: Rule(action="download"),
    FiguresWorkbookHandler: Rule(action="download"),
    FigureNotebookHandler: Rule(action="download"),
    # The way in: the handlers ask in addition whether somebody may send or open, and for which agency.
    SendHandler: Rule(_FORM),
    ReceiptHandler: Rule(action="receipt"),
    MarkedWorkbookHandler: Rule(action="download"),
    BlankWorkbookHandler: Rule(action="download"),
    SubmissionListHandler: Rule(action="submissions"),
    # The handler asks in addition whether somebody answers for the signal.
    VerdictHandler: Rule(_FORM, action="verdict page"),
    # A letter names debts, not figures: the handler asks whether the reader sends it or gets it.
    RequestLetterHandler: Rule(action="letter"),
    # Accounts: open, because whoever logs in is not known yet.
    LoginHandler: Rule(_FORM),
    LogoutHandler: Rule(frozenset({"POST"})),
    AccountHandler: Rule(_FORM),
    LinkHandler: Rule(_FORM),
    # Kernels: the authorizer asks in addition whether the kernel is the reader's own.
    KernelHandler: Rule(frozenset({"GET", "DELETE"})),
    LiveWebsocket: Rule(frozenset({"GET"})),
    OwnKernelShutdown: Rule(frozenset({"POST"})),
    # Scripts, styles and typefaces, the same for everybody.
    FontHandler: Rule(),
    VoilaFileHandler: Rule(),
    TemplateStaticFileHandler: Rule(),
    ThemesHandler: Rule(),
}


def behind_guards(routes: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return the routes with every handler behind its guard; AccessError for a handler without a rule."""
    missing = sorted({route[1].__name__ for route in routes if route[1] not in RULES})
    if missing:
        raise AccessError(
            f"No rule says who may use {', '.join(missing)}, so nothing is served",
            where="serving/routes.py",
            who="the developer",
            next_step="give each of them a rule",
        )
    return [(route[0], guarded(route[1], RULES[route[1]]), *route[2:]) for route in routes]
