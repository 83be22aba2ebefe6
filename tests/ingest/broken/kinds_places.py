"""Regions and agencies as people write them: names, prefixes, slips of the pen, and codes a spreadsheet spoiled."""

from datetime import date

from tests.ingest.broken import formats
from tests.ingest.broken.drafts import Draft, NotApplicable, Row
from tests.ingest.broken.registry import UNICODE, kind
from tests.ingest.broken.tables import AGENCIES, REGIONS, VILLAGES

REGION, AGENCY = "region_code", "agency_code"


def places(draft: Draft, level: str = "") -> list[Row]:
    """Some rows with a region, NotApplicable where the table has none or leads by names."""
    if draft.dataset.layout.region_from is not None or draft.region != REGION:
        raise NotApplicable
    levels = draft.dataset.layout.region_levels
    if level and level not in levels:
        raise NotApplicable
    rows = [row for row in draft.records if REGIONS.get(row.truth[REGION]).level in (level or levels)]
    return draft.chance.sample(rows, 3)


def move(draft: Draft, row: Row, code: str) -> None:
    """Let a row be of another region before it is spoiled."""
    row.cells[REGION] = row.truth[REGION] = code


def kecamatan(draft: Draft) -> list[Row]:
    return places(draft, "kec")


def own_village(draft: Draft, at: int = 0) -> str:
    """A village of a name that no other region bears nor nearly bears, and that the table does not have."""
    used = {row.truth[REGION] for row in draft.records}
    fits = [code for code in ("33.16.13.2001", *VILLAGES) if code not in used and _stands_alone(code)]
    return fits[at]


def _stands_alone(code: str) -> bool:
    name = REGIONS.get(code).name
    return (
        sum(one.name.replace(" ", "").casefold() == name.replace(" ", "").casefold() for one in REGIONS) == 1
    )


@kind()
def region_prefix(draft: Draft) -> None:
    for row in kecamatan(draft):
        draft.spoil(row, REGION, f"Kec. {REGIONS.get(row.truth[REGION]).name}", "region_spelling")


@kind()
def region_title(draft: Draft) -> None:
    """The full title is the official name: nothing to tell."""
    for row in kecamatan(draft):
        draft.spoil(row, REGION, f"Kecamatan {REGIONS.get(row.truth[REGION]).name}")


@kind()
def region_in_capitals_with_space(draft: Draft) -> None:
    for row in kecamatan(draft):
        draft.spoil(row, REGION, f"{REGIONS.get(row.truth[REGION]).name.upper()} ", "stray_space")
    if draft.dataset.id == "jkn_kec":
        raise NotApplicable  # Blora without a word before it is the regency too.


@kind()
def region_footnoted(draft: Draft) -> None:
    for row in kecamatan(draft):
        draft.spoil(row, REGION, f"Kec. {REGIONS.get(row.truth[REGION]).name}*", "region_spelling")


@kind()
def region_split_in_two(draft: Draft) -> None:
    row = kecamatan(draft)[0]
    free = [one for one in draft.records if one.truth[REGION] == "33.16.02"]
    if not free:
        raise NotApplicable
    draft.spoil(free[0], REGION, "Kec. Randu Blatung", "region_spelling")
    draft.spoil(row, "note", None, value=None)


@kind()
def region_local_spelling(draft: Draft) -> None:
    kecamatan(draft)
    row = next((one for one in draft.records if one.truth[REGION] == "33.16.09"), None)
    if row is None:
        raise NotApplicable
    draft.spoil(row, REGION, "Blora Kota", "region_spelling")


@kind()
def region_village_prefix(draft: Draft) -> None:
    for at, row in enumerate(places(draft, "desa")):
        move(draft, row, own_village(draft, at))
        draft.spoil(row, REGION, f"Ds. {REGIONS.get(row.truth[REGION]).name}", "region_spelling")


@kind()
def region_nearly(draft: Draft) -> None:
    for row in places(draft, "kec")[:1]:
        if any(one.truth[REGION] == "33.16.13" for one in draft.records) and row.truth[REGION] != "33.16.13":
            row = next(one for one in draft.records if one.truth[REGION] == "33.16.13")
        else:
            raise NotApplicable
        draft.spoil(row, REGION, "Kec. Kundurann", "region_nearly")


@kind()
def region_hard_space(draft: Draft) -> None:
    for row in kecamatan(draft):
        draft.spoil(row, REGION, f"Kecamatan\u00a0{REGIONS.get(row.truth[REGION]).name}", "hard_space")


@kind()
def region_unknown(draft: Draft) -> None:
    for row in places(draft):
        draft.spoil(row, REGION, "Atlantis Raya", "region_unknown", value=None)


@kind()
def region_code_unknown(draft: Draft) -> None:
    for row in places(draft):
        draft.spoil(row, REGION, "33.99.01", "region_unknown", value=None)


