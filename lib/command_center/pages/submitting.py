"""Pages of the way in: where an officer sends a file, what became of it, and the open list of submissions.

Shows places and masked values as the check left them; the list names agencies and states, no content.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from command_center.catalog import Dataset
from command_center.ingest.checks import CHECKS
from command_center.ingest.submissions.model import Event, Submission
from command_center.locale import Locale, translatable
from command_center.pages.house import House
from command_center.pages.standalone import home_link, standalone_page

SEND, LIST = "kirim/", "kirim/daftar/"
_SHOWN_FAULTS = 200
_FORMATS = translatable("XLSX, ODS, XLS, CSV, JSON, GeoJSON, GeoPackage, zipped shapefile; at most {size} MB")
_ACTIONS = {
    "fixed": ("●", "good", translatable("put right")),
    "quarantined": ("◆", "watch", translatable("set apart")),
    "rejected": ("■", "critical", translatable("kept out")),
}
# Repairs of a whole column; other notes about a sheet change nothing.
_CHANGING = frozenset({"unit_in_header", "corrected", "recipe"})
_NOTED = ("○", "no-data", translatable("noted"))
_STATES = {
    "received": (
        "○",
        "no-data",
        translatable("Received"),
        translatable("The file is here and waits for its check."),
    ),
    "checked": (
        "◆",
        "watch",
        translatable("Waits for a decision"),
        translatable(
            "Some rows need a decision of the data steward. Repair the marked cells and send the file again."
        ),
    ),
    "accepted": (
        "●",
        "good",
        translatable("Accepted"),
        translatable("The sound rows count from the next edition on."),
    ),
    "returned": (
        "■",
        "critical",
        translatable("Returned"),
        translatable("The file was not taken in. The last good figures stand until a repaired one comes."),
    ),
    "superseded": (
        "○",
        "no-data",
        translatable("Superseded"),
        translatable("A later file of the same period has taken its place."),
    ),
}
_REFUSAL_STEPS = {
    "empty_file": translatable("Send the file again; the transfer may have failed."),
    "file_too_large": translatable("Send it in parts, or without pictures and unused sheets."),
    "password_protected": translatable("Take the password away and send the file again."),
    "archive_bomb": translatable("Send the table itself, not an archive."),
    "corrupt_file": translatable("Open the file, save it anew as XLSX and send it again."),
    "unknown_format": translatable(
        "Send a table: XLSX, ODS, XLS, CSV, JSON, GeoJSON, GeoPackage or a zipped shapefile."
    ),
    "no_rows": translatable("Fill in the rows and send the file again."),
    "no_header": translatable("Use the official workbook; its first row names the columns."),
    "other_dataset": translatable("Choose the dataset the file is for, and send it again."),
    "no_person_key": translatable("Tell the data steward: the key for personal numbers is missing."),
}


@dataclass(frozen=True)
class Receipt:
    """What a receipt page shows: the submission, the kept report (None before the check), its history."""

    submission: Submission
    report: Mapping[str, Any] | None
    events: Sequence[Event]
    has_workbook: bool


def send_page(house: House, locale: Locale, *, xsrf: str, limit_bytes: int, chosen: str = "") -> str:
    """Return the page on which an officer sends a file."""
    t = locale.t
    groups = [
        {
            "label": sector.name.in_language(locale.language),
            "datasets": [
                {
                    "value": f"{sector.slug}.{dataset.id}",
                    "label": dataset.title.in_language(locale.language),
                    "agency": dataset.owner or sector.owner,
                    "blank": f"{home_link(locale)}{SEND}blanko/{sector.slug}.{dataset.id}.xlsx",
                }
                for dataset in sector.datasets
            ],
        }
        for sector in house.catalog.sectors
    ]
    said = {
        "dataset": t("Dataset"),
        "choose_dataset": t("Choose a dataset"),
        "agency": t("Agency"),
        "choose_agency": t("Choose an agency"),
        "period": t("Period, if the file does not say it"),
        "period_example": "2026-S1",
        "drop": t("Drop the file here, or choose it"),
        "formats": t(_FORMATS, size=limit_bytes // 1_000_000),
        "blank": t("Download the official workbook of this dataset"),
        "no_file": t("No file chosen yet"),
        "send": t("Send"),
        "sending": t("Sending"),
        "checking": t("Checking the rows"),
        "failed": t("The file did not arrive. Try again; nothing was kept."),
        "too_large": t("The file is too large."),
        "choose": t("Choose a dataset, an agency and a file first."),
        "needs_script": t("Sending needs scripts to be allowed in the browser."),
        "what_happens": t("What happens then"),
        "list": t("All submissions and their state"),
    }  # fmt: skip
    steps = (
        t("You get a receipt number at once; the file is kept as it came."),
        t("Every row is checked. What can be put right without doubt is put right and noted."),
        t("A clean file passes by itself. Otherwise you get the workbook back with each faulty cell marked."),
        t("Identity, family-card and telephone numbers are masked before anything is kept for use."),
    )
    return _page(
        house, locale, "send", title=t("Send data"), text=t("One file for one dataset; spreadsheets as they are."),
        link=SEND, said=said, groups=groups, agencies=_agencies(house), steps=steps, xsrf=xsrf,
        action=f"{home_link(locale)}{SEND}", limit_bytes=limit_bytes, chosen=chosen, list_link=f"{home_link(locale)}{LIST}",
    )  # fmt: skip


def receipt_page(house: House, locale: Locale, receipt: Receipt) -> str:
    """Return the page of one submission: state, faults with their places, counts, history."""
    t, one = locale.t, receipt.submission
    faults = _faults(house, locale, receipt)
    more = max(0, len(faults) - _SHOWN_FAULTS)
    links = [(t("Send a repaired file"), f"{home_link(locale)}{SEND}?dataset={one.dataset_id}")]
    if receipt.has_workbook:
        links.insert(
            0,
            (
                t("Download the workbook with the marked cells"),
                f"{home_link(locale)}{SEND}{one.receipt}.xlsx",
            ),
        )
    said = {
        "faults": t("What was found"),
        "place": t("Place"),
        "column": t("Column"),
        "what": t("Finding"),
        "value": t("As written"),
        "action": t("What was done"),
        "about": t("Submission"),
        "rows": t("Rows"),
        "history": t("History"),
    }
    return _page(
        house, locale, "receipt", title=t("Receipt {number}", number=one.receipt), text="", link=f"{SEND}{one.receipt}/",
        crumbs=[(t("Send data"), f"{home_link(locale)}{SEND}")], said=said, state=_state(locale, one), links=links,
        faults=faults[:_SHOWN_FAULTS],
        more=t("{n} more findings stand in the workbook.", n=more) if more else "",
        facts=_facts(house, locale, one), counts=_counts(locale, one),
        history=_history(house, locale, receipt.events),
    )  # fmt: skip


def submissions_page(
    house: House, locale: Locale, submissions: Sequence[Submission], opens: Collection[str] = ()
) -> str:
    """Return the open list: which agency sent what, when, and in which state it is; receipts in `opens` are linked."""
    t = locale.t
    rows = [
        {
            "received": _moment(house, locale, one.received_at),
            "link": f"{home_link(locale)}{SEND}{one.receipt}/" if one.receipt in opens else "",
            "agency": house.agency_name(one.agency, one.received_at.date()),
            "dataset": _title(house, locale, one),
            "period": ", ".join(locale.period(text, short=True) for text in one.periods.split(",") if text)
            or "–",
            "accepted": _count(locale, one, "accepted"),
            "apart": _count(locale, one, "quarantined", "rejected"),
            "shape": _STATES[one.state][0],
            "status": _STATES[one.state][1],
            "state": t(_STATES[one.state][2]),
        }
        for one in submissions
    ]
    texts = (t("Received"), t("Agency"), t("Dataset"), t("Period"), t("State"))
    columns = [*((text, False) for text in texts), (t("Rows accepted"), True), (t("Rows set apart"), True)]
    return _page(
        house, locale, "submissions", title=t("Submissions"), text=t("What the agencies sent, the newest first."),
        link=LIST, crumbs=[(t("Send data"), f"{home_link(locale)}{SEND}")], rows=rows, columns=columns,
        nothing=t("Nothing was sent yet."),
    )  # fmt: skip


def _page(
    house: House, locale: Locale, template: str, *, title: str, text: str, link: str, **values: Any
) -> str:
    other = "/" if locale.language == "en" else "/en/"
    product = house.profile.product_title[locale.language]
    return standalone_page(
        template, locale, title=title, text=text, product=product, language_link=f"{other}{link}", **values
    )


def _agencies(house: House) -> list[tuple[str, str]]:
    named = {code: house.agencies.history(code)[-1] for code in house.agencies.codes}
    pairs = [(code, f"{agency.short_name} · {agency.name_id}") for code, agency in named.items()]
    return sorted(pairs, key=lambda pair: pair[1].casefold())


def _dataset(house: House, submission: Submission) -> Dataset | None:
    return next(
        (one for sector, one in house.catalog.datasets if f"{sector.slug}.{one.id}" == submission.dataset_id),
        None,
    )


def _title(house: House, locale: Locale, submission: Submission) -> str:
    dataset = _dataset(house, submission)
    return submission.dataset_id if dataset is None else dataset.title.in_language(locale.language)


def _state(locale: Locale, submission: Submission) -> dict[str, str]:
    shape, status, label, text = _STATES[submission.state]
    said = locale.t(text)
    if submission.refusal in CHECKS:
        step = _REFUSAL_STEPS.get(submission.refusal)
        parts = (f"{CHECKS[submission.refusal].say(locale)}.", said, locale.t(step) if step else "")
        said = " ".join(part for part in parts if part)
    elif submission.reason:
        said = f"{submission.reason}. {said}"
    return {"shape": shape, "status": status, "label": locale.t(label), "text": said}


def _history(house: House, locale: Locale, events: Sequence[Event]) -> list[tuple[str, str]]:
    """Each state once, with the moment it was reached last."""
    reached = {event.state: event.at for event in events}
    return [(_moment(house, locale, at), locale.t(_STATES[state][2])) for state, at in reached.items()]


def _moment(house: House, locale: Locale, at: datetime) -> str:
    """The moment in the house's own zone, whose short name readers know."""
    return locale.moment(at.astimezone(ZoneInfo(house.profile.timezone)))


