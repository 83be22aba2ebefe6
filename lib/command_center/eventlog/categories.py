"""Coded columns as pandas categories; an event without a label has the empty one."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.eventlog.log import MISSING


def categories(codes: npt.NDArray[np.integer], names: tuple[str, ...]) -> "pd.Categorical[str]":
    """Return the codes as categories of `names` and of "", which MISSING stands for."""
    places = np.where(codes == MISSING, len(names), codes).astype(np.int64)
    index = pd.Index([*names, ""], dtype="str")
    return pd.Categorical(pd.Series(index).take(places), categories=index)
