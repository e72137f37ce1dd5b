"""Forecasts of each crisis from all the others, by weighting draws from the prior.

A table of log likelihoods (draw, crisis) is all it takes: the weight of a draw, with crisis i
left out, is the product of its likelihoods of the other crises, raised to a strength between 0
(the prior alone) and 1 (the full posterior). Shrinking hard is the right thing with few crises;
the strength is itself chosen with the crisis left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.scores import ranked_probability_score
from foedus.model.numbers import Array

LEAST_DRAWS = 25.0
"""A strength whose forecasts rest on fewer effective draws is not used: they would be noise."""

STRENGTHS: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
"""Strengths of the fit tried by nested cross-validation."""


def weights_without(log_likelihoods: Array, strength: float) -> Array:
    """Weights of the draws with each crisis left out.

    Parameters
    ----------
    log_likelihoods
        (draw, crisis), nats.
    strength
        Power of the likelihood, 0 to 1.

    Returns
    -------
    array (crisis, draw); each row adds up to 1
    """
    total = log_likelihoods.sum(axis=1)[:, None] - log_likelihoods
    return _normalised(strength * total)


def forecasts_without(shares: Array, log_likelihoods: Array, strength: float) -> Array:
    """Forecast of each crisis from the others (crisis, level)."""
    weights = weights_without(log_likelihoods, strength)
    return np.asarray(np.einsum("cs,scl->cl", weights, shares))


def nested_forecasts(
    shares: Array, log_likelihoods: Array, observed: NDArray[np.int64]
) -> tuple[Array, Array]:
    """Forecasts whose strength is chosen, for each crisis, on the other crises alone.

    Returns
    -------
    forecasts (crisis, level), strengths (crisis,)
    """
    n = len(observed)
    by_strength = [forecasts_without(shares, log_likelihoods, s) for s in STRENGTHS]
    chosen = np.empty(n)
    usable = usable_strengths(log_likelihoods)
    rows = []
    for i in range(n):
        rest = np.delete(np.arange(n), i)
        losses = [
            _inner_loss(shares, log_likelihoods, observed, rest, s) if s in usable else np.inf
            for s in STRENGTHS
        ]
        best = int(np.argmin(losses))
        chosen[i] = STRENGTHS[best]
        rows.append(by_strength[best][i])
    return np.stack(rows), chosen


def usable_strengths(log_likelihoods: Array) -> tuple[float, ...]:
    """Strengths that leave at least :data:`LEAST_DRAWS` effective draws (the prior always does)."""
    return tuple(
        s
        for s in STRENGTHS
        if s == 0.0 or effective_draws(weights_without(log_likelihoods, s)).mean() >= LEAST_DRAWS
    )


def _inner_loss(
    shares: Array,
    log_likelihoods: Array,
    observed: NDArray[np.int64],
    rest: NDArray[np.int64],
    strength: float,
) -> float:
    inner = forecasts_without(shares[:, rest], log_likelihoods[:, rest], strength)
    return float(ranked_probability_score(inner, observed[rest]).mean())


def effective_draws(weights: Array) -> Array:
    """Effective number of draws behind each row of weights: ``1 / sum w^2``."""
    return np.asarray(1.0 / (weights**2).sum(axis=-1))


def log_evidence(log_likelihoods: Array) -> float:
    """Log probability of all crises under the prior (nats); differences are log Bayes factors."""
    total = log_likelihoods.sum(axis=1)
    top = total.max()
    return float(top + np.log(np.mean(np.exp(total - top))))


def evidence_without(log_likelihoods: Array) -> Array:
    """:func:`log_evidence` with each crisis left out (crisis,), nats."""
    n = log_likelihoods.shape[1]
    return np.array([log_evidence(np.delete(log_likelihoods, i, axis=1)) for i in range(n)])


def _normalised(logs: Array) -> Array:
    raised = np.exp(logs - logs.max(axis=0, keepdims=True))
    return np.asarray((raised / raised.sum(axis=0, keepdims=True)).T)


def stacking_weights(chances: Array, n_steps: int = 2000) -> Array:
    """Weights of a mixture of forecasters that would have given what happened the most probability.

    Parameters
    ----------
    chances
        Probability each forecaster gave to what happened (crisis, forecaster), out of sample.
    n_steps
        Steps of the expectation-maximisation iteration.

    References
    ----------
    Yao, Vehtari, Simpson and Gelman (2018), doi:10.1214/17-BA1091.
    """
    weights = np.full(chances.shape[1], 1.0 / chances.shape[1])
    for _ in range(n_steps):
        shared = weights * chances
        weights = (shared / shared.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
