"""What the door knows of the house: declarations, regions, agencies, the key for persons, what was taken in before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from command_center.catalog import Catalog, Dataset, Sector, load_sound_catalog
from command_center.cleaning import PersonKey, person_key
from command_center.contracts.schema import METHOD_COLUMN
from command_center.errors import CatalogError
from command_center.ingest.context import IngestContext
from command_center.ingest.submissions.current import read_current
from command_center.ingest.submissions.files import SubmissionFiles
from command_center.ingest.submissions.model import Submission
from command_center.ingest.submissions.register import Register
from command_center.ingest.submissions.rulings import Rulings
from command_center.regions import (
    AgencyBook,
    RegencyProfile,
    RegionTree,
    load_agencies,
    load_profile,
    load_regions,
)
from command_center.settings import Settings

SOURCE_COLUMN = "source"
# Invented persons have nothing to hide; a sample needs no secret of the house to be taken in.
_SAMPLE_KEY = PersonKey(b"the codes of invented persons are no secret")


@dataclass(frozen=True, eq=False)
class Intake:
    """One house, as the door sees it; `is_sample` is the side door for sample data."""

    settings: Settings
    profile: RegencyProfile
    catalog: Catalog
    regions: RegionTree
    agencies: AgencyBook
    key: PersonKey | None
    is_sample: bool = False

    @property
    def files(self) -> SubmissionFiles:
        """Where its files lie."""
        return SubmissionFiles(self.settings, samples=self.is_sample)

    @property
    def register(self) -> Register:
        """Its register."""
        return Register(self.files.register)

    def declared(self, name: str) -> tuple[Sector, Dataset]:
        """Return sector and dataset of SECTOR.DATASET; CatalogError, with the known names, for another."""
        known = {
            f"{sector.slug}.{dataset.id}": (sector, dataset) for sector, dataset in self.catalog.datasets
        }
        if name not in known:
            raise CatalogError(
                f"There is no dataset {name!r}",
                where="sectors/*/sector.yml",
                who="whoever sends the file",
                next_step="choose one of: " + ", ".join(sorted(known)),
            )
        return known[name]

    def context(
        self,
        submission: Submission | None,
        name: str,
        on: date,
        period: str,
        *,
        agency: str = "",
        file: str = "",
    ) -> IngestContext:
        """Return what the check of one file knows beside the file; `agency` and `file` before it has a receipt."""
        sector, dataset = self.declared(name)
        agency = submission.agency if submission is not None else agency or dataset.owner or sector.owner
        rulings = Rulings(self.register)
        receipt = submission.receipt if submission is not None else ""
        file = submission.name if submission is not None else file
        return IngestContext(
            regions=self.regions,
            agencies=self.agencies,
            received_on=on,
            person_key=self.key,
            expected_period=period,
            confirmed=rulings.headers(agency, name),
            last=self._last(sector, dataset),
            taken_in=self.taken(name, without=receipt),
            supplied=self._supplied(dataset, agency, file, on),
            last_filled=self._last_filled(name, agency, receipt),
            confirmed_changes=rulings.changes(submission) if submission is not None else frozenset(),
            others={
                f"{one.slug}.{other.id}": other
                for one, other in self.catalog.datasets
                if other is not dataset
            },
        )

    def taken(self, name: str, *, without: str = "") -> Mapping[str, str]:
        """Return hash -> receipt of every file that came for SECTOR.DATASET and was not returned."""
        return {
            one.sha256: one.receipt
            for one in self.register.all(dataset=name)
            if one.state != "returned" and one.receipt != without
        }

    def _last(self, sector: Sector, dataset: Dataset) -> pd.DataFrame | None:
        table = read_current(
            self.settings, sector.slug, dataset, self.regions, frozenset(self.agencies.codes)
        )
        return None if table is None else table.frame

    def _supplied(self, dataset: Dataset, agency: str, file: str, on: date) -> Mapping[str, str]:
        """What a delivery says of itself: who sent which file, and the method where only one is declared."""
        sender = self.agencies.get(agency, on=on).short_name
        said = {SOURCE_COLUMN: f"{sender}, {file}"}
        return said | ({METHOD_COLUMN: next(iter(dataset.methods))} if len(dataset.methods) == 1 else {})

    def _last_filled(self, name: str, agency: str, receipt: str) -> frozenset[str]:
        """The fields that the agency's last accepted file filled."""
        for one in self.register.all(state="accepted", dataset=name):
            if one.agency == agency and one.receipt != receipt:
                table = pd.read_parquet(self.files.tidy(one))
                return frozenset(str(column) for column in table.columns if table[column].notna().any())
        return frozenset()


def open_intake(settings: Settings, *, samples: bool = False) -> Intake:
    """Return the house of the given settings, or the side door of its samples; broken declarations are left out."""
    return Intake(
        settings=settings,
        profile=load_profile(settings),
        catalog=load_sound_catalog(settings),
        regions=load_regions(settings),
        agencies=load_agencies(settings),
        key=_SAMPLE_KEY if samples else person_key(),
        is_sample=samples,
    )
