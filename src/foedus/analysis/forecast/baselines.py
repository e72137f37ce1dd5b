"""Forecasts that any model must beat; each returns probabilities (crisis, level)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from foedus.analysis.intervals import Groups
from foedus.data.terms import Level
from foedus.model.numbers import Array

N_LEVELS = len(Level)
PUBLISHED_RATES = {
    "alliances honoured, 1816-1944: 74.5 %": 0.745,
    "alliances honoured, 1945-2003: 22 %": 0.22,
}
"""Share of commitments honoured in war: Leeds, Long and Mitchell (2000,
doi:10.1177/0022002700044005006) and Berkemeier and Fuhrmann (2018,
doi:10.1177/2053168018779697). Both count wars between states only."""


def base_rate(
    observed: ArrayLike,
    prior: float = 1.0,
    *,
    groups: Groups | None = None,
    n_levels: int = N_LEVELS,
) -> Array:
    """How often each level came about among the other crises (leave one out, Laplace).

    Args:
        observed: Levels (crisis,), 0 to `n_levels` less 1.
        prior: Count added to each level.
        groups: Group of each row (crisis,), left out whole; by default each row is its own.
    """
    levels = np.asarray(observed, dtype=np.int64)
    own = np.arange(len(levels)) if groups is None else groups
    came = np.eye(n_levels)[levels]
    others = (own[:, None] != own) @ came + prior
    return np.asarray(others / others.sum(axis=1, keepdims=True))


def rate_of_alike(
    kinds: Sequence[object],
    observed: ArrayLike,
    prior: float = 1.0,
    *,
    groups: Groups | None = None,
    n_levels: int = N_LEVELS,
) -> Array:
    """How often each level came about among the other crises of the same kind (crisis,).

    `prior` is the weight of :func:`base_rate`, in crises; the rest is as there.
    """
    levels = np.asarray(observed, dtype=np.int64)
    own = np.arange(len(levels)) if groups is None else groups
    alike = np.array([[kind == other for other in kinds] for kind in kinds])
    counts = (alike & (own[:, None] != own)) @ np.eye(n_levels)[levels]
    rates = base_rate(levels, groups=groups, n_levels=n_levels)
    return np.asarray((counts + prior * rates) / (counts.sum(axis=1, keepdims=True) + prior))


def answer_equals_ask(asked: ArrayLike, observed: ArrayLike, prior: float = 1.0) -> Array:
    """The level asked for; how far answers fall from it is learned from the other crises.

    Crises are alike whose ask (crisis,), 0 to 3, is the same when it is rounded up; `prior` is
    the weight of the base rate, in crises.
    """
    return rate_of_alike(np.ceil(asked).tolist(), observed, prior)


def sure_ask(asked: ArrayLike) -> Array:
    """The answer is the ask, for sure; a half is split between its two neighbours."""
    one = np.eye(N_LEVELS)
    low, high = (one[np.asarray(end(asked), dtype=np.int64)] for end in (np.floor, np.ceil))
    return np.asarray((low + high) / 2)


def published_rate(rate: float, observed: ArrayLike) -> Array:
    """`deploy` at a published rate of honouring, 0 to 1; the rest as the other crises have it."""
    rows = base_rate(observed)
    below = rows[:, : Level.DEPLOY] / rows[:, : Level.DEPLOY].sum(axis=1, keepdims=True)
    return np.column_stack([(1.0 - rate) * below, np.full(len(rows), rate)])
