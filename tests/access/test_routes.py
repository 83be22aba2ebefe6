"""The routes of the running server, one by one: each has a rule, each rule is the one written out here."""

import re
from collections.abc import Iterator

import pytest
from tornado.routing import Rule as TornadoRule
from tornado.web import Application, RequestHandler

from command_center.access import ANYBODY
from command_center.errors import AccessError
from command_center.pages.house import open_house
from command_center.serving.app import CommandCenterServer, new_server
from command_center.serving.guard import Guarded, everybody
from command_center.serving.routes import RULES, behind_guards
from command_center.settings import Settings
from tests.access.canaries import PERSONAS, Persona
from tests.access.conftest import Guardhouse

READ, FORM = {"GET", "HEAD"}, {"GET", "HEAD", "POST"}
# Every handler of the server: its methods, and the name under which it is noted.
TABLE = {
    "PageHandler": (READ, "page"),
    "SearchHandler": (READ, "search"),
    "EditionListHandler": (READ, "editions"),
    "MeasuresHandler": (READ, "download"),
    "FiguresWorkbookHandler": (READ, "download"),
    "FigureNotebookHandler": (READ, "download"),
    "SendHandler": (FORM, ""),
    "ReceiptHandler": (READ, "receipt"),
    "MarkedWorkbookHandler": (READ, "download"),
    "BlankWorkbookHandler": (READ, "download"),
    "SubmissionListHandler": (READ, "submissions"),
    "VerdictHandler": (FORM, "verdict page"),
    "RequestLetterHandler": (READ, "letter"),
    "LoginHandler": (FORM, ""),
    "LogoutHandler": ({"POST"}, ""),
    "AccountHandler": (FORM, ""),
    "LinkHandler": (FORM, ""),
    "KernelHandler": ({"GET", "DELETE"}, ""),
    "LiveWebsocket": ({"GET"}, ""),
    "OwnKernelShutdown": ({"POST"}, ""),
    "FontHandler": (READ, ""),
    "VoilaFileHandler": (READ, ""),
    "LatestHandler": (READ, ""),
    "TemplateStaticFileHandler": (READ, ""),
    "ThemesHandler": (READ, ""),
}


def rules_of(router: object) -> Iterator[TornadoRule]:
    """Every rule below a router that leads to a handler."""
    for rule in router.rules:  # type: ignore[attr-defined]
        if hasattr(rule.target, "rules"):
            yield from rules_of(rule.target)
        else:
            yield rule


