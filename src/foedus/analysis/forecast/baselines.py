"""Forecasts that any model must beat; each returns probabilities (crisis, level)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from foedus.data.terms import Level
from foedus.model.numbers import Array

N_LEVELS = len(Level)


def base_rate(observed: ArrayLike, prior: float = 1.0) -> Array:
    """How often each level came about among the other crises (leave one out, Laplace).

    Parameters
    ----------
    observed
        Levels (crisis,).
    prior
        Count added to each level.
    """
    levels = np.asarray(observed, dtype=np.int64)
    counts = np.bincount(levels, minlength=N_LEVELS).astype(np.float64)
    others = np.tile(counts, (len(levels), 1))
    others[np.arange(len(levels)), levels] -= 1.0
    others += prior
    return np.asarray(others / others.sum(axis=1, keepdims=True))


def answer_equals_ask(asked: ArrayLike, observed: ArrayLike, prior: float = 1.0) -> Array:
    """The level asked for; how far answers fall from it is learned from the other crises.

    Each row is the distribution of answers among the *other* crises whose ask, rounded up, was
    the same, with `prior` spread over the levels as the base rate has it.

    Parameters
    ----------
    asked
        Level asked for (crisis,), 0 to 3.
    observed
        Levels (crisis,).
    prior
        Weight of the base rate, in crises.
    """
    asks = np.ceil(np.asarray(asked, dtype=np.float64)).astype(np.int64)
    levels = np.asarray(observed, dtype=np.int64)
    rates = base_rate(levels)
    rows = []
    for i, ask in enumerate(asks):
        alike = (asks == ask) & (np.arange(len(asks)) != i)
        counts = np.bincount(levels[alike], minlength=N_LEVELS).astype(np.float64)
        rows.append((counts + prior * rates[i]) / (counts.sum() + prior))
    return np.stack(rows)


def sure_ask(asked: ArrayLike) -> Array:
    """The answer is the ask, for sure; a half is split between its two neighbours."""
    levels = np.asarray(asked, dtype=np.float64)
    low = np.floor(levels).astype(np.int64)
    high = np.ceil(levels).astype(np.int64)
    rows = np.zeros((len(levels), N_LEVELS))
    rows[np.arange(len(levels)), low] += 0.5
    rows[np.arange(len(levels)), high] += 0.5
    return rows


PUBLISHED_RATES = {
    "alliances honoured, 1816-1944: 74.5 %": 0.745,
    "alliances honoured, 1945-2003: 22 %": 0.22,
}
"""Share of commitments honoured in war: Leeds, Long and Mitchell (2000,
doi:10.1177/0022002700044005006) and Berkemeier and Fuhrmann (2018,
doi:10.1177/2053168018779697). Both count wars between states only."""


def published_rate(rate: float, observed: ArrayLike) -> Array:
    """`deploy` at a published rate of honouring; the rest as the other crises have it.

    Parameters
    ----------
    rate
        Share of commitments honoured, 0 to 1.
    observed
        Levels (crisis,).
    """
    rows = base_rate(observed)
    below = rows[:, : Level.DEPLOY] / rows[:, : Level.DEPLOY].sum(axis=1, keepdims=True)
    return np.column_stack([(1.0 - rate) * below, np.full(len(rows), rate)])
