"""Texts are cleaned with every repair named; personal numbers are found anywhere and leave only masked or keyed."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.cleaning import (
    PersonKey,
    find_private,
    header_unit,
    mask,
    person_key,
    read_texts,
    unit_factor,
)
from command_center.cleaning.private import FAMILY_CARD, IDENTITY, KEY_VARIABLE, PHONE
from command_center.errors import SettingsError

SECRET = "a long secret that only this test knows"
# Region 00 does not exist, so the number can belong to nobody.
NIK = "0016099912340001"
PHONE_NUMBER = "081200000000"


def texts(*cells):
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("text", "cleaned", "note"),
    [
        ("KUNDURAN ", "KUNDURAN", "stray_space"),
        ("Randu  Blatung", "Randu Blatung", "stray_space"),
        ("a\nb", "a b", "stray_space"),
        ("Randu\u00a0Blatung", "Randu Blatung", "hard_space"),
        ("Blora\u200b", "Blora", "control_character"),
        ("Blo\x00ra", "Blora", "control_character"),
        ("cafÃ©", "café", "mojibake"),
        ("â€“ x", "– x", "mojibake"),
        ("caf\ufffd", "caf\ufffd", "lost_character"),
        ("café", "café", None),
    ],
)
def test_each_repair_of_a_text_is_named(text, cleaned, note):
    read = read_texts(texts(text))
    assert read.texts[0] == cleaned
    assert set(read.notes) == ({note} if note else set())


def test_a_mark_for_missing_is_missing_only_when_it_stands_alone():
    read = read_texts(texts("-", "none", "nihil", "n/a", "a - b", "Nihilisme"))
    assert read.texts.isna().tolist() == [True] * 4 + [False] * 2
    kept = read_texts(texts("-"), marks_are_missing=False)
    assert kept.texts[0] == "-"


@pytest.mark.parametrize(
    "cell",
    [
        NIK,
        f"warga NIK {NIK}, pindah",
        "0016 0999 1234 0001",
        "0016-0999-1234-0001",
        "00.16.09.991234.0001",
        "001609 991234 0001",
    ],
)
def test_an_identity_number_is_found_in_any_grouping_and_place(cell):
    found = find_private(texts("aman", cell))
    assert found.notes[IDENTITY].tolist() == [False, True]
    assert PHONE not in found.notes
    assert "0016********0001" in found.texts[1]
    assert "1234" not in found.texts[1]


@pytest.mark.parametrize(
    "cell", [PHONE_NUMBER, "HP 0812-0000-0000", "+62 812 0000 0000", "6281200000000", "(0299) 000000"]
)
def test_a_telephone_number_is_found(cell):
    found = find_private(texts(cell))
    assert list(found.notes) == [PHONE]
    assert "0000" not in found.texts[0]


@pytest.mark.parametrize(
    "cell",
    [
        "1.234.567.890.123.456",
        "777825.0323609846",
        "106.8713720000000",
        "-6.5635437000000001",
        "00160999123400012",
        "123456789012345",
        "33.16.09.2028",
        "2022-02-18 10:00:00",
        "nomor 12/345/2024",
    ],
)
def test_amounts_coordinates_codes_and_dates_are_no_personal_numbers(cell):
    assert find_private(texts(cell)).notes == {}
    assert mask(cell) == cell


def test_in_a_number_column_only_what_is_written_like_one_counts():
    found = find_private(texts("6281234567890", NIK, "0812-0000-0000"), numeric=True)
    assert {name: rows.tolist() for name, rows in found.notes.items()} == {
        IDENTITY: [False, True, False],
        PHONE: [False, False, True],
    }


def test_a_family_card_is_told_by_its_header_or_its_words():
    assert list(find_private(texts(NIK), header="No. KK").notes) == [FAMILY_CARD]
    assert list(find_private(texts(f"KK {NIK}")).notes) == [FAMILY_CARD]
    assert list(find_private(texts(NIK), header="Keterangan").notes) == [IDENTITY]


def test_the_same_number_has_one_code_under_a_key_and_another_under_another():
    key, other = PersonKey(SECRET.encode()), PersonKey(SECRET[::-1].encode())
    assert key.code(NIK) == key.code("0016 0999 1234 0001")
    assert key.code("SITI  Aminah") == key.code("siti aminah")
    assert key.code(NIK) != other.code(NIK)
    codes = key.codes(texts(NIK, "", NIK))
    assert codes[0] == codes[2] == key.code(NIK)
    assert codes[1] is None


def test_a_missing_key_is_none_and_a_short_one_is_refused():
    assert person_key({}) is None
    assert person_key({KEY_VARIABLE: SECRET}) is not None
    with pytest.raises(SettingsError, match="shorter than 32"):
        person_key({KEY_VARIABLE: "short"})
    assert SECRET not in repr(person_key({KEY_VARIABLE: SECRET}))


@given(
    st.integers(0, 10**16 - 1), st.text(alphabet="abc ,:;()\n", max_size=10), st.sampled_from(["", " ", "-"])
)
def test_no_identity_number_survives_masking_in_any_text(number, around, sign):
    digits = f"{number:016d}"
    cell = around + sign.join(digits[at : at + 4] for at in range(0, 16, 4)) + around
    found = find_private(texts(cell))
    for shown in (mask(cell), found.texts[0], json.dumps(list(found.texts))):
        assert digits not in "".join(letter for letter in shown if letter.isdigit() or letter == "*")
    assert digits.encode() not in pickle.dumps(found)


@given(st.lists(st.text(max_size=20), max_size=10))
def test_masking_twice_changes_nothing_more(cells):
    for cell in cells:
        assert mask(mask(cell)) == mask(cell)


def test_unit_words_convert_within_a_family_only():
    assert unit_factor("km", "m") == 1000
    assert unit_factor("M", "m") == 1
    assert unit_factor("M", "idr") == 1e9
    assert unit_factor("juta rupiah", "idr") == 1e6
    assert unit_factor("km", "persons") is None
    assert unit_factor("lainnya", "m") is None


@pytest.mark.parametrize(
    ("header", "unit", "found"),
    [
        ("BAIK (meter)", "m", ("meter", 1.0)),
        ("TOTAL PANJANG JALAN DESA\n(satuan meter)", "km", ("meter", 0.001)),
        ("Anggaran (juta rupiah)", "idr", ("juta rupiah", 1e6)),
        ("Anggaran dalam ribuan rupiah", "idr", ("ribuan rupiah", 1e3)),
        ("Anggaran", "idr", None),
        ("Jumlah (orang)", "m", None),
    ],
)
def test_a_header_states_its_unit(header, unit, found):
    assert header_unit(header, unit) == found


def test_a_column_that_is_all_empty_stays_all_empty():
    read = read_texts(pd.Series([None, "", "  "], dtype="str"))
    assert read.texts.isna().all()
    assert np.array_equal(find_private(texts()).texts.to_numpy(), np.array([], dtype=object))
