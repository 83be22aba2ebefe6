"""Region names under the noise of real tables: read as what they are, or told; never silently in another kecamatan."""

from hypothesis import given, settings
from hypothesis import strategies as st

from command_center.ingest.references import Settled, settle_region
from tests.ingest.broken.tables import REGIONS, VILLAGES

SILENT = ("", "region_spelling")
CASES = st.sampled_from([str, str.upper, str.lower, str.title])
PREFIXES = st.sampled_from(["", "Desa ", "DS. ", "Kel. ", "kelurahan  "])
ENDINGS = st.sampled_from(["", " ", "*", ".", "\u00a0", " *"])
GAPS = st.sampled_from([0, 3, 5])


@st.composite
def slips(draw, name: str) -> str:
    """One letter lost, doubled, changed or exchanged with the next."""
    at = draw(st.integers(0, len(name) - 2))
    letter = draw(st.sampled_from("aeiounrgk"))
    return draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )


def settle(text: str, within: str | None = None) -> Settled:
    return settle_region(text, REGIONS, ("desa", "kel"), within=within)


@settings(deadline=None)
@given(st.sampled_from(VILLAGES), CASES, PREFIXES, ENDINGS, GAPS)
def test_harmless_noise_never_changes_the_village_within_its_kecamatan(code, case, prefix, ending, gap):
    name = REGIONS.get(code).name
    text = f"{prefix}{case(f'{name[:gap]} {name[gap:]}')}{ending}"
    found = settle(text, within=code[:8])
    assert found.code == code
    assert found.check in SILENT


@settings(deadline=None)
@given(st.data(), st.sampled_from(VILLAGES))
def test_a_slip_of_the_pen_stays_in_the_kecamatan_and_another_village_is_never_silent(data, code):
    text = data.draw(slips(REGIONS.get(code).name))
    found = settle(text, within=code[:8])
    if found.code is None:
        assert found.check.startswith("region_")
        return
    assert found.code.startswith(code[:8])
    assert found.code == code or found.check == "region_nearly" or _is_official(text, found.code)


@settings(deadline=None)
@given(st.data(), st.sampled_from(VILLAGES))
def test_without_a_kecamatan_a_name_is_its_only_bearer_or_told(data, code):
    name = REGIONS.get(code).name
    text = data.draw(st.one_of(st.just(name), slips(name)))
    found = settle(text)
    if found.code is not None and found.check in SILENT:
        assert found.code == code or _is_official(text, found.code)
    elif found.code is None:
        assert found.check in ("region_ambiguous", "region_unknown")
    else:
        assert found.check == "region_nearly"


def _is_official(text: str, code: str) -> bool:
    """The slip made the name, or a recorded spelling, of the other village."""
    region = REGIONS.get(code)
    squeezed = "".join(text.split()).casefold()
    return squeezed in {"".join(one.split()).casefold() for one in (region.name, *region.spellings)}
