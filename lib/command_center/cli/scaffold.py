"""A new sector's folder from the template beside this module."""

import keyword
import re
import string
from importlib.resources import files
from pathlib import Path
from string import Template

from command_center.errors import CatalogError
from command_center.pages.house import House

_SLUG = re.compile(r"[a-z][a-z0-9_]{1,40}")
# Words of the command itself; a sector's own commands would stand beside them.
RESERVED = frozenset(
    {"boundaries", "brief", "check", "doctor", "editions", "measures", "new_sector", "refresh", "serve"}
)
_FILES = ("__init__.py", "sector.yml", "figures.csv", "dashboard.ipynb", "README.md")


def create_sector(house: House, slug: str) -> Path:
    """Make the folder of a new sector, last in the menu, and return it.

    Raises CatalogError for a name that is no slug, that Python or the command keeps for itself, or that exists
    already.
    """
    folder = house.settings.sectors_dir / slug
    if not _SLUG.fullmatch(slug):
        raise CatalogError(
            f"{slug!r} is no sector name",
            where="sectors/",
            who="the analyst",
            next_step="take an English noun in snake_case, such as public_safety",
        )
    if keyword.iskeyword(slug) or slug in RESERVED:
        raise CatalogError(
            f"{slug!r} is a reserved word",
            where="sectors/",
            who="the analyst",
            next_step=f"take another noun, such as {slug}_affairs",
        )
    if folder.exists():
        raise CatalogError(
            f"sectors/{slug} exists already",
            where="sectors/",
            who="the analyst",
            next_step=f"command-center check {slug}",
        )
    order = max((sector.order for sector in house.catalog.sectors), default=0) + 1
    values = {
        "slug": slug,
        "name_en": slug.replace("_", " ").capitalize(),
        "name_id": slug.replace("_", " ").capitalize(),
        "order": str(order),
        "indicator": f"{_prefix(house, slug)}1",
        "owner": house.catalog.sectors[0].owner if house.catalog.sectors else house.agencies.codes[0],
        "region": house.regions.root.code,
    }
    folder.mkdir()
    for name in _FILES:
        template = files("command_center.cli").joinpath("new_sector", name).read_text(encoding="utf-8")
        (folder / name).write_text(Template(template).safe_substitute(values), encoding="utf-8")
    return folder


def _prefix(house: House, slug: str) -> str:
    """Return a few capitals that no indicator id begins with yet."""
    taken = {re.sub(r"\d.*", "", indicator.id) for _, indicator in house.catalog.indicators}
    letters = re.sub(r"[^A-Z]", "", slug.upper())
    candidates = [letters[:length] for length in range(3, 9)]
    candidates += [f"{letters[:3]}{last}" for last in string.ascii_uppercase]
    return next(prefix for prefix in candidates if len(prefix) >= 2 and prefix not in taken)
