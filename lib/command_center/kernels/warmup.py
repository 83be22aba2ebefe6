"""What the template loads once so that no kernel has to: modules, and caches a library fills on first use.

Renders nothing and keeps no file open. A module that starts a thread on import is refused by its name.
"""

import importlib
import importlib.util
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from command_center.errors import CommandCenterError
from command_center.kernels.protocol import TemplateError

# What an ipykernel loads after its start; in a fork it would be loaded, and held in memory, once a kernel.
KERNEL_MODULES: tuple[str, ...] = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
    "encodings.idna",
    "psutil",
    "sqlite3",
)
# Imported when they can be found. An entry `module:function` is called too, to build what its first user
# would have to build.
DEFAULT_MODULES: tuple[str, ...] = (
    "numpy",
    "pandas",
    "pyarrow.parquet",
    # What pandas and Arrow load at their first Parquet file.
    "pyarrow.dataset",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.core.arrays.arrow._arrow_utils",
    "duckdb",
    "shapely",
    "geopandas",
    "altair",
    "command_center.kernels.warmup:altair_schema",
    "ipywidgets",
    "command_center.pages",
    "command_center.kernels.warmup:page_parts",
    "command_center.briefing",
    "command_center.charts",
    "command_center.maps",
    "command_center.editions",
)
# A process that has rendered with vl-convert hangs after fork, so the template must not even hold it.
FORBIDDEN_MODULES: tuple[str, ...] = ("vl_convert",)


def import_modules(modules: Iterable[str]) -> tuple[list[str], list[str]]:
    """Import what every kernel needs and `modules`; return the imported and the absent names.

    Raises TemplateError, naming the module, when one starts a thread or brings in a forbidden module.
    """
    imported: list[str] = []
    absent: list[str] = []
    for entry in [*KERNEL_MODULES, *modules]:
        name, _, function = entry.partition(":")
        if not _exists(name):
            absent.append(name)
            continue
        module = importlib.import_module(name)
        if function:
            getattr(module, function)()
        check_single_thread(where=f"after importing {entry}")
        held = [forbidden for forbidden in FORBIDDEN_MODULES if forbidden in sys.modules]
        if held:
            raise TemplateError(
                f"The warm template may not hold {held[0]}",
                where=f"after importing {entry}",
                who="the developer of that module",
                next_step=f"import {held[0]} inside the function that renders",
            )
        imported.append(entry)
    return imported, absent


def check_single_thread(where: str) -> None:
    """Raise TemplateError unless this process has exactly one thread; `where` tells when it was looked at."""
    threads = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    if len(threads) != 1:
        raise TemplateError(
            f"The warm template has {len(threads)} threads and must have one",
            where=f"{where}: {', '.join(threads)}",
            who="the developer of the module that starts it",
            next_step="start threads on first use, not on import",
        )


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the parent package is absent
        return False


def page_parts() -> None:
    """Read the reference data, compile the templates of pages and read the languages, as every page does first.

    So are the declarations of the latest edition: this template is replaced when another is published. A house
    that cannot be opened is told by the page that needs it, not here.
    """
    from command_center.editions import open_edition
    from command_center.locale import LANGUAGES, Locale
    from command_center.pages.blocks import compile_templates
    from command_center.pages.house import open_house

    compile_templates()
    for language in LANGUAGES:
        locale = Locale(language)
        locale.t("Home")
        locale.number(1.5, 1)
        locale.percent(1.5, 1)
        locale.rupiah(1_500_000_000)
        locale.date(date(2000, 1, 1))
        locale.period("2000-01")
    with suppress(CommandCenterError):
        _ = open_edition(open_house().settings).catalog


def altair_schema() -> None:
    """Draw up charts, by which Altair reads the Vega-Lite schema and looks for kinds of tables (120 ms)."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame({"x": [0.0, 1.0], "y": ["a", "b"]})
    alt.Chart(frame).mark_bar().encode(x="x:Q", y="y:N").to_dict()
    alt.Chart().mark_text().encode(x="x:Q").to_dict(validate=False)
