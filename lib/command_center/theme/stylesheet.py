"""The one stylesheet for notebook output, finished page and live page, and the files of the typeface.

Reads the two assets of this package when asked; refers to nothing outside the server's own address.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from command_center.errors import CommandCenterError
from command_center.theme import colours

FONT_FAMILY = "Plus Jakarta Sans"
FONT_STACK = '"Plus Jakarta Sans", system-ui, sans-serif'
_FONT_SOURCES = MappingProxyType({"plus-jakarta-sans.ttf": "PlusJakartaSans[wght].ttf"})
_COLOUR_NAMES = (
    "ink",
    "text",
    "muted",
    "link",
    "page",
    "paper",
    "line",
    "line_strong",
    "good",
    "watch",
    "critical",
    "no_data",
    "good_edge",
    "watch_edge",
    "critical_edge",
    "no_data_edge",
    "good_area",
    "watch_area",
    "critical_area",
    "no_data_area",
    "realised",
    "last_year",
    "target",
    "planned",
)


class AssetError(CommandCenterError):
    """An address under which assets are served that could break out of the stylesheet."""


def font_directory() -> Path:
    """Return the folder that holds the files of the typeface, for the renderer that measures text."""
    # Imported here: charts need the folder, a command line that draws nothing does not.
    import fontpkg_plus_jakarta_sans

    return Path(fontpkg_plus_jakarta_sans.ROOT) / "files"


def font_files() -> Mapping[str, Path]:
    """Return name under `{asset_base}` -> file for every font the stylesheet names."""
    folder = font_directory()
    return MappingProxyType({name: folder / source for name, source in _FONT_SOURCES.items()})


@lru_cache(maxsize=8)
def stylesheet(asset_base: str | None = None) -> str:
    """Return the CSS text, ready to stand inside a `<style>` element.

    `asset_base` is the address of the folder that serves `font_files()`, with or without a closing slash.
    Without one, or where it does not answer, the system's typeface is used. Raises AssetError for an address
    with quotes, brackets, backslashes or blanks.
    """
    faces = "" if asset_base is None else _font_faces(asset_base)
    return f"{faces}{_custom_properties()}\n{files(__package__).joinpath('theme.css').read_text('utf-8')}"


def _font_faces(asset_base: str) -> str:
    if any(character in asset_base for character in "\"'()<>\\") or asset_base.split() != [asset_base]:
        raise AssetError(
            f"'{asset_base}' cannot be an address in the stylesheet",
            who="the maintainer",
            next_step="give the folder that serves the fonts, such as /assets/",
        )
    base = asset_base.rstrip("/")
    return "".join(
        f'@font-face{{font-family:"{FONT_FAMILY}";font-weight:200 800;font-style:normal;font-display:swap;'
        f'src:url("{base}/{name}") format("truetype")}}\n'
        for name in _FONT_SOURCES
    )


def _custom_properties() -> str:
    lines = [f"--cc-{name.replace('_', '-')}:{getattr(colours, name.upper())};" for name in _COLOUR_NAMES]
    return f":root{{--cc-font:{FONT_STACK};{''.join(lines)}}}"
