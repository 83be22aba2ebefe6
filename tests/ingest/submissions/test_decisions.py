"""What the walidata decides: cells set right on record, headers and recipes approved."""

import pytest

from command_center.ingest.submissions import Door, SubmissionError
from command_center.ingest.submissions.decisions import confirm_change, confirm_header, correct_cell
from command_center.ingest.submissions.rulings import Rulings
from tests.ingest.submissions.conftest import AGENCY, HEADER, ROWS, delivery, table

FAULTY = table(*ROWS[:3], "33.16.16.2011,2025,survey,abc,100,2025-12-31,Survei")
BY = {"reason": "sesuai berita acara", "actor": "walidata"}


def correct(door: Door, receipt: str, cell: str, new: str, **changes: str) -> str:
    said = BY | changes
    outcome = correct_cell(
        door, receipt, sheet="", cell=cell, new=new, reason=said["reason"], actor=said["actor"]
    )
    return outcome.submission.state


def test_a_corrected_cell_is_recorded_the_file_stays_and_the_submission_passes(door: Door) -> None:
    submission = door.receive(delivery(FAULTY)).submission
    assert correct(door, submission.receipt, "D5", "73") == "accepted"
    (kept,) = Rulings(door.intake.register).corrections(submission.receipt)
    assert (kept.cell, kept.old, kept.new, kept.reason, kept.actor) == ("D5", "abc", "73", *BY.values())
    assert door.intake.files.original(submission.sha256).read_bytes() == FAULTY
    report = door.report_of(submission)
    assert report.faults["check"].tolist() == ["corrected"]
    assert report.sheets[0].table["served_households"].tolist() == [70, 71, 72, 73]


@pytest.mark.parametrize(
    ("cell", "new", "changes", "said"),
    [
        ("D5", "73", {"reason": " "}, "reason"),
        ("5D", "73", {}, "is no cell"),
        ("Z9", "73", {}, "ends before"),
        ("D5", "9999999999999999", {}, "personal number"),
    ],
)
def test_a_correction_that_cannot_stand_is_refused(
    door: Door, cell: str, new: str, changes: dict[str, str], said: str
) -> None:
    receipt = door.receive(delivery(FAULTY)).submission.receipt
    with pytest.raises(SubmissionError, match=said):
        correct(door, receipt, cell, new, **changes)
    assert Rulings(door.intake.register).corrections(receipt) == []


def test_an_accepted_submission_takes_no_correction(door: Door) -> None:
    receipt = door.receive(delivery(table(*ROWS))).submission.receipt
    with pytest.raises(SubmissionError, match="waits for no decision"):
        correct(door, receipt, "D5", "73")


def test_a_renamed_column_waits_for_a_yes_that_stands_for_later_files(door: Door) -> None:
    renamed = table(*ROWS).replace(b"served_households", b"served_household_s")
    first = door.receive(delivery(renamed))
    assert first.submission.state == "checked"
    told = first.report.sheets[0].faults.query("check == 'column_renamed'")
    assert told["column"].tolist() == ["served_households"]
    header = told["header"].iloc[0]
    outcome = confirm_header(
        door, first.submission.receipt, header=header, field="served_households", actor="walidata"
    )
    assert outcome.submission.state == "accepted"
    later = door.receive(delivery(renamed.replace(b"2025", b"2024").replace(b",7", b",6")))
    assert later.submission.state == "accepted"


def test_a_yes_to_no_column_is_refused(door: Door) -> None:
    renamed = table(*ROWS).replace(b"served_households", b"served_household_s")
    receipt = door.receive(delivery(renamed)).submission.receipt
    with pytest.raises(SubmissionError, match="no column"):
        confirm_header(door, receipt, header="served_household_s", field="households", actor="walidata")


def unknown_village(year: int) -> bytes:
    return table(
        ROWS[0].replace("2025", str(year)), f"Desa Antah Berantah,{year},survey,9,10,{year}-12-31,Survei"
    )


def test_a_repair_that_recurs_becomes_the_agencys_recipe_once_approved(door: Door) -> None:
    rulings = Rulings(door.intake.register)
    for year in (2021, 2022):
        assert rulings.recipes() == []
        receipt = door.receive(delivery(unknown_village(year))).submission.receipt
        assert correct(door, receipt, "A3", "33.16.16.2011") == "accepted"
    (recipe,) = rulings.recipes(AGENCY, "water.supply")
    assert (recipe.state, recipe.field, recipe.old, recipe.seen) == (
        "proposed", "region_code", "Desa Antah Berantah", 2,
    )  # fmt: skip
    waiting = door.receive(delivery(unknown_village(2020))).submission
    assert waiting.state == "checked"  # proposed is not approved
    rulings.decide_recipe(recipe.number, approved=True, actor="walidata", at=door.clock())
    outcome = door.check_again(waiting.receipt, "walidata")
    assert outcome.submission.state == "accepted"
    assert outcome.report.faults["check"].tolist() == ["recipe"]


