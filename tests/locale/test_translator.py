"""Texts: the right language, values by name, and a catalog that keeps step with the source."""

import json
from pathlib import Path

import pytest

from command_center.locale import Locale, LocaleError, Translator
from command_center.locale.extraction import catalog_gaps, find_messages
from command_center.locale.translator import catalog

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / name for name in ("lib", "sectors", "notebooks")]
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def test_every_text_of_the_house_has_its_indonesian() -> None:
    gaps = catalog_gaps(find_messages(SOURCES), "id")
    assert not gaps, "locale/catalogs/id.po is out of step:\n" + "\n".join(gaps)


def test_a_text_is_said_in_the_language_asked_for() -> None:
    assert Translator("id").t("no data yet") == "belum ada data"
    assert Translator("en").t("no data yet") == "no data yet"
    assert Locale().t("target {value}", value="65%") == "sasaran 65%"


def test_a_text_without_translation_comes_back_in_english() -> None:
    message = "nobody has " + "translated this"
    assert Translator("id").t(message) == message


def test_plural_forms_follow_the_number_in_english_and_stay_one_in_indonesian() -> None:
    def counted(language: Translator, n: int) -> str:
        return language.tn("{n} region", "{n} regions", n)

    assert [counted(Translator("en"), n) for n in (0, 1, 2)] == ["0 regions", "1 region", "2 regions"]
    assert [counted(Translator("id"), n) for n in (1, 2)] == ["1 wilayah", "2 wilayah"]


def test_a_placeholder_without_value_is_an_error_that_names_it() -> None:
    with pytest.raises(LocaleError, match="value"):
        Translator("id").t("target {value}")


def test_values_are_put_in_as_they_are_and_never_read_as_a_template() -> None:
    assert Translator("id").t("target {value}", value="{x.__class__} <b>") == "sasaran {x.__class__} <b>"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LocaleError, match="jv"):
        Translator("jv")  # type: ignore[arg-type]
    with pytest.raises(LocaleError, match="jv"):
        catalog("jv")


def test_texts_are_found_in_modules_and_in_notebook_cells(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'x.t("one")\nt("two {n}", n=1)\ny.tn("{n} a", "{n} b", 3)\nW = translatable("three")\n'
        'z.t("four" if ok else "five")\nz.t(variable)\nother("not a text")\n'
    )
    cells = [
        {"cell_type": "code", "source": ["%matplotlib inline\n", 'page.t("six")']},
        {"cell_type": "markdown", "source": ['t("words about t")']},
    ]
    (tmp_path / "b.ipynb").write_text(json.dumps({"cells": cells}))
    found = {(message.singular, message.plural) for message in find_messages([tmp_path])}
    singles = {(word, "") for word in ("one", "two {n}", "three", "four", "five", "six")}
    assert found == singles | {("{n} a", "{n} b")}


@pytest.mark.parametrize("call", ['t(f"in {place}")', 't("a" + b)', 't("%s" % b)'])
def test_a_text_put_together_at_the_call_is_refused_with_its_place(tmp_path: Path, call: str) -> None:
    file = tmp_path / "a.py"
    file.write_text(f"\n{call}\n")
    with pytest.raises(LocaleError, match=r"a\.py:2"):
        find_messages([file])


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("", "missing: 'up {size}'"),
        ('msgid "up {size}"\nmsgstr ""\n', "empty: 'up {size}'"),
        ('#, fuzzy\nmsgid "up {size}"\nmsgstr "naik {size}"\n', "fuzzy: 'up {size}'"),
        ('msgid "up {size}"\nmsgstr "naik {besar}"\n', "placeholders differ"),
        ('msgid "up {size}"\nmsgid_plural "ups"\nmsgstr[0] "naik {size}"\n', "plural: 'up {size}'"),
        ('msgid "up {size}"\nmsgstr "naik {size}"\n\nmsgid "old"\nmsgstr "lama"\n', "stale: 'old'"),
    ],
)
def test_every_way_a_catalog_falls_behind_is_named(tmp_path: Path, entry: str, fault: str) -> None:
    source = tmp_path / "a.py"
    source.write_text('t("up {size}", size=1)')
    (tmp_path / "id.po").write_text(HEADER + entry)
    gaps = catalog_gaps(find_messages([source]), "id", folder=tmp_path)
    assert any(gap.startswith(fault) for gap in gaps), gaps


def test_a_catalog_in_step_has_no_gaps(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text('t("up {size}", size=1)')
    (tmp_path / "id.po").write_text(HEADER + 'msgid "up {size}"\nmsgstr "naik {size}"\n')
    assert catalog_gaps(find_messages([source]), "id", folder=tmp_path) == []
