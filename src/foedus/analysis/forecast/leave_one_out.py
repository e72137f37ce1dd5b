"""Forecasts of each crisis from all the others, by weighting draws from the prior.

A table of log likelihoods (draw, crisis) is all it takes: the weight of a draw, with crisis i
left out, is the product of its likelihoods of the other crises, raised to a strength between 0
(the prior alone) and 1 (the full posterior). Shrinking hard is the right thing with few crises;
strengths are themselves weighed with the crisis left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.model.numbers import Array

LEAST_DRAWS = 25.0
"""A strength whose forecasts rest on fewer effective draws is not used: they would be noise."""

LEAST_SHARE = 0.05
"""The same as a share of all draws: above it two seeds give nearly the same forecasts."""

STRENGTHS: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
"""Strengths of the fit that are weighed."""


def weights_without(log_likelihoods: Array, strength: float) -> Array:
    """Weights of the draws with each crisis left out (crisis, draw); each row adds up to 1.

    Log likelihoods are (draw, crisis), in nats; the strength is their power, 0 to 1.
    """
    total = log_likelihoods.sum(axis=1)[:, None] - log_likelihoods
    raised = _raised(strength * total)
    return np.asarray((raised / raised.sum(axis=0)).T)


def _raised(logs: Array) -> Array:
    """Exponentials (draw, any) of which the largest of each column is 1."""
    return np.asarray(np.exp(logs - logs.max(axis=0)))


def forecasts_without(shares: Array, log_likelihoods: Array, strength: float) -> Array:
    """Forecast of each crisis from the others (crisis, level)."""
    weights = weights_without(log_likelihoods, strength)
    return np.asarray(np.einsum("cs,scl->cl", weights, shares))


def forecasts_without_two(shares: Array, log_likelihoods: Array, strength: float) -> Array:
    """Forecast of the second crisis with both left out (left out, crisis, level)."""
    first = weights_without(log_likelihoods, strength)
    second = _raised(-strength * log_likelihoods)
    sums = np.stack([first @ (second * shares[:, :, k]) for k in range(shares.shape[2])], axis=2)
    return np.asarray(sums / (first @ second)[:, :, None])


def nested_forecasts(
    shares: Array, log_likelihoods: Array, observed: NDArray[np.int64]
) -> tuple[Array, Array]:
    """Forecasts (crisis, level) averaged over strengths, and the mean strengths (crisis,).

    Strengths are weighed, for each crisis, on the others alone: the weight of one is the
    probability that it gave to the others, each forecast without itself (pseudo Bayesian model
    averaging: Yao, Vehtari, Simpson and Gelman 2018, doi:10.1214/17-BA1091).
    """
    usable = usable_strengths(log_likelihoods)
    by_strength, given = [], []
    for strength in usable:
        by_strength.append(forecasts_without(shares, log_likelihoods, strength))
        inner = forecasts_without_two(shares, log_likelihoods, strength)
        logs = np.log(inner[:, np.arange(len(observed)), observed])
        given.append(logs.sum(axis=1) - np.diagonal(logs))  # to all other crises
    weights = _raised(np.stack(given))
    weights /= weights.sum(axis=0)
    return np.einsum("sc,scl->cl", weights, np.stack(by_strength)), np.asarray(usable) @ weights


def usable_strengths(log_likelihoods: Array) -> tuple[float, ...]:
    """Strengths that leave enough effective draws; the prior always does."""
    least = max(LEAST_DRAWS, LEAST_SHARE * len(log_likelihoods))
    return tuple(
        s
        for s in STRENGTHS
        if s == 0.0 or effective_draws(weights_without(log_likelihoods, s)).mean() >= least
    )


def effective_draws(weights: Array) -> Array:
    """Effective number of draws behind each row of weights: ``1 / sum w^2``."""
    return np.asarray(1.0 / (weights**2).sum(axis=-1))


def log_evidence(log_likelihoods: Array) -> float:
    """Log probability of all crises under the prior (nats); differences are log Bayes factors."""
    total = log_likelihoods.sum(axis=1)
    return float(total.max() + np.log(np.mean(_raised(total))))


def evidence_without(log_likelihoods: Array) -> Array:
    """:func:`log_evidence` with each crisis left out (crisis,), nats."""
    n = log_likelihoods.shape[1]
    return np.array([log_evidence(np.delete(log_likelihoods, i, axis=1)) for i in range(n)])


def stacking_weights(chances: Array, n_steps: int = 2000) -> Array:
    """Weights of a mixture of forecasters that would have given what happened the most probability.

    `chances` is what each gave to it (crisis, forecaster), out of sample; the weights come by
    expectation and maximisation (Yao, Vehtari, Simpson and Gelman 2018, doi:10.1214/17-BA1091).
    """
    weights = np.full(chances.shape[1], 1.0 / chances.shape[1])
    for _ in range(n_steps):
        shared = weights * chances
        weights = (shared / shared.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
