"""How sure one can be: intervals of shares, means, skills and correlations.

Units of one group (the crises of one alliance, the members of one crisis) are no independent
witnesses, so a group is drawn again whole. That is why the resampling stands here: scipy's
bootstrap draws single rows.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.data.terms import Mechanism
from foedus.model.chance import uniforms
from foedus.model.numbers import Array

Groups = NDArray[np.integer]
"""Group of each unit (unit,), from 0 on."""

Interval = tuple[float, float]
"""Lower and upper bound."""


def wilson_interval(share: float, n: int, coverage: float = 0.9) -> tuple[float, float]:
    """Interval, inside [0, 1], of a share counted in `n` cases.

    After Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    z = NormalDist().inv_cdf((1.0 + coverage) / 2.0)
    shrink = 1.0 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z / shrink * sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def grouped(names: ArrayLike) -> Groups:
    """Group of each unit (unit,), from 0 on, by name; where all bear one name, each its own."""
    _, place = np.unique(np.asarray(names), return_inverse=True)
    return place if place.max(initial=0) else np.arange(len(place))


def times_drawn(groups: Groups, seed: int = 0, stream: int = 0) -> Array:
    """How often each unit comes up when groups are drawn again whole (replicate, unit).

    1,024 replicates, the same for the same groups, seed and stream, after Field and Welsh (2007),
    doi:10.1111/j.1467-9868.2007.00593.x.
    """
    n = int(groups.max(initial=-1)) + 1
    drawn = (uniforms(seed, Mechanism.STUDY, stream, 0, n_days=n).T * n).astype(np.intp)
    own = drawn + n * np.arange(len(drawn))[:, None]
    counts = np.bincount(own.ravel(), minlength=n * len(drawn)).reshape(len(drawn), n)
    return np.asarray(counts[:, groups], dtype=np.float64)


def percentiles(replicates: Array, coverage: float = 0.9) -> tuple[float, float]:
    """Central interval of the replicates (replicate,) that are known; nan where none is."""
    known = replicates[~np.isnan(replicates)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1.0 - coverage) / 2.0, (1.0 + coverage) / 2.0])
    return float(low), float(high)


def mean_interval(values: ArrayLike, groups: Groups, coverage: float = 0.9) -> tuple[float, float]:
    """Percentile bootstrap interval of a mean of values (unit,), groups drawn whole."""
    times = times_drawn(groups)
    return percentiles(times @ np.asarray(values, dtype=np.float64) / times.sum(axis=1), coverage)


def skill_interval(scores: ArrayLike, reference: ArrayLike, groups: Groups) -> tuple[float, float]:
    """90 % bootstrap interval of ``1 - mean score / mean reference``, groups drawn whole."""
    times = times_drawn(groups)
    theirs = times @ np.asarray(reference, dtype=np.float64)
    ours = times @ np.asarray(scores, dtype=np.float64)
    ratio = np.full(len(times), np.nan)
    np.divide(ours, theirs, out=ratio, where=theirs > 0)
    return percentiles(1.0 - ratio)


def spearman(one: ArrayLike, other: ArrayLike) -> float:
    """Rank correlation of two rows of values, in [-1, 1]; nan where one does not vary.

    After Spearman (1904), doi:10.2307/1412159.
    """
    from scipy.stats import rankdata

    a, b = (row - row.mean() if row.size else row for row in map(rankdata, (one, other)))
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / spread) if spread > 0 else float("nan")


def spearman_interval(
    one: ArrayLike, other: ArrayLike, groups: Groups, coverage: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of Spearman's correlation of values (unit,), groups whole.

    It is taken over the replicates that vary; nan where none does.
    """
    a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    times = times_drawn(groups).astype(np.intp)
    found = [spearman(np.repeat(a, row), np.repeat(b, row)) for row in times]
    return percentiles(np.array(found), coverage)
