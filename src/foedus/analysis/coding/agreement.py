"""Agreement of coders who worked apart: Krippendorff's alpha and its bootstrap interval.

alpha = 1 - D_observed / D_expected: how much two ratings of the same unit differ, against how
much two ratings differ when it is forgotten which unit they belong to. 1 is perfect agreement,
0 is what chance gives, and less than 0 is systematic disagreement.

References
----------
Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania,
https://repository.upenn.edu/asc_papers/43. (It has no DOI.)

Hayes, A. F. and Krippendorff, K. (2007). Answering the call for a standard reliability measure
for coding data. Communication Methods and Measures, 1(1), 77-89. doi:10.1080/19312450709336664
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _interval(one: Floats, other: Floats) -> Floats:
    """Squared difference of two ratings."""
    return (one - other) ** 2


def _nominal(one: Floats, other: Floats) -> Floats:
    """1 where two ratings differ, else 0."""
    return np.where(one == other, 0.0, 1.0)


METRICS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "interval": _interval,
    "nominal": _nominal,
}
"""How far apart two ratings are, by the scale they are on."""


def krippendorff_alpha(ratings: Floats, metric: str = "interval") -> float:
    """Return the agreement of the coders beyond chance.

    Parameters
    ----------
    ratings : array, shape (coder, unit)
        What each coder wrote for each unit; nan where nothing. A unit with fewer than two
        ratings says nothing about agreement and drops out.
    metric : {"interval", "nominal"}
        How the difference between two ratings is measured (see `METRICS`).

    Returns
    -------
    float
        Alpha, at most 1; nan where the ratings that can be paired do not vary at all.

    Raises
    ------
    ValueError
        If the ratings are not a table of finite numbers and nan, or the metric is unknown.
    """
    values, counts = _pairable(ratings)
    once = np.ones((1, len(counts)))
    return float(_alpha(once, counts, _distance(values, metric))[0])


def alpha_interval(
    ratings: Floats,
    uniforms: Floats,
    level: float = 0.95,
    metric: str = "interval",
    groups: NDArray[np.integer] | None = None,
) -> tuple[float, float]:
    """Percentile interval of alpha when units are drawn again, each with all its ratings.

    Parameters
    ----------
    ratings : array, shape (coder, unit)
        What each coder wrote for each unit; nan where nothing.
    uniforms : array, shape (replicate, unit), or (replicate, group)
        Draws in [0, 1); each picks one unit, or one group of units, for one replicate.
    level : float
        Share of the replicates that the interval holds, in (0, 1).
    metric : {"interval", "nominal"}
        How the difference between two ratings is measured (see `METRICS`).
    groups : array of int, shape (unit,), optional
        Group of each unit, from 0 on. Units that are not independent (the members of one crisis)
        are then drawn together; without it every unit is drawn alone.

    Returns
    -------
    low, high : float
        Ends of the interval over the replicates that vary; nan where none does.

    Raises
    ------
    ValueError
        If the ratings are not a table of finite numbers and nan, the metric is unknown, the
        uniforms do not fit the units or groups or leave [0, 1), or the level leaves (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    values, counts = _pairable(ratings)
    own = np.arange(len(counts)) if groups is None else np.asarray(groups)
    times = _times_drawn(uniforms, int(own.max(initial=-1)) + 1)[:, own]
    alphas = _alpha(times, counts, _distance(values, metric))
    known = alphas[~np.isnan(alphas)]
    if known.size == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _pairable(ratings: Floats) -> tuple[Floats, Floats]:
    """Distinct ratings (value,), and how often each unit got each one (unit, value).

    A unit with fewer than two ratings keeps its row, of zeros.
    """
    ratings = np.asarray(ratings, dtype=np.float64)
    if ratings.ndim != 2 or np.isinf(ratings).any():
        raise ValueError("ratings must be a table (coder, unit) of finite numbers and nan")
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = (ratings[:, :, None] == values).sum(axis=0).astype(np.float64)
    return values, counts * (counts.sum(axis=1, keepdims=True) > 1)


def _distance(values: Floats, metric: str) -> Floats:
    """Distance of each distinct rating from each other one, shape (value, value)."""
    if metric not in METRICS:
        raise ValueError(f"unknown metric {metric!r} (known: {', '.join(METRICS)})")
    return METRICS[metric](values[:, None], values)


def _times_drawn(uniforms: Floats, n: int) -> Floats:
    """How often each replicate holds each of `n` units or groups, shape (replicate, n)."""
    uniforms = np.asarray(uniforms, dtype=np.float64)
    if uniforms.ndim != 2 or uniforms.shape[1] != n:
        raise ValueError(f"uniforms must have shape (replicate, {n}), not {uniforms.shape}")
    if not ((uniforms >= 0) & (uniforms < 1)).all():
        raise ValueError("uniforms must lie in [0, 1)")
    drawn = (uniforms * n).astype(np.intp)
    return np.array([np.bincount(row, minlength=n) for row in drawn], dtype=np.float64)


def _alpha(times: Floats, counts: Floats, distance: Floats) -> Floats:
    """Alpha of each replicate, shape (replicate,).

    With m ratings of a unit and n in all, D_observed is the sum over units of
    pairs / (m - 1), divided by n, and D_expected is the pairs of all ratings / (n (n - 1)).

    Parameters
    ----------
    times : array, shape (replicate, unit)
        How often each replicate holds each unit.
    counts : array, shape (unit, value)
        How often each unit got each distinct rating.
    distance : array, shape (value, value)
        Distance between two ratings.
    """
    partners = np.maximum(counts.sum(axis=1) - 1, 1)
    observed = times @ (_disagreement(counts, distance) / partners)
    pooled = times @ counts
    expected = _disagreement(pooled, distance)
    ratio = np.full(len(times), np.nan)
    np.divide((pooled.sum(axis=1) - 1) * observed, expected, out=ratio, where=expected > 0)
    return 1 - ratio


def _disagreement(counts: Floats, distance: Floats) -> Floats:
    """Sum of the distances over all ordered pairs of ratings, (any, value) -> (any,)."""
    return np.asarray(((counts @ distance) * counts).sum(axis=1))
