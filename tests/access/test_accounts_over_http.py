"""Logging in and out over HTTP: the forms, their tokens, the cookies, the lock, the audit log, sending for an agency."""

import re
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from command_center.identity import Accounts, AuditLog, IdentityRegister
from command_center.identity.logins import TRIES
from command_center.settings import Settings
from tests.access.canaries import PERSONAS
from tests.access.conftest import PASSWORD, Guardhouse
from tests.serving.conftest import Answer, Site, start, stop, wait

NEW = "kata sandi baru yang panjang"


def cookies(*answers: Answer) -> str:
    """The cookies of a browser that got these answers."""
    given = re.compile(r"(?:^|, )([\w-]+)=([^;,]*);")
    jar = dict(pair for answer in answers for pair in given.findall(answer.headers.get("set-cookie", "")))
    return "; ".join(f"{name}={value}" for name, value in jar.items() if value.strip('"'))


def post(site: Site, path: str, *before: Answer, token: str | None = None, **fields: str) -> Answer:
    """Send a form as a browser does that holds the cookies of the answers before."""
    jar = cookies(*before)
    found = re.search(r"_xsrf=([^;]+)", jar)
    chosen = token if token is not None else (found.group(1) if found else "")
    return site.get(
        path, method="POST", body=urlencode({"_xsrf": chosen, **fields}), Cookie=jar,
        Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip


def log_in(site: Site, login: str, password: str, **fields: str) -> tuple[Answer, Answer]:
    form = site.get("/masuk/")
    return form, post(site, "/masuk/", form, login=login, password=password, **fields)


@pytest.fixture
def account(guardhouse: Guardhouse, request: pytest.FixtureRequest) -> str:
    """The login name of an account of this test alone, with a password."""
    accounts = Accounts(IdentityRegister.of(guardhouse.site.settings))
    name = f"t{abs(hash(request.node.name)) % 1_000_000:06d}"
    accounts.add(name, "analis")
    accounts.use_link(accounts.new_link(name), PASSWORD)
    return name


def test_somebody_logs_in_sees_more_and_logs_out(guardhouse: Guardhouse, account: str) -> None:
    site = guardhouse.site
    form, entered = log_in(site, account, PASSWORD)
    assert (entered.status, entered.headers["location"]) == (303, "/")
    assert re.search(r"sesi=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", entered.headers["set-cookie"])
    jar = cookies(form, entered)
    assert site.get("/unduh/WAT2/33.16.csv", Cookie=jar).status == 200
    page = site.get("/akun/", Cookie=jar)
    assert "Analis" in page.text
    assert account not in page.text
    assert page.headers["cache-control"] == "no-store"
    left = post(site, "/keluar/", form, entered)
    assert (left.status, left.headers["location"]) == (303, "/")
    assert left.headers["clear-site-data"] == '"cache"'
    assert site.get("/unduh/WAT2/33.16.csv", Cookie=jar).status == 403


def test_behind_https_the_cookie_belongs_to_this_host_and_to_https(
    guardhouse: Guardhouse, account: str
) -> None:
    site = guardhouse.site
    form = site.get("/masuk/", X_Forwarded_Proto="https")
    found = re.search(r"_xsrf=([^;]+)", form.headers["set-cookie"])
    assert found is not None
    entered = site.get(
        "/masuk/", method="POST",
        body=urlencode({"_xsrf": found.group(1), "login": account, "password": PASSWORD}),
        Cookie=f"_xsrf={found.group(1)}", Content_Type="application/x-www-form-urlencoded", X_Forwarded_Proto="https",
    )  # fmt: skip
    assert re.search(
        r"__Host-sesi=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax; Secure", entered.headers["set-cookie"]
    )


def test_a_wrong_password_is_told_without_telling_which_names_there_are(
    guardhouse: Guardhouse, account: str
) -> None:
    site = guardhouse.site
    _, known = log_in(site, account, "wrong")
    _, unknown = log_in(site, "nobody.at.all", "wrong")
    assert known.status == unknown.status == 401
    assert "Nama akun atau kata sandi salah" in known.text
    assert "sesi=" not in known.headers.get("set-cookie", "")
    strip = re.compile(r'name="_xsrf" value="[^"]+"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text)


def test_too_many_wrong_tries_close_a_name(guardhouse: Guardhouse, account: str) -> None:
    statuses = [log_in(guardhouse.site, account, "wrong")[1].status for _ in range(TRIES)]
    assert statuses == [401] * (TRIES - 1) + [429]
    _, right = log_in(guardhouse.site, account, PASSWORD)
    assert right.status == 429
    assert "seperempat jam" in right.text


@pytest.mark.parametrize("path", ["/masuk/", "/keluar/", "/akun/", f"/akun/mulai/{'x' * 43}/"])
def test_a_form_without_its_token_does_nothing(guardhouse: Guardhouse, account: str, path: str) -> None:
    site = guardhouse.site
    form, entered = log_in(site, account, PASSWORD)
    for token in ("", "wrong"):
        assert post(site, path, form, entered, token=token, login=account, password=PASSWORD).status == 403
    foreign = site.get(
        path, method="POST", body=urlencode({"_xsrf": "x"}), Cookie=f"{cookies(form, entered)}; _xsrf=x",
        Origin="https://evil.example", Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert foreign.status in (403, 404)
    assert site.get("/akun/", Cookie=cookies(form, entered)).status == 200


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/wilayah/33.16/", "/wilayah/33.16/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_the_login_one_is_led_within_the_house_only(
    guardhouse: Guardhouse, account: str, wanted: str, led: str
) -> None:
    _, entered = log_in(guardhouse.site, account, PASSWORD, next=wanted)
    assert entered.headers["location"] == led


def test_another_password_ends_other_sessions_and_keeps_this_one(
    guardhouse: Guardhouse, account: str
) -> None:
    site = guardhouse.site
    other = cookies(*log_in(site, account, PASSWORD))
    form, entered = log_in(site, account, PASSWORD)
    assert post(site, "/akun/", form, entered, old=PASSWORD, new=NEW, again="x").status == 422
    assert post(site, "/akun/", form, entered, old=PASSWORD, new="short", again="short").status == 422
    assert post(site, "/akun/", form, entered, old="wrong", new=NEW, again=NEW).status == 401
    changed = post(site, "/akun/", form, entered, old=PASSWORD, new=NEW, again=NEW)
    assert changed.status == 200
    assert site.get("/akun/", Cookie=other).status == 302
    assert site.get("/akun/", Cookie=cookies(form, entered)).status == 302
    assert site.get("/akun/", Cookie=cookies(form, entered, changed)).status == 200
    assert log_in(site, account, PASSWORD)[1].status == 401
    assert log_in(site, account, NEW)[1].status == 303


def test_a_link_lets_its_owner_in_once(guardhouse: Guardhouse) -> None:
    site = guardhouse.site
    accounts = Accounts(IdentityRegister.of(site.settings))
    accounts.add("sekali", "opd", ("1.02.01",))
    path = f"/akun/mulai/{accounts.new_link('sekali')}/"
    form = site.get(path)
    assert form.status == 200
    assert post(site, path, form, new="short", again="short").status == 422
    chosen = post(site, path, form, new=NEW, again=NEW)
    assert (chosen.status, chosen.headers["location"]) == (303, "/akun/")
    page = site.get("/akun/", Cookie=cookies(form, chosen)).text
    assert "<dd>OPD</dd>" in page
    assert "Dinkesda" in page
    assert site.get(path).status == 404
    assert post(site, path, form, new=NEW, again=NEW).status == 404


def test_the_pages_speak_english_too(guardhouse: Guardhouse) -> None:
    assert "Login name" in guardhouse.site.get("/en/masuk/").text
    assert guardhouse.site.get("/en/akun/").headers["location"] == "/en/masuk/?next=%2Fen%2Fakun%2F"


# --- sending for an agency ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "agency", "is_taken"),
    [
        (7, "1.03.01", True),
        (7, "1.02.01", False),
        (8, "1.03.01", False),
        (8, "", False),
        (2, "1.03.01", True),
        (0, "1.03.01", True),
    ],
)
def test_an_agency_sends_for_itself_alone(
    guardhouse: Guardhouse, number: int, agency: str, is_taken: bool
) -> None:
    cookie = guardhouse.cookies[PERSONAS[number]]
    form = guardhouse.site.get("/kirim/", Cookie=cookie)
    found = re.search(r'data-xsrf="([^"]+)"', form.text)
    assert found is not None
    answer = guardhouse.site.get(
        f"/kirim/?{urlencode({'dataset': 'water.supply', 'agency': agency, 'period': ''})}", method="POST",
        body="no table at all", Cookie=f"{cookies(form)}; {cookie}", X_XSRFToken=found.group(1), X_File_Name="a.csv",
    )  # fmt: skip
    assert (answer.status in (200, 422)) == is_taken, answer.text
    assert (answer.status == 403) != is_taken


def test_a_closed_inbox_takes_nothing_from_those_without_an_account(
    canary_house: Settings, tmp_path: Path
) -> None:
    site = start(canary_house, tmp_path / "serve.log", "--closed-inbox")
    try:
        wait(site)
        assert site.get("/kirim/").status == 403
        assert "tidak terbuka untuk Anda" in site.get("/kirim/").text
    finally:
        stop(site)


# --- a class raised in the declaration, and the first account -------------------------------------------


def test_a_class_that_is_raised_closes_the_figure_in_every_edition_at_once(
    guardhouse: Guardhouse, canary_house: Settings, tmp_path: Path
) -> None:
    site = start(canary_house, tmp_path / "serve.log")
    older = guardhouse.editions["older"].id
    paths = ("/unduh/WAT1/33.16.csv", f"/edisi/{older}/unduh/WAT1/33.16.csv")
    try:
        wait(site)
        assert [site.get(path).status for path in paths] == [200, 200]
        declaration = canary_house.sectors_dir / "water" / "sector.yml"
        declaration.write_text(declaration.read_text().replace("access: publik", "access: dikecualikan"))
        time.sleep(3)
        assert [site.get(path).status for path in paths] == [403, 403]
        page = site.get("/bidang/water/33.16/").text
        hidden = [one for one in guardhouse.finder.find(page) if one.indicator == "WAT1"]
        assert hidden == []
    finally:
        stop(site)


def test_a_server_without_accounts_prints_one_link_for_the_data_steward(
    canary_house: Settings, tmp_path: Path
) -> None:
    for path in (canary_house.data_dir / "registers").glob("users.sqlite*"):
        path.unlink()
    site = start(canary_house, tmp_path / "serve.log")
    try:
        wait(site)
        assert site.get("/").status == 200
        (link,) = re.findall(r"http://localhost:\d+(/akun/mulai/[\w-]{43}/)", site.log.read_text())
        assert "walidata" in site.get(link).text
    finally:
        stop(site)


# --- the audit log -------------------------------------------------------------------------------------


def test_who_did_what_is_in_the_audit_log_under_the_account_and_without_secrets(
    guardhouse: Guardhouse, account: str
) -> None:
    site = guardhouse.site
    accounts = Accounts(IdentityRegister.of(site.settings))
    form, entered = log_in(site, account, PASSWORD)
    jar = cookies(form, entered)
    site.get("/unduh/WAT2/33.16.csv", Cookie=jar)
    site.get("/unduh/WAT3/33.16.csv", Cookie=jar)
    site.get("/cari/?q=rahasia", Cookie=jar)
    site.get(f"/akun/mulai/{accounts.new_link(account)}/", Cookie=jar)
    post(site, "/keluar/", form, entered)
    log_in(site, account, "wrong")
    log = AuditLog(site.settings.data_dir / "registers" / "audit.sqlite")
    mine = accounts.get(account).id
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = [
            (one.role, one.action, one.object, one.status) for one in log.entries() if one.account == mine
        ]
        if len(found) >= 6:
            break
        time.sleep(0.2)
    assert found == [
        ("analis", "login", "/masuk/", 200),
        ("analis", "download", "/unduh/WAT2/33.16.csv", 200),
        ("analis", "refused", "/unduh/WAT3/33.16.csv", 403),
        ("analis", "search", "/cari/", 200),
        ("analis", "logout", "/keluar/", 200),
        ("analis", "login failed", "/masuk/", 401),
    ]
    everything = " ".join(one.object for one in log.entries())
    assert "rahasia" not in everything
    assert not re.search(r"mulai/\w", everything)