def test_a_recipe_serves_its_own_agency_only(door: Door) -> None:
    rulings = Rulings(door.intake.register)
    for year in (2021, 2022):
        receipt = door.receive(delivery(unknown_village(year))).submission.receipt
        correct(door, receipt, "A3", "33.16.16.2011")
    rulings.decide_recipe(rulings.recipes()[0].number, approved=True, actor="walidata", at=door.clock())
    other = door.receive(delivery(unknown_village(2020), agency="1.02.01")).submission
    assert other.state == "checked"


def test_a_refused_recipe_is_not_used_and_not_proposed_again(door: Door) -> None:
    rulings = Rulings(door.intake.register)
    for year in (2021, 2022):
        receipt = door.receive(delivery(unknown_village(year))).submission.receipt
        correct(door, receipt, "A3", "33.16.16.2011")
    rulings.decide_recipe(rulings.recipes()[0].number, approved=False, actor="walidata", at=door.clock())
    receipt = door.receive(delivery(unknown_village(2020))).submission.receipt
    correct(door, receipt, "A3", "33.16.16.2011")
    assert [one.state for one in rulings.recipes()] == ["refused"]
    with pytest.raises(SubmissionError, match="no recipe"):
        rulings.decide_recipe(99, approved=True, actor="walidata", at=door.clock())


def test_a_column_that_the_last_file_had_waits_for_a_yes(door: Door) -> None:
    def noted(year: int) -> bytes:
        rows = [f"{row.replace('2025', str(year))},catatan" for row in ROWS]
        return "\n".join([f"{HEADER},note", *rows, ""]).encode()

    assert door.receive(delivery(noted(2023))).submission.state == "accepted"
    gone = door.receive(
        delivery(table(*(row.replace("2025", "2024").replace(",7", ",6", 1) for row in ROWS)))
    )
    assert gone.submission.state == "checked"
    told = gone.report.sheets[0].faults.query("action == 'quarantined'")
    assert told[["check", "column"]].values.tolist() == [["column_dropped", "note"]]
    outcome = confirm_change(door, gone.submission.receipt, field="note", actor="walidata")
    assert outcome.submission.state == "accepted"


def test_a_column_a_thousandfold_of_the_last_waits_for_a_yes(door: Door) -> None:
    codes = [row.split(",")[0] for row in ROWS]
    years = (2021, 2022)

    def households(factor: int, years: tuple[int, ...]) -> bytes:
        rows = [
            f"{code},{year},survey,{(70 + at) * factor},{100 * factor},{year}-12-31,Survei"
            for year in years
            for at, code in enumerate(codes)
        ]
        return table(*rows)

    assert door.receive(delivery(households(1, years))).submission.state == "accepted"
    larger = door.receive(delivery(households(1000, (2023, 2024))))
    assert larger.submission.state == "checked"
    open_ = larger.report.sheets[0].faults.query("action == 'quarantined'")
    assert set(open_["check"]) == {"column_rescaled"}
    for field in sorted(set(open_["column"])):
        outcome = confirm_change(door, larger.submission.receipt, field=field, actor="walidata")
    assert outcome.submission.state == "accepted"


def test_what_the_delivery_says_need_not_stand_in_the_sheet(door: Door) -> None:
    lines = ["Kode;served_households;all_households", *(f"{row.split(',')[0]};70;100" for row in ROWS)]
    bare = "\n".join(lines).replace("Kode", "region_code").encode()
    outcome = door.receive(delivery(bare, "layanan.csv", period="2025"))
    assert outcome.submission.state == "accepted"
    rows = outcome.report.sheets[0].table
    assert rows["period"].unique().tolist() == ["2025"]
    assert rows["as_of"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2025-12-31"]
    assert rows["method"].unique().tolist() == ["survey"]
    assert rows["source"].str.endswith("layanan.csv").all()
    said = set(outcome.report.sheets[0].faults.query("check == 'column_supplied'")["column"])
    assert said == {"as_of", "method", "source"}
