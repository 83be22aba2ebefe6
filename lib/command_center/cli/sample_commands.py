"""`command-center sample`: invented files, so that every page of a new house can be seen at work."""

from typing import Annotated

import typer

from command_center.cli.console import bars_after_a_while, say
from command_center.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the verb of this module to the command."""
    app.command("sample")(sample_command)


def sample_command(
    clear: Annotated[bool, typer.Option("--clear", help="Remove all sample data instead.")] = False,
) -> None:
    """Make the sample data, stamped DATA CONTOH wherever it stands; what agencies sent is not touched."""
    from command_center.calendar import today
    from command_center.regions import load_profile
    from command_center.samples import clear_samples, make_samples

    settings = load_settings()
    profile = load_profile(settings)
    if clear:
        clear_samples(settings)
        say("No sample data is left; a refresh takes it out of the latest edition")
        return
    if not profile.uses_samples:
        say("settings: samples: off in data/reference/regency.yml, so none is made")
        return
    with bars_after_a_while() as tell:
        run = make_samples(settings, today(profile.timezone), on_progress=tell)
    made = "made" if run.is_new else "there already, nothing has changed since"
    say(f"{run.files} sample files {made}: {run.read} rows read, {run.accepted} accepted")
