"""Cards and tiles: a reading laid out. The template decides how it looks, the reading what it says."""

from collections.abc import Sequence

from markupsafe import Markup

from command_center.charts import sparkline
from command_center.indicators.series import series
from command_center.locale import Locale
from command_center.pages.blocks import Block, render, trusted
from command_center.pages.context import PageContext
from command_center.pages.readings import Reading
from command_center.theme import sample_stamp_html


def card_grid(context: PageContext, readings: Sequence[Reading]) -> Block:
    """Return a card per reading that has a value, or a figure that is hidden."""
    locale = context.locale
    return render(
        "cards",
        heading=locale.t("Indicators"),
        cards=[
            {"reading": reading, "spark": spark(context, reading)} for reading in readings if reading.is_shown
        ],
        words=card_words(locale),
        stamp=trusted(sample_stamp_html(locale)),
    )


def absent_list(context: PageContext, readings: Sequence[Reading]) -> Block:
    """Return a table of the readings without a value: who is to supply them, or why there is none here."""
    absent = [reading for reading in readings if not reading.is_shown]
    if not absent:
        return Block(Markup())
    locale = context.locale
    return render(
        "absent",
        heading=locale.t("Indicators without a figure here"),
        columns=(locale.t("Indicator"), locale.t("Who is to supply it"), locale.t("Why it is empty")),
        readings=absent,
        not_supplied=locale.t("not supplied yet"),
    )


def spark(context: PageContext, reading: Reading) -> Markup:
    """Return the tiny line of a reading's own series, empty where there are fewer than two figures or it is hidden."""
    if reading.is_hidden:
        return Markup()
    line = series(context.measures, reading.indicator, reading.region, method=reading.method)
    if line["value"].notna().sum() < 2:
        return Markup()
    figure = sparkline(
        line, locale=context.locale, title=reading.name, unit="", decimals=reading.indicator.decimals
    )
    return trusted(figure.svg)


def card_words(locale: Locale) -> dict[str, str]:
    """Return the fixed words of a card in the page's language."""
    return {
        "as_of": locale.t("as of"),
        "definition": locale.t("definition"),
        "table": locale.t("table"),
        "csv": locale.t("CSV"),
        "workbook": locale.t("Excel"),
        "notebook": locale.t("open as a notebook"),
        "inputs": locale.t("sources"),
        "others": locale.t("Other sources, not averaged"),
    }
