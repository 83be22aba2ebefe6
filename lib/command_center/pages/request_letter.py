"""A letter of request to one agency: what it owes, by when, on what basis, in the layout of an official letter.

Always in Indonesian. It names posts and never a person, and has no number: that is given where letters are
registered. Makes words only; `publishing.letter` makes files of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from command_center.calendar import load_calendar
from command_center.catalog import Dataset, Sector
from command_center.editions import Edition
from command_center.errors import CommandCenterError
from command_center.locale import Locale, parse_period
from command_center.pages.house import House
from command_center.pages.readiness_words import CADENCE_WORDS
from command_center.pages.standalone import standalone_page
from command_center.quality import Owed, load_readiness_rules, obligations, owed_by

_NAMED_REGIONS = 8


class LetterError(CommandCenterError):
    """A letter that cannot be written: to an agency that owes nothing, or that gets none from here."""


@dataclass(frozen=True)
class LetterRow:
    """One dataset in the table of a letter; `target` is its name as SECTOR.DATASET."""

    number: str
    target: str
    title: str
    rhythm: str
    periods: str
    regions: str
    due: str
    basis: str


@dataclass(frozen=True)
class RequestLetter:
    """A letter, in words."""

    government: str
    sender: str
    place_and_date: str
    facts: tuple[tuple[str, str], ...]
    recipient: tuple[str, ...]
    paragraphs: tuple[str, ...]
    basis: tuple[str, ...]
    table_heading: str
    columns: tuple[str, ...]
    rows: tuple[LetterRow, ...]
    closing: tuple[str, ...]
    signatory: tuple[str, ...]
    note: str
    agency: str
    day: date

    @property
    def title(self) -> str:
        """What the letter is about and to whom, for a browser tab and a document's properties."""
        return f"{self.facts[-1][1]}: {self.agency}"


def request_letter(house: House, edition: Edition, agency: str) -> RequestLetter:
    """Return the letter to an agency on the day of an edition.

    Raises UnknownAgencyError for an unknown code, LetterError where nothing is owed or the agency lies outside the
    regency's administration.
    """
    day, locale = date.fromisoformat(edition.as_of), Locale("id")
    recipient = house.agencies.get(agency, on=day)
    owed = owed_by(edition.readiness, agency)
    if recipient.kind == "outside" or not owed:
        reason = (
            "lies outside the administration" if recipient.kind == "outside" else "owes nothing that is due"
        )
        raise LetterError(
            f"{recipient.short_name} {reason}, so there is no letter",
            where=f"edition {edition.id}",
            who="whoever asked for the letter",
            next_step="command-center readiness",
        )
    rules = load_readiness_rules(house.settings).letter
    sender = house.agencies.get(rules.sender, on=day)
    calendar = load_calendar(house.settings)
    answer_by = calendar.add_working_days(day, rules.answer_working_days)
    writer = _Rows(house, locale, edition)
    rows = tuple(writer.row(number, one) for number, one in enumerate(owed, start=1))
    return RequestLetter(
        government=locale.t("Government of {regency}", regency=house.profile.full_name["id"]),
        sender=sender.name_id,
        place_and_date=f"{house.profile.name}, {locale.date(day)}",
        facts=(
            (locale.t("Number"), "......"),
            (locale.t("Nature"), locale.t("Important")),
            (locale.t("Enclosure"), locale.t("{count} blank workbooks", count=locale.number(len(rows), 0))),
            (locale.t("Subject"), locale.t("Request for data")),
        ),
        recipient=(
            locale.t("To the Head of {agency}", agency=recipient.name_id),
            house.profile.full_name["id"],
            locale.t("at the place"),
        ),
        paragraphs=(
            locale.t(
                "In order to complete the data of {product} as at {date}, we ask you to send the data below, which "
                "are due and have not been received.",
                product=house.profile.product_title["id"],
                date=locale.date(day),
            ),
        ),
        basis=tuple(one.text.in_language("id") for one in rules.basis),
        table_heading=locale.t("Data that are asked for"),
        columns=(
            locale.t("No."),
            locale.t("Dataset"),
            locale.t("Period"),
            locale.t("Region"),
            locale.t("Due"),
            locale.t("Legal basis"),
        ),
        rows=rows,
        closing=(
            locale.t(
                "The data are sent in the enclosed blank workbooks through the page “Send data”, by {date} at the "
                "latest. That day is a proposal of the command center.",
                date=locale.date(answer_by),
            ),
            locale.t("Please leave out identity numbers, family-card numbers, names and telephone numbers."),
            locale.t("We thank you for your attention and cooperation."),
        ),
        signatory=(rules.signatory.in_language("id").format(agency=sender.name_id), locale.t("(signature)"), "......"),
        note=locale.t("Draft made from edition {edition}. It is valid once numbered and signed.", edition=edition.id),
        agency=recipient.short_name,
        day=day,
    )  # fmt: skip


