"""`command-center readiness`: the state of the data, and letters of request as files."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from command_center.cli.console import say
from command_center.settings import load_settings

if TYPE_CHECKING:
    from command_center.editions import Edition
    from command_center.pages.house import House


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("readiness")(readiness_command)


def readiness_command(
    agency: Annotated[str, typer.Option(help="Code of one agency, such as 1.02.01.")] = "",
    letters: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write letters of request here: HTML, PDF, ZIP with blank workbooks."
        ),
    ] = None,
) -> None:
    """Print who owes what in the latest edition; sample data pay no debt."""
    from command_center.editions import open_edition
    from command_center.pages.house import open_house
    from command_center.quality import COMPONENTS, load_readiness_rules, owed_by, scores_of_agencies

    settings = load_settings()
    edition = open_edition(settings)
    house = open_house(settings, edition.catalog)
    if agency:
        house.agencies.get(agency)
    table = scores_of_agencies(edition.readiness, load_readiness_rules(settings))
    shown = table[~table["is_sample"].astype("bool") & (table["agency_code"].eq(agency) | (agency == ""))]
    say(f"Edition {edition.id}; scores: {', '.join(COMPONENTS)}; total")
    for row in shown.to_dict("records"):
        scores = " ".join(f"{row[name]:5.0f}" if row[name] == row[name] else "    -" for name in COMPONENTS)
        name = house.agency_name(row["agency_code"], on=_day(edition))
        say(
            f"{row['agency_code']:<11} {name:<16} {scores} {row['total']:6.1f} {row['grade']:<7} "
            f"owes {row['owed_periods']} periods"
        )
        if agency:
            for one in owed_by(edition.readiness, agency):
                periods = ", ".join(
                    [
                        *(period for period, _ in one.periods),
                        *(f"{two[0]} ({len(two[2])} regions)" for two in one.partial),
                    ]
                )
                say(f"  {one.sector}.{one.dataset}: {periods}; due since {one.first_due.isoformat()}")
    if letters is not None:
        _write_letters(house, edition, [str(code) for code in shown["agency_code"]], letters)


def _day(edition: "Edition") -> date:
    return date.fromisoformat(edition.as_of)


def _write_letters(house: "House", edition: "Edition", agencies: list[str], folder: Path) -> None:
    from command_center.pages.request_letter import LetterError, letter_page, request_letter
    from command_center.publishing.letter import letter_archive, letter_pdf

    written = 0
    for code in agencies:
        try:
            letter = request_letter(house, edition, code)
        except LetterError as error:
            say(f"No letter to {code}: {error.what}")
            continue
        name = f"surat_permintaan_{code}"
        files = {
            f"{name}.html": letter_page(
                house, letter, pdf_link=f"{name}.pdf", zip_link=f"{name}.zip"
            ).encode(),
            f"{name}.pdf": letter_pdf(letter),
            f"{name}.zip": letter_archive(house, letter),
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file, content in files.items():
                (folder / file).write_bytes(content)
        except OSError as error:
            raise LetterError(
                f"The letter cannot be written: {error.strerror}",
                where=str(folder),
                who="the person who started the command",
                next_step="give another folder: command-center readiness --letters DIR",
            ) from error
        written += 1
    say(f"{written} letters written to {folder}; each is a draft until it is numbered and signed")
