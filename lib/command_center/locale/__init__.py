"""The reader's language: texts by catalog, numbers and dates by babel. Holds no text of any sector."""

from command_center.locale.formats import PERCENT_UNIT, RUPIAH_UNIT, Locale, Number, is_missing
from command_center.locale.periods import Period, parse_period
from command_center.locale.translator import LANGUAGES, Language, LocaleError, Translator, translatable

__all__ = [
    "LANGUAGES",
    "PERCENT_UNIT",
    "RUPIAH_UNIT",
    "Language",
    "Locale",
    "LocaleError",
    "Number",
    "Period",
    "Translator",
    "is_missing",
    "parse_period",
    "translatable",
]
