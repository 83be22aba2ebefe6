"""Who this house serves: the regency's names, zone, coordinate system and plausible extent.

The only place the library learns a regency's name from; it holds no figure and no region below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command_center.errors import ReferenceDataError
from command_center.regions.reference import KEEPER, need, read_yaml
from command_center.settings import Settings


@dataclass(frozen=True)
class Bounds:
    """The plausible extent of the regency in decimal degrees (WGS 84)."""

    lon_min: float
    lon_max: float
    lat_min: float
    lat_max: float

    def contains(self, lon: float, lat: float) -> bool:
        """Return whether the point may lie in the regency; False for NaN."""
        return self.lon_min <= lon <= self.lon_max and self.lat_min <= lat <= self.lat_max

    def looks_swapped(self, lon: float, lat: float) -> bool:
        """Return whether the point would fit only with its two coordinates exchanged."""
        return not self.contains(lon, lat) and self.contains(lat, lon)


@dataclass(frozen=True)
class RegencyProfile:
    """One regency; the names are mappings by language ("id", "en"), `epsg` is a metric system.

    `uses_samples` is False in production: then no invented figure is made, shown or kept in an edition.
    """

    code: str
    bps_code: str
    name: str
    full_name: Mapping[str, str]
    province: Mapping[str, str]
    product_title: Mapping[str, str]
    country: str
    locale: str
    timezone: str
    epsg: int
    bounds: Bounds
    uses_samples: bool = False


def load_profile(settings: Settings) -> RegencyProfile:
    """Return the profile in `data/reference/regency.yml`; ReferenceDataError when a key is missing."""
    path = settings.reference_dir / "regency.yml"
    content = read_yaml(path)

    def text(key: str) -> str:
        value = need(content, key, path)
        if not isinstance(value, str):
            # An unquoted 33.16 is a number to YAML, and 33.10 would lose its zero.
            raise ReferenceDataError(
                f"'{key}' must be text", where=str(path), who=KEEPER, next_step=f'quote it: {key}: "{value}"'
            )
        return value

    return RegencyProfile(
        code=text("code"),
        bps_code=text("bps_code"),
        name=text("name"),
        full_name=_bilingual(content, "full_name", path),
        province=_bilingual(content, "province", path),
        product_title=_bilingual(content, "product_title", path),
        country=text("country"),
        locale=text("locale"),
        timezone=text("timezone"),
        epsg=int(need(content, "epsg", path)),
        uses_samples=_switch(content, "samples", path),
        bounds=_bounds(need(content, "bounds", path), path),
    )


def _switch(content: dict[str, Any], key: str, path: Path) -> bool:
    """Return a switch under `settings`; off where it is not there."""
    value = (content.get("settings") or {}).get(key, False)
    if not isinstance(value, bool):
        raise ReferenceDataError(
            f"settings: {key} must be on or off", where=str(path), who=KEEPER, next_step=f"write {key}: off"
        )
    return value


def _bilingual(content: dict[str, Any], key: str, path: Path) -> Mapping[str, str]:
    names = need(content, key, path)
    return {language: str(need(names, language, path)) for language in ("id", "en")}


def _bounds(content: dict[str, Any], path: Path) -> Bounds:
    lon_min, lon_max = (float(value) for value in need(content, "lon", path))
    lat_min, lat_max = (float(value) for value in need(content, "lat", path))
    if not (lon_min < lon_max and lat_min < lat_max):
        raise ReferenceDataError("The bounds are not in order", where=str(path), who=KEEPER)
    return Bounds(lon_min, lon_max, lat_min, lat_max)
