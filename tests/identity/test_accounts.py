"""Accounts, passwords, sessions, lockout: what holds, for how long, and what is kept of it on disk."""

import sqlite3
import stat
import threading
from pathlib import Path

import argon2
import pytest

from command_center.errors import AccessError
from command_center.identity import (
    MAX_LENGTH,
    MIN_LENGTH,
    Accounts,
    IdentityRegister,
    Logins,
    WeakPasswordError,
    hash_password,
    login_name,
    verify_password,
)
from command_center.identity import logins as logins_module
from command_center.identity.accounts import LINK_SECONDS
from command_center.identity.logins import IDLE_SECONDS, LOCK_SECONDS, LONGEST_SECONDS, TRIES
from command_center.identity.passwords import is_outdated

PASSWORD = "empat kuda hitam berlari"
OTHER = "lima sapi putih duduk diam"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path) -> IdentityRegister:
    return IdentityRegister(tmp_path / "registers" / "users.sqlite")


@pytest.fixture
def accounts(register: IdentityRegister, clock: Clock) -> Accounts:
    made = Accounts(register, clock)
    made.add("dinkes", "opd", ("1.02.01",))
    made.use_link(made.new_link("dinkes"), PASSWORD)
    return made


@pytest.fixture
def logins(accounts: Accounts, register: IdentityRegister, clock: Clock) -> Logins:
    return Logins(register, clock)


def kept_bytes(register: IdentityRegister) -> bytes:
    return b"".join(path.read_bytes() for path in register.path.parent.glob("users.sqlite*"))


# --- passwords -------------------------------------------------------------------------------------


def test_a_password_is_kept_as_argon2id_with_the_parameters_of_rfc_9106() -> None:
    found = argon2.extract_parameters(hash_password(PASSWORD))
    assert found.type is argon2.Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (65_536, 3, 4)
    assert (found.hash_len, found.salt_len, found.version) == (32, 16, 19)


def test_the_same_password_is_never_kept_alike() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_only_the_password_fits_its_hash() -> None:
    kept = hash_password(PASSWORD)
    assert verify_password(kept, PASSWORD)
    assert not verify_password(kept, f"{PASSWORD} ")
    assert not verify_password(kept, "")
    assert not verify_password("", "")
    assert not verify_password("", "a password that no account has")
    assert not verify_password("not a hash", PASSWORD)


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "x" * (MIN_LENGTH - 1),
        "aaaabbbbccccdddd",
        "x" * 400,
        "dinkes dinkes 2026",
        "abc1" * ((MAX_LENGTH // 4) + 1),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(weak: str) -> None:
    with pytest.raises(WeakPasswordError) as refused:
        hash_password(weak, "dinkes")
    assert "{" not in refused.value.what


def test_a_hash_of_older_parameters_is_renewed_at_the_next_login(
    register: IdentityRegister, logins: Logins
) -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    assert is_outdated(old)
    with register.open() as database:
        database.execute("UPDATE accounts SET password = ?", (old,))
    assert logins.log_in("dinkes", PASSWORD).token
    with register.read() as database:
        (kept,) = database.execute("SELECT password FROM accounts").fetchone()
    assert not is_outdated(kept)
    assert logins.log_in("dinkes", PASSWORD).token


# --- accounts and links ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "ab", "1dinkes", "Dinas Kesehatan", "a" * 33, "nip1987654321", "../x", "dinkes;", "x@y"]
)
def test_a_login_name_that_is_none_or_holds_a_long_number_is_refused(name: str) -> None:
    with pytest.raises(AccessError):
        login_name(name)


def test_a_login_name_is_known_in_any_case_and_given_once(accounts: Accounts) -> None:
    assert accounts.get(" DinKes ").login == "dinkes"
    with pytest.raises(AccessError, match="already"):
        accounts.add("DINKES", "analis")


def test_an_account_has_no_password_until_its_owner_chooses_one(accounts: Accounts, logins: Logins) -> None:
    account = accounts.add("bappeda", "analis")
    assert not account.has_password
    for guess in ("", "bappeda", "admin", "password", account.id):
        assert logins.log_in("bappeda", guess).token == ""


def test_a_link_works_once(accounts: Accounts) -> None:
    token = accounts.new_link("dinkes")
    accounts.use_link(token, OTHER)
    assert accounts.link_owner(token) is None
    with pytest.raises(AccessError, match="used or has expired"):
        accounts.use_link(token, PASSWORD)


def test_two_who_use_a_link_at_once_do_not_both_succeed(accounts: Accounts) -> None:
    token = accounts.new_link("dinkes")
    outcomes: list[bool] = []

    def use() -> None:
        try:
            accounts.use_link(token, OTHER)
        except AccessError:
            outcomes.append(False)
        else:
            outcomes.append(True)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, False, True]


