"""MariaDB and PostgreSQL, really running, give the measures of the file; each failure is one clear error.

They need the server programs (`apt install mariadb-server postgresql`) and are skipped without them.
"""

import json
import logging
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from command_center.cli import app as command
from command_center.cli.app import _add_sector_groups
from command_center.errors import CommandCenterError
from command_center.eventlog import arranged, find_faults, summarise
from command_center.eventlog.database import PASSWORD_VARIABLE, DatabaseLog
from command_center.eventlog.mapping import guess_mapping
from command_center.eventlog.reading import read_source
from tests.eventlog.logs import as_log, random_events
from tests.eventlog.planted import CYCLES
from tests.eventlog.servers import PASSWORD, USER, Server, find, mariadb, postgresql
from tests.lacking import lacking

pytestmark = pytest.mark.slow
ZONE = "Asia/Jakarta"
STARTERS = {
    "mariadb": (mariadb, ("mariadbd", "mariadb-install-db")),
    "postgresql": (postgresql, ("postgres", "initdb")),
}


@pytest.fixture(scope="module", params=list(STARTERS))
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    start, programs = STARTERS[request.param]
    missing = [program for program in programs if find(program) is None]
    if missing:
        lacking(f"needs {', '.join(missing)}: apt install mariadb-server postgresql")
    with start() as running:
        fill(running, EVENTS)
        yield running


# Without ties: a database hands out rows in an order of its own.
EVENTS = random_events(21, cases=4_000).drop_duplicates(["id_surat", "waktu"], ignore_index=True)


def fill(server: Server, events: pd.DataFrame) -> None:
    engine = sa.create_engine(server.url())
    kind = sa.DateTime(timezone=True) if "postgres" in server.scheme else sa.dialects.mysql.DATETIME(fsp=6)
    local = (
        events["waktu"]
        if "postgres" in server.scheme
        else events["waktu"].dt.tz_convert(ZONE).dt.tz_localize(None)
    )
    events.assign(waktu=local).to_sql(
        "event_surat", engine, index=False, chunksize=2_000, method="multi", dtype={"waktu": kind}
    )
    engine.dispose()


def secrets(text: str) -> list[str]:
    return [word for word in (PASSWORD, USER, "salah-sandi") if word in text]


def test_the_measures_are_those_of_the_file(server: Server) -> None:
    _add_sector_groups()
    url = server.url("").replace(":@", "@")
    arguments = ["letters", url, "--query", "event_surat", "--json"]
    run = CliRunner().invoke(command, arguments, env={PASSWORD_VARIABLE: PASSWORD})
    assert run.exit_code == 0, run.exception
    log = as_log(EVENTS)
    cases = arranged(log)
    expected = summarise(cases, find_faults(cases, CYCLES)).as_json()
    found = json.loads(run.stdout)
    assert found == json.loads(json.dumps(expected))
    assert not secrets(run.output)


def failure(source: DatabaseLog) -> CommandCenterError:
    with pytest.raises(CommandCenterError) as told:
        read_source(source, source.where, ZONE)
    error = told.value
    assert error.what
    assert error.where
    assert error.who
    assert error.next_step
    assert error.__cause__ is None
    assert not secrets(f"{error!r} {error} {error.__context__!r}")
    return error


def test_a_wrong_password_a_missing_table_and_a_missing_column_are_one_clear_error_each(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert "refuses the account" in failure(DatabaseLog(server.url("salah-sandi"), "event_surat")).what
        assert "does not exist" in failure(DatabaseLog(server.url(), "tidak_ada")).what
        assert (
            "does not understand"
            in failure(DatabaseLog(server.url(), "SELECT tidak_ada FROM event_surat")).what
        )
    assert not secrets(caplog.text)


def test_the_query_may_not_write(server: Server) -> None:
    text = "WITH gone AS (DELETE FROM event_surat RETURNING *) SELECT * FROM gone"
    failure(DatabaseLog(server.url(), text))
    engine = sa.create_engine(server.url())
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM event_surat").scalar() == len(EVENTS)
    engine.dispose()


def test_a_connection_dropped_in_mid_read_is_one_clear_error(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Last of this file: the server does not come back."""
    monkeypatch.setattr("command_center.eventlog.database._BATCH_ROWS", 100)
    # Wide rows, so that the server is far from done when the first have come.
    padded = "SELECT id_surat, aktivitas, waktu, concat(unit, repeat('x', 5000)) AS unit FROM event_surat"
    source = DatabaseLog(server.url(), padded)
    mapping = guess_mapping(source.headers())
    pieces = source.pieces(mapping)
    assert len(next(pieces)["case"]) == 100
    server.kill()
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(CommandCenterError, match="connection was lost") as told,
    ):
        list(pieces)
    assert not secrets(f"{told.value!r} {told.value.__context__!r} {caplog.text}")
    assert "reached" in failure(DatabaseLog(server.url(), "event_surat")).what
