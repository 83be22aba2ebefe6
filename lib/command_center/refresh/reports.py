"""A sector's report: tables that are no indicators, made once at the refresh by `report.py` in its folder.

The library never imports a sector; it loads the file that lies in the sector's folder.
"""

import importlib.util
from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

import pandas as pd

from command_center.catalog import Sector
from command_center.contracts import SourceTable
from command_center.errors import CatalogError
from command_center.settings import Settings

Report = Callable[[Settings, Mapping[str, pd.DataFrame], date], Mapping[str, pd.DataFrame]]


def make_report(
    settings: Settings, sector: Sector, tables: Mapping[str, SourceTable], as_of: date
) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a sector's report by name, none where it has no `report.py`.

    `report.py` has one function `report(settings, tables, as_of)`; `tables` are the rows of its datasets that
    count. CatalogError where it has not.
    """
    path = settings.sectors_dir / sector.slug / "report.py"
    if not path.is_file():
        return {}
    spec = importlib.util.spec_from_file_location(f"sectors.{sector.slug}.report", path)
    if spec is None or spec.loader is None:
        raise CatalogError("The report cannot be loaded", where=f"sectors/{sector.slug}/report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not callable(getattr(module, "report", None)):
        raise CatalogError(
            "report.py has no function report",
            where=f"sectors/{sector.slug}/report.py",
            who="the analyst",
            next_step="write report(settings, tables, as_of), which returns tables by name",
        )
    make = cast(Report, module.report)
    return make(settings, {name: table.frame for name, table in tables.items()}, as_of)
