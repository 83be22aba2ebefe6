"""The real house with its samples and one edition of them, without pages; made once."""

import shutil
from pathlib import Path

import pytest

from command_center.editions import Edition, open_edition
from command_center.refresh import refresh
from command_center.samples import make_samples
from command_center.settings import Settings
from tests.conftest import DAY, REPOSITORY
from tests.recomputation.raw_files import RawFiles


@pytest.fixture(scope="session")
def sampled_house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The declarations, reference data and published tables of the house, all samples, and an edition of both."""
    root = tmp_path_factory.mktemp("sampled") / "house"
    shutil.copytree(REPOSITORY / "sectors", root / "sectors", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("reference", "published"):
        shutil.copytree(REPOSITORY / "data" / name, root / "data" / name)
    for name in ("notebooks", "voila_templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings = Settings(root)
    make_samples(settings, DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        result = refresh(settings, DAY)
    assert result.failures == ()
    return settings


@pytest.fixture(scope="session")
def edition(sampled_house: Settings) -> Edition:
    """Its edition, everything in it."""
    return open_edition(sampled_house)


@pytest.fixture(scope="session")
def raw(sampled_house: Settings) -> RawFiles:
    """Its files as they came."""
    return RawFiles(Path(sampled_house.root))
