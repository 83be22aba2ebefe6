"""From pieces of a table, as readers bring them, to one log; what lacks a case, an activity or a time is set apart.

Texts become codes piece by piece, so that a long log is never held as texts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from command_center.eventlog.log import MISSING, EventLog, FaultCount, Labels
from command_center.eventlog.timestamps import UTC_TIME, local, moments

CODED = pa.dictionary(pa.int32(), pa.string())
Piece = Mapping[str, pa.Array]  # by role
_FEWEST_DIGITS = 9  # of a telephone number
_EMPTY_TIMES = ("", "-", "NULL", "null")


def collect(pieces: Iterable[Piece], timezone: str, faults: Mapping[str, int] | None = None) -> EventLog:
    """Return the log of all pieces; `faults` are those that the reader itself had to tell, by check.

    Checks told here: case_missing, activity_missing, time_missing, time_unreadable (each an event set apart).
    """
    columns: dict[str, list[pa.Array]] = {}
    told: Counter[str] = Counter()
    for piece in pieces:
        for role, values in _sound(piece, timezone, told).items():
            columns.setdefault(role, []).append(values)
    told.update(faults or {})  # only now: the reader tells its own as it goes
    time = columns.pop("time", [])
    labels = {role: _labels(parts) for role, parts in columns.items()}
    empty = Labels(np.zeros(0, np.int32), ())
    return EventLog(
        case=_all_used(labels.pop("case", empty)),
        activity=_masked(labels.pop("activity", empty)),
        time=_micros(time),
        attributes={role: _masked(column) for role, column in labels.items()},
        faults=tuple(FaultCount(check, count) for check, count in sorted(told.items()) if count),
    )


def _sound(piece: Piece, timezone: str, told: Counter[str]) -> dict[str, pa.Array]:
    """The piece with times in UTC and texts as codes, without the events that cannot be placed."""
    given = piece["time"]
    coded = {role: _coded(values) for role, values in piece.items() if role != "time"}
    time = _as_moments(given, timezone)
    keep = pc.is_valid(time)
    if time.null_count:
        was_text = pa.types.is_string(given.type) or pa.types.is_dictionary(given.type)
        empty = pc.is_null(given)
        if was_text:
            words = pc.utf8_trim_whitespace(given.cast(pa.string()))
            empty = pc.or_(pc.fill_null(pc.is_in(words, pa.array(_EMPTY_TIMES)), True), empty)
        told["time_missing"] += (missing := pc.sum(empty).as_py() or 0)
        told["time_unreadable"] += time.null_count - missing
    for role in ("case", "activity"):
        if coded[role].null_count:
            told[f"{role}_missing"] += coded[role].null_count
            keep = pc.and_(keep, pc.is_valid(coded[role]))
    sound = {**coded, "time": time}
    return sound if pc.all(keep).as_py() is not False else {r: v.filter(keep) for r, v in sound.items()}


def _as_moments(values: pa.Array, timezone: str) -> pa.Array:
    kind = values.type
    if pa.types.is_timestamp(kind):
        return (
            values.cast(UTC_TIME, safe=False)
            if kind.tz
            else local(values.cast(pa.timestamp("us"), safe=False), timezone)
        )
    if pa.types.is_date(kind):
        return local(values.cast(pa.timestamp("us")), timezone)
    return moments(values, timezone)


def _coded(values: pa.Array) -> pa.Array:
    """The texts as codes; an empty text is null."""
    if not pa.types.is_dictionary(values.type):
        values = values.cast(pa.string()).dictionary_encode()
    values = values.cast(CODED)
    names = values.dictionary
    blank = pc.equal(pc.utf8_trim_whitespace(names), "")
    if not pc.any(blank).as_py():
        return values
    clean = pc.if_else(blank, pa.scalar(None, pa.string()), names)
    return clean.take(values.indices).dictionary_encode()


def _labels(parts: list[pa.Array]) -> Labels:
    whole = pa.chunked_array(parts, CODED).unify_dictionaries()
    names = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], pa.string())
    codes = [pc.fill_null(part.indices, MISSING).to_numpy(zero_copy_only=False) for part in whole.chunks]
    return Labels(np.concatenate(codes) if codes else np.zeros(0, np.int32), tuple(names.to_pylist()))


def _all_used(column: Labels) -> Labels:
    """The column without the names that no event has any more: a case whose every event was set apart is none."""
    used = np.bincount(column.codes, minlength=len(column.names)) > 0
    if used.all():
        return column
    new = (np.cumsum(used) - 1).astype(np.int32)
    return Labels(
        new[column.codes], tuple(name for name, is_used in zip(column.names, used, strict=True) if is_used)
    )


def _masked(column: Labels) -> Labels:
    """The column with numbers that identify a person masked: some offices write them into any field."""
    if not any(sum(map(str.isdigit, name)) >= _FEWEST_DIGITS for name in column.names):
        return column
    from command_center.cleaning.private import mask  # it loads pandas, which most logs do not need

    masked = [mask(name) for name in column.names]
    if list(column.names) == masked and len(set(masked)) == len(masked):
        return column
    place = {name: at for at, name in reversed(list(enumerate(dict.fromkeys(masked))))}
    new = np.array([place[name] for name in masked] or [0], dtype=np.int32)
    codes = np.where(column.codes == MISSING, MISSING, new[column.codes]).astype(np.int32)
    return Labels(codes, tuple(dict.fromkeys(masked)))


def _micros(parts: list[pa.Array]) -> npt.NDArray[np.int64]:
    arrays = [part.cast(pa.int64()).to_numpy(zero_copy_only=False) for part in parts]
    return np.concatenate(arrays) if arrays else np.zeros(0, np.int64)
