"""What more crises would buy: known parameters recovered from simulated histories.

A draw from the prior is taken as the truth, a history of the panel (once or ten times over) is
simulated under it, and its posterior is taken as if the truth were not known. Over many such
histories the rank of the truth within its posterior must be uniform (simulation-based
calibration: Talts et al. 2018, arXiv:1804.06788). How far the posterior narrows says what so many
crises can teach.

Each posterior comes by annealed importance sampling, cheaper than a Markov chain where many are
wanted and each is not far from its prior. Each step raises the power of the likelihood as far as
the draws can carry, fits a Gaussian to the weighted draws and draws anew from it; the last draws
are weighted exactly. The effective number of draws tells whether to trust them. After Cappé et al.
(2008), doi:10.1007/s11222-008-9059-x.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foedus.analysis.forecast.leave_one_out import effective_draws
from foedus.analysis.forecast.scores import Panel
from foedus.analysis.inference.likelihood import Target, drawn_counts, log_likelihood, target_of
from foedus.analysis.inference.priors import standard_normal
from foedus.data.register import known
from foedus.data.terms import Mechanism
from foedus.model.chance import uniforms
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


@dataclass(frozen=True)
class RecoveryRow:
    """How well one parameter is recovered from histories of one length.

    Attributes:
        correlation: Of posterior mean and truth over histories, on the prior's standard scale; nan
            where one history leaves nothing to correlate.
        narrowing: Mean posterior standard deviation as a share of the prior's.
        coverage: Share of histories whose 90 % posterior interval holds the truth.
    """

    name: str
    n_crises: int
    correlation: float
    narrowing: float
    coverage: float


@dataclass(frozen=True)
class Recovery:
    """All rows and, by number of crises, the ranks behind them and the mean effective draws.

    `ranks` are those of the truth in its posterior (history, parameter), in [0, 1].
    """

    rows: tuple[RecoveryRow, ...]
    ranks: dict[int, Array]
    draws: dict[int, float]
    n_histories: int


def recover(
    panel: Panel,
    *,
    names: Sequence[str] | None = None,
    n_histories: int = 20,
    n_draws: int = 600,
    n_runs: int = 32,
    copies: tuple[int, ...] = (1, 10),
    seed: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> Recovery:
    """Recover known parameters from simulated histories.

    Args:
        names: Parameters taken as unknown; all that are calibrated by default.
        copies: How many times over the panel's crises happen in a history.
    """
    target = target_of(panel, n_runs=n_runs, seed=seed)
    if names is not None:
        target = replace(target, rows=tuple(known(name) for name in names))
    truths = standard_normal(n_histories, len(target.rows), seed, 0)
    chances = target.chances(truths)
    rows: list[RecoveryRow] = []
    ranks: dict[int, Array] = {}
    draws: dict[int, float] = {}
    for times in copies:
        n_crises = times * len(panel)
        posteriors = []
        for k in range(n_histories):
            posteriors.append(_posterior(target, chances[k], times, k, n_draws, seed))
            progress(f"history {k + 1} of {n_histories}, {n_crises} crises")
        rows += _rows(target, truths, posteriors, n_crises)
        ranks[n_crises] = _ranks(posteriors, truths)
        draws[n_crises] = float(np.mean([posterior.effective for posterior in posteriors]))
    return Recovery(tuple(rows), ranks, draws, n_histories)


def _posterior(
    target: Target, chances: Array, times: int, history: int, n_draws: int, seed: int
) -> WeightedDraws:
    """The posterior of a history in which each crisis happens `times` times."""
    luck = uniforms(seed, Mechanism.STUDY, 11, history, n_days=len(chances))[:, :times]
    own = replace(target, counts=drawn_counts(luck, chances[:, None]))
    return annealed(
        lambda z: log_likelihood(own, z),
        len(target.rows),
        n_draws=n_draws,
        seed=seed,
        stream=1 + history,
    )


def _rows(
    target: Target, truths: Array, posteriors: Sequence[WeightedDraws], n_crises: int
) -> list[RecoveryRow]:
    means = np.stack([posterior.mean for posterior in posteriors])
    spreads = np.stack([posterior.spread for posterior in posteriors])
    ranks = _ranks(posteriors, truths)
    return [
        RecoveryRow(
            name=row.name,
            n_crises=n_crises,
            correlation=_correlation(means[:, k], truths[:, k]),
            narrowing=float(spreads[:, k].mean()),
            coverage=float(((ranks[:, k] > 0.05) & (ranks[:, k] < 0.95)).mean()),
        )
        for k, row in enumerate(target.rows)
    ]


def _ranks(posteriors: Sequence[WeightedDraws], truths: Array) -> Array:
    return np.stack([p.rank_of(truth) for p, truth in zip(posteriors, truths, strict=True)])


def _correlation(one: Array, other: Array) -> float:
    """Pearson's correlation; nan where fewer than two values, or values that do not vary."""
    if len(one) < 2 or not (np.ptp(one) and np.ptp(other)):
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
