"""Where things are: one root, every other path derived from it.

Reads two environment variables and nothing else; creates no folder.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from command_center.errors import SettingsError

ROOT_VARIABLE = "COMMAND_CENTER_ROOT"
EDITIONS_VARIABLE = "COMMAND_CENTER_EDITIONS"


@dataclass(frozen=True)
class Settings:
    """The folders of one house; `editions_override` moves only what a refresh writes."""

    root: Path
    editions_override: Path | None = None

    @cached_property
    def sectors_dir(self) -> Path:
        return self.root / "sectors"

    @cached_property
    def notebooks_dir(self) -> Path:
        return self.root / "notebooks"

    @cached_property
    def data_dir(self) -> Path:
        return self.root / "data"

    @cached_property
    def reference_dir(self) -> Path:
        return self.data_dir / "reference"

    @cached_property
    def published_dir(self) -> Path:
        return self.data_dir / "published"

    @cached_property
    def samples_dir(self) -> Path:
        """Where sample data lies, apart from all that agencies sent; without it nothing invented is left."""
        return self.data_dir / "samples"

    @cached_property
    def event_logs_dir(self) -> Path:
        """Where the event logs lie that sectors report on, one Parquet file each, named like the sector."""
        return self.data_dir / "event_logs"

    @cached_property
    def boundaries_dir(self) -> Path:
        return self.data_dir / "boundaries"

    @cached_property
    def editions_dir(self) -> Path:
        return self.editions_override or self.data_dir / "editions"

    @cached_property
    def voila_templates_dir(self) -> Path:
        return self.root / "voila_templates"

    @property
    def jupyter_path(self) -> str:
        """The value of JUPYTER_PATH under which Voila finds our template."""
        return str(self.voila_templates_dir.resolve())

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which another process finds this same house."""
        return {ROOT_VARIABLE: str(self.root.resolve()), EDITIONS_VARIABLE: str(self.editions_dir.resolve())}


def load_settings() -> Settings:
    """Return the settings of the house this library lies in, or of the one the environment names.

    Raises SettingsError when the root has no `sectors` folder.
    """
    named = os.environ.get(ROOT_VARIABLE)
    root = Path(named) if named else Path(__file__).resolve().parents[2]
    if not (root / "sectors").is_dir():
        raise SettingsError(
            "The folder of the command center was not found",
            where=str(root),
            who="the person who started the command",
            next_step=f"set {ROOT_VARIABLE} to the folder that holds sectors/ and data/",
        )
    editions = os.environ.get(EDITIONS_VARIABLE)
    return Settings(root=root.resolve(), editions_override=Path(editions).resolve() if editions else None)
