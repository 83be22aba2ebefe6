"""A sector's sample tables, found by name: `sample.py` holds one function per dataset it can invent.

The library never imports a sector; it loads the file that lies in the sector's folder.
"""

import importlib.util
import inspect
from collections.abc import Callable, Mapping

import pandas as pd

from command_center.catalog import Sector
from command_center.errors import CatalogError
from command_center.samples.world import World
from command_center.settings import Settings

Maker = Callable[[World], pd.DataFrame]


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
