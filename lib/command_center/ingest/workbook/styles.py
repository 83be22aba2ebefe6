"""Colours, fonts and borders of the workbooks, in one place.

A colour never stands alone: whatever it says is also written in words.
"""

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

INK, QUIET, WHITE = "FF1F2933", "FF767676", "FFFFFFFF"
_LINE = Side(style="thin", color="FFD5DADF")


def fill(colour: str) -> PatternFill:
    """Return a plain fill of one colour (ARGB)."""
    return PatternFill("solid", start_color=colour, end_color=colour)


TITLE_FONT = Font(name="Calibri", size=14, bold=True, color=INK)
TEXT_FONT = Font(name="Calibri", size=11, color=INK)
BOLD_FONT = Font(name="Calibri", size=11, bold=True, color=INK)
QUIET_FONT = Font(name="Calibri", size=10, color=QUIET)
NAME_FONT = Font(name="Calibri", size=8, color=QUIET)
HEADER_FONT = Font(name="Calibri", size=11, bold=True, color=WHITE)
LINK_FONT = Font(name="Calibri", size=11, underline="single", color="FF0B5394")

HEADER_FILL = fill("FF1F4E5F")
NAME_FILL = fill("FFEDF1F3")
LOCKED_FILL = fill("FFF4F6F7")
LAST_FILL = fill("FFF2F2F2")

GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
LOCKED, UNLOCKED = Protection(locked=True), Protection(locked=False)

# What was done with a faulty value: rejected, set apart, read all the same.
FAULT_FILLS = {
    "rejected": fill("FFF4B6B0"),
    "quarantined": fill("FFFFD98A"),
    "fixed": fill("FFBBD9F2"),
}
