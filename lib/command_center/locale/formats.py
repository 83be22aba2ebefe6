"""Numbers, money, dates and periods as babel writes them for the reader's language.

Every method takes the plain value and returns text; a missing value becomes words, never 0 and never "nan".
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from command_center.locale.periods import parse_period
from command_center.locale.translator import Translator

Number = float | int | Decimal
PERCENT_UNIT = "%"
RUPIAH_UNIT = "Rp"
COMPACT_FROM = 1_000_000
_ROMAN = ("", "I", "II", "III", "IV")
_LARGEST_SCALE = 1_000_000_000_000


def is_missing(value: object) -> bool:
    """Return True for None, NaN, NaT and pandas.NA, without importing pandas for it."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA refuses to be a truth value
        return True


@dataclass(frozen=True)
class Locale(Translator):
    """Everything a text needs to be written in one language: `t`, `tn` and the formats."""

    @property
    def missing(self) -> str:
        """The words that stand where a value is missing."""
        return self.t("no data yet")

    def number(self, value: Number | None, decimals: int | None = None) -> str:
        """Return `1.234,5`; `decimals` fixes the places, None keeps up to two. Halves round away from zero."""
        if is_missing(value):
            return self.missing
        rounded = _rounded(value, 2 if decimals is None else decimals)
        places = "##" if decimals is None else "0" * decimals
        return format_decimal(rounded, f"#,##0.{places}" if places else "#,##0", locale=self.language)

    def percent(self, value: Number | None, decimals: int | None = None) -> str:
        """Return `10,58%` for the percentage 10.58 (not the ratio 0.1058)."""
        if is_missing(value):
            return self.missing
        rounded = _rounded(value, 2 if decimals is None else decimals)
        places = "##" if decimals is None else "0" * decimals
        return format_percent(rounded / 100, f"#,##0.{places}%" if places else "#,##0%", locale=self.language)

    def rupiah(self, value: Number | None, *, full: bool = False, decimals: int = 2) -> str:
        """Return `Rp2,61 miliar` for rupiah; in full `Rp2.610.000.000`. Below a million always in full."""
        if is_missing(value):
            return self.missing
        amount = _rounded(value, 0)
        sign = "-" if amount < 0 else ""
        if full or abs(amount) < COMPACT_FROM:
            return f"{sign}Rp{format_decimal(abs(amount), '#,##0', locale=self.language)}"
        compact = format_compact_decimal(
            _rounded_to_scale(abs(amount), decimals),
            format_type="long",
            locale=self.language,
            fraction_digits=decimals,
        )
        return f"{sign}Rp{compact}"

    def quantity(self, value: Number | None, unit: str = "", decimals: int | None = None) -> str:
        """Return value and unit as one text; the units "%" and "Rp" have their own way of writing."""
        figure, word = self.quantity_parts(value, unit, decimals)
        if not word:
            return figure
        return f"{figure}{word}" if word == PERCENT_UNIT else f"{figure} {word}"

    def quantity_parts(
        self, value: Number | None, unit: str = "", decimals: int | None = None
    ) -> tuple[str, str]:
        """Return the figure and its unit apart, for a card: ("10,58", "%"), ("Rp2,61", "miliar"), ("3.769", "anak").

        A missing value gives ("belum ada data", "").
        """
        if is_missing(value):
            return self.missing, ""
        if unit == RUPIAH_UNIT:
            figure, _, scale = self.rupiah(value, decimals=2 if decimals is None else decimals).partition(" ")
            return figure, scale
        return self.number(value, decimals), unit

    def change(
        self, delta: Number | None, unit: str = "", decimals: int | None = None, *, since: str | None = None
    ) -> str:
        """Return `naik 0,84 poin`, `turun 61 anak`, `tetap`; `since` (a period) adds `dari 2024`.

        A difference between percentages is said in points. A missing difference becomes `belum ada
        pembanding`.
        """
        if is_missing(delta):
            return self.t("no comparison yet")
        places = 2 if decimals is None else decimals
        amount = abs(_rounded(delta, 0 if unit == RUPIAH_UNIT else places))
        if unit == PERCENT_UNIT:
            size = self.t("{amount} points", amount=self.number(amount, decimals))
        else:
            size = self.quantity(amount, unit, decimals)
        if since is not None:
            words = {"period": self.period(since), "size": size}
            if amount == 0:
                return self.t("unchanged from {period}", period=words["period"])
            return (
                self.t("up {size} from {period}", **words)
                if _is_up(delta)
                else self.t("down {size} from {period}", **words)
            )
        if amount == 0:
            return self.t("unchanged")
        return self.t("up {size}", size=size) if _is_up(delta) else self.t("down {size}", size=size)

    def date(self, value: date | None) -> str:
        """Return `18 Februari 2022`."""
        if is_missing(value):
            return self.missing
        return format_date(value, "d MMMM y", locale=self.language)

    def moment(self, value: datetime | None) -> str:
        """Return `24 November 2026, 05.42 WIB`; the zone is the one the moment carries, none is assumed."""
        if value is None or is_missing(value):
            return self.missing
        clock = "HH.mm" if self.language == "id" else "HH:mm"
        written = format_datetime(value, f"d MMMM y, {clock}", locale=self.language)
        # Only the Indonesian data names the three zones of the country; "+0700" would help no reader.
        return f"{written} {format_datetime(value, 'zzz', locale='id')}" if value.tzinfo else written

    def period(self, text: str | None, *, short: bool = False) -> str:
        """Return `2024`, `Semester I 2024`, `Triwulan III 2024`, `Agustus 2024` or `30 September 2025`.

        `short` is for axes: `Sem I 2024`, `Tw III 2024`, `Agu 2024`, `30 Sep 2025`. Raises LocaleError.
        """
        if text is None or is_missing(text):
            return self.missing
        period = parse_period(text)
        year = str(period.year)
        if period.grain == "year":
            return year
        if period.grain in ("semester", "quarter"):
            values = {"number": _ROMAN[period.number], "year": year}
            if period.grain == "semester":
                return (
                    self.t("Sem {number} {year}", **values)
                    if short
                    else self.t("Semester {number} {year}", **values)
                )
            return (
                self.t("Q {number} {year}", **values)
                if short
                else self.t("Quarter {number} {year}", **values)
            )
        month = "MMM" if short else "MMMM"
        pattern = f"{month} y" if period.grain == "month" else f"d {month} y"
        return format_date(period.end, pattern, locale=self.language)


def _rounded(value: object, decimals: int) -> Decimal:
    # Through text: Decimal(0.285) would carry the float's error into the rounding.
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _rounded_to_scale(amount: Decimal, decimals: int) -> Decimal:
    # Rounded before the scale word is chosen, or 999,999,999 would read "1000 juta".
    scale = Decimal(COMPACT_FROM)
    while scale < _LARGEST_SCALE and _rounded(amount / scale, decimals) >= 1000:
        scale *= 1000
    return _rounded(amount / scale, decimals) * scale


def _is_up(delta: Number | None) -> bool:
    return delta is not None and delta > 0
