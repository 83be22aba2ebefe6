"""The faults of agencies' files, put into sample files at realistic rates, each one noted.

Works on the rows as they will be written, all text. A fault that is mended at intake may stand anywhere; one
that sets a row apart only where it is asked for, since a missing village leaves its sub-district without a figure.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from command_center.catalog import Dataset, Field
from command_center.samples.world import Chance

RATE = 0.004
HARD_SPACE = "\u00a0"
Rows = list[list[str]]
# Field, cell as sound text -> the cell as somebody might have written it, and the checks that must tell it.
Spelling = Callable[[Field, str], tuple[str, tuple[str, ...]] | None]


@dataclass
class Seeded:
    """The rows with their faults, and how often which check has to tell one."""

    rows: Rows
    told: Counter[str] = field(default_factory=Counter)


def seed_spellings(rows: Rows, dataset: Dataset, names: Sequence[str], chance: Chance) -> Seeded:
    """Return the rows with some cells written in another way that intake must read all the same."""
    seeded = Seeded([list(row) for row in rows])
    fields = {one.name: one for one in dataset.table.fields}
    keys = {*dataset.table.primaryKey}
    count = chance.poisson(RATE * len(rows))
    for _ in range(int(count)):
        at, column = int(chance.integers(len(rows))), int(chance.integers(len(names)))
        one = fields[names[column]]
        if one.name in keys or seeded.rows[at][column] != rows[at][column]:
            continue
        for spell in _shuffled(SPELLINGS, chance):
            written = spell(one, rows[at][column])
            if written is not None:
                seeded.rows[at][column], checks = written
                seeded.told.update(checks)
                break
    return seeded


def seed_apart(seeded: Seeded, dataset: Dataset, names: Sequence[str], chance: Chance, count: int) -> None:
    """Break `count` rows so that intake must set them apart; each row once, only rows that are sound so far."""
    fields = {one.name: one for one in dataset.table.fields}
    numeric = [
        at
        for at, name in enumerate(names)
        if fields[name].type == "integer" and fields[name].constraints.minimum == 0
    ]
    if not numeric:
        return
    chosen = chance.choice(len(seeded.rows), size=min(count, len(seeded.rows)), replace=False)
    for row in sorted(int(one) for one in chosen):
        column = numeric[int(chance.integers(len(numeric)))]
        if not seeded.rows[row][column].isdigit() or seeded.rows[row][column] == "0":
            continue
        seeded.rows[row][column] = f"-{seeded.rows[row][column]}"
        seeded.told["negative"] += 1


def _thousands_point(one: Field, text: str) -> tuple[str, tuple[str, ...]] | None:
    if one.type != "integer" or not text.isdigit() or int(text) < 10_000:
        return None
    # Below a million a single point may also be a decimal mark; intake decides by the whole column.
    return (f"{int(text):,}".replace(",", "."), ("thousands_separator",)) if int(text) >= 1_000_000 else None


def _currency(one: Field, text: str) -> tuple[str, tuple[str, ...]] | None:
    if one.unit != "idr" or not text.isdigit() or int(text) < 1_000_000:
        return None
    return f"Rp {int(text):,},-".replace(",", ".").replace(".-", ",-"), (
        "currency_text",
        "thousands_separator",
    )


def _hard_space(one: Field, text: str) -> tuple[str, tuple[str, ...]] | None:
    if one.type != "integer" or not text.isdigit():
        return None
    return f"{text}{HARD_SPACE}", ("hard_space",)


def _stray_space(one: Field, text: str) -> tuple[str, tuple[str, ...]] | None:
    return (f" {text} ", ("stray_space",)) if one.type == "integer" and text.isdigit() else None


def _enum_in_capitals(one: Field, text: str) -> tuple[str, tuple[str, ...]] | None:
    allowed = one.constraints.enum or ()
    other = text.lower() if text.isupper() else text.upper()
    return (other, ("enum_spelling",)) if text in allowed and other not in allowed else None


def _date_in_words(one: Field, text: str) -> tuple[str, tuple[str, ...]] | None:
    if one.type != "date" or len(text) != 10:
        return None
    year, month, day = text.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}", ("date_spelling",)


MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "Nopember",
    "Desember",
)  # fmt: skip
SPELLINGS: tuple[Spelling, ...] = (
    _thousands_point,
    _currency,
    _hard_space,
    _stray_space,
    _enum_in_capitals,
    _date_in_words,
)


def _shuffled(spellings: Sequence[Spelling], chance: Chance) -> list[Spelling]:
    return [spellings[int(at)] for at in chance.permutation(len(spellings))]
