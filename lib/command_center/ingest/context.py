"""What a check knows beside the file: the regions, the agencies, the day, what was accepted before.

Values only; reading and storing them is for whoever calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from command_center.catalog import Dataset
from command_center.cleaning import PersonKey
from command_center.regions import AgencyBook, RegionTree


@dataclass(frozen=True, eq=False)
class IngestContext:
    """`received_on`: the day the file came. `person_key`: replaces personal numbers, None where none is set.

    `expected_period`: the period due, such as "2024" or "2024-S1", "" where any may come. `confirmed`: headers
    the walidata has said yes to, with their fields. `last`: the last accepted table, typed, None before the
    first. `taken_in`: hash -> receipt of files already accepted. `others`: the house's other datasets by id.
    `supplied`: fields that the delivery says where the sheet lacks them, with their text. `last_filled`: fields that
    the agency's last accepted file filled. `confirmed_changes`: fields whose new scale or absence the walidata has
    said yes to for this file.
    """

    regions: RegionTree
    agencies: AgencyBook
    received_on: date
    person_key: PersonKey | None = None
    expected_period: str = ""
    confirmed: Mapping[str, str] = field(default_factory=dict)
    last: pd.DataFrame | None = None
    taken_in: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Dataset] = field(default_factory=dict)
    supplied: Mapping[str, str] = field(default_factory=dict)
    last_filled: frozenset[str] = frozenset()
    confirmed_changes: frozenset[str] = frozenset()
