"""Pages made and put into an edition: many at a refresh, one at a reader's first request.

A page that cannot be made is reported and leaves the others standing.
"""

import functools
import gzip
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import nbformat

from command_center.access import PUBLIK, VIEW_VARIABLE, View, views_beside_publik
from command_center.cleaning.private import KEY_VARIABLE
from command_center.editions import Edition, EditionBuilder
from command_center.editions.store import BUILDING_VARIABLE, pages_folder
from command_center.errors import CommandCenterError
from command_center.kernels.execution import execute_notebook
from command_center.kernels.workers import Job, Outcome, execute_many
from command_center.pages.addresses import PageAddress
from command_center.pages.house import House
from command_center.publishing.plan import PagePlan, plan_page, sector_shown, shows_figures
from command_center.publishing.renderer import render_notebook
from command_center.publishing.workshop import Workshop

PAGE_TIMEOUT_S = 120.0
# One more than processors: a notebook waits a third of its time for its kernel to come and to go.
WORKERS = (os.cpu_count() or 1) + 1
# Level 6 costs half the time of 9 for one percent more bytes.
GZIP_LEVEL = 6
# Pages whose executed notebook is kept beside the page, for whoever asks how it was made.
KEPT_NOTEBOOKS = frozenset({"briefing", "home"})


@dataclass(frozen=True)
class PublishedPage:
    """One page of an edition, how long it took, and why it failed where it did."""

    address: PageAddress
    seconds: float
    size_bytes: int
    error: CommandCenterError | None = None
    view: View = PUBLIK

    @property
    def file(self) -> Path:
        """Where it lies below the edition's `pages` folder, or below the edition for a view of its own."""
        return (
            self.address.file if self.view == PUBLIK else pages_folder(Path(), self.view) / self.address.file
        )


def publish_pages(
    house: House,
    builder: EditionBuilder,
    addresses: Iterable[PageAddress],
    workshop: Workshop | None = None,
) -> Iterator[PublishedPage]:
    """Execute and render the pages into a new edition; yield each as it is done, in no fixed order.

    Each is made for everybody, and once more for officials and for those who see everything where they see more
    on it. They are made in `workshop`, or in one opened for the purpose. A page that cannot be made carries its
    error.
    """
    plans: list[tuple[PagePlan, View]] = []
    written = Edition(builder.path)

    @functools.cache
    def views_beside(sector: str, is_whole: bool) -> tuple[View, ...]:
        # Officials see the small cells of every page; those of the whole regency wait ready for them, others are
        # made when they are first asked for.
        table = written.figures if is_whole else written.measures
        return views_beside_publik(table, house.catalog, sector=sector)

    for address in addresses:
        try:
            plan = plan_page(house, address, builder.edition_id)
        except CommandCenterError as error:
            yield PublishedPage(address, 0.0, 0, error)
            continue
        is_whole = address.region in ("", house.regions.root.code)
        sector = sector_shown(house.catalog, address)
        others = views_beside(sector, is_whole) if shows_figures(address) else ()
        plans += [(plan, view) for view in (PUBLIK, *others)]
    if not plans:
        return
    owner: AbstractContextManager[Workshop] = nullcontext(workshop) if workshop is not None else Workshop()
    # Beside the edition being built, so that the next refresh clears what a killed one left.
    with owner as tools, tempfile.TemporaryDirectory(prefix="pages-", dir=builder.path.parent) as folder:
        jobs = {Path(folder) / f"{number}.ipynb": plan for number, plan in enumerate(plans)}
        environment = {
            **house.settings.environment,
            **tools.environment,
            BUILDING_VARIABLE: builder.edition_id,
        }
        for outcome in execute_many(
            [
                _job(plan, path, {**environment, **view_environment(view)})
                for path, (plan, view) in jobs.items()
            ],
            WORKERS,
            tools.template,
        ):
            yield _made(house, builder, *jobs[outcome.job.output], outcome)


def view_environment(view: View) -> dict[str, str]:
    """Return the environment of a kernel that makes pages for a view; the key for personal numbers is not in it."""
    return {VIEW_VARIABLE: view.key, KEY_VARIABLE: ""}


def _made(
    house: House, builder: EditionBuilder, plan: PagePlan, view: View, outcome: Outcome
) -> PublishedPage:
    if outcome.error is not None:
        return PublishedPage(plan.address, outcome.seconds, 0, outcome.error, view)
    try:
        compressed = _finished(house, plan, outcome.job.output)
    except CommandCenterError as error:
        return PublishedPage(plan.address, outcome.seconds, 0, error, view)
    _store(builder, plan, view, compressed, outcome.job.output)
    outcome.job.output.unlink()
    return PublishedPage(plan.address, outcome.seconds, len(compressed), view=view)


def render_page(house: House, plan: PagePlan, view: View = PUBLIK) -> bytes:
    """Return the gzip bytes of one page as a view shows it, executed now.

    PublishingError or ExecutionError where it fails.
    """
    with tempfile.TemporaryDirectory(prefix="command-center-page-") as folder:
        output = Path(folder) / "page.ipynb"
        execute_notebook(
            plan.notebook,
            output,
            dict(plan.parameters),
            plan.notebook.parent,
            PAGE_TIMEOUT_S,
            {**house.settings.environment, **view_environment(view)},
        )
        return _finished(house, plan, output)


def _job(plan: PagePlan, output: Path, environment: dict[str, str]) -> Job:
    return Job(
        plan.notebook, output, dict(plan.parameters), plan.notebook.parent, PAGE_TIMEOUT_S, environment
    )


def _finished(house: House, plan: PagePlan, executed: Path) -> bytes:
    notebook = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    html = render_notebook(
        notebook,
        jupyter_path=house.settings.jupyter_path,
        title=plan.title,
        language=plan.address.language,
    )
    # No time stamp in the gzip header: the same page gives the same bytes.
    return gzip.compress(html.encode("utf-8"), GZIP_LEVEL, mtime=0)


def _store(builder: EditionBuilder, plan: PagePlan, view: View, compressed: bytes, executed: Path) -> None:
    page = pages_folder(builder.path, view) / plan.address.file
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(compressed)
    if view == PUBLIK and plan.address.kind in KEPT_NOTEBOOKS:
        kept = (
            builder.path
            / "notebooks"
            / f"{plan.address.kind}_{plan.address.subject or builder.edition_id}.ipynb"
        )
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(executed.read_bytes())
