"""Downloads of figures in the reader's words: an Excel workbook of an indicator, and a figure as a notebook."""

import asyncio
from typing import Any

from tornado.web import HTTPError

from command_center.access import PUBLIK
from command_center.catalog import Indicator, Sector
from command_center.editions import Edition
from command_center.errors import CatalogError, UnknownRegionError
from command_center.pages.addresses import indicator_page
from command_center.pages.amounts import hidden_note
from command_center.pages.context import PageContext
from command_center.pages.figures_workbook import figures_workbook
from command_center.pages.notices import notice_page
from command_center.recomputation import RecomputationError, figure_notebook, find_figure, notebook_bytes
from command_center.serving.downloads import MeasuresHandler
from command_center.serving.responses import (
    SMALL_CELLS,
    HouseHandler,
    other_language,
    reader_locale,
    set_caching,
    shown_edition,
)

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FiguresWorkbookHandler(MeasuresHandler):
    """Sends what the CSV holds as an Excel workbook, words in the reader's language."""

    async def get(self, edition: str | None, indicator: str, region: str) -> None:
        """Send the workbook."""
        opened, codes = self.wanted(edition or "", indicator, region)
        address = indicator_page(indicator, region).in_language(reader_locale(self.request.path).language)
        context = PageContext(self.house.with_catalog(opened.catalog), opened, address)
        content = await asyncio.to_thread(_workbook, context, indicator, codes)
        self.describe(opened, indicator, codes, is_older=bool(edition))
        self.set_header("Content-Type", WORKBOOK_TYPE)
        self.set_header(
            "Content-Disposition", f'attachment; filename="{indicator}_{region}_{opened.id}.xlsx"'
        )
        self.write(content)


def _workbook(context: PageContext, indicator: str, codes: list[str]) -> bytes:
    sector, declared = context.edition.catalog.indicator(indicator)
    measures = context.measures
    chosen = measures[measures["indicator"].eq(indicator) & measures["region_code"].isin(codes)]
    return figures_workbook(context, sector, declared, chosen)


class FigureNotebookHandler(HouseHandler):
    """Sends the notebook that recomputes one figure."""

    _hidden: Indicator | None = None

    async def get(self, edition: str | None, indicator: str, region: str) -> None:
        """Send the notebook of the figure that `periode`, `metode` and `opd` name, or of the latest one."""
        opened = shown_edition(self.house, edition or "", self.person)
        try:
            sector, declared = opened.catalog.indicator(indicator)
            self.house.regions.get(region)
        except (CatalogError, UnknownRegionError) as error:
            raise HTTPError(404, log_message=str(error)) from error
        chosen = {
            name: self.get_query_argument(word, "")
            for name, word in (("period", "periode"), ("method", "metode"), ("agency", "opd"))
        }
        self._let_in(opened, sector, declared, region, chosen["agency"])
        language = reader_locale(self.request.path).language
        try:
            figure = find_figure(opened, declared, region, **chosen)
            made = await asyncio.to_thread(figure_notebook, self.house.settings, opened, figure, language)
        except RecomputationError as error:
            raise HTTPError(404, log_message=str(error)) from error
        set_caching(self, opened, is_older=False)
        if not PUBLIK.sees_rows(sector, declared, region, chosen["agency"]) and declared.small_cells:
            self.note(SMALL_CELLS)  # a mandate was used, whatever figure it is
        name = f"{indicator}_{region}_{figure.period}_{opened.id}.ipynb"
        self.set_header("Content-Type", "application/x-ipynb+json; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.write(notebook_bytes(made))

    def _let_in(
        self, edition: Edition, sector: Sector, indicator: Indicator, region: str, agency: str
    ) -> None:
        """Raise HTTPError 403 for a figure that the reader may not see, or not the rows behind."""
        if not edition.view.sees(sector, indicator, region, agency):
            raise HTTPError(403, log_message="not a figure for this reader")
        if not edition.view.sees_rows(sector, indicator, region, agency):
            self._hidden = indicator
            raise HTTPError(403, log_message="the rows behind the figure count few persons")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send the page of an error; that of a hidden figure says why, in the words of its card."""
        if self._hidden is None:
            super().write_error(status_code, **kwargs)
            return
        locale = reader_locale(self.request.path)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        product = self.house.profile.product_title[locale.language]
        reason = hidden_note(locale, self._hidden)
        self.finish(notice_page(locale, 403, product, other_language(self.request.path), reason=reason))
