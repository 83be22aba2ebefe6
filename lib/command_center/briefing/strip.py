"""Parts 5 to 7 of the briefing: every item in a line with its arrow, letters, complaints and media."""

from command_center.briefing.declared import Desk
from command_center.briefing.matters import stamped
from command_center.briefing.model import BriefingPart, Sentence
from command_center.catalog import Indicator, Sector
from command_center.indicators.changes import changes
from command_center.pages.addresses import sector_page
from command_center.pages.context import PageContext
from command_center.pages.readings import Reading, read

_BESIDE, _DESK = 50, 20
ARROWS = {1: "↑", -1: "↓", 0: "→"}


def strip(context: PageContext) -> BriefingPart:
    """Return one line per item of the menu, and what stands beside it where the page has room."""
    lines = []
    for place, sector in enumerate(context.house.catalog.sectors):
        headline = sector.indicator(sector.page.headline)
        lines.append(_line(context, sector, headline, order=0))
        beside = [sector.indicator(name) for name in sector.page.beside]
        known = [one for one in beside if _reading(context, sector, one).has_value]
        lines += [_line(context, sector, one, order=_BESIDE + place) for one in known[:1]]
    return BriefingPart(context.locale.t("The items, one line each"), tuple(lines))


def desk(context: PageContext, heading: str, of: Desk) -> BriefingPart:
    """Return the figures of a desk; where none of its indicators has one, that, and who supplies it."""
    locale, known = (
        context.locale,
        {one.id: (sector, one) for sector, one in context.house.catalog.indicators},
    )
    found = [known[name] for name in of.indicators if name in known]
    lines = [
        _line(context, sector, one, order=0 if place < 2 else _DESK + place, is_named=False)
        for place, (sector, one) in enumerate(found)
        if _reading(context, sector, one).has_value
    ]
    if not lines:
        text = locale.t("No data yet; {owner} is to supply it.", owner=context.agency_name(of.owner))
        lines = [Sentence(text, context.home_link)]
    return BriefingPart(heading, tuple(lines))


def _reading(context: PageContext, sector: Sector, indicator: Indicator) -> Reading:
    return read(context, sector, indicator, context.house.regions.root.code)


def _line(
    context: PageContext, sector: Sector, indicator: Indicator, *, order: int, is_named: bool = True
) -> Sentence:
    locale, reading = context.locale, _reading(context, sector, indicator)
    link = context.link(sector_page(sector.slug, context.house.regions.root.code))
    name = f"{sector.name.in_language(locale.language)}: " if is_named else ""
    if not reading.has_value:
        said = reading.value if reading.level_note else locale.missing
        return Sentence(f"{name}{reading.name}: {said} ({reading.owner}).", link, order)
    arrow = _arrow(context, indicator, reading)
    text = f"{name}{reading.name} {reading.text} ({reading.period})"
    text += f" {arrow} {reading.changes[0]}." if arrow else "."
    return Sentence(stamped(locale, text, is_sample=reading.is_sample), link, order)


def _arrow(context: PageContext, indicator: Indicator, reading: Reading) -> str:
    """Return the arrow of the first change that is told; "" where nothing is compared."""
    if not reading.changes or indicator.share_of_target:
        return ""
    found = changes(context.measures, indicator, reading.region, reading.period_code, method=reading.method)
    change = found.on_previous or found.on_last_year
    if change is None or change.difference is None:
        return ""
    return ARROWS[(change.difference > 0) - (change.difference < 0)]
