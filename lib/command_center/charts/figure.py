"""What a drawing is once drawn: SVG, the words that say the same, and a table of the same numbers.

Makes HTML from finished parts, escaping every text; draws nothing and formats no number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2s
from html import escape

from markupsafe import Markup

from command_center.errors import CommandCenterError
from command_center.locale import Locale


class ChartError(CommandCenterError):
    """Data that a figure cannot show honestly."""


@dataclass(frozen=True)
class Column:
    """A heading of a figure's table; numbers align right."""

    heading: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """The numbers of a figure as text ready to read; every row is as long as `columns`.

    A cell beyond the first may be a link or a chip of ours (Markup); any other text is escaped.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ChartError("A row of a figure's table does not fit its headings", who="the maintainer")


@dataclass(frozen=True)
class LegendItem:
    """One entry of a legend: `colour` is a fill of ours, or None for hatching; `detail` a count or a share."""

    label: str
    detail: str
    colour: str | None
    shape: str = ""


@dataclass(frozen=True)
class Figure:
    """A finished figure.

    `svg` is "" when there is too little to draw; `narrow_svg` is the same drawing laid out for a phone or a
    small card, "" when one layout fits all. `description` says in words what the drawing shows.
    """

    title: str
    description: str
    svg: str
    table: Table
    notes: tuple[str, ...] = ()
    narrow_svg: str = ""
    legend: tuple[LegendItem, ...] = ()
    kind: str = "chart"
    link_count: int = 0

    @property
    def table_html(self) -> str:
        """The table as HTML, its caption the title; "" when it has no column."""
        return table_html(self.table, self.title) if self.table.columns else ""


def table_html(table: Table, caption: str) -> str:
    """Return a `<table>`; the first cell of a row is its heading."""
    heads = "".join(
        f'<th scope="col"{_number_class(column)}>{escape(column.heading)}</th>' for column in table.columns
    )
    rows = "".join(f"<tr>{_row_html(table.columns, row)}</tr>" for row in table.rows)
    return (
        f'<table class="cc-table"><caption class="cc-visually-hidden">{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def figure_html(figure: Figure, locale: Locale, *, is_sample: bool = False, heading: bool = True) -> str:
    """Return `<figure>` with title, drawing, legend, notes, and the words and table to open below.

    `is_sample` adds the sample-data stamp; `heading=False` leaves the title out where a card already says it.
    """
    # Imported here so that this module, which every page imports, names the theme only where it is used.
    from command_center.theme import sample_stamp_html

    stamp = sample_stamp_html(locale) if is_sample else ""
    title = f'<span class="cc-figure__title">{escape(figure.title)}</span>' if heading else ""
    caption = (
        f"<figcaption>{title}{' ' if title and stamp else ''}{stamp}</figcaption>" if title or stamp else ""
    )
    skip, landing = _skip_html(figure, locale)
    notes = "".join(f'<p class="cc-figure__note">{escape(note)}</p>' for note in figure.notes)
    return (
        f'<figure class="cc-figure cc-figure--{figure.kind}">{caption}{skip}{_drawing_html(figure, locale)}{landing}'
        f"{legend_html(figure.legend)}{notes}{_details_html(figure, locale)}</figure>"
    )


def legend_html(items: Sequence[LegendItem]) -> str:
    """Return the legend as a list; "" when there is none. Swatches are decoration, words and counts say it."""
    if not items:
        return ""
    return f'<ul class="cc-legend">{"".join(_legend_item_html(item) for item in items)}</ul>'


def _legend_item_html(item: LegendItem) -> str:
    swatch = (
        '<span class="cc-swatch cc-hatched" aria-hidden="true"></span>'
        if item.colour is None
        else f'<span class="cc-swatch" style="background:{item.colour}" aria-hidden="true"></span>'
    )
    shape = f'<span aria-hidden="true">{item.shape}</span> ' if item.shape else ""
    detail = f' <span class="cc-legend__detail">· {escape(item.detail)}</span>' if item.detail else ""
    return f"<li>{swatch}<span>{shape}{escape(item.label)}{detail}</span></li>"


def _drawing_html(figure: Figure, locale: Locale) -> str:
    if not figure.svg:
        return f'<p class="cc-no-data">{escape(locale.t("no series yet"))}</p>'
    if not figure.narrow_svg:
        return f'<div class="cc-figure__drawing">{figure.svg}</div>'
    return (
        f'<div class="cc-figure__drawing cc-figure__drawing--wide">{figure.svg}</div>'
        f'<div class="cc-figure__drawing cc-figure__drawing--narrow">{figure.narrow_svg}</div>'
    )


def _skip_html(figure: Figure, locale: Locale) -> tuple[str, str]:
    """Return a link past the regions of a map and the place it leads to, for who moves by keyboard."""
    if figure.link_count < 3:
        return "", ""
    name = f"after-{blake2s(figure.svg.encode(), digest_size=5).hexdigest()}"
    words = escape(locale.t("Skip the {count} regions of the map", count=locale.number(figure.link_count)))
    return (
        f'<a class="cc-visually-hidden" href="#{name}">{words}</a>',
        f'<span id="{name}" tabindex="-1"></span>',
    )


def _details_html(figure: Figure, locale: Locale) -> str:
    if not figure.table.columns:
        return ""
    label = escape(locale.t("Table: {title}", title=figure.title))
    return (
        f"<details><summary>{escape(locale.t('Text and table'))}</summary>"
        f'<p class="cc-figure__description">{escape(figure.description)}</p>'
        # A box that scrolls must be reachable by keyboard, and then needs a name.
        f'<div class="cc-scroll" tabindex="0" role="region" aria-label="{label}">{figure.table_html}</div></details>'
    )


def _number_class(column: Column) -> str:
    return ' class="cc-number"' if column.is_number else ""


def _row_html(columns: Sequence[Column], row: Sequence[str]) -> str:
    first, *others = row
    cells = "".join(
        f"<td{_number_class(column)}>{text if isinstance(text, Markup) else escape(text)}</td>"
        for column, text in zip(columns[1:], others, strict=True)
    )
    return f'<th scope="row">{escape(first)}</th>{cells}'
