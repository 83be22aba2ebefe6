"""The real house with its samples made once, in a folder of its own."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from command_center.samples import SampleRun, make_samples
from command_center.settings import Settings

AS_OF = date(2026, 11, 24)
REAL = Path(__file__).resolve().parents[2]


def bare_copy(root: Path) -> Settings:
    """The declarations, reference data and published tables of the house, and nothing that was made."""
    shutil.copytree(REAL / "sectors", root / "sectors")
    for name in ("reference", "published"):
        shutil.copytree(REAL / "data" / name, root / "data" / name)
    return Settings(root)


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, SampleRun]:
    """The house and what its samples came to."""
    settings = bare_copy(tmp_path_factory.mktemp("sampled") / "house")
    return settings, make_samples(settings, AS_OF)


@pytest.fixture
def own_sampled(sampled: tuple[Settings, SampleRun], tmp_path: Path) -> Settings:
    """A copy that a test may change."""
    shutil.copytree(sampled[0].root, tmp_path / "house")
    return Settings(tmp_path / "house")
