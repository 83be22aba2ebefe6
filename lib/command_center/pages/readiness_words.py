"""Words for the state of the data: scores, grades, rhythms, reasons. Decides and counts nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from command_center.ingest.checks import CHECKS
from command_center.locale import Locale, is_missing, translatable
from command_center.quality import COMPONENTS
from command_center.quality.metadata import SLOTS

COMPONENT_WORDS: Mapping[str, str] = {
    "completeness": translatable("Completeness"),
    "timeliness": translatable("Timeliness"),
    "validity": translatable("Validity"),
    "uniqueness": translatable("Uniqueness"),
    "consistency": translatable("Consistency"),
    "metadata": translatable("Metadata"),
}
CADENCE_WORDS: Mapping[str, str] = {
    "daily": translatable("daily"),
    "weekly": translatable("weekly"),
    "monthly": translatable("monthly"),
    "tranche": translatable("by tranche"),
    "quarterly": translatable("quarterly"),
    "semester": translatable("half-yearly"),
    "yearly": translatable("yearly"),
    "irregular": translatable("without a rhythm"),
}
# Shape, status class and word of a grade.
GRADES: Mapping[str, tuple[str, str, str]] = {
    "green": ("●", "good", translatable("sound")),
    "yellow": ("◆", "watch", translatable("needs care")),
    "red": ("■", "critical", translatable("not fit for use")),
}
_NOT_JUDGED = "–"
_CHECK_OF_FILE = translatable("The file was refused")


def score_text(locale: Locale, score: float) -> str:
    """Return a score as it is printed, whole points; a dash where nothing can be said."""
    return _NOT_JUDGED if is_missing(score) else locale.number(score, 0)


def reasons(locale: Locale, row: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return why a dataset does not have every point in a period, as short sentences, the gravest first."""
    said = []
    if row["rows"] == 0:
        said.append(locale.t("nothing has come for {period}", period=locale.period(row["period"])))
    elif row["missing_regions"]:
        absent = row["missing_regions"].count(",") + 1
        said.append(
            locale.tn(
                "{count} of {total} regions is missing",
                "{count} of {total} regions are missing",
                absent,
                count=locale.number(absent, 0),
                total=locale.number(row["expected_regions"], 0),
            )
        )
    empty = row["required_cells"] - row["filled_cells"]
    if row["rows"] and empty:
        said.append(
            locale.tn(
                "{count} required cell is empty",
                "{count} required cells are empty",
                empty,
                count=locale.number(empty, 0),
            )
        )
    late = row["late_days"]
    if not is_missing(late) and late > 0:
        said.append(
            locale.tn(
                "{count} working day late",
                "{count} working days late",
                int(late),
                count=locale.number(late, 0),
            )
        )
    for name, text in _ROWS:
        if row[name]:
            said.append(locale.t(text, count=locale.number(row[name], 0)))
    if row["metadata_missing"]:
        missing = ", ".join(locale.t(SLOTS[slot]) for slot in row["metadata_missing"].split(","))
        said.append(locale.t("metadata not filled: {names}", names=missing))
    return tuple(said)


_ROWS = (
    ("apart_rows", translatable("rows set apart: {count}")),
    ("repeated_rows", translatable("rows repeated: {count}")),
    ("crossed_rows", translatable("rows or figures contradicted by a cross-check: {count}")),
)


def short_reason(locale: Locale, row: Mapping[Any, Any]) -> str:
    """Return the score and the gravest reasons in one sentence, for beside a figure."""
    said = "; ".join(reasons(locale, row)[:2])
    score = locale.t("data score {score}", score=score_text(locale, row["total"]))
    return f"{score}: {said}" if said else score


def check_text(locale: Locale, check: str) -> str:
    """Return what a check says, in words."""
    known = CHECKS.get(check)
    return locale.t(_CHECK_OF_FILE) if known is None else known.say(locale)


def grade_parts(locale: Locale, grade: str) -> dict[str, str]:
    """Return shape, status and word of a grade."""
    shape, status, word = GRADES[grade]
    return {"shape": shape, "status": status, "word": locale.t(word)}


def score_cells(
    locale: Locale, row: Mapping[Any, Any], grade_of: Callable[[float], str]
) -> list[dict[str, str]]:
    """Return the six scores of a row as cells: text and the status that colours it ("" where not judged)."""
    return [
        {
            "text": score_text(locale, row[name]),
            "status": "" if is_missing(row[name]) else GRADES[grade_of(row[name])][1],
        }
        for name in COMPONENTS
    ]
