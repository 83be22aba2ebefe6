"""The words of a recomputation, between its code cells: what is read, chosen, counted, and by which rule."""

import re
from collections.abc import Sequence

from command_center.catalog import SAMPLE_METHOD, Dataset, Indicator, Sector
from command_center.indicators.series import Measure
from command_center.locale import Locale
from command_center.recomputation.files import KeptFile

_MARKED = re.compile(r"([\\`*_{}\[\]()#+!|>~$<&-])")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is: no markup, link, formula or second line can come from it."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; cells are shown as they are."""
    lines = [headings, ["---"] * len(headings), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def heading(
    locale: Locale, indicator: Indicator, figure: Measure, edition: str, facts: Sequence[tuple[str, str]]
) -> str:
    """Return title, purpose and the figure in a table; sample data is stamped here."""
    t = locale.t
    parts = [
        f"# {t('Recomputing {indicator}', indicator=plain(indicator.name.in_language(locale.language)))}"
    ]
    if figure.method == SAMPLE_METHOD:
        parts.append("**DATA CONTOH / SAMPLE DATA**")
    parts.append(
        t(
            "This notebook recomputes one figure of edition {edition} from the kept files, step by "
            "step, with pandas alone. It stores nothing. Run it inside the folder of the command "
            "center: Run, Run All Cells.",
            edition=plain(edition),
        )
    )
    return "\n\n".join([*parts, table([t("What"), t("Value")], facts)])


def files_text(locale: Locale, dataset: Dataset, files: Sequence[KeptFile]) -> str:
    """Return which files a dataset was read from: name, receipt, day, rows and hashes."""
    t = locale.t
    rows = [
        (
            file.name,
            file.receipt or t("published, kept with the application"),
            locale.date(file.received) if file.received else "",
            f"{file.read} / {file.accepted}" if file.receipt else "",
            file.original_sha256 or file.sha256,
        )
        for file in files
    ]
    headings = [t("File"), t("Receipt"), t("Received"), t("Rows read / accepted"), "SHA-256"]
    title = t("Files of {dataset}", dataset=plain(dataset.title.in_language(locale.language)))
    return f"## {title}\n\n{table(headings, rows)}"


def original_text(locale: Locale) -> str:
    """Return why the accepted rows are read and not the file as it came."""
    return locale.t(
        "What was received is kept untouched under its SHA-256. Only the walidata's account may open "
        "it, since personal numbers may stand in it; where this account may, its hash is checked "
        "here."
    )


def reading_text(locale: Locale, files: Sequence[KeptFile]) -> str:
    """Return the cleaning rule of the files that are read."""
    t = locale.t
    title = f"## {t('Reading')}"
    if all(not file.receipt for file in files):
        rule = t(
            "The table is UTF-8 text with commas. An empty cell is missing, never 0. The table holds "
            "the figures as its source printed them; nothing is mended."
        )
    else:
        apart = sum(file.read - file.accepted for file in files)
        rule = t(
            "The accepted rows are read: intake reads spellings of numbers, dates and places as the "
            "declared type, and sets every faulty row apart instead of mending it ({apart} rows "
            "here). A missing cell stays missing.",
            apart=locale.number(apart, 0),
        )
    later = t("Where two files hold the same key, the later one counts.") if len(files) > 1 else ""
    return "\n\n".join(part for part in (title, rule, later) if part)


def transform_text(locale: Locale, sector: Sector) -> str:
    """Return that the sector's own rule makes the tidy table, shown in full before it is used."""
    return f"## {locale.t('The rule of the sector')}\n\n" + locale.t(
        "The records become one row per region and period by the sector's rule. It is pandas too; the"
        " cell prints all of it and then applies it."
    )


def choosing_text(locale: Locale, *, with_below: bool) -> str:
    """Return which rows belong to the figure."""
    t = locale.t
    rule = t("Only rows of this period, method and agency are kept, for this region.")
    if with_below:
        rule = t(
            "Only rows of this period, method and agency are kept, for this region and the regions below it."
        )
    return f"## {t('Choosing the rows')}\n\n{rule}"


def counting_text(locale: Locale, indicator: Indicator) -> str:
    """Return what numerator and denominator are."""
    t, language = locale.t, locale.language
    lines = [f"## {t('Numerator and denominator')}"]
    if indicator.numerator is not None:
        lines.append(f"{t('Numerator')}: {plain(indicator.numerator.in_language(language))}.")
    if indicator.denominator is not None:
        lines.append(f"{t('Denominator')}: {plain(indicator.denominator.in_language(language))}.")
    lines.append(t("Where one row of a region does not know its number, the sum of the region is not known."))
    return "\n\n".join(lines)


def rolling_up_text(locale: Locale) -> str:
    """Return how a region is made from those below it."""
    return f"## {locale.t('From the regions below')}\n\n" + locale.t(
        "This region has no row of its own. Numerators and denominators are added up from village to "
        "sub-district to regency; ratios are never averaged. A region is made only where every region"
        " below it is known, and a figure of its own is never replaced."
    )


def formula_text(locale: Locale, indicator: Indicator) -> str:
    """Return the formula in words of columns."""
    formula = indicator.formula
    name = formula.numerator or formula.published or ""
    text = f"{name} ÷ {formula.denominator}" if formula.denominator else name
    scale = "" if formula.scale == 1 else f" × {locale.number(formula.scale)}"
    return f"## {locale.t('Formula')}\n\n`{text}{scale}`"


def printed_text(locale: Locale) -> str:
    """Return why the value is taken as printed."""
    return f"## {locale.t('Formula')}\n\n" + locale.t(
        "The source printed the value without numerator and denominator; it is taken as it stands."
    )


def comparing_text(locale: Locale) -> str:
    """Return what the last step shows."""
    return f"## {locale.t('Comparison with the edition')}\n\n" + locale.t(
        "Both numbers must agree to the last digit. Otherwise the last cell stops: a file or a rule "
        "has changed since the edition was made."
    )
