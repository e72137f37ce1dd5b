"""Columns of arrays (member, run): some of them, and where they lie in memory."""

from __future__ import annotations

from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foedus.model.numbers import Array, Value

Columns: TypeAlias = NDArray[np.intp]
"""Places of some runs among others."""

CACHE_LINE = 64
"""Bytes; arrays that begin at a line are worked on nearly twice as fast."""


def of_columns(value: Value, columns: Columns) -> Value:
    """The entries of some columns; a value in which no run differs stays as it is."""
    if np.ndim(value) == 0 or value.shape[-1] == 1:
        return value
    return value.take(columns, axis=-1)


def empty(*shape: int) -> Array:
    """An array of numbers not yet set that begins at a cache line."""
    size = prod(shape)
    spare = CACHE_LINE // np.dtype(np.float64).itemsize
    room = np.empty(size + spare)
    first = -room.ctypes.data % CACHE_LINE // room.itemsize
    return room[first : first + size].reshape(shape)


def lined_up(values: Array) -> Array:
    """A copy that begins at a cache line."""
    copy = empty(*values.shape)
    np.copyto(copy, values)
    return copy


def lined_up_columns(values: Array, columns: Columns) -> Array:
    """:func:`of_columns` of an array (member, column), beginning at a cache line."""
    if values.shape[1] == 1:
        return values
    picked = empty(values.shape[0], len(columns))
    return values.take(columns, axis=1, out=picked, mode="clip")  # "raise" would copy twice
