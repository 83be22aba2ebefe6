"""Variants: cases that went through the same activities in the same order, brought together by a hash that is checked."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from command_center.eventlog.ordering import CaseLog

# An odd multiplier with well mixed bits (Knuth); sums wrap around at 64 bits, as they should.
_MULTIPLIER = np.uint64(6_364_136_223_846_793_005)


@dataclass(frozen=True)
class Variant:
    """One way through the log and the number of cases that took it."""

    activities: tuple[str, ...]
    count: int


def find_variants(log: CaseLog) -> tuple[Variant, ...]:
    """Return all variants, the most frequent first; as frequent ones in the order of their first case."""
    variant, representatives, counts = variant_of_cases(log)
    del variant
    order = np.lexsort((representatives, -counts))
    return tuple(Variant(_activities(log, int(representatives[at])), int(counts[at])) for at in order)


def variant_of_cases(
    log: CaseLog,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the variant of each case, and of each variant its first case and its number of cases."""
    keys = _keys(log)
    while True:
        _, first, variant, counts = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        strange = _unlike_their_first(log, first[variant])
        if not strange.any():
            return variant, first, counts
        keys[strange] = keys[strange] * _MULTIPLIER + np.uint64(1)


def _keys(log: CaseLog) -> npt.NDArray[np.uint64]:
    """A hash of every case: its activities as a polynomial of their places."""
    lengths = np.diff(log.starts)
    powers = np.full(int(lengths.max()), _MULTIPLIER, dtype=np.uint64)
    np.cumprod(powers, out=powers)
    place = np.arange(len(log)) - np.repeat(log.first, lengths)
    terms = (log.activity.codes.astype(np.uint64) + np.uint64(1)) * powers[place]
    keys: npt.NDArray[np.uint64] = np.add.reduceat(terms, log.first)
    return keys


def _unlike_their_first(log: CaseLog, model: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Cases whose activities differ from those of the case that stands for their hash."""
    lengths = np.diff(log.starts)
    differs: npt.NDArray[np.bool_] = lengths != lengths[model]
    same = np.flatnonzero(~differs)
    spans = lengths[same]
    offset = np.arange(int(spans.sum())) - np.repeat(np.cumsum(spans) - spans, spans)
    own = log.activity.codes[np.repeat(log.first[same], spans) + offset]
    other = log.activity.codes[np.repeat(log.first[model[same]], spans) + offset]
    if same.size and not np.array_equal(own, other):
        wrong = np.add.reduceat(own != other, np.cumsum(spans) - spans) > 0
        differs[same[wrong]] = True
    return differs


def _activities(log: CaseLog, case: int) -> tuple[str, ...]:
    codes = log.activity.codes[log.starts[case] : log.starts[case + 1]]
    return tuple(log.activity.names[code] for code in codes)
