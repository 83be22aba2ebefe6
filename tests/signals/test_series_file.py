"""The signals command: one answer per series, limits on every point, refusals that name the row."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from command_center.cli.app import app
from command_center.signals.assurance import assurance_of, state_of
from command_center.signals.seriesfile import SeriesFileError, signals_of_file

CALM = [11.0, 9.0] * 6


def written(path: Path, values: list[float], *, target: str = "", direction: str = "") -> Path:
    rows = [f"a,2024-{month:02},{value},{target},{direction}" for month, value in enumerate(values, 1)]
    path.write_text("\n".join(["series,period,value,target,direction", *rows]) + "\n", encoding="utf-8")
    return path


def test_every_point_has_limits_and_the_series_a_state_and_an_assurance(tmp_path: Path) -> None:
    file = written(tmp_path / "f.csv", CALM, target="20", direction="up")
    answer = CliRunner().invoke(app, ["signals", str(file), "--json"])
    assert answer.exit_code == 0
    (one,) = json.loads(answer.stdout)["series"]
    assert set(one) == {"series", "points", "state", "assurance"}
    assert set(one["points"][0]) == {"period", "value", "mean", "lower", "upper", "special_cause"}
    assert (one["state"], one["assurance"]) == ("common_cause", "fail")
    assert one["points"][0]["upper"] == pytest.approx(10 + 2.66 * 2)


@pytest.mark.parametrize(
    ("pointing", "direction", "state"),
    [(0, "up", "common_cause"), (1, "up", "improvement"), (-1, "up", "concern"), (1, "down", "concern"),
     (-1, "down", "improvement"), (1, "", "high"), (-1, "neutral", "low")],
)  # fmt: skip
def test_the_state_of_a_special_cause_depends_on_the_direction(
    pointing: int, direction: str, state: str
) -> None:
    assert state_of(pointing, direction) == state


@pytest.mark.parametrize(
    ("target", "direction", "assurance"),
    [(4.9, "up", "pass"), (5.0, "up", "hit_or_miss"), (15.0, "up", "hit_or_miss"), (15.1, "up", "fail"),
     (4.9, "down", "fail"), (15.1, "down", "pass"), (None, "up", "none"), (4.0, "", "none")],
)  # fmt: skip
def test_a_target_is_outside_the_limits_or_inside(
    target: float | None, direction: str, assurance: str
) -> None:
    assert assurance_of(target, 5.0, 15.0, direction) == assurance


def test_too_few_points_have_no_limits(tmp_path: Path) -> None:
    (one,) = signals_of_file(written(tmp_path / "f.csv", CALM[:11], target="1", direction="up"))["series"]
    assert (one["points"][0]["mean"], one["state"], one["assurance"]) == (None, "common_cause", "none")


def test_periods_are_put_in_order_and_series_kept_apart(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("series,period,value\nb,2024-02,2\nb,2024-01,1\na,x,\na,y,3\n")
    b, a = signals_of_file(file)["series"]
    assert [point["period"] for point in b["points"]] == ["2024-01", "2024-02"]
    assert [(point["period"], point["value"]) for point in a["points"]] == [("x", None), ("y", 3.0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("series,period\na,1\n", "value"),
        ("series,period,value\na,1,ten\n", "row 2"),
        ("series,period,value\na,1,inf\n", "row 2"),
        ("series,period,value\na,1,1\na,1,2\n", "row 3"),
        ("series,period,value,direction\na,1,1,sideways\n", "row 2"),
        ("", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "f.csv"
    file.write_text(text)
    with pytest.raises(SeriesFileError, match=said):
        signals_of_file(file)
