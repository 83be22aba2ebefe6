"""`command-center schedule`: run the timetable, and see what it did and will do."""

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from command_center.cli.console import complain, say, show

app = typer.Typer(help="The timetable of scheduled/schedule.yml.", no_args_is_help=True)


@app.command("run")
def run_command(
    once: Annotated[bool, typer.Option("--once", help="Deal with what is due now, then end.")] = False,
) -> None:
    """Run what is due, one job at a time, until interrupted; the job that runs then is ended with it."""
    from apscheduler.schedulers.blocking import BlockingScheduler

    from command_center.scheduling import Scheduler, load_timetable
    from command_center.scheduling.outbox import Server, send_waiting
    from command_center.settings import load_settings

    settings = load_settings()
    timetable = load_timetable(settings)
    scheduler = Scheduler.of(settings, timetable)
    clock = BlockingScheduler(timezone=timetable.timezone)

    def look() -> None:
        if scheduler.tick() and (server := Server.in_environment()) is not None:
            send_waiting(scheduler.journal, server, time.time)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service is stopped as Ctrl+C stops it
    try:
        if once:
            look()
            return
        # One look at a time; looks that came too late are one look.
        clock.add_job(
            look, "interval", seconds=timetable.interval_s, next_run_time=datetime.now(UTC),
            max_instances=1, coalesce=True, misfire_grace_time=None,
        )  # fmt: skip
        clock.start()
    except KeyboardInterrupt:
        scheduler.stop()
        if clock.running:
            clock.shutdown()
        say("The timetable has stopped.")
    finally:
        scheduler.journal.leave_lease(os.getpid())


@app.command("list")
def list_command() -> None:
    """Show every job with its last result and its next time."""
    from command_center.scheduling import Journal, load_timetable
    from command_center.scheduling.outbox import waiting_count
    from command_center.settings import load_settings

    settings = load_settings()
    timetable, journal = load_timetable(settings), Journal.of(settings)
    last = {run.job: run for run in journal.runs()}
    now = datetime.now(UTC).astimezone(timetable.zone)
    table = Table()
    for name in ("job", "last due", "result", "attempt", "seconds", "peak MB", "next"):
        table.add_column(name, justify="right" if name in ("attempt", "seconds", "peak MB") else "left")
    for job in timetable.jobs:
        run, due = last.get(job.id), job.next_due(now)
        past = ("–", "not yet", "", "", "")
        if run is not None:
            moment = datetime.fromtimestamp(run.due, timetable.zone).strftime("%Y-%m-%d %H:%M")
            past = (moment, run.state, str(run.attempt), f"{run.seconds:.1f}", f"{run.peak_mb:.0f}")
        table.add_row(job.id, *past, due.strftime("%Y-%m-%d %H:%M") if due else "never")
    show(table)
    if waiting := waiting_count(journal):
        say(f"{waiting} messages wait in the outbox.")


@app.command("notebook", hidden=True)
def notebook_command(
    notebook: Path, output: Path, parameters: Annotated[list[str] | None, typer.Argument()] = None
) -> None:
    """Execute a notebook of the house for a job."""
    from command_center.kernels.execution import execute_notebook
    from command_center.settings import load_settings

    settings = load_settings()
    pairs = dict(one.partition("=")[::2] for one in parameters or ())
    source = settings.root / notebook
    execute_notebook(source, output, pairs, source.parent, environment=settings.environment)
    say(str(output))


@app.command("deliver")
def deliver_command(
    date_text: Annotated[str | None, typer.Option("--date", help="Day of the briefing.")] = None,
    job: Annotated[str, typer.Option(help="The job whose recipients get it.")] = "briefing",
) -> None:
    """Keep the briefing of a day and bring it to the recipients of a job; what cannot be sent waits."""
    from command_center.cli.run_commands import day_of
    from command_center.editions import open_edition
    from command_center.locale import Locale
    from command_center.pages.house import open_house
    from command_center.scheduling import Journal, load_timetable
    from command_center.scheduling.delivery import deliver_briefing
    from command_center.scheduling.trouble import trouble_sentences

    house = open_house()
    timetable, day = load_timetable(house.settings), day_of(house, date_text)
    declared = timetable.job(job)
    if declared is None:
        raise typer.BadParameter(f"there is no job {job!r} in scheduled/schedule.yml")
    trouble = trouble_sentences(Journal.of(house.settings), timetable, Locale("id"), time.time())
    done = deliver_briefing(
        house, open_edition(house.settings), day, declared.recipients,
        sender=timetable.sender, now=time.time, trouble=trouble,
    )  # fmt: skip
    say(f"Briefing of {day}: {done.sent} sent, {done.waiting} waiting, {done.folders} folders.")
    for refused in done.refused:
        complain(
            refused, where="scheduled/schedule.yml", who="the analyst", next_step="command-center users list"
        )
    if done.refused:
        raise typer.Exit(2)