class _Rows:
    """Writes the rows of a letter."""

    def __init__(self, house: House, locale: Locale, edition: Edition) -> None:
        self._house, self._locale, self._day = house, locale, date.fromisoformat(edition.as_of)
        self._rules, self._calendar = load_readiness_rules(house.settings), load_calendar(house.settings)

    def row(self, number: int, owed: Owed) -> LetterRow:
        """Return one dataset that is owed."""
        locale = self._locale
        sector = self._house.catalog.sector(owed.sector)
        dataset = sector.dataset(owed.dataset)
        days = sorted({owed.first_due, owed.last_due})
        return LetterRow(
            number=locale.number(number, 0),
            target=f"{owed.sector}.{owed.dataset}",
            title=dataset.title.id,
            rhythm=locale.t(CADENCE_WORDS[dataset.cadence]),
            periods="; ".join(
                [*self._whole(dataset, owed), *(locale.period(one[0]) for one in owed.partial)]
            ),
            regions=self._regions(dataset, owed),
            due=" – ".join(locale.period(day.isoformat(), short=True) for day in days),
            basis="; ".join(_legal_bases(sector, dataset)) or "–",
        )

    def _whole(self, dataset: Dataset, owed: Owed) -> list[str]:
        """The missing periods, those that follow each other as one stretch."""
        known = [one.period for one in obligations(dataset.cadence, self._rules, self._calendar, self._day)]
        said = []
        for stretch in _stretches([period for period, _ in owed.periods], known):
            first, last = self._locale.period(stretch[0]), self._locale.period(stretch[-1])
            said.append(first if first == last else f"{first} – {last}")
        return said

    def _regions(self, dataset: Dataset, owed: Owed) -> str:
        locale = self._locale
        said = []
        if owed.periods:
            levels = tuple(dataset.layout.region_levels)
            count = sum(region.level in levels for region in self._house.regions)
            said.append(
                locale.t("all {count} regions", count=locale.number(count, 0))
                if count > 1
                else locale.t("the whole regency")
            )
        for period, _, codes in owed.partial:
            names = ", ".join(self._house.region_label(code, locale) for code in codes[:_NAMED_REGIONS])
            more = len(codes) - _NAMED_REGIONS
            rest = locale.t(" and {count} more", count=locale.number(more, 0)) if more > 0 else ""
            said.append(f"{locale.period(period)}: {names}{rest}")
        return "; ".join(said)  # fmt: skip


def _legal_bases(sector: Sector, dataset: Dataset) -> list[str]:
    found = [
        indicator.legal_basis.id
        for indicator in sector.indicators
        if dataset.id in indicator.datasets and indicator.legal_basis is not None
    ]
    return list(dict.fromkeys(found))


def _stretches(periods: Sequence[str], known: Sequence[str]) -> list[list[str]]:
    """Group periods that follow each other without a gap among the `known` ones."""
    place = {period: number for number, period in enumerate(known)}
    found: list[list[str]] = []
    for period in sorted(periods, key=lambda text: parse_period(text).end):
        if found and place.get(period, -1) == place.get(found[-1][-1], -3) + 1:
            found[-1].append(period)
        else:
            found.append([period])
    return found


def letter_page(
    house: House,
    letter: RequestLetter,
    *,
    pdf_link: str = "",
    zip_link: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the letter as a page of its own; the links to its other forms may be ""."""
    locale = Locale("id")
    return standalone_page(
        "request_letter",
        locale,
        title=letter.title,
        product=house.profile.product_title["id"],
        crumbs=crumbs,
        letter=letter,
        downloads=[
            (label, link)
            for label, link in (
                (locale.t("Download as PDF"), pdf_link),
                (locale.t("Letter and blank workbooks in one archive"), zip_link),
            )
            if link
        ],
        basis_heading=locale.t("Basis"),
    )  # fmt: skip
