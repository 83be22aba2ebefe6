"""Village roads with metres by class: the declared mapping, lines where both ends are known, every unreadable cell."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from command_center.ingest.refusals import IngestError
from command_center.roads.classlengths import read_class_lengths
from command_center.roads.parameters import load_parameters
from command_center.settings import load_settings

PARAMETERS = load_parameters(load_settings())
REAL = load_settings().root.parent / "shared/real/messy/DATA JALAN DESA.xlsx"
HEADER = (
    "NO,KECAMATAN,DESA,NAMA RUAS JALAN DESA,JENIS PERKERASAN,BAIK (meter),RUSAK RINGAN (meter),RUSAK SEDANG (meter),"
    "RUSAK BERAT (meter),TOTAL PANJANG JALAN (meter),LAT AWAL,LNG AWAL,LAT AKHIR,LNG AKHIR\n"
)


def read(tmp_path: Path, *rows: str):
    path = tmp_path / "desa.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_class_lengths(path, PARAMETERS)


def test_light_and_medium_damage_are_one_class_by_declaration(tmp_path: Path) -> None:
    found = read(tmp_path, "1,A,B,Jalan Satu,Aspal,100,20,30,50,200,-6.5,106.8,-6.6,106.9")
    road = found.roads.iloc[0]
    assert (road["baik"], road["sedang"], road["rusak_ringan"], road["rusak_berat"]) == (100, 0, 50, 50)
    assert list(road["geometry"].coords) == [(106.8, -6.5), (106.9, -6.6)]
    assert found.faults == ()


def test_a_cell_nobody_can_read_is_told_and_never_a_zero(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "1,A,B,Jalan Satu,Aspal,100,,Lainnya,/40,100,-6.5,106.8,,",
        "2,A,B,Jalan Dua,Aspal,-,nihil,60,,70,,,,",
    )
    told = [(fault.check, fault.row, fault.column, fault.value) for fault in found.faults]
    assert ("unreadable_cell", 2, "RUSAK SEDANG (meter)", "Lainnya") in told
    assert ("unreadable_cell", 2, "RUSAK BERAT (meter)", "/40") in told
    assert ("total_differs", 3, "total", "70 / 60") in told
    first, second = found.roads.to_dict("records")
    assert pd.isna(first["rusak_ringan"])
    assert pd.isna(first["rusak_berat"])
    assert (second["baik"], second["rusak_ringan"]) == (0, 60)
    assert found.roads.geometry.isna().all()


def test_a_file_without_the_declared_classes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("nama_ruas,panjang\nA,1\n")
    with pytest.raises(IngestError) as caught:
        read_class_lengths(path, PARAMETERS)
    assert "RUSAK SEDANG" in str(caught.value)


@pytest.mark.skipif(not REAL.is_file(), reason="the shared real files are not beside this checkout")
def test_the_real_workbook_of_another_province() -> None:
    found = read_class_lengths(REAL, PARAMETERS)
    roads = found.roads
    assert roads.groupby("sheet").size().tolist() == [8768, 2741]
    assert roads.geometry.notna().groupby(roads["sheet"]).sum().gt(0).all()
    cells = {(fault.row, fault.value) for fault in found.faults if "RUSAK" in fault.column}
    assert {(311, "/40"), (2610, "Lainnya")} <= cells
    unread = roads[["baik", "rusak_ringan", "rusak_berat"]].isna().sum().sum()
    assert unread == sum("RUSAK" in fault.column or "BAIK" in fault.column for fault in found.faults)
    checks = Counter(fault.check for fault in found.faults)
    assert checks["short_link"] > 3000
    km = roads[["baik", "sedang", "rusak_ringan", "rusak_berat"]].sum().sum() / 1000
    assert km == pytest.approx(roads["total_m"].sum() / 1000, rel=0.01)
