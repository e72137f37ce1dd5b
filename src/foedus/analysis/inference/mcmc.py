"""The posterior of the free parameters given a panel of crises.

Walkers move on the priors' standard normal scale, so that the prior is a sphere; the likelihood
is estimated on the array engine under one chance for all (it is a fixed function of the
parameters), raised to a strength that shrinks the fit. Sampler: emcee, several moves.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from foedus.analysis.forecast.scores import Panel
from foedus.analysis.inference.chain import Chain, emcee_library
from foedus.analysis.inference.importance_sampling import WeightedDraws, annealed, gaussian_of
from foedus.analysis.inference.likelihood import (
    Trial,
    answer_shares,
    drawn_counts,
    smoothed,
    trials_of,
)
from foedus.analysis.inference.priors import answering, from_standard, study_uniforms
from foedus.data.register import Parameter
from foedus.data.terms import LEVELS
from foedus.data.theory import Theory
from foedus.model.numbers import Array

CALIBRATED_ROLES = ("willingness", "influence", "council", "chance")
"""Roles whose free parameters bear on the answer itself rather than on the course of events."""

GUIDE_DRAWS = 2000
"""Draws in each step towards the guide: a hundred for each parameter, or its Gaussian is noise."""


@dataclass(frozen=True)
class Target:
    """What the sampler needs: parameters, crises made ready, and the answers observed.

    Attributes:
        counts: Observed answers (crisis, level): one per crisis for history, more in studies.
        strength: Power of the likelihood, 0 (prior) to 1.
    """

    rows: tuple[Parameter, ...]
    trials: list[Trial]
    counts: Array
    n_runs: int
    strength: float


def calibrated_rows(theory: Theory | None = None) -> tuple[Parameter, ...]:
    """Parameters that are calibrated: free, bearing on the answer, not switched by the theory."""
    held = {"sigma_intensity", *(theory.parameters if theory else ())}
    return tuple(
        row for row in answering() if row.role in CALIBRATED_ROLES and row.name not in held
    )


def target_of(
    panel: Panel,
    theory: Theory | None = None,
    *,
    n_runs: int = 48,
    seed: int = 1,
    strength: float = 1.0,
    counts: Array | None = None,
) -> Target:
    """Make a panel ready; `counts` replaces history in studies with known parameters."""
    happened = np.eye(len(LEVELS))[panel.observed] if counts is None else counts
    return Target(
        calibrated_rows(theory), trials_of(panel, theory, n_runs, seed), happened, n_runs, strength
    )


def values_at(rows: Sequence[Parameter], z: Array) -> dict[str, Array]:
    """Parameter values (point,) at standard coordinates (point, parameter)."""
    return {
        row.name: np.clip(from_standard(row, z[:, k]), row.low, row.high)
        for k, row in enumerate(rows)
    }


def log_likelihood(target: Target, z: Array) -> Array:
    """Log likelihood of the observed answers (point,), nats, at coordinates (point, parameter)."""
    shares = answer_shares(target.trials, values_at(target.rows, z))
    logs = np.log(smoothed(shares, target.n_runs))
    return np.asarray((logs * target.counts).sum(axis=(1, 2)))


def log_posterior(target: Target, z: Array) -> Array:
    """Log posterior up to a constant (point,)."""
    return np.asarray(-0.5 * (z**2).sum(axis=1) + target.strength * log_likelihood(target, z))


@dataclass(frozen=True)
class Posterior:
    """Draws from the posterior, and whether they can be trusted.

    Attributes:
        z: Kept draws on the standard scale (step, walker, parameter).
        rhat, ess: Split R-hat and effective sample size (parameter,).
    """

    rows: tuple[Parameter, ...]
    z: Array
    rhat: Array
    ess: Array

    @property
    def draws(self) -> dict[str, Array]:
        """Values by name, all walkers and steps together (draw,)."""
        return values_at(self.rows, self.z.reshape(-1, self.z.shape[-1]))


def sample(
    target: Target,
    *,
    max_steps: int = 2000,
    n_walkers: int | None = None,
    seed: int = 1,
    block: int = 50,
    rhat_below: float = 1.05,
    least_ess: float = 400.0,
    folder: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Posterior:
    """Sample the posterior until R-hat and effective sample size are good, or steps run out.

    Args:
        block: Steps between two looks at the diagnostics, and two savings; `progress` then gets a
            line.
        folder: Where to save the chain; a chain found there is taken up again, and ends bit for bit
            where one that was never interrupted does.

    Raises:
        UsageError: If emcee, h5py or ArviZ is not installed.
        InputError: If the chain in `folder` is of other parameters, crises, strength, runs or seed.
    """
    n_dim = len(target.rows)
    walkers = n_walkers or 2 * (n_dim + 2)
    saved = Chain(folder, [row.name for row in target.rows])
    found = saved.take_up(walkers, lambda z: log_posterior(target, z))
    guide = _guide(target, seed)
    sampler = sampler_of(lambda z: log_posterior(target, z), guide, walkers, saved.backend)
    done = saved.backend.iteration if found else 0
    while done < max_steps:
        state = None if done else _start(guide, walkers, seed)
        steps = min(block - done % block, max_steps - done)
        sampler.run_mcmc(state, steps, skip_initial_state_check=True)
        saved.keep()
        done += steps
        rhat, ess = diagnostics(_settled(sampler.get_chain()))
        progress(
            f"{done} steps of {walkers} walkers: R-hat at most {rhat.max():.3f}, "
            f"effective draws at least {ess.min():.0f}"
        )
        if rhat.max() < rhat_below and ess.min() >= least_ess:
            break
    kept = _settled(sampler.get_chain())
    saved.close()
    return Posterior(target.rows, kept, *diagnostics(kept))


def _settled(chain: Array) -> Array:
    """A chain (step, walker, parameter) without its first quarter."""
    return chain[len(chain) // 4 :]


def sampler_of(
    log_density: Callable[[Array], Array], guide: Guide, n_walkers: int, backend: Any = None
) -> Any:
    """Emcee's sampler with the moves that calibration makes.

    Most moves propose from the guide; `log_density` gives the log posterior (walker,) at places
    (walker, parameter).
    """
    emcee = emcee_library()
    return emcee.EnsembleSampler(
        n_walkers,
        len(guide.centre),
        log_density,
        vectorize=True,
        backend=backend,
        moves=[
            (emcee.moves.MHMove(guide.propose), 0.7),
            (emcee.moves.DEMove(), 0.2),
            (emcee.moves.StretchMove(), 0.1),
        ],
    )


def diagnostics(chain: Array) -> tuple[Array, Array]:
    """Rank-normalised split R-hat and bulk effective sample size of each parameter.

    From a chain (step, walker, parameter), after Vehtari et al. (2021), doi:10.1214/20-BA1221.
    """
    arviz = _arviz()
    columns = np.swapaxes(chain, 0, 2)
    rhat, ess = (np.array([float(of(c)) for c in columns]) for of in (arviz.rhat, arviz.ess))
    return rhat, ess


def _arviz() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # ArviZ announces its next version
        import arviz
    return arviz


@dataclass(frozen=True)
class Guide:
    """A Gaussian near the posterior: where walkers start, and what most moves propose.

    Proposals are drawn from it whatever the walker's place, and accepted by the ratio that makes
    the posterior the chain's own: the guide decides how fast the chain mixes, never what it finds.
    """

    draws: WeightedDraws
    centre: Array
    root: Array

    def log_density(self, z: Array) -> Array:
        """Log density up to a constant (point,)."""
        noise = np.linalg.solve(self.root, (z - self.centre).T)
        return np.asarray(-0.5 * (noise**2).sum(axis=0))

    def propose(self, z: Array, random: np.random.RandomState) -> tuple[Array, Array]:
        """New places for all walkers, and the log ratio that keeps detailed balance."""
        new = self.centre + random.standard_normal(z.shape) @ self.root.T
        return new, self.log_density(z) - self.log_density(new)


def _guide(target: Target, seed: int) -> Guide:
    draws = annealed(
        lambda z: target.strength * log_likelihood(target, z),
        len(target.rows),
        n_draws=GUIDE_DRAWS,
        seed=seed,
    )
    centre, root = gaussian_of(draws.z, draws.weights)
    return Guide(draws, centre, root)


def _start(guide: Guide, walkers: int, seed: int) -> Any:
    """Places near the posterior, and the random state of a chain that begins."""
    chance = np.random.RandomState(np.random.MT19937(np.random.SeedSequence([seed, 0])))
    chosen = chance.choice(len(guide.draws.weights), size=walkers, p=guide.draws.weights)
    start = guide.draws.z[chosen] + 0.05 * chance.standard_normal((walkers, len(guide.centre)))
    return emcee_library().State(start, random_state=chance.get_state())


def predictive_counts(target: Target, z: Array, seed: int) -> Array:
    """How many crises end at each level (draw, level), one simulated history for each draw.

    Draws `z` (draw, parameter) are from prior or posterior, on the standard scale.
    """
    shares = smoothed(answer_shares(target.trials, values_at(target.rows, z)), target.n_runs)
    luck = study_uniforms(seed, 3, len(shares), shares.shape[1]).T
    return drawn_counts(luck, shares)


def record_of(posterior: Posterior, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter file's content (JSON is YAML too): medians, spreads, where they come from."""
    draws = posterior.draws
    return {
        "schema_version": 1,
        "made_by": dict(provenance),
        "diagnostics": {
            "rhat": dict(zip(draws, posterior.rhat.tolist(), strict=True)),
            "ess": dict(zip(draws, posterior.ess.tolist(), strict=True)),
        },
        "parameters": {name: float(np.median(values)) for name, values in draws.items()},
        "interval_90": {
            name: np.quantile(values, [0.05, 0.95]).tolist() for name, values in draws.items()
        },
    }
