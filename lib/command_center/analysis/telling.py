"""Results in words, a figure and a table: what a notebook shows. Computes no result of its own."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from command_center.analysis.parts import By, Parts
from command_center.analysis.shares import parts_for
from command_center.analysis.variation import Variation
from command_center.charts import Column, Figure, Interval, Side, Table, figure_html, intervals
from command_center.locale import Locale, translatable
from command_center.pages.blocks import Block, trusted
from command_center.theme import sample_stamp_html

MOST_ROWS = 20
_HEADINGS = {
    "kec": translatable("District"),
    "desa": translatable("Village"),
    "agency": translatable("Agency"),
}


@dataclass(frozen=True)
class Teller:
    """What is said about one set of parts, in one language."""

    locale: Locale
    parts: Parts
    unit: str = ""  # of the numerator

    @property
    def name(self) -> str:
        return self.parts.indicator.name.in_language(self.locale.language)

    @property
    def when(self) -> str:
        """The period, or the first and the last of those added up."""
        periods = [self.locale.period(period) for period in self.parts.periods]
        return periods[0] if len(periods) == 1 else f"{periods[0]} – {periods[-1]}"

    def heading(self, by: By | None = None) -> str:
        return self.locale.t(_HEADINGS[by or self.parts.by])

    def percent(self, share: float) -> str:
        return self.locale.percent(share * 100, 1)

    def points(self, share: float) -> str:
        """A difference of shares in percentage points, with its sign."""
        points = round(share * 100, 2) + 0.0  # a rounded -0.0 becomes 0.0
        sign = "+" if points > 0 else ""
        return f"{sign}{self.locale.number(points, 2)}"

    def amount(self, value: float) -> str:
        """An amount in the unit of the numerator: rupiah in words, other amounts whole or with one decimal."""
        if self.unit == "idr":
            return self.locale.rupiah(value)
        return self.locale.number(value, 0 if float(value).is_integer() else 1)

    def hidden_note(self) -> tuple[str, ...]:
        if not self.parts.hidden:
            return ()
        return (
            self.locale.t(
                "{n} left out: a small count may not be shown.", n=self.locale.number(self.parts.hidden, 0)
            ),
        )

    def block(self, sentences: Sequence[str], *figures: Figure) -> Block:
        """Return the sentences and the figures, stamped where the figures rest on sample data."""
        said = Markup("").join(paragraph(sentence) for sentence in sentences)
        is_sample = self.parts.is_sample
        drawn = [trusted(figure_html(figure, self.locale, is_sample=is_sample)) for figure in figures]
        stamp = trusted(sample_stamp_html(self.locale)) if is_sample and not figures else Markup()
        return Block(Markup("").join([stamp, said, *drawn]))

    def table(self, frame: pd.DataFrame, columns: Sequence[tuple[str, str, Callable[[float], str]]]) -> Table:
        """Return a table of parts: their names, then one column per (column, heading, writer)."""
        heads = [Column(self.heading()), *(Column(heading, is_number=True) for _, heading, _ in columns)]
        rows = [
            (
                str(row["name"]),
                *(
                    self.locale.missing if pd.isna(row[column]) else write(row[column])
                    for column, _, write in columns
                ),
            )
            for row in frame.to_dict("records")
        ]
        return Table(tuple(heads), tuple(rows))


def names_of(locale: Locale, frame: pd.DataFrame, most: int = 5) -> str:
    """Return the names of the parts, comma between, at most five and the number of the rest."""
    names = [str(name) for name in frame["name"]]
    rest = len(names) - most
    said = ", ".join(names[:most])
    return said if rest <= 0 else locale.t("{names} and {n} more", names=said, n=locale.number(rest, 0))


def tell_variation(teller: Teller, found: Variation) -> Block:
    """Return whether the parts differ beyond chance, which of them do, and the interval of each."""
    locale, parts = teller.locale, found.parts
    standing = parts[parts["beyond_chance"] & parts["outlying"]]
    above, below = standing[standing["z"].gt(0)], standing[standing["z"].lt(0)]
    sentences = [_verdict(teller, found)]
    for frame, words in ((above, locale.t("Above the rest")), (below, locale.t("Below the rest"))):
        if len(frame):
            sentences.append(f"{words}: {names_of(locale, frame)}.")
    if standing.empty:
        sentences.append(locale.t("None stands out by itself."))
    if found.is_rough:
        sentences.append(locale.t("Some parts are small: take the test as a rough guide."))
    title = locale.t("{name}, {period}: with 95% intervals", name=teller.name, period=teller.when)
    drawn = _extremes(parts)
    figure = intervals(
        [_interval(row) for row in drawn.to_dict("records")],
        title=title,
        description=" ".join(sentences),
        table=teller.table(
            parts,
            [
                ("numerator", locale.t("Counted"), teller.amount),
                ("denominator", locale.t("Out of"), teller.amount),
                ("share", locale.t("Share"), teller.percent),
                ("low", locale.t("At least"), teller.percent),
                ("high", locale.t("At most"), teller.percent),
                ("p", "p", lambda p: locale.number(p, 3)),
            ],
        ),
        written=teller.percent,
        reference=found.share,
        reference_label=locale.t("all: {value}", value=teller.percent(found.share)),
        notes=(
            locale.t(
                "Line: Wilson interval, 95%. Triangle: differs beyond chance and beyond the usual spread."
            ),
            *_cut_note(teller, _EXTREMES_DRAWN, parts, drawn),
            *teller.hidden_note(),
        ),
    )
    return teller.block(sentences, figure)


def _verdict(teller: Teller, found: Variation) -> str:
    locale = teller.locale
    values = {
        "n": locale.number(len(found.parts), 0),
        "chi": locale.number(found.chi_square, 1),
        "degrees": locale.number(found.degrees, 0),
        "p": p_text(locale, found.p),
        "phi": locale.number(found.dispersion, 1),
    }
    if found.differs:
        return locale.t(
            "The {n} parts differ more than chance alone would make them (χ² = {chi}, {degrees} degrees of freedom, "
            "{p}); their spread is {phi} times that of chance.",
            **values,
        )
    return locale.t(
        "The {n} parts differ no more than chance alone would make them (χ² = {chi}, {degrees} degrees of freedom, "
        "{p}); a ranking of them says nothing.",
        **values,
    )


def p_text(locale: Locale, p: float) -> str:
    """Return a p-value as it is written: never as 0."""
    return f"p < {locale.number(0.001, 3)}" if p < 0.001 else f"p = {locale.number(p, 3)}"


def _interval(row: Mapping[Hashable, Any]) -> Interval:
    stands = bool(row["beyond_chance"]) and bool(row["outlying"])
    side: Side = "within" if not stands else "above" if row["z"] > 0 else "below"
    return Interval(str(row["name"]), row["share"], row["low"], row["high"], side)


def _extremes(parts: pd.DataFrame) -> pd.DataFrame:
    """The rows a figure shows: all, or the highest and the lowest of many."""
    if len(parts) <= MOST_ROWS:
        return parts
    half = MOST_ROWS // 2
    return pd.concat([parts.head(half), parts.tail(half)])


_EXTREMES_DRAWN = translatable("Drawn: {shown} of {n}, the highest and the lowest; all are in the table.")
_LARGEST_DRAWN = translatable("Drawn: the largest {shown} of {n}; all are in the table.")


def _cut_note(teller: Teller, told: str, parts: pd.DataFrame, drawn: pd.DataFrame) -> tuple[str, ...]:
    if len(drawn) == len(parts):
        return ()
    shown, n = (teller.locale.number(len(frame), 0) for frame in (drawn, parts))
    return (teller.locale.t(told, shown=shown, n=n),)


def tell_concentration(teller: Teller, found: pd.DataFrame, column: str, what: str) -> Block:
    """Return how few parts make up half of a total; `what` says in words what is counted."""
    locale = teller.locale
    half = parts_for(found)
    sentence = locale.t(
        "{few} of {n} hold half of {what} ({total} in all): {names}.",
        few=locale.number(half, 0),
        n=locale.number(len(found), 0),
        what=what,
        total=teller.amount(float(found[column].sum())),
        names=names_of(locale, found.head(half)),
    )
    drawn = found.head(MOST_ROWS)
    even = 1 / len(found)
    figure = intervals(
        [Interval(str(row["name"]), float(row["share"])) for row in drawn.to_dict("records")],
        title=locale.t("Share of {what}, {period}", what=what, period=teller.when),
        description=sentence,
        table=teller.table(
            found,
            [
                (column, locale.t("Amount"), teller.amount),
                ("share", locale.t("Share"), teller.percent),
                ("cumulative", locale.t("Added up"), teller.percent),
            ],
        ),
        written=teller.percent,
        reference=even,
        reference_label=locale.t("if all were even: {value}", value=teller.percent(even)),
        notes=(*_cut_note(teller, _LARGEST_DRAWN, found, drawn), *teller.hidden_note()),
    )
    return teller.block([sentence], figure)


def tell_effects(
    teller: Teller,
    found: pd.DataFrame,
    column: str,
    title: str,
    sentences: Sequence[str],
    columns: Sequence[tuple[str, str, Callable[[float], str]]],
) -> Block:
    """Return what each part adds to a whole or takes from it, in percentage points; `column` holds shares."""
    ordered = found.sort_values(column, ascending=False, kind="stable", ignore_index=True)
    drawn = _extremes(ordered)
    figure = intervals(
        [Interval(str(row["name"]), float(row[column])) for row in drawn.to_dict("records")],
        title=title,
        description=" ".join(sentences),
        table=teller.table(ordered, columns),
        written=teller.points,
        reference=0.0,
        reference_label=teller.locale.t("no effect"),
        notes=(
            teller.locale.t("In percentage points; all of them add up to the whole."),
            *_cut_note(teller, _EXTREMES_DRAWN, ordered, drawn),
            *teller.hidden_note(),
        ),
    )
    return teller.block(sentences, figure)


def paragraph(text: str) -> Markup:
    """Return a text as an escaped paragraph."""
    return Markup("<p>{}</p>").format(text)
