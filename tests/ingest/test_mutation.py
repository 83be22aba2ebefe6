"""No check is idle: each is found where it is planted, and no longer found once its rule is broken."""

import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas
import pytest
from shapely.geometry import Point

from command_center.ingest.check import check_file
from command_center.ingest.checks import CHECKS
from command_center.ingest.readers import Limits
from command_center.ingest.refusals import IngestError
from tests.ingest.broken import formats
from tests.ingest.broken.drafts import new_draft
from tests.ingest.broken.registry import KINDS
from tests.ingest.broken.scores import check, drafts, faults_of
from tests.ingest.broken.tables import DATASETS
from tests.ingest.mutations import MUTATIONS
from tests.ingest.test_readers import locked_workbook
from tests.ingest.test_refusals import NASTY


def whole(dataset="ruas_jalan"):
    return new_draft(dataset, "csv", 1).content()


def header_only():
    return formats.write(new_draft("ruas_jalan", "csv", 1).grid()[:1], "csv")


# Found by the door, not in the file: tests/ingest/submissions asks for each by name.
AT_THE_DOOR = {"corrected", "recipe", "unplaced_file"}
REFUSED = {
    "empty_file": (lambda: b"\n \n", {}),
    "file_too_large": (whole, {"limits": Limits(file_bytes=100)}),
    "password_protected": (locked_workbook, {}),
    "archive_bomb": (lambda: NASTY["zeros"][0], {}),
    "archive_unsafe": (lambda: NASTY["path_outside"][0], {}),
    "sheet_too_large": (lambda: b'[{"a": 1}, {"b": 1}, {"c": 1}]', {"limits": Limits(columns=2)}),
    "corrupt_file": (lambda: b'[{"a": 1', {}),
    "unknown_format": (lambda: b"%PDF-1.7,a\n1,2\n", {}),
    "no_rows": (header_only, {}),
    "no_header": (lambda: b"satu,dua\n1,2\n", {}),
    "no_person_key": (lambda: whole("aduan_lapor"), {"dataset": "aduan_lapor", "person_key": None}),
    "other_dataset": (lambda: whole("izin"), {"others": DATASETS}),
    "resubmitted_file": (whole, {}),
}


def refusal(content: bytes, *, dataset="ruas_jalan", limits=None, **known) -> str:
    """The code under which a file is refused, "" where it is not."""
    context = replace(new_draft(dataset, "csv", 1).ingest_context(), **known)
    try:
        check_file(content, "kiriman", DATASETS[dataset], context, limits)
    except IngestError as error:
        return error.code
    except Exception:  # noqa: BLE001 (a broken rule may break what comes after it: then nothing is refused)
        return ""
    return ""


@pytest.fixture(scope="module")
def cases() -> dict[str, Callable[[], bool]]:
    """For each check whether it is found in a file that has it."""
    found = {code: _refused_case(code, *case) for code, case in REFUSED.items()}
    found["crs_missing"] = _unplaced
    found["column_supplied"] = _lacking(
        "source", supplied={"source": "Dinas, berkas.csv"}, check="column_supplied"
    )
    found["column_dropped"] = _lacking("note", last_filled=frozenset({"note"}), check="column_dropped")
    for kind in KINDS.values():
        for draft in drafts(kind, [1]):
            for fault in sorted(draft.expected(), key=str):
                if kind.name == fault[0]:
                    found.pop(fault[0], None)
                found.setdefault(fault[0], _planted_case(kind, draft.dataset.id, draft.file_format, fault))
    return found


def _refused_case(code, content, known):
    def run():
        options = dict(known)
        if code == "resubmitted_file":
            sha = check_file(
                content(), "x", DATASETS["ruas_jalan"], new_draft("ruas_jalan", "csv", 1).ingest_context()
            ).sha256
            options["taken_in"] = {sha: "2026-1"}
        return refusal(content(), **options) == code

    return run


def _planted_case(kind, dataset, file_format, fault):
    def run():
        draft = new_draft(dataset, file_format, 1)
        kind.plant(draft)
        try:
            return fault in faults_of(check(draft))
        except Exception:  # noqa: BLE001 (a broken rule may break what comes after it: then nothing is found)
            return False

    return run


def _lacking(field, *, check, **known):
    """A sound file without one of its columns."""

    def run():
        draft = new_draft("aduan_lapor", "csv", 1)
        draft.columns.remove(field)
        report = check_file(draft.content(), "x", draft.dataset, replace(draft.ingest_context(), **known))
        return (check, None, field) in faults_of(report)

    return run


def unplaced_layer() -> bytes:
    """The roads of a sound file on a map that does not say of which kind its coordinates are."""
    header, *body = new_draft("ruas_jalan", "csv", 1).grid()
    frame = geopandas.GeoDataFrame(body, columns=header, geometry=[Point(1, 2)] * len(body))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided", UserWarning)
        path = Path(folder) / "ruas.gpkg"
        frame.to_file(path, driver="GPKG")
        return path.read_bytes()


def _unplaced():
    report = check_file(
        unplaced_layer(), "ruas.gpkg", DATASETS["ruas_jalan"], new_draft("ruas_jalan", "csv", 1).ingest_context()
    )  # fmt: skip
    return ("crs_missing", None, "") in faults_of(report)


def test_every_check_has_a_rule_that_can_be_broken_and_a_file_that_has_it(cases):
    assert set(MUTATIONS) == set(CHECKS) - AT_THE_DOOR
    assert set(cases) == set(CHECKS) - AT_THE_DOOR


@pytest.mark.parametrize("code", sorted(set(CHECKS) - AT_THE_DOOR))
def test_a_check_is_found_and_no_longer_once_its_rule_is_broken(code, cases, monkeypatch):
    assert cases[code]()
    monkeypatch.setattr(*MUTATIONS[code])
    assert not cases[code]()


@pytest.mark.parametrize(
    ("kind", "rule"), [("error_sign_in_text", "_ERROR_SIGN"), ("formula_injection", "_FORMULA")]
)
def test_the_rules_of_numbers_that_hold_for_texts_too_are_not_idle_there(kind, rule, monkeypatch):
    draft = next(drafts(KINDS[kind], [1]))
    planted = draft.expected()
    assert planted <= set(faults_of(check(draft)))
    monkeypatch.setattr(f"command_center.ingest.cellvalues.{rule}", "\x01never\x01")
    assert not planted <= set(faults_of(check(draft)))
