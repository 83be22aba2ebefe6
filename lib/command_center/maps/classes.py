"""The classes of a map: which region has which fill, in words and counts for the legend.

Classes come from statuses, from limits that are given, or from rounded quantiles; never from colour alone.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from command_center.charts.figure import ChartError, LegendItem
from command_center.charts.notation import HATCH_NO_DATA
from command_center.charts.words import capital
from command_center.locale import Locale
from command_center.theme import STATUSES, colours, status

Hue = Literal["blues", "oranges"]
_CLASS_LIMIT = len(colours.BLUES)
_HIDDEN = "suppressed"
HIDDEN_AREA = colours.HIDDEN_AREA


@dataclass(frozen=True)
class Classes:
    """Fill by region code, the word and shape of a status by code (empty for classes of values), and the legend."""

    fills: Mapping[str, str]
    words: Mapping[str, str]
    shapes: Mapping[str, str]
    legend: tuple[LegendItem, ...]

    def with_hidden(self, codes: Sequence[str], locale: Locale) -> "Classes":
        """Return the classes with one more: regions whose figure counts too few persons to be shown."""
        if not codes:
            return self
        # Regions without a figure are the only ones of that legend when all others are hidden.
        is_none = [item.detail for item in self.legend] == [_regions(0, locale)] and not self.fills
        legend = () if is_none else self.legend
        item = LegendItem(capital(locale.t("hidden, small count")), _regions(len(codes), locale), HIDDEN_AREA)
        return Classes(
            {**self.fills, **dict.fromkeys(codes, HIDDEN_AREA)},
            self.words,
            {**self.shapes, **dict.fromkeys(codes, status(_HIDDEN).shape)},
            (*legend, item),
        )


def plain(codes: Sequence[str]) -> Classes:
    """Return one quiet fill for all and no legend: a map that shows where, and nothing else."""
    return Classes(dict.fromkeys(codes, colours.BLUES[0]), {}, {}, ())


def status_classes(statuses: Mapping[str, str], codes: Sequence[str], locale: Locale) -> Classes:
    """Return the classes of a map of statuses; a code without one has no data. Raises ThemeError."""
    by_code = {code: status(statuses.get(code, "no_data")) for code in codes}
    legend = []
    for one in STATUSES.values():
        count = sum(looks.code == one.code for looks in by_code.values())
        if count:
            colour = None if one.code == "no_data" else one.area
            legend.append(LegendItem(locale.t(one.word), _regions(count, locale), colour, one.shape))
    return Classes(
        fills={
            code: HATCH_NO_DATA if looks.code == "no_data" else looks.area for code, looks in by_code.items()
        },
        words={code: locale.t(looks.word) for code, looks in by_code.items()},
        shapes={code: looks.shape for code, looks in by_code.items() if looks.code != "no_data"},
        legend=tuple(legend),
    )


def value_classes(
    known: Mapping[str, float],
    codes: Sequence[str],
    locale: Locale,
    *,
    edges: Sequence[float] | None,
    hue: Hue,
    unit: str,
    decimals: int | None,
) -> Classes:
    """Return the classes of a map of values between `edges`; raises ChartError for edges that do not ascend."""
    shown = [known[code] for code in codes if code in known]
    limits = list(rounded_quantiles(shown) if edges is None else edges)
    if any(later <= earlier for earlier, later in pairwise(limits)) or len(limits) >= _CLASS_LIMIT:
        raise ChartError(
            f"A map cannot have the limits {limits}",
            who="the author of the page",
            next_step=f"give at most {_CLASS_LIMIT - 1} limits in ascending order",
        )
    if not shown:
        return Classes({}, {}, {}, (LegendItem(capital(locale.missing), _regions(len(codes), locale), None),))
    palette = list(colours.sequence(hue, len(limits) + 1))
    if edges is not None and limits and limits[0] == 1 and min(shown) >= 0:
        # A count below one is none at all: it bears no colour, as nothing is the matter there.
        palette = [colours.NO_DATA_AREA, *colours.sequence(hue, len(limits))]
    members = {code: bisect_right(limits, known[code]) for code in codes if code in known}
    legend = [
        LegendItem(capital(label), _regions(list(members.values()).count(number), locale), palette[number])
        for number, label in enumerate(_labels(limits, shown, locale, unit, decimals))
    ]
    missing = len(codes) - len(members)
    if missing:
        legend.append(LegendItem(capital(locale.missing), _regions(missing, locale), None))
    return Classes({code: palette[number] for code, number in members.items()}, {}, {}, tuple(legend))


def with_apart(classes: Classes, apart: Mapping[str, str], locale: Locale) -> Classes:
    """Return classes of values with some regions set apart under their status (code -> status code).

    They bear its grey, its word and its shape, and belong to no class; without any the classes stay as they are.
    Raises ThemeError.
    """
    looks = {code: status(one) for code, one in apart.items()}
    legend = list(classes.legend)
    for one in {looks.code: looks for looks in looks.values()}.values():
        count = sum(other.code == one.code for other in looks.values())
        legend.append(LegendItem(locale.t(one.word), _regions(count, locale), one.area, one.shape))
    return Classes(
        fills={**classes.fills, **{code: one.area for code, one in looks.items()}},
        words={**classes.words, **{code: locale.t(one.word) for code, one in looks.items()}},
        shapes={**classes.shapes, **{code: one.shape for code, one in looks.items()}},
        legend=tuple(legend),
    )


def rounded_quantiles(values: Sequence[float], classes: int = 5) -> tuple[float, ...]:
    """Return up to `classes` - 1 limits that split the values about evenly, rounded as far as they stay apart."""
    distinct = sorted(set(values))
    wanted = min(classes, len(distinct))
    if wanted < 2:
        return ()
    exact = [float(limit) for limit in np.quantile(values, np.linspace(0, 1, wanted + 1)[1:-1])]
    for digits in range(1, 7):
        limits = tuple(
            dict.fromkeys(_significant(limit, digits, distinct[-1] - distinct[0]) for limit in exact)
        )
        inside = tuple(limit for limit in limits if distinct[0] < limit <= distinct[-1])
        if len(inside) == len(exact):
            return inside
    return tuple(sorted({limit for limit in exact if distinct[0] < limit <= distinct[-1]}))


def _significant(value: float, digits: int, span: float) -> float:
    # Digits of the span, not of the value: 98.1 and 98.7 differ in the third digit of the value.
    places = digits - 1 - math.floor(math.log10(span))
    return round(value, places)


def _labels(
    limits: Sequence[float], shown: Sequence[float], locale: Locale, unit: str, decimals: int | None
) -> list[str]:
    def said(value: float) -> str:
        return locale.quantity(value, unit, decimals if decimals == 0 else None)

    if not limits:
        return [f"{said(min(shown))} – {said(max(shown))}" if len(set(shown)) > 1 else said(shown[0])]
    if decimals == 0 and all(float(limit).is_integer() for limit in limits):
        return _counted_labels([int(limit) for limit in limits], shown, locale, said)
    between = [
        locale.t("{low} to below {high}", low=said(low), high=said(high)) for low, high in pairwise(limits)
    ]
    return [
        locale.t("below {high}", high=said(limits[0])),
        *between,
        locale.t("{low} and above", low=said(limits[-1])),
    ]


def _counted_labels(
    limits: Sequence[int], shown: Sequence[float], locale: Locale, said: Callable[[float], str]
) -> list[str]:
    """Whole numbers need no "to below": 0, 1, 2–3, 4 and above."""
    lowest = min([int(value) for value in shown] + [limits[0] - 1])
    spans = [(low, high - 1) for low, high in pairwise([lowest, *limits])]
    between = [said(low) if low == high else f"{locale.number(low, 0)}–{said(high)}" for low, high in spans]
    return [*between, locale.t("{low} and above", low=said(limits[-1]))]


def _regions(count: int, locale: Locale) -> str:
    return locale.tn("{n} region", "{n} regions", count)
