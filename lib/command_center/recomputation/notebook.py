"""A figure's notebook, put together: words and code in the order of the computation, without outputs."""

import ast
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from command_center.catalog import SAMPLE_METHOD, Dataset, Indicator
from command_center.editions import Edition
from command_center.indicators.series import Measure
from command_center.locale import Language, Locale
from command_center.recomputation import code, words
from command_center.recomputation.files import KeptFile, files_behind
from command_center.regions import load_agencies, load_regions
from command_center.settings import Settings

Cell = tuple[str, str]
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def figure_notebook(
    settings: Settings, edition: Edition, figure: Measure, language: Language = "id"
) -> NotebookNode:
    """Return the notebook that recomputes a figure of an edition, words in `language`, without outputs.

    The figure must be one the reader may see (`find_figure`); the notebook holds its value, the names and hashes
    of its files and no other number. Raises RecomputationError where its files are not known any more.
    """
    return _Writer(settings, edition, figure, language).notebook()


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as the bytes of its file; equal notebooks give equal bytes."""
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return f"{text}\n".encode()


class _Writer:
    def __init__(self, settings: Settings, edition: Edition, figure: Measure, language: Language) -> None:
        self._settings, self._edition, self._figure = settings, edition, figure
        self._locale = Locale(language)
        self._sector, self._indicator = edition.catalog.indicator(figure.indicator)
        self._regions = load_regions(settings)
        self._is_sample = figure.method == SAMPLE_METHOD
        self._is_made = _is_made(edition, figure)
        self._files = files_behind(
            settings, edition, self._sector, self._indicator.datasets, figure, is_sample=self._is_sample
        )

    def notebook(self) -> NotebookNode:
        cells = [*self._head(), *self._tables(), *self._tail()]
        new: dict[str, Callable[..., NotebookNode]] = {"words": new_markdown_cell, "code": new_code_cell}
        made = [
            new[kind](text, id=f"step-{number:02d}") for number, (kind, text) in enumerate(cells, start=1)
        ]
        metadata: dict[str, Any] = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
        built: NotebookNode = new_notebook(cells=made, metadata=metadata)  # type: ignore[no-untyped-call]
        return built

    def _head(self) -> list[Cell]:
        title = words.heading(self._locale, self._indicator, self._figure, self._edition.id, self._facts())
        return [
            ("words", title),
            ("code", code.opening()),
            ("code", code.wanted(self._figure, self._regions.root.code, self._indicator)),
        ]

    def _facts(self) -> list[tuple[str, str]]:
        figure, locale, t = self._figure, self._locale, self._locale.t
        region = self._regions.get(figure.region_code)
        facts = [
            (t("Indicator"), f"{figure.indicator} · {self._indicator.name.in_language(locale.language)}"),
            (t("Region"), f"{figure.region_code} · {region.name}"),
            (t("Period"), f"{figure.period} · {locale.period(figure.period)}"),
            (t("Method"), self._method()),
            (t("Figure"), repr(figure.value)),
            (t("As-of date"), locale.date(figure.as_of) if figure.as_of else locale.missing),
            (t("Definition"), self._indicator.definition.in_language(locale.language)),
            *self._source(),
        ]
        if figure.agency_code:
            on = date.fromisoformat(self._edition.as_of)
            name = load_agencies(self._settings).get(figure.agency_code, on=on).name_id
            facts.insert(2, (t("Agency"), f"{figure.agency_code} · {name}"))
        return facts

    def _method(self) -> str:
        if self._is_sample:
            return self._locale.t("Sample data")
        text = self._sector.methods_of(self._indicator).get(self._figure.method)
        return text.in_language(self._locale.language) if text else self._figure.method

    def _source(self) -> list[tuple[str, str]]:
        sources = self._edition.sources
        found = sources[sources["source_submission"].eq(self._figure.source_submission)]
        said = [text for text in found["source"] if text]
        return [(self._locale.t("Source"), said[0])] if said else []

    def _tables(self) -> list[Cell]:
        cells: list[Cell] = []
        for name, files in self._files.items():
            cells += self._table(self._sector.dataset(name), self._indicator.fed_by(name), files)
            if len(self._files) > 1:
                cells.append(("code", code.keeping(name)))
        if len(self._files) > 1:
            cells.append(("code", code.joining(list(self._files))))
        return cells

    def _table(self, dataset: Dataset, indicator: Indicator, files: Sequence[KeptFile]) -> list[Cell]:
        locale = self._locale
        cells = [("words", words.files_text(locale, dataset, files))]
        if any(file.receipt for file in files):
            cells += [("words", words.original_text(locale)), ("code", code.original(files))]
        cells += [("words", words.reading_text(locale, files)), ("code", code.reading(dataset, files))]
        if self._has_transform(dataset):
            cells += [
                ("words", words.transform_text(locale, self._sector)),
                ("code", code.transforming(self._sector, dataset)),
            ]
        cells += [
            ("words", words.choosing_text(locale, with_below=self._is_made)),
            (
                "code",
                code.choosing(dataset, indicator, is_sample=self._is_sample, with_below=self._is_made),
            ),
        ]
        if self._has_parts:
            cells += [
                ("words", words.counting_text(locale, self._indicator)),
                ("code", code.counting(indicator)),
            ]
        return cells

    def _tail(self) -> list[Cell]:
        locale = self._locale
        indicator = self._indicator.fed_by(next(iter(self._files)))
        cells: list[Cell] = []
        if self._is_made:
            cells += [("words", words.rolling_up_text(locale)), ("code", code.rolling_up())]
        if self._has_parts:
            cells += [("words", words.formula_text(locale, indicator)), ("code", code.dividing(indicator))]
        else:
            cells += [("words", words.printed_text(locale)), ("code", code.as_printed(indicator))]
        return [*cells, ("words", words.comparing_text(locale)), ("code", code.comparing())]

    @property
    def _has_parts(self) -> bool:
        """Whether the value was computed from its parts; otherwise its source printed it."""
        figure, formula = self._figure, self._indicator.fed_by(next(iter(self._files))).formula
        if formula.numerator is None or figure.numerator is None:
            return False
        return formula.denominator is None or figure.denominator is not None

    def _has_transform(self, dataset: Dataset) -> bool:
        # Read, not run: to name a rule nobody's code has to be executed.
        path = self._settings.sectors_dir / self._sector.slug / "transform.py"
        if not path.is_file():
            return False
        body = ast.parse(path.read_text(encoding="utf-8")).body
        return any(isinstance(node, ast.FunctionDef) and node.name == dataset.id for node in body)


def _is_made(edition: Edition, figure: Measure) -> bool:
    """Return whether a figure was made from the regions below it."""
    tried = edition.coverage
    wanted = {
        name: getattr(figure, name)
        for name in ("indicator", "region_code", "agency_code", "period", "method")
    }
    rows = tried["outcome"].eq("made")
    for name, value in wanted.items():
        rows &= tried[name].eq(value)
    return bool(rows.any())