def test_a_link_ends_after_a_day_and_with_the_next_one(accounts: Accounts, clock: Clock) -> None:
    first = accounts.new_link("dinkes")
    second = accounts.new_link("dinkes")
    assert accounts.link_owner(first) is None
    clock.now += LINK_SECONDS - 1
    assert accounts.link_owner(second) is not None
    clock.now += 1
    assert accounts.link_owner(second) is None


def test_a_weak_password_does_not_use_the_link_up(accounts: Accounts) -> None:
    token = accounts.new_link("dinkes")
    with pytest.raises(WeakPasswordError):
        accounts.use_link(token, "short")
    assert accounts.use_link(token, OTHER).has_password


def test_a_link_ends_every_session_and_lifts_a_lock(accounts: Accounts, logins: Logins) -> None:
    session = logins.log_in("dinkes", PASSWORD).token
    for _ in range(TRIES):
        logins.log_in("dinkes", "wrong")
    accounts.use_link(accounts.new_link("dinkes"), OTHER)
    assert logins.session(session) is None
    assert logins.log_in("dinkes", PASSWORD).refusal == "wrong"
    assert logins.log_in("dinkes", OTHER).token


def test_a_disabled_account_is_closed_at_once(accounts: Accounts, logins: Logins) -> None:
    session = logins.log_in("dinkes", PASSWORD).token
    link = accounts.new_link("dinkes")
    assert accounts.disable("dinkes").is_disabled
    assert logins.session(session) is None
    assert logins.log_in("dinkes", PASSWORD).token == ""
    assert accounts.link_owner(link) is None
    with pytest.raises(AccessError, match="disabled"):
        accounts.new_link("dinkes")


def test_the_first_link_is_for_the_data_steward_and_ends_with_the_first_password(
    register: IdentityRegister, clock: Clock
) -> None:
    accounts = Accounts(register, clock)
    first = accounts.first_link()
    again = accounts.first_link()
    assert first is not None
    assert again is not None
    assert accounts.link_owner(first) is None
    owner = accounts.link_owner(again)
    assert owner is not None
    assert owner.person.role == "walidata"
    assert len(accounts.all()) == 1
    accounts.use_link(again, PASSWORD)
    assert accounts.first_link() is None


# --- sessions ----------------------------------------------------------------------------------------


def test_a_session_names_the_person(logins: Logins, accounts: Accounts) -> None:
    session = logins.session(logins.log_in("dinkes", PASSWORD).token)
    assert session is not None
    assert session.person == accounts.get("dinkes").person
    assert session.person.scope == ("1.02.01",)


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\udcff", "a" * 10_000])
def test_a_token_that_is_none_opens_nothing(logins: Logins, token: str) -> None:
    logins.log_in("dinkes", PASSWORD)
    assert logins.session(token) is None


def test_a_session_lies_idle_for_two_hours_at_most(logins: Logins, clock: Clock) -> None:
    token = logins.log_in("dinkes", PASSWORD).token
    for _ in range(3):
        clock.now += IDLE_SECONDS - 1
        assert logins.session(token) is not None
    clock.now += IDLE_SECONDS + 1
    assert logins.session(token) is None


def test_a_session_lasts_twelve_hours_at_most_however_busy(logins: Logins, clock: Clock) -> None:
    token = logins.log_in("dinkes", PASSWORD).token
    until = clock.now + LONGEST_SECONDS
    while clock.now < until - 600:
        clock.now += 600
        assert logins.session(token) is not None
    clock.now = until
    assert logins.session(token) is None


def test_a_session_ends_at_logout_and_no_other_does(logins: Logins) -> None:
    one, two = (logins.log_in("dinkes", PASSWORD).token for _ in range(2))
    assert one != two
    logins.log_out(one)
    assert logins.session(one) is None
    assert logins.session(two) is not None


