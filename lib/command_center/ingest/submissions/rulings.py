"""What the walidata has said yes to: headers and columns that changed, cells set right, repairs that recur.

A yes to a header stands for the agency and the dataset, a corrected cell for one submission only.
"""

from collections.abc import Mapping
from datetime import datetime

from command_center.cleaning import mask
from command_center.ingest.submissions.model import (
    Confirmation,
    Correction,
    Recipe,
    Submission,
    SubmissionError,
)
from command_center.ingest.submissions.register import Register

# A repair made in this many submissions is proposed as the agency's own recipe.
RECURS_FROM = 2


class Rulings:
    """The decisions kept in a register."""

    def __init__(self, register: Register) -> None:
        """Read nothing yet."""
        self._register = register

    def headers(self, agency: str, dataset: str) -> Mapping[str, str]:
        """Return the confirmed headers of an agency's table, header -> field."""
        return {one.subject: one.field for one in self._confirmed(agency, dataset) if one.kind == "header"}

    def changes(self, submission: Submission) -> frozenset[str]:
        """Return the fields whose new scale or absence was confirmed for this submission."""
        query = "SELECT field FROM confirmations WHERE receipt = ? AND kind = 'change'"
        rows = self._register.rows(query, (submission.receipt,))
        return frozenset(row["field"] for row in rows)

    def confirm(self, submission: Submission, said: Confirmation) -> None:
        """Keep a yes."""
        with self._register.transaction() as connection:
            connection.execute(
                "INSERT INTO confirmations (agency, sector, dataset, receipt, kind, subject, field, actor, at)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    submission.agency, submission.sector, submission.dataset, submission.receipt, said.kind,
                    mask(said.subject), said.field, said.actor, said.at.isoformat(),
                ),
            )  # fmt: skip

    def correct(self, submission: Submission, correction: Correction, field: str) -> None:
        """Keep a corrected cell; the last one for a cell counts."""
        with self._register.transaction() as connection:
            connection.execute(
                "INSERT INTO corrections (receipt, sheet, cell, field, old, new, reason, actor, at)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    submission.receipt, correction.sheet, correction.cell, field, mask(correction.old),
                    correction.new, mask(correction.reason), correction.actor, correction.at.isoformat(),
                ),
            )  # fmt: skip

    def corrections(self, receipt: str) -> list[Correction]:
        """Return the corrections of a submission in the order they were made."""
        rows = self._register.rows("SELECT * FROM corrections WHERE receipt = ? ORDER BY id", (receipt,))
        return [
            Correction(
                row["receipt"], row["sheet"], row["cell"], row["old"], row["new"], row["reason"], row["actor"],
                datetime.fromisoformat(row["at"]),
            )
            for row in rows
        ]  # fmt: skip

    def recipes(self, agency: str = "", dataset: str = "") -> list[Recipe]:
        """Return what recurs, decided or not, of one agency and SECTOR.DATASET where asked for."""
        rows = self._register.rows(
            "SELECT r.*, (SELECT COUNT(DISTINCT c.receipt) FROM corrections c JOIN submissions s USING (receipt)"
            " WHERE s.agency = r.agency AND s.sector = r.sector AND s.dataset = r.dataset AND c.field = r.field"
            " AND c.old = r.old AND c.new = r.new) AS seen FROM recipes r ORDER BY r.id"
        )
        found = [
            Recipe(
                row["id"], row["agency"], f"{row['sector']}.{row['dataset']}", row["field"], row["old"], row["new"],
                row["seen"], row["state"],
            )
            for row in rows
        ]  # fmt: skip
        return [
            one
            for one in found
            if (not agency or one.agency == agency) and (not dataset or one.dataset == dataset)
        ]

    def propose_recurring(self, submission: Submission, actor: str, at: datetime) -> None:
        """Propose each repair that was made in several submissions of the agency as its recipe."""
        with self._register.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO recipes (agency, sector, dataset, field, old, new, state, actor, at)"
                " SELECT s.agency, s.sector, s.dataset, c.field, c.old, c.new, 'proposed', ?, ?"
                " FROM corrections c JOIN submissions s USING (receipt)"
                " WHERE s.agency = ? AND s.sector = ? AND s.dataset = ? AND c.field != '' AND c.old != ''"
                " GROUP BY s.agency, s.sector, s.dataset, c.field, c.old, c.new"
                " HAVING COUNT(DISTINCT c.receipt) >= ?",
                (
                    actor,
                    at.isoformat(),
                    submission.agency,
                    submission.sector,
                    submission.dataset,
                    RECURS_FROM,
                ),
            )

    def decide_recipe(self, number: int, *, approved: bool, actor: str, at: datetime) -> Recipe:
        """Approve or refuse a recipe; SubmissionError for an unknown number."""
        with self._register.transaction() as connection:
            changed = connection.execute(
                "UPDATE recipes SET state = ?, actor = ?, at = ? WHERE id = ?",
                ("approved" if approved else "refused", actor, at.isoformat(), number),
            ).rowcount
        if not changed:
            raise SubmissionError(
                f"There is no recipe {number}",
                where="the register of submissions",
                who="the walidata",
                next_step="command-center submissions recipes",
            )
        return next(one for one in self.recipes() if one.number == number)

    def _confirmed(self, agency: str, dataset: str) -> list[Confirmation]:
        rows = self._register.rows(
            "SELECT * FROM confirmations WHERE agency = ? AND sector || '.' || dataset = ? ORDER BY id",
            (agency, dataset),
        )
        return [
            Confirmation(
                row["kind"], row["subject"], row["field"], row["actor"], datetime.fromisoformat(row["at"])
            )
            for row in rows
        ]
