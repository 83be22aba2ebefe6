"""The timetable: which job runs when, once at a time, and what became of it; the mail that goes out.

Jobs are commands of this house, each in a process of its own. Nothing here computes a figure.
"""

from command_center.scheduling.journal import Journal, Run
from command_center.scheduling.scheduler import Scheduler
from command_center.scheduling.timetable import Job, Timetable, load_timetable

__all__ = ["Job", "Journal", "Run", "Scheduler", "Timetable", "load_timetable"]
