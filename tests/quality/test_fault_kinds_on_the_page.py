"""Every kind of fault that intake knows, planted in files, stands on the readiness page as often as it was planted.

The files go through the real door, each beside what its draft says of dataset and period. CI plants every kind
in one dataset; `make bench` in each of the ten that can have it.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from command_center.editions import Edition
from command_center.ingest.checks import CHECKS
from command_center.ingest.readers import read_file
from command_center.ingest.refusals import IngestError
from command_center.ingest.submissions import Delivery, Door, Intake, open_intake
from command_center.pages.addresses import readiness_page
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.pages.readiness_faults import faults_block
from command_center.quality import conform_faults
from command_center.refresh.readiness import faults_of_submissions
from command_center.settings import Settings
from tests.ingest.broken.drafts import Draft, new_draft
from tests.ingest.broken.registry import KINDS
from tests.ingest.broken.scores import drafts
from tests.ingest.broken.tables import DATASETS
from tests.ingest.test_mutation import REFUSED, unplaced_layer

AGENCY = "1.03.01"
# A file that came before gets no receipt of its own; the others are notes of a decision, or of a file that no
# dataset, and so no agency's page, can be named for.
NOT_OF_A_FILE = {"resubmitted_file", "corrected", "recipe", "unplaced_file"}
# Said of a delivery and not of a cell, so that no kind plants them.
OF_THE_DELIVERY: dict[str, tuple[str, dict[str, Any]]] = {
    "column_supplied": ("source", {"supplied": {"source": "Dinas, berkas.csv"}}),
    "column_dropped": ("note", {"last_filled": frozenset({"note"})}),
}


@dataclass(frozen=True, eq=False)
class Planted:
    """A file with faults: under which kind it is sent, and how often which check must tell one."""

    kind: str
    draft: Draft
    content: bytes
    told: Counter[str]
    limits: Any = None
    suffix: str = ""


def planted(*, everywhere: bool) -> Iterator[Planted]:
    """Files of every kind: in every dataset that can have it, or in the first."""
    for kind in KINDS.values():
        for number, draft in enumerate(drafts(kind, (1,))):
            if everywhere or number == 0:
                told = Counter(check for check, _, _ in draft.expected())
                yield Planted(kind.name, draft, draft.content(), told)
    for check, (column, known) in OF_THE_DELIVERY.items():
        draft = new_draft("aduan_lapor", "csv", 1)
        draft.columns.remove(column)
        draft.context |= known
        yield Planted(check, draft, draft.content(), Counter({check: 1}))
    for check, (content, known) in REFUSED.items():
        if check not in NOT_OF_A_FILE:
            context = {name: value for name, value in known.items() if name not in ("dataset", "limits")}
            draft = new_draft(known.get("dataset", "ruas_jalan"), "csv", 1)
            draft.context |= context
            yield Planted(check, draft, content(), Counter({check: 1}), known.get("limits"))
    draft = new_draft("ruas_jalan", "csv", 1)
    # The dataset has no column for the shapes of a map.
    told = Counter({"crs_missing": 1, "column_unknown": 1})
    yield Planted("crs_missing", draft, unplaced_layer(), told, suffix="gpkg")


def send(settings: Settings, one: Planted, patch: pytest.MonkeyPatch) -> None:
    """Give a file to the door, which knows of dataset and period what the draft says."""
    patch.setattr(Intake, "declared", lambda *_: (None, one.draft.dataset))
    patch.setattr(Intake, "context", lambda *_, **__: one.draft.ingest_context())
    reader = partial(read_file, limits=one.limits)
    patch.setattr("command_center.ingest.submissions.reading.read_file", reader)
    name = f"{one.kind}.{one.suffix or one.draft.file_format}"
    delivery = Delivery(
        one.content, name, sector=one.kind, dataset=one.draft.dataset.id, agency=AGENCY, channel="command"
    )
    # Whatever is refused is told on the page, as the rest is.
    with suppress(IngestError):
        Door(open_intake(settings)).receive(delivery)


def shown(settings: Settings, edition: Edition, faults: Any) -> Counter[str]:
    """The counts that the page prints of some faults, by check."""
    context = PageContext(open_house(settings, edition.catalog), edition, readiness_page())
    block = faults_block(context, faults, heading="Kesalahan")
    rows = LexborHTMLParser(str(block.html)).css("table[data-faults=real] tr[data-check]")
    found: Counter[str] = Counter()
    for row in rows:
        found[str(row.attributes["data-check"])] += int(row.css("td")[1].text().replace(".", ""))
    return found


def walk(settings: Settings, edition: Edition, *, everywhere: bool) -> int:
    """Send all, then compare the page of each kind and the page of all; return how many faults were planted."""
    files = list(planted(everywhere=everywhere))
    with pytest.MonkeyPatch.context() as patch:
        for one in files:
            send(settings, one, patch)
    counted = faults_of_submissions(settings, samples=False)
    by_kind: dict[str, Counter[str]] = {}
    for one in files:
        by_kind.setdefault(one.kind, Counter()).update(one.told)
    print("kind | faults planted | faults on the page")
    for kind, told in by_kind.items():
        own = conform_faults(counted[counted["sector"].eq(kind)])
        found = shown(settings, edition, own)
        print(f"{kind} | {told.total()} | {found.total()}")
        assert found == told, kind
    whole = sum(by_kind.values(), Counter[str]())
    assert shown(settings, edition, counted) == whole
    assert set(whole) == set(CHECKS) - NOT_OF_A_FILE
    print(f"{len(by_kind)} kinds, {len(files)} files, {whole.total()} faults planted and shown")
    return whole.total()


@pytest.fixture
def own(published_house: Settings, tmp_path: Path) -> tuple[Settings, Edition]:
    """A house without any submission, and an edition whose words the page speaks."""
    from command_center.editions import open_edition
    from tests.house.builder import build_house

    return build_house(tmp_path / "house"), open_edition(published_house)


def test_every_kind_of_fault_is_counted_exactly_on_the_page(own: tuple[Settings, Edition]) -> None:
    assert walk(*own, everywhere=False) > 300


@pytest.mark.bench
def test_every_kind_of_fault_in_every_dataset_is_counted_exactly(own: tuple[Settings, Edition]) -> None:
    assert len(DATASETS) == 10
    assert walk(*own, everywhere=True) > 3000
