"""Rank correlation, and how sure it is when units come in groups.

References
----------
Spearman, C. (1904). The proof and measurement of association between two things. American
Journal of Psychology, 15(1), 72-101. doi:10.2307/1412159
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.analysis.forecast.scores import bootstrap_indices
from foedus.model.numbers import Array


def ranks(values: ArrayLike) -> Array:
    """Rank of each value from 1, values that tie sharing the mean of their ranks (unit,)."""
    _, place, times = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray((last - (times - 1) / 2.0)[place])


def spearman(one: ArrayLike, other: ArrayLike) -> float:
    """Spearman's rank correlation of two rows of values, in [-1, 1].

    Returns
    -------
    float
        nan where either row does not vary or has fewer than two values.
    """
    a, b = (row - row.mean() if row.size else row for row in (ranks(one), ranks(other)))
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / spread) if spread > 0 else float("nan")


def spearman_interval(
    one: ArrayLike,
    other: ArrayLike,
    groups: NDArray[np.integer],
    uniforms: Array,
    coverage: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap interval of Spearman's correlation, groups drawn whole.

    Parameters
    ----------
    one, other
        Values (unit,).
    groups
        Group of each unit (unit,), from 0 on; units of one group are not independent.
    uniforms
        Draws (replicate, group) in (0, 1).
    coverage
        Share of replicates inside, in (0, 1).

    Returns
    -------
    low, high : float
        Over the replicates that vary; nan where none does.
    """
    a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    rows = [np.flatnonzero(groups == group) for group in range(uniforms.shape[1])]
    drawn = (np.concatenate([rows[g] for g in picked]) for picked in bootstrap_indices(uniforms))
    found = np.array([spearman(a[units], b[units]) for units in drawn])
    known = found[~np.isnan(found)]
    if known.size == 0:
        return float("nan"), float("nan")
    tail = (1.0 - coverage) / 2.0
    low, high = np.quantile(known, [tail, 1.0 - tail])
    return float(low), float(high)
