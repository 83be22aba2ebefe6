"""News by agency day, silences, sentiment, replies and tickets."""

import pandas as pd

from sectors.social_media.transform import konten_opd, sebutan_medsos

KEPT = {"region_code": "99.01", "method": "m", "as_of": pd.Timestamp("2026-12-31")}
MENTION = ("period", "mentioned_on", "hour_of_day", "kind", "issue_code", "sentiment", "is_ticketed")


def news(*rows: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["agency_code", "published_on"])
    table = table.assign(period=table["published_on"].str[:7], **KEPT)
    return konten_opd(table).set_index(["agency_code", "period"])


def mentions(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(MENTION)).assign(agency_code="1", **KEPT)
    return sebutan_medsos(table).set_index(["agency_code", "period"])


def test_two_items_of_a_day_are_one_day_and_a_sunday_is_no_working_day() -> None:
    # 2 February 2026 is a Monday, the 8th a Sunday; February has 20 working days.
    found = news(("1", "2026-02-02"), ("1", "2026-02-02"), ("1", "2026-02-08"), ("2", "2026-02-03"))
    own = found.loc[("1", "2026-02")]
    assert own[["published_days", "due_days"]].tolist() == [1, 20]
    assert own[["published_calendar_days", "calendar_days"]].tolist() == [2, 28]
    assert found.loc[("", "2026-02"), ["published_days", "due_days"]].tolist() == [2, 40]


def test_a_silence_goes_on_over_the_turn_of_the_month_and_the_whole_has_the_longest() -> None:
    found = news(
        ("1", "2026-01-28"), ("1", "2026-02-04"), *(("2", f"2026-02-{day:02d}") for day in range(2, 28))
    )
    # Thursday and Friday in January, Monday and Tuesday in February; then 5 to 27 February.
    assert found.loc[("1", "2026-01"), "longest_silent_days"] == 19
    assert found.loc[("1", "2026-02"), "longest_silent_days"] == 17
    assert found.loc[("2", "2026-02"), "longest_silent_days"] == 22
    assert found.loc[("", "2026-02"), "longest_silent_days"] == 22


def test_below_thirty_labels_there_is_no_sentiment() -> None:
    one = ("2026-01", "2026-01-05", 8, "sebutan", None, -1, None)
    assert pd.isna(mentions(*[one] * 29).loc[("", "2026-01"), "net_mentions"])
    assert mentions(*[one] * 30).loc[("", "2026-01"), "net_mentions"] == -30


def test_an_issue_is_answered_by_the_first_reply_after_its_first_mention() -> None:
    found = mentions(
        ("2026-01", "2026-01-31", 20, "sebutan", "A", -1, None),
        ("2026-02", "2026-02-01", 2, "sebutan", "A", -1, None),
        ("2026-02", "2026-02-01", 9, "tanggapan_resmi", "A", None, None),
        ("2026-02", "2026-02-03", 9, "tanggapan_resmi", "A", None, None),
        ("2026-02", "2026-02-03", 9, "sebutan", "B", -1, None),
    )
    assert found.loc[("", "2026-01"), ["response_hours", "answered_issues"]].tolist() == [13, 1]
    assert found.loc[("", "2026-02"), "answered_issues"] == 0


def test_complaints_and_those_made_a_ticket() -> None:
    rows = [("2026-01", "2026-01-05", 8, "aduan", None, -1, ticket) for ticket in (1, 0, None)]
    found = mentions(*rows)
    assert found.loc[("", "2026-01"), ["complaints", "ticketed_complaints"]].tolist() == [3, 1]
