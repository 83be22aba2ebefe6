"""Downloads: the measures of an indicator as CSV, and the list of editions."""

import csv
import io
from typing import Any

import pandas as pd
from tornado.web import HTTPError

from command_center.catalog import SAMPLE_METHOD
from command_center.editions import Edition, list_editions
from command_center.errors import CatalogError, UnknownRegionError
from command_center.pages.figures_workbook import FORMULA_STARTS
from command_center.pages.notices import plain_page
from command_center.serving.responses import (
    SMALL_CELLS,
    HouseHandler,
    reader_locale,
    set_caching,
    shown_edition,
)

SAMPLE_STAMP = "DATA CONTOH / SAMPLE DATA"
HIDDEN_REMARK = "disembunyikan, jumlah kecil / hidden, small count"


class MeasuresHandler(HouseHandler):
    """Sends the measures of one indicator for a region and the regions below it."""

    async def get(self, edition: str | None, indicator: str, region: str) -> None:
        """Send UTF-8 CSV with a byte-order mark, so that spreadsheets read the names right."""
        opened, codes = self.wanted(edition or "", indicator, region)
        self.describe(opened, indicator, codes, is_older=bool(edition))
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{indicator}_{region}_{opened.id}.csv"')
        self.write(measures_csv(opened, indicator, codes))

    def describe(self, opened: Edition, indicator: str, codes: list[str], *, is_older: bool) -> None:
        """Say how long the answer may be kept, and note it where it shows small cells."""
        set_caching(self, opened, is_older=is_older)
        if opened.opens_small_cells(indicator=indicator, regions=codes):
            self.note(SMALL_CELLS)

    def wanted(self, edition: str, indicator: str, region: str) -> tuple[Edition, list[str]]:
        """Return the edition as the reader may see it and the codes asked for; HTTPError 404 or 403 otherwise."""
        opened = shown_edition(self.house, edition, self.person)
        try:
            sector, declared = opened.catalog.indicator(indicator)
            codes = [region, *(below.code for below in self.house.regions.descendants(region))]
        except (CatalogError, UnknownRegionError) as error:
            raise HTTPError(404, log_message=str(error)) from error
        measures = opened.measures
        has_rows = (measures["indicator"].eq(indicator) & measures["region_code"].isin(codes)).any()
        if not has_rows and not any(opened.view.sees(sector, declared, code) for code in codes):
            raise HTTPError(403, log_message="not a figure for this reader")
        return opened, codes


def measures_csv(edition: Edition, indicator: str, codes: list[str]) -> bytes:
    """Return the measures with their source as CSV; text that a spreadsheet would run is defused."""
    measures = edition.measures
    chosen = measures[(measures["indicator"] == indicator) & measures["region_code"].isin(codes)]
    joined = chosen.merge(
        edition.sources[["source_submission", "file", "sha256", "row", "source", "note"]],
        on="source_submission",
        how="left",
    )
    joined.insert(0, "stamp", joined["method"].map({SAMPLE_METHOD: SAMPLE_STAMP}))
    joined.insert(1, "remark", joined["suppressed"].map({True: HIDDEN_REMARK}))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["edition", *joined.columns])
    for row in joined.itertuples(index=False):
        writer.writerow([edition.id, *(_cell(value) for value in row)])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value


class EditionListHandler(HouseHandler):
    """Lists the published editions, newest first, and the drafts for those they are open to."""

    async def get(self) -> None:
        """Send the list as a page."""
        locale = reader_locale(self.request.path)
        language, other = ("en/", "/edisi/") if locale.language == "en" else ("", "/en/edisi/")
        entries = [
            (
                locale.date(pd.Timestamp(edition.as_of).date()),
                f"/edisi/{edition.id}/{language}",
                f"{edition.id}{' · ' + locale.t('DRAFT, for analysts only') if edition.is_draft else ''}",
            )
            for edition in list_editions(self.house.settings, drafts=self.person.opens_drafts)
        ]
        page = plain_page(
            locale,
            title=locale.t("Editions"),
            text=locale.t("Every edition stays as it was published; the newest comes first."),
            entries=entries,
            product=self.house.profile.product_title[locale.language],
            language_link=other,
        )
        self.write(page)