@pytest.fixture(scope="module")
def application(published_house: Settings) -> Iterator[Application]:
    """The application as `start` makes it, without a port."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CommandCenterServer, "listen", lambda _: None)
        patch.setattr("command_center.serving.app.WarmKernels.start", lambda _: None)
        patch.setattr("command_center.serving.app.PeriodicCallback.start", lambda _: None)
        server = new_server(open_house(published_house))
        server.initialize([])
        server.start()
        yield server.app
        CommandCenterServer.clear_instance()


def test_every_route_of_the_server_stands_in_the_table_behind_a_guard(application: Application) -> None:
    found = [rule.target for rule in rules_of(application.default_router)]
    assert len(found) >= len(TABLE)
    for handler in found:
        assert issubclass(handler, Guarded), handler
        assert handler.__name__ in TABLE, f"{handler.__name__} has no line in the table of this test"
        methods, action = TABLE[handler.__name__]
        assert (set(handler.rule.methods), handler.rule.action) == (methods, action), handler
    assert {handler.__name__ for handler in found} == set(TABLE)
    assert {handler.__name__ for handler in RULES} == set(TABLE)


def test_no_route_leads_round_the_last_one(application: Application) -> None:
    patterns = [rule.matcher.regex.pattern for rule in rules_of(application.default_router)]  # type: ignore[attr-defined]
    assert patterns[-1] == r"(?P<path>/.*)$"
    assert not any(re.match(pattern, "/voila/files/data/reference/regions.csv") for pattern in patterns[:-1])


def test_a_handler_without_a_rule_keeps_the_server_from_starting() -> None:
    class Forgotten(RequestHandler):
        """A handler somebody added."""

    with pytest.raises(AccessError, match="Forgotten"):
        behind_guards([(r"/x", Forgotten)])


def test_rules_that_are_open_to_everybody_are_named_as_such() -> None:
    assert all(rule.allows is everybody and rule.allows(ANYBODY) for rule in RULES.values())


# --- every persona before every route, by status -----------------------------------------------------------

NOBODYS_KERNEL = "12345678-1234-1234-1234-123456789012"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
# Path, and the status of each method that is not refused with 405 for everybody.
STATUSES = (
    ("/", {"GET": 200, "HEAD": 200}),
    ("/cari/?q=air", {"GET": 200, "HEAD": 200}),
    ("/edisi/", {"GET": 200, "HEAD": 200}),
    ("/edisi/terbaru.json", {"GET": 200, "HEAD": 200}),
    (f"/edisi/terbaru.json?kernel={NOBODYS_KERNEL}", {"GET": 200, "HEAD": 200}),
    ("/voila/static/000000000000/voila.js", {"GET": 404, "HEAD": 404}),
    ("/unduh/WAT1/33.16.csv", {"GET": 200, "HEAD": 200}),
    ("/unduh/WAT1/33.16.xlsx", {"GET": 200, "HEAD": 200}),
    ("/unduh/WAT1/33.16.ipynb", {"GET": 200, "HEAD": 200}),
    ("/en/unduh/WAT1/33.16.ipynb?periode=2023", {"GET": 200, "HEAD": 200}),
    ("/unduh/WAT1/33.16.ipynb?periode=1999", {"GET": 404, "HEAD": 404}),
    ("/kirim/daftar/", {"GET": 200, "HEAD": 200}),
    ("/kirim/20260101-0001-AAAA/", {"GET": 404, "HEAD": 404}),
    ("/kirim/20260101-0001-AAAA.xlsx", {"GET": 404, "HEAD": 404}),
    ("/kirim/blanko/water.nothing.xlsx", {"GET": 404, "HEAD": 404}),
    ("/putusan/absorption-FIN1-33.16/", {"GET": 404, "HEAD": 404, "POST": 403}),
    ("/masalah/absorption-FIN1-33.16/", {"GET": 404, "HEAD": 404}),
    ("/kesiapan/", {"GET": 200, "HEAD": 200}),
    ("/kesiapan/1.03.01/", {"GET": 200, "HEAD": 200}),
    ("/kesiapan/9.99.99/", {"GET": 404, "HEAD": 404}),
    ("/masuk/", {"GET": 200, "HEAD": 200, "POST": 403}),
    ("/keluar/", {"POST": 403}),
    (f"/akun/mulai/{'x' * 43}/", {"GET": 404, "HEAD": 404, "POST": 403}),
    (f"/api/kernels/{NOBODYS_KERNEL}", {"GET": 403, "DELETE": 403}),
    (f"/api/kernels/{NOBODYS_KERNEL}/channels", {"GET": 403}),
    (f"/voila/api/shutdown/{NOBODYS_KERNEL}", {"POST": 403}),
    ("/voila/templates/command_center/static/page.js", {"GET": 200, "HEAD": 200}),
    ("/voila/static/voila.js", {"GET": 404, "HEAD": 404}),
    ("/voila/labextensions/nothing.js", {"GET": 404, "HEAD": 404}),
    ("/voila/api/themes/nothing.css", {"GET": 404, "HEAD": 404}),
    ("/voila/files/data/reference/regions.csv", {"GET": 404, "HEAD": 404}),
    ("/api/kernels", {"GET": 404, "HEAD": 404}),
    ("/api/contents", {"GET": 404, "HEAD": 404}),
    ("/login", {"GET": 404, "HEAD": 404}),
    ("/logout", {"GET": 404, "HEAD": 404}),
)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_every_method_of_every_route_answers_as_the_table_says(
    guardhouse: Guardhouse, persona: Persona
) -> None:
    for path, statuses in STATUSES:
        for method in METHODS:
            answer = guardhouse.get(persona, path, method=method)
            assert answer.status == statuses.get(method, 405), (path, method)
            assert guardhouse.leaks(persona, answer) == set(), path
    assert guardhouse.get(persona, "/akun/").status == (200 if guardhouse.cookies[persona] else 302)
    assert guardhouse.get(persona, "/kirim/").status == 200
