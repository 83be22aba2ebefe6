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
    """Return a card per reading with a value, then a table of those without one and who owes them."""
    locale = context.locale
    return render(
        "cards",
        heading=locale.t("Indicators"),
        cards=[
            {"reading": reading, "spark": spark(context, reading), "provenance": reading.target_chip}
            for reading in readings
            if reading.has_value
        ],
        absent=[reading for reading in readings if not reading.has_value],
        absent_heading=locale.t("Indicators without a figure here"),
        words=card_words(locale),
        stamp=trusted(sample_stamp_html(locale)),
    )


def spark(context: PageContext, reading: Reading) -> Markup:
    """Return the tiny line of a reading's own series, empty where there are fewer than two figures."""
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
        "source": locale.t("Source"),
        "definition": locale.t("definition"),
        "table": locale.t("table"),
        "csv": locale.t("CSV"),
        "inputs": locale.t("sources"),
        "others": locale.t("Other sources, not averaged"),
        "no_series": locale.t("no series yet"),
        "indicator": locale.t("Indicator"),
        "owner": locale.t("Who is to supply it"),
        "why": locale.t("Why it is empty"),
        "not_supplied": locale.t("not supplied yet"),
    }
