"""A posterior by annealed importance sampling: from the prior to the data in a few steps.

Cheaper than a Markov chain when many posteriors are wanted and each is not far from its prior.
Each step raises the power of the likelihood as far as the draws can carry, fits a Gaussian to
the weighted draws and draws anew from it; the last draws are weighted exactly. The effective
number of draws tells whether to trust them. After Cappé et al. (2008),
doi:10.1007/s11222-008-9059-x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foedus.analysis.forecast.leave_one_out import effective_draws
from foedus.analysis.inference.priors import standard_normal
from foedus.model.numbers import Array

CARRIED = 0.3
"""Share of the draws that must stay effective when the power is raised."""

INFLATION = 1.15
"""How much wider than fitted the Gaussian is drawn, so that its tails cover the posterior."""

LEAST_SPREAD = 1e-3
"""A Gaussian is never narrower than about this, even where one draw has all the weight."""


@dataclass(frozen=True)
class WeightedDraws:
    """Draws on the prior's standard scale (draw, parameter), weights (draw,) adding up to 1."""

    z: Array
    weights: Array

    @property
    def effective(self) -> float:
        """Effective number of draws."""
        return float(effective_draws(self.weights))

    @property
    def mean(self) -> Array:
        """Posterior mean (parameter,)."""
        return np.asarray(self.weights @ self.z)

    @property
    def spread(self) -> Array:
        """Posterior standard deviation (parameter,)."""
        return np.asarray(np.sqrt(self.weights @ (self.z - self.mean) ** 2))

    def rank_of(self, truth: Array) -> Array:
        """Posterior probability of less than `truth`, parameter by parameter."""
        return np.asarray(self.weights @ (self.z < truth))


def annealed(
    log_likelihood: Callable[[Array], Array],
    n_parameters: int,
    *,
    n_draws: int = 800,
    most_steps: int = 12,
    seed: int = 1,
    stream: int = 0,
) -> WeightedDraws:
    """Draw from the posterior under standard normal priors.

    Args:
        log_likelihood: From points (draw, parameter) to nats (draw,).
        most_steps: Steps after which it stops, whatever the power reached.
        seed, stream: Posteriors of one seed and different streams share no draw.
    """
    centre, root = np.zeros(n_parameters), np.eye(n_parameters)
    power, step = 0.0, 0
    while True:
        noise = standard_normal(n_draws, n_parameters, seed, stream * most_steps + step)
        z = centre + noise @ root.T
        logs = log_likelihood(z)
        correction = 0.5 * (noise**2).sum(axis=1) - 0.5 * (z**2).sum(axis=1)
        correction += np.log(np.abs(np.diag(root))).sum()
        at_full = _normalised(correction + logs)
        step += 1
        if effective_draws(at_full) >= CARRIED * n_draws or step == most_steps:
            return WeightedDraws(z, at_full)
        power = _next_power(correction, logs, power)
        centre, root = gaussian_of(z, _normalised(correction + power * logs))


def _next_power(correction: Array, logs: Array, power: float) -> float:
    """The highest power below 1 at which enough draws stay effective, by bisection."""
    low, high = power, 1.0
    for _ in range(30):
        middle = (low + high) / 2.0
        effective = effective_draws(_normalised(correction + middle * logs))
        low, high = (middle, high) if effective >= CARRIED * len(logs) else (low, middle)
    return low


def gaussian_of(z: Array, weights: Array) -> tuple[Array, Array]:
    """Mean and lower-triangular root of the covariance of weighted draws, a little wider.

    Draws (draw, parameter); their weights (draw,) add up to 1.
    """
    centre = weights @ z
    apart = z - centre
    covariance = (apart * weights[:, None]).T @ apart
    held = 0.9 * covariance + 0.1 * np.diag(np.maximum(np.diag(covariance), LEAST_SPREAD**2))
    return np.asarray(centre), np.asarray(np.linalg.cholesky(INFLATION**2 * held))


def _normalised(logs: Array) -> Array:
    raised = np.exp(logs - logs.max())
    return np.asarray(raised / raised.sum())
