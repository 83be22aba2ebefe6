"""Fills the holes in this process's memory before it is forked: a fork then keeps its own objects side by side.

Importing leaves gaps between objects that stay. A fork that put its few objects into these gaps would write to,
and so copy, a whole page for each; measured, this saves every kernel 4 of 54 MB and costs the template 3 MB once.
Knows CPython's small objects and glibc's heap; elsewhere it saves less and harms nothing.
"""

import ctypes

# CPython hands out objects up to 512 bytes from pools of 16 KB, one size in steps of 16 to a pool.
_LARGEST_SMALL = 512
_STEP = 16
_POOL_BYTES = 16 * 1024
_EMPTY_BYTES_OBJECT = 33
# So many of a size and no more, should objects ever come in no order at all.
_MOST_OF_A_SIZE = 200_000
_HEAP_SIZES = (65536, 32768, 16384, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 24)
_AT_ONCE = 64
# The fields of what glibc's mallinfo2 returns; `keepcost` is the top of the heap, `fordblks` all that is free.
_FIELDS = [
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost",
]

_kept: list[object] = []


class _HeapState(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_size_t) for name in _FIELDS)


def fill_holes() -> None:
    """Fill them, for as long as this process and its forks live."""
    for size in range(2 * _STEP, _LARGEST_SMALL + 1, _STEP):
        _fill_pools(size)
    _fill_heap()


def _fill_pools(size: int) -> None:
    """Make objects of a size until they come one after the other: then they come from a fresh pool."""
    in_order = last = 0
    for number in range(_MOST_OF_A_SIZE):
        if in_order >= _POOL_BYTES // size - 4:  # a pool begins with a header
            return
        # A float takes 24 bytes and so a place of 32, for which no bytes object is small enough.
        filler: object = bytes(size - _EMPTY_BYTES_OBJECT) if size >= _EMPTY_BYTES_OBJECT else number + 0.5
        _kept.append(filler)
        in_order = in_order + 1 if id(filler) == last + size else 0
        last = id(filler)


def _fill_heap() -> None:
    """Take what is free between the blocks of the heap, the larger pieces first, until only its top is left."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallinfo2"):
        return
    library.mallinfo2.restype = _HeapState
    library.malloc.restype = ctypes.c_void_p
    library.malloc.argtypes = [ctypes.c_size_t]
    for size in _HEAP_SIZES:
        before = library.mallinfo2()
        while (free := before.fordblks - before.keepcost) >= size:
            for _ in range(max(1, min(_AT_ONCE, free // (size * 4)))):
                library.malloc(size)
            after = library.mallinfo2()
            if (after.arena, after.keepcost) != (before.arena, before.keepcost):
                break  # it came from the top: no hole of this size is left
            before = after
