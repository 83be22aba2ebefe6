"""A committed table is read whole with its hash, or refused with file, row, column and who must act."""

import hashlib

import pytest

from command_center.catalog import Dataset
from command_center.errors import PublishedDataError
from command_center.ingest.published import read_published
from command_center.regions import Region, RegionTree
from command_center.settings import Settings

TEXT = {"id": "teks", "en": "text"}
HEADER = "region_code,period,persons,note\n"
SOUND = HEADER + '99.01,2024,12,"a ""quoted"", note"\n99.01,2023,,\n'


def declare(**changes):
    return Dataset.model_validate(
        {
            "id": "facts",
            "title": TEXT,
            "owner": "9.99.01",
            "cadence": "yearly",
            "file": "published/facts.csv",
            "table": {
                "fields": [
                    {"name": "region_code", "constraints": {"required": True}},
                    {"name": "period"},
                    {"name": "persons", "type": "integer", "constraints": {"minimum": 0}},
                    {"name": "note"},
                ],
                "foreignKeys": [{"fields": "region_code", "reference": {"resource": "regions"}}],
            },
        }
        | changes
    )


@pytest.fixture
def house(tmp_path):
    settings = Settings(tmp_path)
    settings.published_dir.mkdir(parents=True)
    (settings.sectors_dir / "things").mkdir(parents=True)
    return settings


@pytest.fixture
def read(house):
    tree = RegionTree([Region("99.01", "Place", "kab", None, "9901", (), 0.0, 0.0, None, "test")])

    def run(content=None, dataset=None, path="data/published/facts.csv"):
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (house.root / path).write_bytes(data)
        return read_published(house, "things", dataset or declare(), tree, frozenset({"9.99.01"}))

    return run


def test_a_sound_table_comes_with_its_path_hash_and_number_of_rows(read):
    table = read(SOUND)
    assert table.files[0].path == "data/published/facts.csv"
    assert table.files[0].sha256 == hashlib.sha256(SOUND.encode()).hexdigest()
    assert table.rows == 2
    assert table.frame["note"].iloc[0] == 'a "quoted", note'
    assert table.frame["persons"].isna().tolist() == [False, True]
    assert table.submission("things") == f"things.facts@{table.files[0].sha256[:8]}"


def test_a_table_may_lie_beside_its_sector(read):
    table = read(SOUND, declare(file="./facts.csv"), "sectors/things/facts.csv")
    assert table.files[0].path == "sectors/things/facts.csv"


def test_words_that_look_like_missing_values_are_text(read):
    assert read(HEADER + "99.01,2024,1,NA\n").frame["note"].tolist() == ["NA"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(read):
    assert read(b"\xef\xbb\xbf" + SOUND.encode()).rows == 2


def test_a_bad_cell_refuses_the_table_and_names_file_row_column_and_owner(read):
    with pytest.raises(PublishedDataError) as caught:
        read(HEADER + "99.01,2024,12,\n99.01,2023,1.234,\n")
    error = caught.value
    assert error.what == "row 2 (line 3), column persons: '1.234' is not a value of type integer"
    assert error.where == "data/published/facts.csv"
    assert error.who == "agency 9.99.01"
    assert "command-center check things" in error.next_step


def test_every_fault_is_told_up_to_ten_and_the_rest_are_counted(read):
    with pytest.raises(PublishedDataError) as caught:
        read(HEADER + "99.01,2024,x,\n" * 13)
    assert caught.value.what.count("row ") == 10
    assert caught.value.what.endswith("and 3 more")


def test_the_line_is_right_after_a_cell_that_spans_lines(read):
    with pytest.raises(PublishedDataError, match=r"row 2 \(line 4\), column persons"):
        read(HEADER + '99.01,2024,1,"two\nlines"\n99.01,2023,-1,\n')


@pytest.mark.parametrize("row", ["99.01,2024,12", "99.01,2024,12,a,b"])
def test_a_row_too_short_or_too_long_is_named_by_its_line(read, row):
    with pytest.raises(PublishedDataError, match=r"Line 3: \d cells where the header has 4"):
        read(HEADER + "99.01,2023,1,\n" + row + "\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER.encode() + "99.01,2024,1,caf\xe9\n".encode("latin-1"), "Line 2 is not UTF-8"),
        ("", "empty"),
        ("region_code,period,persons,persons\n", "persons stands twice"),
        (HEADER, "no rows"),
        (SOUND.replace(",note", ""), "header has 3"),
        ("region_code;period;persons;note\n99.01;2024;1;\n", "region_code is missing"),
        (HEADER + '99.01,2024,1,"open\n', "Line 2"),
    ],
)
def test_what_is_not_such_a_table_is_refused_in_plain_words(read, content, words):
    with pytest.raises(PublishedDataError, match=words):
        read(content)


def test_an_absent_file_names_the_owner_of_the_sector_when_the_dataset_has_none(read):
    with pytest.raises(PublishedDataError) as caught:
        read(dataset=declare(owner=None))
    assert caught.value.who == "the owner of sector things"


def test_a_dataset_still_awaited_cannot_be_read(read):
    with pytest.raises(PublishedDataError, match="has no file yet"):
        read(dataset=declare(file=None))


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/hostname", "./../other/facts.csv"])
def test_a_file_outside_the_folder_of_data_is_refused(read, path):
    with pytest.raises(PublishedDataError, match="outside its folder"):
        read(dataset=declare(file=path))
