"""How probable each answer is under many parameter sets, for every crisis of a panel.

Parameter sets meet the same chance. What nobody measured is drawn in strata (one run in each
slice of its distribution), which makes few runs as good as many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.scores import Panel
from foedus.analysis.inference.priors import answering, from_standard, study_uniforms
from foedus.data.register import Parameter
from foedus.data.terms import LEVELS
from foedus.data.theory import Theory
from foedus.model.array_engine import CHUNK, simulate
from foedus.model.chance import draw_chance, draw_codes, standard_logistic
from foedus.model.council import first_sitting
from foedus.model.numbers import Array, Parameters
from foedus.model.parameter_points import levels_of_points, shares_of_levels
from foedus.model.setup import Setup
from foedus.model.situation import Chance, Codes, Situation

ANSWER_DAYS = 7
"""The historical answers are those given to the request at hand; a forecast is judged by the
answer that stands a week after the council first sits, not by what a month might bring."""

PART = 64
"""Points of a part: they meet the same runs."""


@dataclass(frozen=True)
class Trial:
    """One crisis made ready: the situation under a theory, and the chance all points meet."""

    situation: Situation
    parameters: Parameters
    switched: frozenset[str]
    chance: Chance
    codes: Codes

    def own(self, points: Mapping[str, Array]) -> dict[str, Array]:
        """The parameters among `points` that the theory leaves open."""
        return {name: values for name, values in points.items() if name not in self.switched}


def trials_of(
    panel: Panel,
    theory: Theory | None,
    n_runs: int,
    seed: int,
    *,
    days: int = ANSWER_DAYS,
    remade: Callable[[Situation], Situation] = lambda situation: situation,
) -> list[Trial]:
    """Make every crisis of a panel ready for a theory.

    Args:
        days: Days after the first sitting at whose end the answer is read.
        remade: What a structural choice makes of a situation.
    """
    switched = frozenset(theory.parameters if theory else ())
    trials = []
    for case in panel.cases:
        setup = Setup(case, theory=theory)
        situation = within_window(remade(setup.situation), setup.parameters, days)
        drawn = _drawn(situation, n_runs, seed)
        trials.append(Trial(situation, setup.parameters, switched, *drawn))
    return trials


def _drawn(situation: Situation, n_runs: int, seed: int, part: int = 0) -> tuple[Chance, Codes]:
    """Chance and codes of the `n_runs` runs of a part."""
    first, last = part * n_runs, (part + 1) * n_runs
    chance = in_strata(draw_chance(situation, seed, first, last), seed, part)
    return chance, draw_codes(situation, seed, first, last)


def within_window(situation: Situation, parameters: Parameters, days: int) -> Situation:
    """The situation, watched until some days after the council first sits."""
    first = int(first_sitting(situation, parameters))
    return replace(situation, horizon_days=min(situation.horizon_days, first + days + 1))


def in_strata(chance: Chance, seed: int, part: int = 0) -> Chance:
    """The same chance with one run in each slice of what nobody measured.

    Each row is moved into slices in its own order (a Latin hypercube: McKay et al. 1979,
    doi:10.2307/1268522), so that a few dozen runs cover the crisis's shock, each government's, and
    whether the council's machinery works.
    """
    rows = np.vstack([chance.crisis, chance.convening, chance.members])
    n_rows, n = rows.shape
    within = study_uniforms(seed, 0, n, n_rows, part)
    slices = (rows.argsort(axis=1).argsort(axis=1) + within) / n
    return replace(
        chance,
        crisis=standard_logistic(slices[0]),
        convening=slices[1],
        members=standard_logistic(slices[2:]),
    )


def answer_shares(trials: list[Trial], points: Mapping[str, Array]) -> Array:
    """Share of the runs at each level (point, crisis, level), of parameters by name (point,).

    Parameters that the theory switches are left as it has them.
    """
    shares = []
    for trial in trials:
        situation, chance, codes = trial.situation, trial.chance, trial.codes
        own = trial.own(points)
        levels = levels_of_points(situation, trial.parameters, own, chance, codes)
        shares.append(shares_of_levels(levels))
    return np.stack(shares, axis=1)


def shares_in_parts(
    panel: Panel, theory: Theory | None, points: Mapping[str, Array], n_runs: int, seed: int
) -> Array:
    """:func:`answer_shares` of points that meet, :data:`PART` by part, runs of their own.

    An average over the points is then an average over many runs, at no higher price. The engine
    takes as many parts at once as fill its arrays; results do not depend on it.
    """
    trials = trials_of(panel, theory, n_runs, seed)
    n_points = len(next(iter(points.values())))
    at_once = PART * max(1, CHUNK // (PART * n_runs) if n_runs > 1 else 1)
    parts = []
    for low in range(0, n_points, at_once):
        block = range(low, min(low + at_once, n_points))
        shares = [shares_of_levels(_levels(trial, points, block, n_runs, seed)) for trial in trials]
        parts.append(np.stack(shares, axis=1))
    return np.concatenate(parts)


def _levels(
    trial: Trial, points: Mapping[str, Array], block: range, n_runs: int, seed: int
) -> NDArray[np.int8]:
    """The answers (point, run) of some points to one crisis, each part under runs of its own."""
    chance, codes = [], []
    for low in range(block.start, block.stop, PART):
        n = min(PART, block.stop - low)
        own_chance, own_codes = _drawn(trial.situation, n_runs, seed, low // PART)
        chance.append(own_chance.tiled(n))
        codes.append(own_codes.tiled(n))
    here = slice(block.start, block.stop)
    drawn = {name: np.repeat(v[here], n_runs) for name, v in trial.own(points).items()}
    parameters = {**trial.parameters, **drawn}
    outcome = simulate(trial.situation, Codes.joined(codes), parameters, Chance.joined(chance))
    return outcome.level.reshape(len(block), n_runs)


def smoothed(shares: Array, n_runs: int) -> Array:
    """Shares with one run's worth of doubt spread over the levels, so that none is impossible."""
    return np.asarray((shares * n_runs + 1.0 / len(LEVELS)) / (n_runs + 1.0))


