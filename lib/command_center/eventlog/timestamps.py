"""Moments from texts: ISO 8601 with or without a zone, and the ways offices write a day and an hour.

A text without a zone is local time. What cannot be read is null, never a guess.
"""

import re
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

UTC_TIME = pa.timestamp("us", tz="UTC")
_NAIVE = pa.timestamp("us")
# Fractions longer than microseconds are cut; Arrow refuses them.
_LONG_FRACTION = r"(\.\d{6})\d+"
_ZONED = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)$"
_PLAIN = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?$"
_CLOCK = re.compile(r"[ T,](\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:\s*WIB)?$", re.IGNORECASE)
_SERIAL = re.compile(r"^[2-7]\d{4}(\.\d+)?$")  # a day of Excel, with the part of the day gone by
_DAY_SECONDS, _HOURS, _MINUTES = 86_400, 24, 60


def moments(texts: pa.Array, timezone: str) -> pa.Array:
    """Return the texts as moments in UTC, null where a text is empty or says no moment."""
    texts = texts.cast(pa.string())
    try:
        return texts.cast(UTC_TIME)
    except pa.ArrowInvalid:
        return _one_by_one(pc.utf8_trim_whitespace(texts), timezone)


def local(naive: pa.Array, timezone: str) -> pa.Array:
    """Return moments without a zone as UTC, read as local time."""
    placed = pc.assume_timezone(naive.cast(_NAIVE), timezone, ambiguous="earliest", nonexistent="latest")
    return placed.cast(UTC_TIME)


def _one_by_one(texts: pa.Array, timezone: str) -> pa.Array:
    texts = pc.replace_substring_regex(texts, _LONG_FRACTION, r"\1")
    nothing = pa.scalar(None, pa.string())
    zoned, plain = pc.match_substring_regex(texts, _ZONED), pc.match_substring_regex(texts, _PLAIN)
    moment = _cast(pc.if_else(zoned, texts, nothing), UTC_TIME)
    written = local(_cast(pc.if_else(plain, texts, nothing), _NAIVE), timezone)
    read = pc.coalesce(moment, written)
    left = pc.if_else(pc.or_(zoned, plain), nothing, texts)
    if left.null_count == len(left):
        return read
    distinct = left.dictionary_encode()
    values = local(pa.array(_as_written(distinct.dictionary), _NAIVE), timezone)
    return pc.coalesce(read, values.take(distinct.indices))


def _cast(texts: pa.Array, kind: pa.DataType) -> pa.Array:
    """The texts as moments; those that look like one and are none (31 February) are null."""
    try:
        return texts.cast(kind)
    except pa.ArrowInvalid:
        return pa.array([_cast_one(text, kind) for text in texts], kind)


def _cast_one(text: pa.Scalar, kind: pa.DataType) -> object:
    try:
        return text.cast(kind).as_py()
    except pa.ArrowInvalid:
        return None


def _as_written(texts: pa.Array) -> npt.NDArray[np.datetime64]:
    """Local moments of texts in any spelling, NaT where unread; the order of day and month is decided by all of them."""
    import pandas as pd  # only odd spellings need it, and it takes a quarter of a second

    from command_center.cleaning.dates import read_dates

    days = read_dates(pd.Series(texts.to_pylist(), dtype="str")).values.astype("datetime64[us]")
    clocks = np.array([_clock(text) for text in texts.to_pylist()], dtype="timedelta64[us]")
    read: npt.NDArray[np.datetime64] = days + clocks
    return read


def _clock(text: str) -> timedelta | None:
    """The time of day at the end of a text, nothing (midnight) without one, None where no clock shows it."""
    if serial := _SERIAL.match(text):
        return timedelta(seconds=round(float(serial[1] or 0) * _DAY_SECONDS))
    found = _CLOCK.search(text)
    if found is None:
        return timedelta(0)
    hour, minute, second = (int(part) for part in found.groups("0"))
    is_hour = hour < _HOURS and minute < _MINUTES and second < _MINUTES
    return timedelta(hours=hour, minutes=minute, seconds=second) if is_hour else None
