"""A sector's sample tables, found by name: `sample.py` holds one function per dataset it can invent.

The library never imports a sector; it loads the file that lies in the sector's folder.
"""

import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import cast

import pandas as pd

from command_center.catalog import Sector
from command_center.errors import CatalogError
from command_center.eventlog import EventLog
from command_center.samples.world import World
from command_center.settings import Settings

Maker = Callable[[World], pd.DataFrame]
LogMaker = Callable[[Settings, World], EventLog]
LOG_MAKER = "sample_log"


def load_makers(settings: Settings, sector: Sector) -> Mapping[str, Maker]:
    """Return the makers of a sector's sample tables by dataset id; () where it has none.

    A public function named like no dataset is a CatalogError: it would never be called.
    """
    path = settings.sectors_dir / sector.slug / "sample.py"
    if not path.is_file():
        return {}
    spec = importlib.util.spec_from_file_location(f"sectors.{sector.slug}.sample", path)
    if spec is None or spec.loader is None:
        raise CatalogError("The sample tables cannot be loaded", where=f"sectors/{sector.slug}/sample.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    makers = {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    }
    unknown = sorted(set(makers) - {dataset.id for dataset in sector.datasets})
    if unknown:
        raise CatalogError(
            f"{unknown[0]} is the name of no dataset and would never be called",
            where=f"sectors/{sector.slug}/sample.py",
            who="the analyst",
            next_step="name the function like its dataset, or begin its name with an underscore",
        )
    return makers


def load_log_maker(settings: Settings, sector: Sector) -> LogMaker | None:
    """Return the function `sample_log` of a sector's `sample_events.py`, which invents an event log; None without one."""
    path = settings.sectors_dir / sector.slug / "sample_events.py"
    if not path.is_file():
        return None
    name = f"sectors.{sector.slug}.sample_events"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CatalogError(
            "The sample event log cannot be made", where=f"sectors/{sector.slug}/sample_events.py"
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)  # its dataclasses look for their module
    spec.loader.exec_module(module)
    return cast("LogMaker | None", getattr(module, LOG_MAKER, None))
