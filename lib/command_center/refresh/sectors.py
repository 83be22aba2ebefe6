"""A sector's own verbs, found by name: `transform.py` holds one pure function per dataset that needs one.

The library never imports a sector; it loads the file that lies in the sector's folder.
"""

import functools
import importlib.util
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import cast

import pandas as pd

from command_center.catalog import Sector
from command_center.errors import CatalogError
from command_center.indicators.engine import Comparability, Transform
from command_center.settings import Settings

COMPARABILITY = "comparability"


def load_verbs(settings: Settings, sector: Sector) -> tuple[dict[str, Transform], Comparability | None]:
    """Return the transforms of a sector by dataset id, and its rule of comparability where it has one.

    A public function named like no dataset is a CatalogError: it would never be called. A transform that
    returns no table raises CatalogError when it is called.
    """
    path = settings.sectors_dir / sector.slug / "transform.py"
    if not path.is_file():
        return {}, None
    spec = importlib.util.spec_from_file_location(f"sectors.{sector.slug}.transform", path)
    if spec is None or spec.loader is None:
        raise CatalogError("The transforms cannot be loaded", where=f"sectors/{sector.slug}/transform.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    verbs = _public_functions(module)
    comparability = verbs.pop(COMPARABILITY, None)
    unknown = sorted(set(verbs) - {dataset.id for dataset in sector.datasets})
    if unknown:
        raise CatalogError(
            f"{unknown[0]} is the name of no dataset and would never be called",
            where=f"sectors/{sector.slug}/transform.py",
            who="the analyst",
            next_step="name the function like its dataset, or begin its name with an underscore",
        )
    transforms = {name: _returning_a_table(cast(Transform, verb), sector) for name, verb in verbs.items()}
    return transforms, cast("Comparability | None", comparability)


def _returning_a_table(transform: Transform, sector: Sector) -> Transform:
    @functools.wraps(transform)
    def checked(table: pd.DataFrame) -> pd.DataFrame:
        made: object = transform(table)
        if isinstance(made, pd.DataFrame):
            return made
        raise CatalogError(
            f"{transform.__name__} returns {type(made).__name__} and must return a table",
            where=f"sectors/{sector.slug}/transform.py",
            who="the analyst",
            next_step=f"return a table, then: command-center check {sector.slug}",
        )

    return checked


def _public_functions(module: ModuleType) -> dict[str, Callable[..., object]]:
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    }