def _count(locale: Locale, submission: Submission, *names: str) -> str:
    """The rows counted under these names, a dash before the check."""
    return locale.number(sum(submission.counts[name] for name in names)) if submission.counts else "–"


def _facts(house: House, locale: Locale, submission: Submission) -> list[tuple[str, str]]:
    t = locale.t
    return [
        (t("File"), submission.name),
        (t("Dataset"), _title(house, locale, submission)),
        (t("Agency"), house.agency_name(submission.agency, submission.received_at.date())),
        (t("Received"), _moment(house, locale, submission.received_at)),
        ("SHA-256", f"{submission.sha256[:12]}…"),
    ]


def _counts(locale: Locale, submission: Submission) -> list[tuple[str, str]]:
    names = {
        "read": locale.t("Read"),
        "accepted": locale.t("Sound"),
        "fixed": locale.t("of these put right"),
        "quarantined": locale.t("Set apart"),
        "rejected": locale.t("Kept out"),
        "skipped": locale.t("Titles, headers, totals"),
    }
    return [
        (label, locale.number(submission.counts[name])) for name, label in names.items() if submission.counts
    ]


def _faults(house: House, locale: Locale, receipt: Receipt) -> list[dict[str, str]]:
    """The faults of the report, those that need somebody first."""
    if receipt.report is None:
        return []
    dataset = _dataset(house, receipt.submission)
    titles = {
        field.name: field.title.in_language(locale.language)
        for field in (dataset.table.fields if dataset is not None else ())
        if field.title is not None
    }
    several = len(receipt.report["sheets"]) > 1
    found = [
        (fault, sheet["sheet"] if several else "")
        for sheet in receipt.report["sheets"]
        for fault in sheet["faults"]
    ]
    found += [(fault, "") for fault in receipt.report["faults"]]
    order = ("rejected", "quarantined", "fixed")
    found.sort(key=lambda pair: (order.index(pair[0]["action"]), pair[0]["row"] is None))
    return [_fault(locale, fault, sheet, titles) for fault, sheet in found]


def _fault(locale: Locale, fault: Mapping[str, Any], sheet: str, titles: Mapping[str, str]) -> dict[str, str]:
    shape, status, action = _NOTED if _is_note(fault) else _ACTIONS[fault["action"]]
    place = fault["cell"] or (
        locale.t("row {row}", row=fault["row"]) if fault["row"] else locale.t("whole sheet")
    )
    return {
        "place": f"{sheet} {place}".strip(),
        "column": titles.get(fault["column"], fault["column"]),
        "what": CHECKS[fault["check"]].say(locale),
        "value": str(fault["value"]),
        "shape": shape,
        "status": status,
        "action": locale.t(action),
    }


def _is_note(fault: Mapping[str, Any]) -> bool:
    """Whether nothing was changed: something about the sheet or a column that a reader should know."""
    return bool(fault["action"] == "fixed" and fault["row"] is None and fault["check"] not in _CHANGING)


def read_report(text: str) -> Mapping[str, Any]:
    """Return a kept report."""
    report: Mapping[str, Any] = json.loads(text)
    return report
