"""Letters of request as files: a tagged PDF, and an archive with the letter and the blank workbooks it asks for.

The words come from `pages.request_letter`; nothing is computed here.
"""

import io
import json
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path

from command_center.errors import CommandCenterError, PublishingError
from command_center.ingest.workbook import blank_workbook, prepare_order
from command_center.locale import Locale
from command_center.pages.house import House
from command_center.pages.request_letter import RequestLetter
from command_center.theme.stylesheet import font_directory

_TEMPLATE = Path(__file__).with_name("letter.typ")
# The same letter gives the same archive.
_FIXED = (1980, 1, 1, 0, 0, 0)


def letter_pdf(letter: RequestLetter) -> bytes:
    """Return the letter as PDF/UA-1: tagged, with title and language; the same letter gives the same bytes."""
    # Imported here: a command that writes no letter need not load the typesetter.
    import typst

    words = {
        "title": letter.title,
        "government": letter.government,
        "sender": letter.sender,
        "place_and_date": letter.place_and_date,
        "facts": letter.facts,
        "recipient": letter.recipient,
        "paragraphs": letter.paragraphs,
        "basis_heading": f"{Locale('id').t('Basis')}:",
        "basis": letter.basis,
        "table_heading": letter.table_heading,
        "columns": letter.columns,
        "rows": [
            (row.number, f"{row.title} ({row.rhythm})", row.periods, row.regions, row.due, row.basis)
            for row in letter.rows
        ],
        "closing": letter.closing,
        "signatory": letter.signatory,
        "note": letter.note,
    }
    try:
        made: bytes = typst.compile(
            _TEMPLATE,
            format="pdf",
            font_paths=[font_directory()],
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(words, ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=datetime.combine(letter.day, time(), tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise PublishingError(
            f"The letter cannot be set: {error}",
            where=_TEMPLATE.name,
            who="the maintainer",
            next_step="correct the template",
        ) from error
    return made


def letter_archive(house: House, letter: RequestLetter) -> bytes:
    """Return a ZIP with the letter as PDF and a blank workbook for each dataset it asks for.

    A dataset whose workbook cannot be made is a PublishingError: a letter is not sent with an enclosure missing.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, f"surat_permintaan_{letter.day.isoformat()}.pdf", letter_pdf(letter))
        for row in letter.rows:
            try:
                order = prepare_order(house.settings, row.target, letter.day)
                content = blank_workbook(order, Locale("id"))
            except CommandCenterError as error:
                raise PublishingError(
                    f"The blank workbook of {row.target} cannot be made: {error.what}",
                    where=error.where,
                    who=error.who,
                    next_step=error.next_step,
                ) from error
            _add(archive, f"blangko/{row.target}.xlsx", content)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
