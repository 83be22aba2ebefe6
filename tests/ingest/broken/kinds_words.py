"""Words as people write them: spaces, encodings, marks, allowed values, and what identifies a person."""

from datetime import date

from tests.ingest.broken.drafts import Draft, NotApplicable
from tests.ingest.broken.registry import UNICODE, kind

# Numbers that belong to nobody: no province is 00, no day is 99, no subscriber number is all zeros.
NIK = "0016099912340001"
PHONE = "0812-0000-0000"


@kind()
def stray_space(draft: Draft) -> None:
    for row, form in zip(draft.some(), (" {}", "{}  ", "{} "), strict=True):
        draft.spoil(row, "source", form.format(row.truth["source"]), "stray_space")


@kind()
def doubled_space(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "Laporan  bulanan", "stray_space", value="Laporan bulanan")


@kind()
def hard_space(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "Laporan\u00a0bulanan", "hard_space", value="Laporan bulanan")


@kind()
def line_break_in_cell(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "Laporan\nbulanan", "stray_space", value="Laporan bulanan")


@kind(UNICODE)
def control_character(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(
            row, "source", "Laporan\u200b bulanan\u00ad", "control_character", value="Laporan bulanan"
        )


@kind(UNICODE)
def mojibake(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "CafÃ© â€“ pusat", "mojibake", value="Café – pusat")


@kind(UNICODE)
def lost_character(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "Caf\ufffd pusat", "lost_character")


@kind()
def missing_word_in_text(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "note", "n/a", "missing_word", value=None)


@kind()
def missing_dash_in_a_required_text(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "-", "missing_dash", "required", value=None)


@kind()
def empty_required_cell(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", None, "required", value=None)


@kind(("xlsx", "ods", "xls"))
def date_for_text(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", date(2026, 5, 12), "date_for_text")


@kind()
def error_sign_in_text(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "note", "#REF!", "spreadsheet_error")


@kind()
def formula_injection(draft: Draft) -> None:
    for row, text in zip(
        draft.some(), ("=cmd|' /C calc'!A0", "@SUM(A1:A9)", "+cmd|' /C calc'!A0"), strict=True
    ):
        draft.spoil(row, "note", text, "formula_text")


@kind()
def enum_spelling(draft: Draft) -> None:
    name = draft.choice
    for row in draft.some():
        written = row.truth[name].lower() if row.truth[name].isupper() else row.truth[name].upper()
        draft.spoil(row, name, written, "enum_spelling")


@kind()
def enum(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, draft.choice, "lainnya", "enum")


@kind()
def method(draft: Draft) -> None:
    if not draft.dataset.methods:
        raise NotApplicable
    for row in draft.some():
        draft.spoil(row, "method", "taksiran", "method")


@kind()
def pattern(draft: Draft) -> None:
    name = draft.first(lambda one: one.constraints.pattern is not None)
    for at, row in enumerate(draft.some()):
        draft.spoil(row, name, f"tanpa nomor {at}", "pattern")


@kind()
def boolean_spelling(draft: Draft) -> None:
    name = draft.first(lambda one: one.type == "boolean")
    for row in draft.some():
        draft.spoil(row, name, "Ya" if row.truth[name] else "Tidak", "boolean_spelling")


@kind()
def truth_value_unknown(draft: Draft) -> None:
    name = draft.first(lambda one: one.type == "boolean")
    for row in draft.some():
        draft.spoil(row, name, "mungkin", "type")


@kind()
def identity_number_in_a_note(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(
            row,
            "note",
            f"warga NIK {NIK}, pindah",
            "private_identity_number",
            value="warga NIK 0016********0001, pindah",
        )


@kind()
def identity_number_grouped(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "source", "0016 0999 1234 0001", "private_identity_number", value="0016********0001")


@kind()
def family_card_in_a_note(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "note", f"No. KK {NIK}", "private_family_card", value="No. KK 0016********0001")


@kind()
def phone_in_a_note(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "note", f"hubungi {PHONE}", "private_phone", value="hubungi 0812****00")


@kind()
def name_of_a_person_in_a_note(draft: Draft) -> None:
    """A name that the file's own column of names declares stands in another text."""
    names = [one.name for one in draft.dataset.table.fields if one.personal == "name"]
    if not names or "source" not in draft.columns:
        raise NotApplicable
    for row in draft.some():
        name = str(row.cells[names[0]])
        draft.spoil(
            row,
            "source",
            f"permohonan {name} lengkap",
            "private_name",
            value=f"permohonan {_shortened(name)} lengkap",
        )


def _shortened(name: str) -> str:
    words = [f"{word[0]}***" for word in name.split()]
    return " ".join(words)


@kind()
def identity_number_in_a_strange_column(draft: Draft) -> None:
    """A column nobody declared is left out, and what it held is told all the same."""
    draft.columns.append("strange")
    draft.headers["strange"] = ["Keterangan Petugas"]
    draft.plant("column_unknown", None, "Keterangan Petugas")
    for row in draft.some():
        row.cells["strange"] = f"NIK {NIK}"
        draft.plant("private_identity_number", row, "Keterangan Petugas")


@kind()
def personal_column_with_spaces(draft: Draft) -> None:
    """A personal column is coded, however it is spaced."""
    name = draft.first(lambda one: one.personal is not None)
    for row in draft.some():
        draft.spoil(row, name, f" {row.truth[name]}", "stray_space")
