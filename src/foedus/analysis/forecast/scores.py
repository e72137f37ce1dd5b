"""How good a forecast of an ordinal answer is; lower is better, 0 is a sure and right forecast.

Every score takes forecasts (crisis, level) and observed levels (crisis,), and gives one number a
crisis, so that means, differences and bootstrap intervals are taken in one place. They are few
lines, and the tests hold them against the library ``scoringrules``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.data.terms import Level
from foedus.model.numbers import Array

SMALLEST = 1e-12
"""Probability below which the log score no longer grows (27.6)."""


def ranked_probability_score(forecasts: ArrayLike, observed: ArrayLike) -> Array:
    """Ranked probability score of each crisis, 0 to 3.

    Parameters
    ----------
    forecasts
        Probabilities (crisis, level), each row adding up to 1.
    observed
        Levels (crisis,), 0 to 3.

    References
    ----------
    Epstein (1969), A scoring system for probability forecasts of ranked categories.
    """
    foreseen = np.cumsum(np.asarray(forecasts, dtype=np.float64), axis=1)[:, :-1]
    levels = np.asarray(observed, dtype=np.int64)[:, None]
    happened = levels <= np.arange(foreseen.shape[1])
    return np.asarray(((foreseen - happened) ** 2).sum(axis=1))


def log_score(forecasts: ArrayLike, observed: ArrayLike) -> Array:
    """Minus the logarithm of the probability given to what happened, in nats."""
    chances = np.asarray(forecasts, dtype=np.float64)
    rows = np.arange(len(chances))
    given = chances[rows, np.asarray(observed, dtype=np.int64)]
    return np.asarray(-np.log(np.maximum(given, SMALLEST)))


def brier_of_deploy(forecasts: ArrayLike, observed: ArrayLike) -> Array:
    """Squared error of the probability of `deploy`, 0 to 1."""
    happened = np.asarray(observed, dtype=np.int64) == Level.DEPLOY
    given = np.asarray(forecasts, dtype=np.float64)[:, Level.DEPLOY]
    return np.asarray((given - happened) ** 2)


def skill(scores: ArrayLike, reference: ArrayLike) -> float:
    """``1 - mean score / mean score of the base rate``: 1 perfect, 0 no better, below 0 worse."""
    return float(1.0 - np.mean(np.asarray(scores)) / np.mean(np.asarray(reference)))


def bootstrap_indices(uniforms: Array) -> NDArray[np.int64]:
    """Crises drawn with replacement (replicate, crisis) from uniforms of that shape."""
    n = uniforms.shape[1]
    return np.asarray(np.minimum((uniforms * n).astype(np.int64), n - 1))


def skill_interval(
    scores: ArrayLike, reference: ArrayLike, uniforms: Array, coverage: float = 0.9
) -> tuple[float, float]:
    """Percentile bootstrap interval of the skill over crises.

    Parameters
    ----------
    scores, reference
        One score a crisis (crisis,).
    uniforms
        Draws (replicate, crisis) in (0, 1).
    coverage
        Share of replicates inside.
    """
    drawn = bootstrap_indices(uniforms)
    ours = np.asarray(scores)[drawn].mean(axis=1)
    theirs = np.asarray(reference)[drawn].mean(axis=1)
    tail = (1.0 - coverage) / 2.0
    low, high = np.quantile(1.0 - ours / theirs, [tail, 1.0 - tail])
    return float(low), float(high)


def mean_interval(values: ArrayLike, uniforms: Array, coverage: float = 0.9) -> tuple[float, float]:
    """Percentile bootstrap interval of a mean over crises.

    Parameters
    ----------
    values
        One a crisis (crisis,).
    uniforms
        Draws (replicate, crisis) in (0, 1).
    """
    means = np.asarray(values)[bootstrap_indices(uniforms)].mean(axis=1)
    tail = (1.0 - coverage) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return float(low), float(high)
