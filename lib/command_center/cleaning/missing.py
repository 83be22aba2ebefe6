"""The marks people write where they have no value, by kind.

A mark is named, never read as zero: whether nothing was there or nobody looked is the sender's to say.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from command_center.cleaning.columns import Mask, as_mask

DASH, WORD, NIL = "missing_dash", "missing_word", "missing_nil"
MARKS = {
    DASH: ("-", "--", "---", "- -", "–", "—", ".", "..", "...", "…", "_"),
    WORD: (
        "n/a", "na", "n.a", "n.a.", "#n/a", "null", "none", "nan", "(blank)", "tad", "t.a.d.", "tidak ada data",
        "tidak tersedia", "data tidak tersedia", "belum ada data", "belum ada", "no data", "not available",
    ),
    NIL: ("nihil", "kosong", "nil", "tidak ada"),
}  # fmt: skip


def missing_marks(trimmed: Any) -> dict[str, Mask]:
    """Return for each kind of mark which texts of an Arrow array (already trimmed) are one."""
    lower = pc.utf8_lower(trimmed)
    return {kind: as_mask(pc.is_in(lower, value_set=pa.array(marks))) for kind, marks in MARKS.items()}
