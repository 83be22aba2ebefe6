"""sources.yml is refused with every wrong key named, and never repeats a secret."""

import pytest

from command_center.ingest.sources import CkanSource, HttpSource, load_sources
from command_center.ingest.sources.failures import SourceDeclarationError
from command_center.settings import Settings

PORTAL = """
sources:
  - name: portal
    kind: ckan
    url: https://portal.example
    keeper: "9.99.01"
    organisations: [dinas-a]
"""
FILE = """
sources:
  - {name: table, kind: http, url: "https://files.example/t.csv", keeper: "9.99.01", into: things.facts, format: csv}
"""


@pytest.fixture
def load(tmp_path):
    settings = Settings(tmp_path)
    settings.reference_dir.mkdir(parents=True)

    def loaded(text, known=None):
        (settings.reference_dir / "sources.yml").write_text(text)
        return load_sources(settings, known)

    return loaded


def test_a_house_without_the_file_has_no_sources(tmp_path):
    assert load_sources(Settings(tmp_path)) == ()


@pytest.mark.parametrize("text", ["", "sources: []", "# only a remark\n"])
def test_an_empty_file_has_no_sources(load, text):
    assert load(text) == ()


def test_both_kinds_are_read(load):
    assert isinstance(load(PORTAL)[0], CkanSource)
    (file,) = load(FILE, frozenset({"things.facts"}))
    assert isinstance(file, HttpSource)
    assert file.max_megabytes == 100


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PORTAL.replace("keeper", "kepeer"), "kepeer"),
        (PORTAL.replace("https://portal.example", "ftp://portal.example"), "http:// or https://"),
        (PORTAL.replace("https://portal", "https://user:pass-word@portal"), "no user name or password"),
        (PORTAL.replace("https://", "http://") + "    token_variable: A_TOKEN\n", "over https only"),
        (PORTAL + "    token_variable: eyJhbGciOi.secret\n", "token_variable"),
        (PORTAL.replace("    organisations: [dinas-a]\n", ""), "organisations or datasets"),
        (PORTAL.replace("dinas-a", "'../x'"), "organisations"),
        (PORTAL.replace("ckan", "ftp"), "kind"),
        (PORTAL + PORTAL.replace("\nsources:\n", ""), "Two sources are named portal"),
        (FILE.replace("csv}", "exe}"), "format"),
        (FILE.replace("things.facts", "facts"), "into"),
        (FILE.replace("things.facts", "things.unknown"), "No sector declares the dataset things.unknown"),
        ("sources: [", "not YAML"),
        ("- a list", "file"),
    ],
)
def test_a_wrong_entry_is_refused_in_words_that_name_it(load, text, words):
    with pytest.raises(SourceDeclarationError, match=words.replace(".", r"\.")) as caught:
        load(text, frozenset({"things.facts"}))
    assert caught.value.where == "data/reference/sources.yml"
    for secret in ("pass-word", "secret"):
        assert secret not in str(caught.value)


def test_a_token_may_go_to_this_machine_without_https(load):
    text = PORTAL.replace("https://portal.example", "http://127.0.0.1:5000") + "    token_variable: A_TOKEN\n"
    assert load(text)[0].token_variable == "A_TOKEN"


def test_the_house_ships_with_a_valid_file_and_no_source():
    from pathlib import Path

    assert load_sources(Settings(Path(__file__).resolve().parents[3])) == ()
