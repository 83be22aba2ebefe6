"""A refresh may be killed at any moment: what readers see stays whole, nothing is left running.

The moments are drawn from the whole time of a clean refresh; the seed is printed, and COMMAND_CENTER_SEED
repeats a run.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest

from command_center.editions import open_edition
from command_center.settings import Settings
from tests.house.killing import Victim, assert_latest_whole, marked

DAY = date(2026, 11, 24)


def day(number: int) -> str:
    """A date that no edition has yet, so that there is work to do."""
    return (DAY + timedelta(days=number)).isoformat()


def clean_refresh(settings: Settings, as_of: str) -> float:
    began = time.monotonic()
    code, output = Victim(settings, ["refresh", "--as-of", as_of]).finish()
    assert code == 0, output
    return time.monotonic() - began


def kill_often(settings: Settings, count: int) -> None:
    seed = int(os.environ.get("COMMAND_CENTER_SEED", random.SystemRandom().randrange(10**6)))
    print(f"seed {seed}")
    duration = clean_refresh(settings, day(1))
    draw = random.Random(seed)  # noqa: S311 - moments, no secrets
    # One moment in each of `count` equal parts, so that the start and the end are always among them.
    moments = [duration * (part + draw.random()) / count for part in range(count)]
    draw.shuffle(moments)
    killed = 0
    for number, moment in enumerate(moments, start=2):
        victim = Victim(settings, ["refresh", "--as-of", day(number)])
        killed += victim.kill_after(moment)
        assert victim.survivors() == {}, f"seed {seed}, killed after {moment:.2f} s"
        assert_latest_whole(settings)
    print(f"{killed} of {count} killed within {duration:.1f} s")
    # A machine that grows quieter finishes some before their moment; a third must have been hit in the middle.
    assert killed * 3 >= count
    clean_refresh(settings, day(count + 2))
    assert assert_latest_whole(settings).as_of == day(count + 2)
    assert not (settings.editions_dir / "building").exists()


@pytest.mark.slow
def test_a_refresh_killed_at_twelve_moments_leaves_a_whole_edition_and_no_process(
    own_house: Settings,
) -> None:
    kill_often(own_house, 12)


@pytest.mark.bench
def test_a_refresh_killed_at_fifty_moments_leaves_a_whole_edition_and_no_process(own_house: Settings) -> None:
    kill_often(own_house, 50)


# --- each step of publishing, exactly ----------------------------------------------------------

# Every change of a folder raises an audit event before it happens. The process kills itself at event NUMBER
# of those from the first rename on, and prints each before.
PUBLISH = """
import os, signal, sys
from command_center.editions import build_edition, open_edition
from command_center.refresh.measuring import measure_house
from command_center.refresh.run import EditionRun
from command_center.editions import identify
from command_center.maps.boundaries import load_shapes
from command_center.pages.house import open_house
from datetime import date

stop, as_of = int(sys.argv[1]), date.fromisoformat(sys.argv[2])
house = open_house()
settings, seen = house.settings, []
CHANGES = ("os.rename", "os.symlink", "os.remove", "os.rmdir", "shutil.rmtree")

def watch(event, arguments):
    if event in CHANGES and str(settings.editions_dir) in str(arguments[:2]):
        if not seen and event != "os.rename":
            return
        seen.append(event)
        if len(seen) == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        print(event, flush=True)

measured = measure_house(house, as_of)
identity = identify(settings, as_of)
with build_edition(settings, identity.edition_id) as builder:
    EditionRun(house, builder, identity, measured, load_shapes(settings)).write_tables()
    sys.addaudithook(watch)
    builder.publish(draft=False)
"""


def publish_until(settings: Settings, event: int, as_of: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PUBLISH, str(event), as_of],
        env={**os.environ, **settings.environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_a_publication_killed_before_any_of_its_steps_shows_the_old_edition_or_the_new_one(
    own_house: Settings,
) -> None:
    old = open_edition(own_house).id
    whole = publish_until(own_house, 0, day(1))
    assert whole.returncode == 0, whole.stderr
    steps = whole.stdout.split()
    # The folder is moved, an old link aside is removed, the new one made and moved over `latest`.
    assert steps[:4] == ["os.rename", "os.remove", "os.symlink", "os.rename"]
    own_house.editions_dir.joinpath("latest").unlink()
    own_house.editions_dir.joinpath("latest").symlink_to(old)
    for number in range(1, len(steps) + 1):
        as_of = day(1 + number)
        killed = publish_until(own_house, number, as_of)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        latest = assert_latest_whole(own_house)
        moved = number > 4
        assert (latest.as_of == as_of) is moved, f"{number}: {steps[number - 1]}"
    again = publish_until(own_house, 0, day(2 + len(steps)))
    assert again.returncode == 0, again.stderr
    assert not (own_house.editions_dir / "building").exists()
    assert not (own_house.editions_dir / ".latest").is_symlink()


def test_an_interrupted_refresh_removes_what_it_was_building(own_house: Settings) -> None:
    """Ctrl+C is a kill that Python hears of: nothing is left at all."""
    old = open_edition(own_house).id
    victim = Victim(own_house, ["refresh", "--as-of", day(1)])
    building = own_house.editions_dir / "building"
    deadline = time.monotonic() + 60
    while not any(building.glob("*/measures.parquet")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(victim.process.pid, signal.SIGINT)
    code, output = victim.finish()
    assert code != 0
    assert "Traceback" not in output
    assert victim.survivors() == {}
    assert not building.exists()
    assert open_edition(own_house).id == old


def test_the_search_for_orphans_finds_one(own_house: Settings) -> None:
    victim = Victim(own_house, ["refresh", "--as-of", day(1)])
    try:
        assert victim.process.pid in marked(victim.mark)
    finally:
        victim.kill_after(0)
    assert victim.survivors() == {}
