"""Every format gives the same log; what cannot be placed is counted; columns are guessed, shown and overruled."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from command_center.errors import CommandCenterError
from command_center.eventlog import arranged, guess_mapping, read_log, summarise
from command_center.eventlog.database import PASSWORD_VARIABLE, DatabaseLog
from command_center.eventlog.reading import read_source
from tests.eventlog.logs import as_cases, random_events, write

ZONE = "Asia/Jakarta"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "xes", "xes.gz"])
def test_every_format_gives_the_same_measures(tmp_path: Path, ending: str) -> None:
    events = random_events(5)
    if ending == "xlsx":  # a workbook's own moments hold seconds
        events["waktu"] = events["waktu"].dt.floor("s")
    path = tmp_path / f"log.{ending}"
    write(events, path)
    read = arranged(read_log(path, ZONE))
    assert summarise(read).as_json() == summarise(as_cases(events)).as_json()
    assert sorted(read.attributes["unit"].names) == sorted(events["unit"].unique())


def test_a_database_gives_the_same_measures_by_table_and_by_query(tmp_path: Path) -> None:
    events = random_events(6)
    import sqlalchemy as sa

    url = f"sqlite:///{tmp_path / 'letters.db'}"
    engine = sa.create_engine(url)
    events.assign(waktu=events["waktu"].map(str)).to_sql("event_surat", engine, index=False)
    engine.dispose()
    expected = summarise(as_cases(events)).as_json()
    for query in ("event_surat", "SELECT * FROM event_surat WHERE aktivitas <> ':x'"):
        source = DatabaseLog(url, query)
        assert summarise(arranged(read_source(source, source.where, ZONE))).as_json() == expected


@pytest.mark.parametrize("query", ["DELETE FROM event_surat", "SELECT 1; DROP TABLE event_surat", ""])
def test_only_one_select_is_run(query: str) -> None:
    with pytest.raises(CommandCenterError, match="Only one SELECT"):
        DatabaseLog("sqlite://", query)


def test_a_missing_table_and_a_wrong_address_tell_no_credential(tmp_path: Path) -> None:
    source = DatabaseLog(f"sqlite:///{tmp_path / 'empty.db'}", "event_surat")
    with pytest.raises(CommandCenterError, match="does not exist"):
        source.headers()
    secret = "rahasia-sekali"
    for url in (f"nothing+here://u:{secret}@h/d", f"mysql+pymysql://u:{secret}@127.0.0.1:1/d"):
        with pytest.raises(CommandCenterError) as told:
            DatabaseLog(url, "t", {PASSWORD_VARIABLE: secret}).headers()
        chain = (told.value, told.value.__cause__, told.value.__context__)
        assert not any(secret in repr(one) or secret in str(one) for one in chain)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(CommandCenterError, match=r"driver pymysql .* not installed"):
        DatabaseLog("mysql+pymysql://u@127.0.0.1:1/d", "t").headers()


TIMES = {
    "2026-11-24T08:00:00+07:00": "2026-11-24T01:00:00Z",
    "2026-11-24 08:00:00.1234567+07:00": "2026-11-24T01:00:00.123456Z",
    "2026-11-24T01:00Z": "2026-11-24T01:00:00Z",
    "2026-11-24 08:00:00": "2026-11-24T01:00:00Z",
    "24/11/2026 08.00": "2026-11-24T01:00:00Z",
    "24 November 2026 08:00:30 WIB": "2026-11-24T01:00:30Z",
    "24 Nopember 2026": "2026-11-23T17:00:00Z",
    "46350.5": "2026-11-24T05:00:00Z",
}  # fmt: skip


def test_times_are_read_in_every_spelling_and_the_unreadable_are_counted(tmp_path: Path) -> None:
    rows = [*TIMES, "kemarin", "2026-02-31 08:00", "", "24/11/2026 29.00"]
    path = tmp_path / "log.csv"
    pd.DataFrame({"id_surat": range(len(rows)), "aktivitas": "diterima", "waktu": rows}).to_csv(
        path, index=False
    )
    log = read_log(path, ZONE)
    assert [pd.Timestamp(moment, unit="us", tz="UTC") for moment in log.time] == [
        pd.Timestamp(moment) for moment in TIMES.values()
    ]
    assert {fault.check: fault.count for fault in log.faults} == {"time_unreadable": 3, "time_missing": 1}


def test_events_without_a_case_or_an_activity_and_ragged_rows_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    moment = "2026-11-24T08:00:00+07:00"
    path.write_text(
        f"id_surat;aktivitas;waktu\nS1;diterima;{moment}\n;diterima;{moment}\nS2; ;{moment}\nS1;selesai;{moment};more\n"
        f"S3;selesai;{moment}\n"
    )
    log = read_log(path, ZONE)
    assert log.case.names == ("S1", "S3")
    counts = {fault.check: fault.count for fault in log.faults}
    assert counts == {"case_missing": 1, "activity_missing": 1, "row_of_another_length": 1}


def test_a_file_of_windows_and_quoted_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes('id_surat,aktivitas,waktu\nS1,"caf\xe9\nbaru",2026-11-24T08:00:00Z\n'.encode("cp1252"))
    assert read_log(path, ZONE).activity.names == ("caf\xe9\nbaru",)


def test_numbers_of_persons_in_a_label_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("id_surat,aktivitas,waktu\nS1,NIK 0000000000000000 dibaca,2026-11-24T08:00:00Z\n")
    assert "0000000000000000" not in read_log(path, ZONE).activity.names[0]


def test_columns_are_guessed_by_their_headers_and_the_reader_overrules() -> None:
    guessed = guess_mapping(["Nomor Surat", "Kegiatan", "Tanggal", "Bagian", "Catatan"])
    assert dict(guessed.columns) == {
        "case": "Nomor Surat", "activity": "Kegiatan", "time": "Tanggal", "unit": "Bagian",
    }  # fmt: skip
    assert guess_mapping(["id_surat", "a", "b"], {"activity": "b", "time": "a"})["time"] == "a"
    with pytest.raises(CommandCenterError, match="activity and the time"):
        guess_mapping(["id_surat", "x", "y"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.xes", b"<html></html>", "no XES"),
        ("a.xes", b"<log><trace><event></trace>", "broken"),
        ("a.xes.gz", gzip.compress(b"<log><trace></trace></log>", mtime=0)[:20], "broken"),
        ("a.parquet", b"PAR1 nothing", "broken"),
        ("a.csv", b"id_surat,aktivitas,waktu\nS1,diterima,kemarin\n", "no event"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandCenterError, match=said) as told:
        read_log(path, ZONE)
    assert told.value.next_step
    assert told.value.where


def test_an_entity_bomb_stays_folded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xes"
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12))
    path.write_text(
        f"<!DOCTYPE log [{bomb}]><log><trace><string key='concept:name' value='&e11;'/></trace></log>"
    )
    with pytest.raises(CommandCenterError):
        read_log(path, ZONE)


@pytest.mark.slow
def test_memory_does_not_grow_with_an_xes_file(tmp_path: Path) -> None:
    """Ten times the events, 54 MB more of XML: the process grows by the coded columns, a small part of that."""
    peaks = []
    for cases in (2_000, 20_000):
        path = tmp_path / f"{cases}.xes"
        one = "<trace><string key='concept:name' value='S{}'/>" + 20 * (
            "<event><string key='concept:name' value='dibaca'/><string key='note' value='" + 60 * "x" + "'/>"
            "<date key='time:timestamp' value='2026-11-24T08:00:00+07:00'/></event>"
        ) + "</trace>\n"  # fmt: skip
        path.write_text("<log>" + "".join(one.format(case) for case in range(cases)) + "</log>")
        program = (
            "import sys; from pathlib import Path; from command_center.eventlog import read_log\n"
            "log = read_log(Path(sys.argv[1]), 'Asia/Jakarta', roles=())\n"
            "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
            "print(len(log), peak.split()[1])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)],
            env=os.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        events, peak = map(int, done.stdout.split())
        assert events == cases * 20
        peaks.append(peak / 1024)
    assert peaks[1] - peaks[0] < 25, peaks
