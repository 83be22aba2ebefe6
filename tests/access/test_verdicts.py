"""Verdicts on signals: kept, never changed, by who answers for them; what is rejected is no alarm any more."""

import sqlite3
from pathlib import Path

import pytest

from command_center.access import Person, person
from command_center.decisions import Share, Verdict, Verdicts, may_judge


def verdict(judgement: str, since: str = "2025-Q3") -> Verdict:
    return Verdict("absorption-FIN1-33.16", since, judgement, "alasan", "a1", "opd", "e")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("somebody", "may"),
    [
        (person("a", "opd", ("5.02.01",)), True),
        (person("a", "opd", ("1.03.01",)), True),
        (person("a", "opd", ("1.01.01",)), False),
        (person("a", "walidata", ()), True),
        (person("a", "pimpinan", ()), False),
        (person("a", "analis", ()), False),
        (person("a", "camat", ("33.16.09",)), False),
        (Person(), False),
    ],
)
def test_only_who_answers_for_a_signal_judges_it(somebody: Person, may: bool) -> None:
    assert may_judge(somebody, "5.02.01", "1.03.01") is may
    assert not may_judge(person("a", "opd", ("1.01.01",)), "5.02.01", "")


def test_the_last_verdict_holds_and_the_share_counts_signals(tmp_path: Path) -> None:
    register = Verdicts(tmp_path / "v.sqlite")
    assert (register.share(), register.fingerprint()) == (Share(0, 0), "")
    register.add(verdict("false_alarm"))
    register.add(verdict("false_alarm", since="2024-Q3"))
    assert register.share() == Share(2, 2)
    first = register.fingerprint()
    register.add(verdict("confirmed"))
    assert register.share() == Share(2, 1)
    assert register.rejected() == {("absorption-FIN1-33.16", "2024-Q3")}
    assert register.fingerprint() not in ("", first)


def test_a_verdict_is_not_changed_and_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    Verdicts(path).add(verdict("confirmed"))
    assert path.stat().st_mode & 0o077 == 0
    with sqlite3.connect(path) as connection:
        for statement in ("UPDATE verdicts SET reason = ''", "DELETE FROM verdicts"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)
    connection.close()
