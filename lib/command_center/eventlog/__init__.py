"""Event logs: who did what to which case, and when. Reading, ordering and measuring; knows no office and no place."""

from command_center.eventlog.faults import find_faults
from command_center.eventlog.lifecycles import LifeCycles, load_life_cycles
from command_center.eventlog.log import EventLog, FaultCount, Labels
from command_center.eventlog.mapping import ColumnMapping, guess_mapping
from command_center.eventlog.ordering import CaseLog, arranged
from command_center.eventlog.reading import read_log, read_source
from command_center.eventlog.summary import Summary, summarise

__all__ = [
    "CaseLog",
    "ColumnMapping",
    "EventLog",
    "FaultCount",
    "Labels",
    "LifeCycles",
    "Summary",
    "arranged",
    "find_faults",
    "guess_mapping",
    "load_life_cycles",
    "read_log",
    "read_source",
    "summarise",
]
