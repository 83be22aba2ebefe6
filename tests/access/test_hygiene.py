"""Headers, errors and texts: nothing of the inside, no other host, nothing that runs."""

import re

import pytest

from command_center.serving.headers import POLICY
from tests.access.canaries import NOTE, PERSONAS, SOURCE
from tests.access.conftest import Guardhouse

ANSWERS = [
    ("GET", "/"),
    ("GET", "/bidang/water/33.16/"),
    ("GET", "/bidang/water/33.16/?live=1"),
    ("GET", "/nowhere/"),
    ("GET", "/cari/?q=air"),
    ("GET", "/unduh/WAT1/33.16.csv"),
    ("GET", "/unduh/WAT3/33.16.csv"),
    ("GET", "/masuk/"),
    ("GET", "/akun/"),
    ("GET", "/kirim/"),
    ("GET", "/assets/nothing.ttf"),
    ("GET", "/voila/static/voila.js"),
    ("GET", "/voila/static/nothing.js"),
    ("GET", "/voila/templates/command_center/static/page.js"),
    ("GET", "/voila/templates/nothing"),
    ("GET", "/voila/labextensions/nothing"),
    ("GET", "/voila/api/themes/nothing.css"),
    ("GET", "/api/kernels/12345678-1234-1234-1234-123456789012"),
    ("GET", "/api/kernels/12345678-1234-1234-1234-123456789012/channels"),
    ("POST", "/voila/api/shutdown/12345678"),
    ("POST", "/masuk/"),
    ("PUT", "/"),
    ("GET", "/%ff/"),
    ("GET", "/cari/?q=%ff"),
]
INSIDE = re.compile(
    r"Traceback|site-packages|\b[\w/]+\.py\b|/home/|command_center\.\w+\.|tornado", re.IGNORECASE
)


@pytest.mark.parametrize(("method", "path"), ANSWERS, ids=lambda one: one)
def test_every_answer_carries_the_policy_and_nothing_of_the_inside(
    guardhouse: Guardhouse, method: str, path: str
) -> None:
    answer = guardhouse.get(PERSONAS[0], path, method=method)
    headers = answer.headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers
    if answer.status >= 400:
        assert INSIDE.findall(re.sub(r"<style>.*?</style>", "", answer.text, flags=re.DOTALL)) == []
    assert str(guardhouse.site.settings.root) not in f"{headers}{answer.text}"


def test_the_policy_names_no_host_no_inline_script_and_no_evaluation() -> None:
    directives = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe-eval" not in POLICY
    assert not re.search(r"https?:|\*|//", POLICY)


def test_cookies_are_the_servers_own(guardhouse: Guardhouse) -> None:
    live = guardhouse.get(PERSONAS[0], "/bidang/water/33.16/?live=1").headers["set-cookie"]
    assert re.search(r"tamu=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", live)
    assert re.search(r"_xsrf=[^;]+; expires=[^;]+; Path=/; SameSite=Lax", live)
    secure = guardhouse.get(PERSONAS[0], "/masuk/", X_Forwarded_Proto="https").headers["set-cookie"]
    assert "Secure" in secure
    assert "Secure" not in guardhouse.get(PERSONAS[0], "/masuk/").headers["set-cookie"]


@pytest.mark.parametrize(
    "cookie",
    ["sesi=", "sesi=x", "sesi=" + "a" * 43, "sesi='; DROP TABLE sessions --", "__Host-sesi=x", "tamu=x"],
)
def test_a_made_up_cookie_is_the_public(guardhouse: Guardhouse, cookie: str) -> None:
    answer = guardhouse.site.get("/unduh/WAT3/33.16.csv", Cookie=cookie)
    assert answer.status == 403


@pytest.mark.parametrize(
    "header",
    [
        {"Authorization": "token x"},
        {"X_Forwarded_User": "walidata"},
        {"Remote_User": "walidata"},
        {"X_Forwarded_For": "127.0.0.1"},
    ],
)
def test_no_header_makes_somebody_of_the_public(guardhouse: Guardhouse, header: dict[str, str]) -> None:
    assert guardhouse.site.get("/unduh/WAT3/33.16.csv", **header).status == 403
    assert guardhouse.site.get("/unduh/WAT3/33.16.csv?token=x", **header).status == 403


def test_no_argument_makes_a_view(guardhouse: Guardhouse) -> None:
    for query in ("view=semua", "COMMAND_CENTER_VIEW=semua", "template=lab", "theme=dark", "role=walidata"):
        for path in ("/bidang/water/33.16/", "/bidang/water/33.16/?live=1&"):
            joint = "" if path.endswith("&") else "?"
            answer = guardhouse.get(PERSONAS[0], f"{path}{joint}{query}")
            assert guardhouse.leaks(PERSONAS[0], answer) == set()


def test_texts_of_an_agency_run_nowhere(guardhouse: Guardhouse) -> None:
    page = guardhouse.get(PERSONAS[1], "/bidang/water/33.16.15.2001/").text
    assert SOURCE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    table = guardhouse.get(PERSONAS[1], "/unduh/WAT1/33.16.15.2001.csv").text
    assert f"'{NOTE}" in table
    assert f",{NOTE}" not in table