def log_likelihoods(shares: Array, observed: NDArray[np.int64], n_runs: int) -> Array:
    """Log probability of what happened (point, crisis), in nats."""
    chances = smoothed(shares, n_runs)
    return np.asarray(np.log(chances[:, np.arange(chances.shape[1]), observed]))


def drawn_counts(uniform: Array, chances: Array) -> Array:
    """How often each level is drawn (row, level).

    `uniform` in (0, 1) is (row, draw); `chances`, of each level, are (row, draw or 1, level).
    """
    levels = (uniform[:, :, None] > np.cumsum(chances, axis=2)[:, :, :-1]).sum(axis=2)
    return np.stack([(levels == k).sum(axis=1) * 1.0 for k in range(len(LEVELS))], axis=1)


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

    def chances(self, z: Array) -> Array:
        """Probability of each answer (point, crisis, level) at coordinates (point, parameter)."""
        return smoothed(answer_shares(self.trials, values_at(self.rows, z)), self.n_runs)


def calibrated_rows(theory: Theory | None = None) -> tuple[Parameter, ...]:
    """Parameters that are calibrated: free, and not switched by the theory.

    They bear on the answer itself rather than on the course of events.
    """
    roles = ("willingness", "influence", "council", "chance")
    held = {"sigma_intensity", *(theory.parameters if theory else ())}
    return tuple(row for row in answering() if row.role in roles and row.name not in held)


def target_of(
    panel: Panel,
    theory: Theory | None = None,
    *,
    n_runs: int = 48,
    seed: int = 1,
    strength: float = 1.0,
) -> Target:
    """Make a panel ready, and what happened in each of its crises."""
    trials, counts = trials_of(panel, theory, n_runs, seed), np.eye(len(LEVELS))[panel.observed]
    return Target(calibrated_rows(theory), trials, counts, n_runs, strength)


def values_at(rows: Sequence[Parameter], z: Array) -> dict[str, Array]:
    """Parameter values (point,) at standard coordinates (point, parameter)."""
    return {row.name: from_standard(row, z[:, k]) for k, row in enumerate(rows)}


def log_likelihood(target: Target, z: Array) -> Array:
    """Log likelihood of the observed answers (point,), nats, at coordinates (point, parameter)."""
    return np.asarray((np.log(target.chances(z)) * target.counts).sum(axis=(1, 2)))


def log_posterior(target: Target, z: Array) -> Array:
    """Log posterior up to a constant (point,)."""
    return np.asarray(-0.5 * (z**2).sum(axis=1) + target.strength * log_likelihood(target, z))


def predictive_counts(target: Target, z: Array, seed: int) -> Array:
    """How many crises end at each level (draw, level), one simulated history for each draw.

    Draws `z` (draw, parameter) are from prior or posterior, on the standard scale.
    """
    chances = target.chances(z)
    return drawn_counts(study_uniforms(seed, 3, *chances.shape[:2]).T, chances)
