"""Template and renderer of a workshop start together, are waited for when needed, and end with it."""

from pathlib import Path

import pytest

from command_center.charts.drawing import RENDERER_VARIABLE
from command_center.errors import CommandCenterError
from command_center.kernels.owner import WarmTemplate
from command_center.kernels.protocol import SOCKET_VARIABLE, TemplateError
from command_center.publishing import Workshop


def test_a_workshop_names_both_in_its_variables_and_leaves_neither_behind() -> None:
    with Workshop() as workshop:
        variables = workshop.variables
        template, renderer = workshop.template.pid, workshop._renderer.pid
        assert Path(variables[SOCKET_VARIABLE]).is_socket()
        assert Path(variables[RENDERER_VARIABLE]).is_socket()
        assert RENDERER_VARIABLE in workshop.environment
    for name in (SOCKET_VARIABLE, RENDERER_VARIABLE):
        assert not Path(variables[name]).exists()
    assert not Path(f"/proc/{template}").exists()
    assert not Path(f"/proc/{renderer}").exists()


def test_a_workshop_that_is_left_at_once_leaves_nothing_behind() -> None:
    with Workshop() as workshop:
        pass
    assert workshop._template.pid is None
    assert workshop._renderer.pid is None


def test_what_could_not_start_is_told_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: WarmTemplate) -> None:
        raise TemplateError("The warm template could not be started")

    monkeypatch.setattr(WarmTemplate, "start", refuse)
    with Workshop() as workshop:
        assert RENDERER_VARIABLE in workshop.environment
        with pytest.raises(CommandCenterError, match="could not be started"):
            _ = workshop.template
