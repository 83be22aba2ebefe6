"""The briefing as files that are kept per date: executed notebook, one-file HTML, PDF (A4, tagged) and plain text.

All four say the same sentences: they are written from one briefing. Files appear whole or not at all.
"""

import json
import shutil
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import typst
from jinja2 import Environment, PackageLoader, StrictUndefined

from command_center.access import VIEW_VARIABLE, View
from command_center.briefing.compose import compose
from command_center.briefing.declared import load_plan
from command_center.briefing.model import Briefing
from command_center.cleaning.private import KEY_VARIABLE
from command_center.editions import Edition
from command_center.kernels.execution import execute_notebook
from command_center.locale import Language
from command_center.pages.addresses import briefing_page
from command_center.pages.context import PageContext
from command_center.pages.house import House
from command_center.theme import font_directory

NOTEBOOK = "daily_briefing.ipynb"
_TIMEOUT_S = 120.0
_FONTS = ["Plus Jakarta Sans", "DejaVu Sans", "Liberation Sans"]
_TEMPLATE = Path(__file__).parent / "templates" / "briefing.typ"


@dataclass(frozen=True)
class BriefingFiles:
    """The four files of one briefing in one language, in the folder of its date."""

    folder: Path
    stem: str

    @property
    def notebook(self) -> Path:
        return self.folder / f"{self.stem}.ipynb"

    @property
    def html(self) -> Path:
        return self.folder / f"{self.stem}.html"

    @property
    def pdf(self) -> Path:
        return self.folder / f"{self.stem}.pdf"

    @property
    def text(self) -> Path:
        return self.folder / f"{self.stem}.txt"


def briefing_context(
    house: House, edition: Edition, day: date, language: Language, view: View
) -> PageContext:
    """Return the context of a day's briefing as a view shows it."""
    address = briefing_page(day).in_language(language)
    return PageContext(house.with_catalog(edition.catalog), edition.seen_by(view), address)


def keep_briefing(
    house: House,
    edition: Edition,
    day: date,
    *,
    language: Language = "id",
    view: View,
    trouble: tuple[str, ...] = (),
    root: Path | None = None,
) -> BriefingFiles:
    """Write the briefing of a day and return its files, replacing those of an earlier try.

    They lie in `<root>/<date>/` (data/briefings without a root), those of other views than the public's in a
    folder of their own below. Raises ExecutionError where the notebook fails; nothing is then replaced.
    """
    context = briefing_context(house, edition, day, language, view)
    briefing = compose(context, day, trouble=trouble)
    base = (root or house.settings.data_dir / "briefings") / day.isoformat()
    folder = base if view.kind == "publik" else base / view.folder
    folder.mkdir(parents=True, exist_ok=True)
    if folder != base:
        folder.chmod(0o700)  # what not everybody may see, this account alone opens
    files = BriefingFiles(folder, "briefing" if language == "id" else f"briefing_{language}")
    aside = BriefingFiles(folder / f".{uuid.uuid4().hex}", files.stem)
    aside.folder.mkdir()
    try:
        _execute(house, edition, day, language, view, aside.notebook, trouble)
        aside.text.write_text(briefing.plain_text, encoding="utf-8")
        aside.html.write_text(briefing_html(context, briefing), encoding="utf-8")
        aside.pdf.write_bytes(briefing_pdf(context, briefing))
        for made in sorted(aside.folder.iterdir()):
            made.replace(folder / made.name)
    finally:
        shutil.rmtree(aside.folder, ignore_errors=True)
    return files


def _execute(
    house: House,
    edition: Edition,
    day: date,
    language: Language,
    view: View,
    output: Path,
    trouble: tuple[str, ...],
) -> None:
    notebook = house.settings.notebooks_dir / NOTEBOOK
    execute_notebook(
        notebook,
        output,
        {"date": day.isoformat(), "edition": edition.id, "language": language, "trouble": list(trouble)},
        notebook.parent,
        _TIMEOUT_S,
        {**house.settings.environment, VIEW_VARIABLE: view.key, KEY_VARIABLE: ""},
    )


def briefing_html(context: PageContext, briefing: Briefing) -> str:
    """Return the briefing as one HTML file that asks for nothing outside itself."""
    template = _environment().get_template("briefing.html.j2")
    return template.render(**_content(context, briefing))


def briefing_pdf(context: PageContext, briefing: Briefing) -> bytes:
    """Return the briefing as a tagged PDF (PDF/UA-1)."""
    content = json.dumps(_content(context, briefing), ensure_ascii=False)
    made = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        font_paths=[str(font_directory())],
        sys_inputs={"briefing": content},
        pdf_standards="ua-1",
    )
    return bytes(made)


def _content(context: PageContext, briefing: Briefing) -> dict[str, object]:
    locale = context.locale
    base = urljoin(
        load_plan(context.house.settings).address.rstrip("/") + "/", context.address.url.lstrip("/")
    )
    return {
        "title": briefing.title,
        "language": briefing.language,
        "office": context.house.profile.product_title[context.language],
        "edition": context.edition.id,
        "footer": locale.t("Edition {date}", date=context.edition.id),
        "evidence": locale.t("evidence"),
        "fonts": _FONTS,
        "parts": [
            {
                "heading": part.heading,
                "sentences": [
                    {"text": sentence.text, "link": urljoin(base, sentence.link)}
                    for sentence in part.sentences
                ],
            }
            for part in briefing.parts
        ],
    }


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("command_center.briefing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
