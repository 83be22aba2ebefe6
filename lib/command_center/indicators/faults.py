"""What can be wrong with figures, by name, in words that can be translated.

A fault is told beside the figure; it never changes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from command_center.contracts import Severity
from command_center.locale import Translator, translatable

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "unknown_region": translatable("{count} rows have no known region code ({value}); they are left out"),
        "finer_than_grain": translatable(
            "{count} rows are finer than the indicator allows ({value}); they are left out"
        ),
        "period_unreadable": translatable(
            "{count} rows have no readable period ({value}); they are left out"
        ),
        "incomplete_group": translatable("{value} of {expected} rows of this figure have their numbers"),
        "several_published_rows": translatable(
            "{value} rows each print a value for one figure; none is taken"
        ),
        "computed_differs_from_published": translatable(
            "Computed {value}, the source prints {expected}; the computed value is shown"
        ),
        "children_differ_from_parent": translatable(
            "The parts give {value}, the published figure is {expected}; the published one is shown"
        ),
        "two_datasets_one_figure": translatable(
            "Two datasets give this figure ({value}); that of the leading dataset is shown"
        ),
        "as_of_after_edition": translatable(
            "{count} figures are dated up to {value}, after the day of the edition {expected}"
        ),
        "main_method_missing": translatable(
            "There are figures by several methods ({value}) and none is declared the main one"
        ),
    }
)


# What a fault of one figure names: its place in the table of figures.
PLACE = ("region_code", "agency_code", "period", "method")


@dataclass(frozen=True, order=True)
class MeasureFault:
    """One fault of a figure, or of the whole indicator where region and period are "".

    `value` is what was found and `expected` what it was held against, both as text for the reader.
    """

    sector: str
    indicator: str
    check: str
    region_code: str = ""
    agency_code: str = ""
    period: str = ""
    method: str = ""
    value: str = ""
    expected: str = ""
    count: int = 1
    severity: Severity = "error"

    @property
    def message(self) -> str:
        """The fault in English, without its place."""
        return TEMPLATES[self.check].format_map(self._values)

    def say(self, translator: Translator) -> str:
        """Return the fault in the reader's language, without its place."""
        return translator.t(TEMPLATES[self.check], **self._values)

    @property
    def _values(self) -> dict[str, object]:
        return {"value": self.value, "expected": self.expected, "count": self.count}


def fault_at(
    sector_slug: str,
    indicator_id: str,
    check: str,
    row: Mapping[Any, Any],
    *,
    value: str = "",
    expected: str = "",
    severity: Severity = "error",
) -> MeasureFault:
    """Return the fault of one figure; `row` holds at least the columns of PLACE."""
    region, agency, period, method = (str(row[name]) for name in PLACE)
    return MeasureFault(
        sector_slug, indicator_id, check, region, agency, period, method, value, expected, severity=severity
    )
