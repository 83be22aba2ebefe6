"""Which figure is meant: one row of an edition, as its reader may see it."""

from command_center.catalog import SAMPLE_METHOD, Indicator
from command_center.editions import Edition
from command_center.errors import CommandCenterError
from command_center.indicators.series import Measure, latest, methods_of, series


class RecomputationError(CommandCenterError):
    """A figure that the edition does not hold for this reader, or whose files are not known."""


def find_figure(
    edition: Edition,
    indicator: Indicator,
    region: str,
    *,
    period: str = "",
    method: str = "",
    agency: str = "",
) -> Measure:
    """Return the figure of a region; "" leaves period and method to the latest figure of the leading method.

    Sample data leads only where there is nothing else. Raises RecomputationError where the view of the edition
    holds no such figure, or one without a value, or may not see the rows behind it (few persons).
    """
    sector, _ = edition.catalog.indicator(indicator.id)
    if not edition.view.sees_rows(sector, indicator, region, agency):
        raise RecomputationError(
            f"The rows behind {indicator.id} of {region} are not open to this view",
            where=f"edition {edition.id}",
            who="whoever asked for it",
            next_step="log in with an account that may see them",
        )
    chosen = method or _leading(edition, indicator, region, agency)
    found = None
    if chosen is not None:
        if period:
            line = series(edition.measures, indicator, region, chosen, agency)
            rows = line[line["period"].eq(period)]
            found = Measure.of(rows.iloc[0]) if len(rows) else None
        else:
            found = latest(edition.measures, indicator, region, chosen, agency)
    if found is None or found.value is None or found.suppressed:
        wanted = ", ".join(part for part in (region, period, method, agency) if part)
        raise RecomputationError(
            f"{indicator.id} has no figure for {wanted}",
            where=f"edition {edition.id}",
            who="whoever asked for it",
            next_step=f"command-center measures --indicator {indicator.id} --region {region}",
        )
    return found


def _leading(edition: Edition, indicator: Indicator, region: str, agency: str) -> str | None:
    known = [
        method
        for method in methods_of(edition.measures, indicator, region)
        if len(series(edition.measures, indicator, region, method, agency))
    ]
    real = [method for method in known if method != SAMPLE_METHOD]
    return next(iter(real or known), None)
