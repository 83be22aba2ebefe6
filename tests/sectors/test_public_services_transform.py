"""Complaints counted and answers made an index."""

import pandas as pd
import pytest

from sectors.public_services.transform import aduan_lapor, service_queue, skm

KEPT = {"region_code": "99.01", "method": "m", "as_of": pd.Timestamp("2026-12-31")}
COMPLAINT = ("agency_code", "received_on", "forwarded_on", "first_answer_on", "closed_on", "due_on", "status")


def complaints(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COMPLAINT))
    table = table.assign(period=table["received_on"].str[:7], **KEPT)
    return aduan_lapor(table).set_index(["agency_code", "period"])


ANSWERED = ("1", "2026-01-05", "2026-01-06", "2026-01-08", "2026-01-20", "2026-01-23", "selesai")
LATE = ("2", "2026-01-10", "2026-01-12", None, None, "2026-01-30", "terdisposisi")
IN_TIME_NEXT_MONTH = ("1", "2026-01-29", "2026-02-02", "2026-02-04", "2026-02-05", "2026-02-18", "selesai")
NOT_OURS = (None, "2026-02-01", None, None, None, "2026-02-20", "bukan_wewenang")


def test_a_report_counts_in_the_month_of_its_event() -> None:
    found = complaints(ANSWERED, LATE, IN_TIME_NEXT_MONTH, NOT_OURS)
    january, february = found.loc[("", "2026-01")], found.loc[("", "2026-02")]
    assert january[["forwarded_reports", "followed_up_reports"]].tolist() == [2, 1]
    assert january[["due_reports", "closed_in_limit_reports", "overdue_open_reports"]].tolist() == [2, 1, 1]
    assert february[["forwarded_reports", "due_reports", "closed_in_limit_reports"]].tolist() == [1, 1, 1]
    assert january[["first_answer_median_days", "close_median_days"]].tolist() == [3, 15]
    assert found.loc[("2", "2026-02"), "overdue_open_reports"] == 1


def test_a_report_put_in_the_archive_is_no_closing_and_waits_no_more() -> None:
    archived = ("1", "2026-01-02", "2026-01-03", None, "2026-02-10", "2026-01-22", "arsip")
    found = complaints(archived, IN_TIME_NEXT_MONTH, NOT_OURS)
    assert found.loc[("", "2026-01"), "overdue_open_reports"] == 1
    assert found.loc[("", "2026-02"), "overdue_open_reports"] == 0
    assert found.loc[("", "2026-02"), "closed_reports"] == 1


def test_all_fours_are_a_hundred_and_the_whole_is_the_mean_of_the_offices() -> None:
    answers = [
        ("99.01.01", "7.01.01", 4),
        ("99.01.02", "7.01.02", 2),
        ("99.01.02", "7.01.02", 2),
        ("99.01", "2.12.01", 3),
    ]
    rows = [
        {**KEPT, "period": "2026-S1", "region_code": region, "agency_code": agency}
        | {f"u{number}": answer for number in range(1, 10)}
        for region, agency, answer in answers
    ]
    found = skm(pd.DataFrame(rows)).set_index(["region_code", "agency_code"])
    assert found["ikm_index"].to_dict() == {
        ("99.01", "2.12.01"): 75,
        ("99.01.01", ""): 100,
        ("99.01.02", ""): 50,
        ("99.01", ""): pytest.approx(75),
    }
    assert found.loc[("99.01", ""), "respondents"] == 3


def test_minutes_become_hours() -> None:
    assert service_queue(pd.DataFrame({"wait_p90_minutes": [30.0]}))["wait_p90_hours"].tolist() == [0.5]
