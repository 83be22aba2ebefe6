"""Letters of request over the web, for those who send them and for the agency that gets one."""

import asyncio

from tornado.web import HTTPError

from command_center.errors import CommandCenterError
from command_center.locale import Locale
from command_center.pages.addresses import readiness_page
from command_center.pages.request_letter import LetterError, letter_page, request_letter
from command_center.publishing.letter import letter_archive, letter_pdf
from command_center.regions.agencies import UnknownAgencyError
from command_center.serving.responses import HouseHandler, shown_edition

_TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


class RequestLetterHandler(HouseHandler):
    """The letter to one agency, made from the latest edition: as a page, as PDF, with blank workbooks as ZIP."""

    async def get(self, agency: str, form: str) -> None:
        """Send it; 403 for whoever neither sends nor gets it, 404 where there is none."""
        if not self.person.may_read_letter(agency):
            raise HTTPError(403, log_message="not a letter for this reader")
        edition = shown_edition(self.house, "", self.person)
        house = self.house.with_catalog(edition.catalog)
        try:
            letter = request_letter(house, edition, agency)
        except (LetterError, UnknownAgencyError) as error:
            raise HTTPError(404, log_message=str(error)) from error
        self.set_header("Cache-Control", "private, no-store")
        if form == "/":
            base = f"/surat-permintaan/{agency}"
            crumbs = [
                (Locale("id").t("Data readiness"), readiness_page().url),
                (letter.agency, readiness_page(agency).url),
            ]
            self.write(
                letter_page(house, letter, pdf_link=f"{base}.pdf", zip_link=f"{base}.zip", crumbs=crumbs)
            )
            return
        try:
            content = (
                await asyncio.to_thread(letter_pdf, letter)
                if form == ".pdf"
                else await asyncio.to_thread(letter_archive, house, letter)
            )
        except CommandCenterError as error:
            raise HTTPError(500, log_message=str(error)) from error
        self.set_header("Content-Type", _TYPES[form])
        name = f"surat_permintaan_{agency}_{letter.day.isoformat()}{form}"
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.write(content)
