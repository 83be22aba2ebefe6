"""Templates for the tests of warm kernels: one with the whole stack for all, small ones to break."""

from collections.abc import Iterator

import pytest

from command_center.kernels.owner import WarmTemplate
from command_center.kernels.protocol import SOCKET_VARIABLE
from command_center.kernels.provisioner import WarmForkProvisioner


@pytest.fixture(autouse=True)
def _no_template_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SOCKET_VARIABLE, raising=False)
    monkeypatch.setattr(WarmForkProvisioner, "_warned", set())


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmTemplate]:
    """The template with the whole stack, for tests that leave it alive."""
    with WarmTemplate() as template:
        yield template


@pytest.fixture
def bare() -> Iterator[WarmTemplate]:
    """A template of the test's own, with nothing but the kernel in it."""
    with WarmTemplate(modules=()) as template:
        yield template