def test_another_password_needs_the_old_one_and_ends_the_other_sessions(
    logins: Logins, accounts: Accounts
) -> None:
    old = logins.log_in("dinkes", PASSWORD).token
    account = accounts.get("dinkes").id
    assert logins.change_password(account, "wrong", OTHER).refusal == "wrong"
    assert logins.session(old) is not None
    changed = logins.change_password(account, PASSWORD, OTHER)
    assert logins.session(old) is None
    assert logins.session(changed.token) is not None
    assert logins.log_in("dinkes", PASSWORD).token == ""


def test_guessing_the_old_password_locks_as_guessing_at_login_does(
    logins: Logins, accounts: Accounts
) -> None:
    account = accounts.get("dinkes").id
    refusals = [logins.change_password(account, "wrong", OTHER).refusal for _ in range(TRIES + 1)]
    assert refusals == ["wrong"] * (TRIES - 1) + ["locked"] * 2
    assert logins.change_password(account, PASSWORD, OTHER).refusal == "locked"


def test_nothing_on_disk_lets_somebody_in(
    register: IdentityRegister, accounts: Accounts, logins: Logins
) -> None:
    session, link = logins.log_in("dinkes", PASSWORD).token, accounts.new_link("dinkes")
    content = kept_bytes(register)
    for secret in (PASSWORD, session, link):
        assert secret.encode() not in content
    assert stat.S_IMODE(register.path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in register.path.parent.glob("users.sqlite*")} == {
        0o600
    }


# --- lockout -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dinkes", "nobody", "DINKES"])
def test_five_wrong_tries_lock_a_name_whether_it_is_known_or_not(logins: Logins, name: str) -> None:
    refusals = [logins.log_in(name, "wrong").refusal for _ in range(TRIES + 2)]
    assert refusals == ["wrong"] * (TRIES - 1) + ["locked"] * 3


def test_while_a_name_is_locked_the_right_password_does_not_help_and_none_is_tried(
    logins: Logins, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(TRIES):
        logins.log_in("dinkes", "wrong")
    with monkeypatch.context() as patch:
        patch.setattr(logins_module, "verify_password", lambda *_: pytest.fail("a password was tried"))
        assert logins.log_in("dinkes", PASSWORD).refusal == "locked"
    clock.now += LOCK_SECONDS + 1
    assert logins.log_in("dinkes", "wrong").refusal == "locked"  # one more wrong try locks it anew
    clock.now += LOCK_SECONDS + 1
    assert logins.log_in("dinkes", PASSWORD).token
    assert logins.log_in("dinkes", "wrong").refusal == "wrong"  # and a right one forgets them all


def test_one_locked_name_locks_no_other(logins: Logins) -> None:
    for _ in range(TRIES):
        logins.log_in("nobody", "wrong")
    assert logins.log_in("dinkes", PASSWORD).token


def test_tries_are_forgotten_after_a_day(register: IdentityRegister, logins: Logins, clock: Clock) -> None:
    for number in range(3):
        logins.log_in(f"name{number}", "wrong")
    clock.now += 24 * 3600 + 1
    logins.log_in("dinkes", "wrong")
    with register.read() as database:
        assert [row["login"] for row in database.execute("SELECT login FROM attempts")] == ["dinkes"]


def test_a_name_nobody_has_is_tried_against_a_hash_too(
    logins: Logins, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(logins_module, "verify_password", lambda kept, _: bool(tried.append(kept)))
    logins.log_in("nobody", PASSWORD)
    logins.log_in("dinkes", PASSWORD)
    assert tried[0] == ""
    assert tried[1].startswith("$argon2id$")


def test_a_change_that_fails_halfway_leaves_nothing(register: IdentityRegister, accounts: Accounts) -> None:
    def fail_halfway() -> None:
        with register.open() as database:
            database.execute("UPDATE accounts SET password = 'x'")
            database.execute("INSERT INTO sessions VALUES ('t', 'no such account', 0, 0)")

    with pytest.raises(sqlite3.IntegrityError):
        fail_halfway()
    assert Logins(register).log_in("dinkes", PASSWORD).token
