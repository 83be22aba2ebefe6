"""The words of the workbooks: units, kinds of values, rhythms, and how a column is filled.

English source texts only; the catalog holds the Indonesian that officers read.
"""

from collections.abc import Mapping
from types import MappingProxyType

from command_center.catalog import Dataset, Field
from command_center.catalog.words import Cadence, Unit
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD, field_to
from command_center.locale import Locale, translatable

_UNITS: Mapping[Unit, str] = MappingProxyType(
    {
        "percent": translatable("percent"),
        "persons": translatable("persons"),
        "children": translatable("children"),
        "households": translatable("households"),
        "villages": translatable("villages"),
        "km": translatable("km"),
        "m": translatable("m"),
        "idr": translatable("rupiah"),
        "cases": translatable("cases"),
        "deaths": translatable("deaths"),
        "per_1000": translatable("per 1,000"),
        "per_100000": translatable("per 100,000"),
        "years": translatable("years"),
        "days": translatable("days"),
        "hours": translatable("hours"),
        "points": translatable("points"),
    }
)
_CADENCES: Mapping[Cadence, str] = MappingProxyType(
    {
        "daily": translatable("daily"),
        "weekly": translatable("weekly"),
        "monthly": translatable("monthly"),
        "tranche": translatable("per tranche"),
        "quarterly": translatable("quarterly"),
        "semester": translatable("per half-year"),
        "yearly": translatable("yearly"),
        "irregular": translatable("no fixed schedule"),
    }
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "string": translatable("text"),
        "integer": translatable("whole number, without unit and without thousands separator"),
        "number": translatable("number, without unit and without thousands separator"),
        "date": translatable("date, such as 18/02/2022"),
        "boolean": translatable("true or false"),
        "any": translatable("text or number"),
    }
)


def unit_words(locale: Locale, unit: Unit | None) -> str:
    """Return the unit in words, "" for a bare count, an index or a ratio."""
    return locale.t(_UNITS[unit]) if unit is not None and unit in _UNITS else ""


def cadence_words(locale: Locale, cadence: Cadence) -> str:
    """Return how often a dataset is due."""
    return locale.t(_CADENCES[cadence])


def title_of(field: Field, locale: Locale) -> str:
    """Return the title of a column in the reader's language, its name where it declares none."""
    return field.title.in_language(locale.language) if field.title is not None else field.name


def header_of(field: Field, locale: Locale) -> str:
    """Return the header of a column: title and unit, "Balita diukur (anak)"."""
    unit = unit_words(locale, field.unit)
    title = title_of(field, locale)
    return f"{title} ({unit})" if unit else title


def kind_words(field: Field, locale: Locale) -> str:
    """Return in words what a cell of the column holds."""
    return locale.t(_KINDS[field.type])


def limits_words(field: Field, locale: Locale) -> str:
    """Return the range of a numeric column in words, "" where none is declared."""
    low, high = field.constraints.minimum, field.constraints.maximum
    if low is not None and high is not None:
        return locale.t("from {low} to {high}", low=_figure(locale, low), high=_figure(locale, high))
    if low is not None:
        return locale.t("at least {low}", low=_figure(locale, low))
    if high is not None:
        return locale.t("at most {high}", high=_figure(locale, high))
    return ""


def form_words(field: Field, dataset: Dataset, locale: Locale) -> str:
    """Return in words what a cell of the column may hold: its kind and limits, or the values allowed."""
    t = locale.t
    form = [kind_words(field, locale), limits_words(field, locale)]
    allowed = tuple(dataset.methods) if field.name == METHOD_FIELD else field.constraints.enum or ()
    if allowed:
        form = [t("one of: {values}", values=", ".join(allowed))]
    elif field.name == PERIOD_FIELD:
        form = [t("period, such as 2024, 2024-S1, 2024-Q3 or 2024-08")]
    elif field.name == field_to(dataset, "regions"):
        form = [t("code of a region (Kemendagri), with its points")]
    elif field.name == field_to(dataset, "agencies"):
        form = [t("code of an agency, with its points")]
    elif field.constraints.pattern is not None:
        form.append(t("of the form {pattern}", pattern=field.constraints.pattern))
    return ", ".join(part for part in form if part)


def _figure(locale: Locale, value: float) -> str:
    return locale.number(value, 0 if value == int(value) else None)
