"""Faults by kind, as a block of the pages about the state of the data: kinds and counts, no row and no receipt."""

import pandas as pd

from command_center.locale import translatable
from command_center.pages.blocks import Block, render, trusted
from command_center.pages.context import PageContext
from command_center.pages.readiness_words import check_text
from command_center.quality import faults_by_kind
from command_center.theme import sample_stamp_html

ACTION_WORDS = {
    "fixed": translatable("put right"),
    "quarantined": translatable("set apart"),
    "rejected": translatable("kept out"),
}


def faults_block(context: PageContext, faults: pd.DataFrame, *, heading: str, list_link: str = "") -> Block:
    """Return a table of fault kinds with their counts, a sample part under its stamp; `list_link` leads to the files."""
    locale = context.locale
    counted = faults_by_kind(faults)
    tables = []
    for is_sample in (False, True):
        rows = counted[counted["is_sample"].eq(is_sample)]
        tables.append(
            {
                "is_sample": is_sample,
                "rows": [
                    {
                        "check": row["check"],
                        "text": check_text(locale, row["check"]),
                        "action": locale.t(ACTION_WORDS[row["action"]]),
                        "count": locale.number(row["count"], 0),
                        "files": locale.number(row["files"], 0),
                    }
                    for row in rows.to_dict("records")
                ],
            }
        )
    return render(
        "readiness_faults",
        heading=heading,
        tables=[table for table in tables if table["rows"]],
        nothing=locale.t("No fault was found in any file."),
        columns=(locale.t("Kind of fault"), locale.t("What was done"), locale.t("Times"), locale.t("Files")),
        titles=(locale.t("In files that agencies sent"), locale.t("In sample files")),
        list_link=list_link,
        list_label=locale.t("The files and their receipts, for those who may open them"),
        stamp=trusted(sample_stamp_html(locale)),
    )
