"""From names and codes as written to the codes of regions and agencies, each distinct text settled once.

A name is never looked for in another kecamatan than the row names without saying so.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from command_center.catalog import Dataset
from command_center.errors import UnknownRegionError
from command_center.ingest.sheetwork import SheetWork
from command_center.regions import AgencyBook, RegionTree
from command_center.regions.agencies import UnknownAgencyError
from command_center.regions.matching import AmbiguousRegionError

_CODE = re.compile(r"[\d.,\- ]*\d[\d.,\- ]*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_CUT_ZERO = re.compile(r"\d{4,8}\.\d")


@dataclass(frozen=True)
class Settled:
    """What a text means: a code, None where it means none, and the check to report ("" for a clean one)."""

    code: str | None
    check: str = ""


def settle_region(
    text: str, tree: RegionTree, levels: Collection[str] = (), within: str | None = None
) -> Settled:
    """Return the region a text means: a code in either system, in any spelling a spreadsheet leaves, or a name."""
    text = text.strip()
    if _ISO.fullmatch(text):
        return Settled(None, "date_for_text")
    found = (
        _region_by_code(text, tree) if _CODE.fullmatch(text) else _region_by_name(text, tree, levels, within)
    )
    if found.code is not None and levels and tree.get(found.code).level not in levels:
        return Settled(None, "region_level")
    return found


def settle_agency(text: str, book: AgencyBook) -> Settled:
    """Return the agency a text means, by code or by any of its names."""
    text = text.strip()
    if text in book.codes:
        return Settled(text)
    if _ISO.fullmatch(text):
        year, month, day = text.split("-")
        code = f"{int(day)}.{month}.{year[2:]}"
        return Settled(code, "code_as_date") if code in book.codes else Settled(None, "date_for_text")
    if _CODE.fullmatch(text):
        return _agency_by_code(text, book)
    try:
        match = book.match(text)
    except UnknownAgencyError:
        return Settled(None, "agency_unknown")
    if match.how == "fuzzy":
        return Settled(match.code, "agency_nearly")
    names = {name for agency in book.history(match.code) for name in agency.names}
    return Settled(match.code, "" if text in names else "agency_spelling")


def resolve_references(work: SheetWork) -> None:
    """Replace the texts of every column that leads to regions or agencies by codes; name what was not clean."""
    levels = work.dataset.layout.region_levels
    for key in work.dataset.table.foreignKeys:
        if not work.has(key.fields):
            continue
        if key.reference.resource == "regions":
            _replace(work, key.fields, partial(settle_region, tree=work.context.regions, levels=levels))
        else:
            _replace(work, key.fields, partial(settle_agency, book=work.context.agencies))
    _derive_region(work)


def region_fields(dataset: Dataset) -> list[str]:
    """Return the fields of a dataset that lead to regions."""
    return [key.fields for key in dataset.table.foreignKeys if key.reference.resource == "regions"]


def _replace(work: SheetWork, name: str, settle: Callable[[str], Settled]) -> None:
    column = work.values.texts(name)
    settled = [settle(text) for text in column.values]
    work.values.put(name, column, np.array([one.code for one in settled], dtype=object))
    for check in sorted({one.check for one in settled if one.check}):
        flags = np.array([one.check == check for one in settled], dtype=np.bool_)
        work.note(check, name, column.spread(flags, False))


def _derive_region(work: SheetWork) -> None:
    """Find the region code from a name, within the region another column names."""
    source = work.dataset.layout.region_from
    if source is None or source.name not in work.values:
        return
    names = pd.Series(work.values[source.name], dtype="str")
    parents = pd.Series(work.values.get(source.within or "", np.full(len(names), None)), dtype="str").fillna(
        ""
    )
    pairs = pd.MultiIndex.from_arrays([parents, names.fillna("")])
    codes, unique = pd.factorize(pairs)
    settled = [_settle_pair(parent, name, work) for parent, name in unique]
    found = np.array([one.code for one in settled], dtype=object)[codes]
    for check in sorted({one.check for one in settled if one.check}):
        work.note(
            check, source.name, np.array([one.check == check for one in settled], dtype=np.bool_)[codes]
        )
    if work.has(source.field):
        given = work.values[source.field]
        both = pd.notna(given) & pd.notna(found)
        work.note("code_name_mismatch", source.field, both & (given != found))
        work.values[source.field] = np.where(pd.notna(given), given, found)
    else:
        work.values[source.field] = found


def _settle_pair(parent: str, name: str, work: SheetWork) -> Settled:
    tree = work.context.regions
    levels = work.dataset.layout.region_levels
    if not name:
        return Settled(None)
    if not parent:
        return settle_region(name, tree, levels)
    above = settle_region(parent, tree, _levels_above(levels))
    if above.code is None:
        return Settled(None, above.check)
    inside = settle_region(name, tree, levels, within=above.code)
    if inside.check == "region_unknown" and settle_region(name, tree, levels).code is not None:
        return Settled(None, "region_elsewhere")
    return inside


def _levels_above(levels: Collection[str]) -> tuple[str, ...]:
    """The levels a parent may be of: only the next one up, since a regency and a kecamatan may share a name."""
    if not levels:
        return ()
    return ("kab",) if set(levels) & {"kab", "kec"} else ("kec",)


def _region_by_code(text: str, tree: RegionTree) -> Settled:
    try:
        found = tree.find_code(text)
        if found is None and _CUT_ZERO.fullmatch(text):
            # 3316.10 typed as a number comes back as 3316.1.
            restored = tree.find_code(f"{text}0".replace(".", ""))
            return Settled(restored.code, "code_as_number") if restored else Settled(None, "region_unknown")
    except AmbiguousRegionError:
        return Settled(None, "region_ambiguous")
    if found is None:
        return Settled(None, "region_unknown")
    if found.code == text:
        return Settled(found.code)
    return Settled(found.code, "bps_code" if found.system == "bps" else "code_as_number")


def _region_by_name(text: str, tree: RegionTree, levels: Collection[str], within: str | None) -> Settled:
    try:
        match = tree.match(text, within=within, level=tuple(levels) or None)
    except AmbiguousRegionError:
        return Settled(None, "region_ambiguous")
    except UnknownRegionError:
        return Settled(None, "region_unknown")
    if match.how == "fuzzy":
        return Settled(match.code, "region_nearly")
    official = {tree.get(match.code).name.casefold(), tree.label(match.code).casefold()}
    return Settled(match.code, "" if text.casefold() in official else "region_spelling")


def _agency_by_code(text: str, book: AgencyBook) -> Settled:
    digits = re.sub(r"\D", "", text)
    fits = [code for code in book.codes if re.sub(r"\D", "", code) == digits]
    return Settled(fits[0], "code_as_number") if len(fits) == 1 else Settled(None, "agency_unknown")
