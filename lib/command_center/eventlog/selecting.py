"""Part of a log: the events of some cases, in the order they stood."""

import numpy as np
import numpy.typing as npt

from command_center.eventlog.log import EventLog, Labels
from command_center.eventlog.ordering import CaseLog, arranged


def of_cases(log: CaseLog, members: npt.NDArray[np.bool_]) -> CaseLog:
    """Return the log of the cases marked in `members`, renumbered; the order within each stays."""
    kept = members[log.case]
    number = (np.cumsum(members) - 1).astype(np.int32)
    names = tuple(name for name, is_kept in zip(log.case_names, members, strict=True) if is_kept)
    return arranged(
        EventLog(
            Labels(number[log.case[kept]], names),
            Labels(log.activity.codes[kept], log.activity.names),
            log.time[kept],
            {role: Labels(one.codes[kept], one.names) for role, one in log.attributes.items()},
        )
    )
