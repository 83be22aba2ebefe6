"""Who reads a letter of request: who sends it, the leaders and the agency it goes to; nobody else."""

import io
import zipfile

import pytest

from tests.access.canaries import PERSONAS, Persona
from tests.access.conftest import Guardhouse

AGENCY = "1.03.01"


def reads(persona: Persona) -> bool:
    return persona.role in ("pimpinan", "walidata") or (persona.role == "opd" and persona.scope == (AGENCY,))


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_every_role_reads_exactly_the_letters_it_may(guardhouse: Guardhouse, persona: Persona) -> None:
    for path in (
        f"/surat-permintaan/{AGENCY}/",
        f"/en/surat-permintaan/{AGENCY}/",
        f"/surat-permintaan/{AGENCY}.pdf",
    ):
        answer = guardhouse.get(persona, path)
        assert answer.status == (200 if reads(persona) else 403), path
        assert guardhouse.leaks(persona, answer) == set(), path


def test_the_forms_of_a_letter(guardhouse: Guardhouse) -> None:
    walidata = next(one for one in PERSONAS if one.role == "walidata")
    page = guardhouse.get(walidata, f"/surat-permintaan/{AGENCY}/")
    assert "......" in page.text
    assert "Kepala Dinas Pekerjaan Umum dan Penataan Ruang" in page.text
    assert "no-store" in page.headers["cache-control"]
    pdf = guardhouse.get(walidata, f"/surat-permintaan/{AGENCY}.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    packed = guardhouse.get(walidata, f"/surat-permintaan/{AGENCY}.zip")
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        assert [name for name in archive.namelist() if name.endswith(".xlsx")] == [
            "blangko/water.supply.xlsx"
        ]
    assert guardhouse.get(walidata, "/surat-permintaan/9.99.99/").status == 404
    assert guardhouse.get(walidata, "/surat-permintaan/1.05.01/").status == 404


def test_the_state_of_the_data_is_the_same_for_every_reader(guardhouse: Guardhouse) -> None:
    pages = {guardhouse.get(persona, f"/kesiapan/{AGENCY}/").text for persona in PERSONAS}
    assert len(pages) == 1
