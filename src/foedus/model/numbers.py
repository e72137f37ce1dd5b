"""What the equations take: a number for one run, or an array whose last axis is the run.

Sums are explicit and in member order, so that a lone run and an array of runs give the same
bits; ``@``, ``einsum``, ``.sum`` and ``math.fsum`` associate differently and are never used.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Value: TypeAlias = Any
"""A float, or an array broadcastable to (run,); equations are elementwise in it."""

Parameters: TypeAlias = Mapping[str, Value]
"""Parameters of the register by name; a value may differ by run."""


def by_run(value: Value, turned: Callable[[Array], Array]) -> Value:
    """A value `turned` where it differs by run (last axis); one for all runs stays as it is.

    Of a record or a mapping, every value is.
    """
    if isinstance(value, Mapping):
        return {name: by_run(own, turned) for name, own in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**by_run(vars(value), turned))
    return value if np.ndim(value) == 0 or value.shape[-1] == 1 else turned(value)


def stacked(values: Sequence[Value]) -> Array:
    """Values of the members to (member, run), or (member, 1) where none differs by run."""
    return np.stack([np.atleast_1d(row) for row in np.broadcast_arrays(*values)])


def added_up(terms: Iterable[Value]) -> Value:
    """Sum of one or more terms in their order, starting from the first.

    Raises:
        ValueError: If there are no terms.
    """
    total: Value = None
    for term in terms:
        total = term if total is None else total + term
    if total is None:
        raise ValueError("a sum needs at least one term")
    return total


def weighted_sum(weights: Sequence[Value] | Array, values: Sequence[Value] | Array) -> Value:
    """Sum of weight times value, in order, over the first axis of both."""
    return added_up(w * v for w, v in zip(weights, values, strict=True))
