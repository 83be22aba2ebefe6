"""Which regions and agencies a text that was not understood may mean, nearest first, as codes."""

from rapidfuzz import fuzz, process

from command_center.catalog import Dataset
from command_center.errors import UnknownRegionError
from command_center.ingest.context import IngestContext
from command_center.ingest.references import settle_region
from command_center.regions import AgencyBook, RegionTree
from command_center.regions.matching import AmbiguousRegionError

_SHOWN = 3
_LEAST_LIKENESS = 50.0


def regions_of(dataset: Dataset, context: IngestContext) -> tuple[str, ...]:
    """Return the codes of all regions of the levels a dataset asks for, in order; all where it asks for none."""
    levels = dataset.layout.region_levels
    return tuple(region.code for region in context.regions if not levels or region.level in levels)


def regions_meant(
    text: str, dataset: Dataset, context: IngestContext, within: str | None = None
) -> tuple[str, ...]:
    """Return the regions a text may mean: those that bear the name, in any kecamatan, else the nearest names."""
    tree, levels = context.regions, tuple(dataset.layout.region_levels)
    if not any(letter.isalpha() for letter in text):
        return ()
    elsewhere = settle_region(text, tree, levels)
    if elsewhere.code is not None:
        return (elsewhere.code,)
    try:
        return (tree.match(text, within=within, level=levels or None).code,)
    except AmbiguousRegionError as error:
        return error.candidates
    except UnknownRegionError:
        scope = {code: tree.get(code).name.casefold() for code in regions_of(dataset, context)}
        inside = {code: name for code, name in scope.items() if within is None or code.startswith(within)}
        near = process.extract(
            text.casefold(), inside or scope, scorer=fuzz.ratio, limit=_SHOWN, score_cutoff=_LEAST_LIKENESS
        )
        return tuple(code for _, _, code in near)


def agencies_near(text: str, book: AgencyBook) -> tuple[str, ...]:
    """Return the codes of the three agencies whose names come nearest."""
    names = {(code, name): name.casefold() for code in book.codes for name in book.get(code).names}
    near = process.extract(text.casefold(), names, scorer=fuzz.token_set_ratio, limit=20)
    return tuple(dict.fromkeys(code for _, _, (code, _) in near))[:_SHOWN]


def district_name(tree: RegionTree, code: str) -> str:
    """Return the name of the kecamatan a region lies in, with its title where the name alone means others too."""
    district = next(
        (one for one in (*tree.ancestors(code), tree.get(code)) if one.level == "kec"), tree.get(code)
    )
    settled = settle_region(district.name, tree, ("kab", "kec"))
    return district.name if settled.code == district.code else tree.label(district.code)


def districts_near(text: str, tree: RegionTree) -> tuple[str, ...]:
    """Return the names of the three kecamatan that come nearest to a text."""
    names = {district_name(tree, one.code): one.name.casefold() for one in tree.districts}
    near = process.extract(text.casefold(), names, scorer=fuzz.ratio, limit=_SHOWN)
    return tuple(name for _, _, name in near)