@kind()
def region_ambiguous(draft: Draft) -> None:
    """A name that several villages bear, without its kecamatan."""
    for row in places(draft, "desa"):
        draft.spoil(
            row, REGION, "Kedungrejo" if _bearers("Kedungrejo") > 1 else _shared_name(), "region_ambiguous"
        )


def _bearers(name: str) -> int:
    return sum(REGIONS.get(code).name == name for code in VILLAGES)


def _shared_name() -> str:
    names = [REGIONS.get(code).name for code in VILLAGES]
    return next(name for name in names if names.count(name) > 1)


@kind()
def region_level(draft: Draft) -> None:
    if "kab" in draft.dataset.layout.region_levels:
        raise NotApplicable
    for row in places(draft):
        draft.spoil(row, REGION, "33.16", "region_level", value=None)


@kind()
def bps_code(draft: Draft) -> None:
    for row in places(draft):
        region = REGIONS.get(row.truth[REGION])
        # The regency's digits are the same in both systems.
        check = "code_as_number" if region.level == "kab" else "bps_code"
        draft.spoil(row, REGION, region.bps_code, check)


@kind()
def region_code_as_number(draft: Draft) -> None:
    for row in places(draft):
        code = row.truth[REGION]
        draft.spoil(row, REGION, int(code.replace(".", "")), "code_as_number")


@kind(formats.TEXT)
def region_code_lost_its_zero(draft: Draft) -> None:
    """3316.10 typed as a number comes back as 3316.1."""
    kecamatan(draft)
    row = next((one for one in draft.records if one.truth[REGION] == "33.16.10"), None)
    if row is None:
        raise NotApplicable
    draft.spoil(row, REGION, "3316.1", "code_as_number")


@kind(("xlsx", "ods", "xls"))
def region_as_date(draft: Draft) -> None:
    for row in places(draft):
        draft.spoil(row, REGION, date(2026, 5, 12), "date_for_text", value=None)


@kind()
def region_elsewhere(draft: Draft) -> None:
    """A village that lies in another kecamatan than its row says."""
    if draft.dataset.layout.region_from is None:
        raise NotApplicable
    for row in draft.some():
        inside = row.truth[REGION][:8]
        names = {REGIONS.get(code).name for code in VILLAGES if code.startswith(inside)}
        other = next(
            code
            for code in VILLAGES
            if not code.startswith(inside) and REGIONS.get(code).name not in names and _far(code, inside)
        )
        draft.spoil(row, "village", REGIONS.get(other).name, "region_elsewhere")


def _far(code: str, kecamatan_code: str) -> bool:
    """No village of the kecamatan is called anything like it."""
    from rapidfuzz import fuzz

    name = REGIONS.get(code).name
    return _stands_alone(code) and all(
        fuzz.ratio(name, one.name) < 70 for one in REGIONS.descendants(kecamatan_code)
    )


@kind()
def code_name_mismatch(draft: Draft) -> None:
    if draft.dataset.layout.region_from is None:
        raise NotApplicable
    rows = draft.some(3)
    for row, other in zip(rows, [*rows[1:], rows[0]], strict=True):
        draft.spoil(row, REGION, other.truth[REGION], "code_name_mismatch")


@kind()
def agency_by_name(draft: Draft) -> None:
    """The official name is a clean way to say the agency."""
    for row in draft.some():
        draft.spoil(row, AGENCY, AGENCIES.get(row.truth[AGENCY]).name_id)


@kind()
def agency_spelling(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, AGENCY, AGENCIES.get(row.truth[AGENCY]).name_id.upper(), "agency_spelling")


@kind()
def agency_nearly(draft: Draft) -> None:
    for row in draft.some(1):
        name = "Dinas Pekerjaan Umum dan Penataan Ruangan"
        code = AGENCIES.match(name).code
        if draft.dataset.id == "realisasi_belanja":
            row = next((one for one in draft.records if one.truth[AGENCY] == code), row)
        draft.spoil(row, AGENCY, name, "agency_nearly", value=code)


@kind()
def agency_unknown(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, AGENCY, "Dinas Sihir", "agency_unknown", value=None)


@kind()
def agency_code_as_number(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, AGENCY, int(row.truth[AGENCY].replace(".", "")), "code_as_number")


@kind(("xlsx", "ods"))
def agency_code_as_date(draft: Draft) -> None:
    """1.02.01 typed into a spreadsheet becomes the first of February 2001."""
    for row in draft.some():
        code = next(one for one in AGENCIES.codes if one.startswith("1.0") and one.count(".") == 2)
        day, month, year = (int(part) for part in code.split("."))
        if draft.dataset.id == "realisasi_belanja":
            row = next(one for one in draft.records if one.truth[AGENCY] == code)
        draft.spoil(row, AGENCY, date(2000 + year, month, day), "code_as_date", value=code)
        return


@kind(UNICODE)
def agency_garbled(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, AGENCY, "Dinas S\ufffdhir", "lost_character", "agency_unknown", value=None)


@kind()
def agency_missing(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, AGENCY, None, "required", value=None)
