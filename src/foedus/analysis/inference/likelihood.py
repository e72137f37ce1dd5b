"""How probable each answer is under many parameter sets, for every crisis of a panel.

All parameter sets meet the same chance. What nobody measured about a crisis is drawn in strata
(one run in each slice of its distribution), which makes few runs as good as many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.panel import Panel
from foedus.data.terms import LEVELS, Mechanism
from foedus.data.theory import Theory
from foedus.model.chance import blocks_of, draw_chance, draw_codes
from foedus.model.draws import standard_logistic, uniforms
from foedus.model.ensemble import Setup
from foedus.model.numbers import Array, Parameters
from foedus.model.parameter_points import levels_of_points, shares_of_levels
from foedus.model.setting import first_sitting
from foedus.model.situation import Chance, Codes, Situation

ANSWER_DAYS = 7
"""The historical answers are those given to the request at hand; a forecast is judged by the
answer that stands a week after the council first sits, not by what a month might bring."""


@dataclass(frozen=True)
class Trial:
    """One crisis made ready: the situation under a theory, and the chance all points meet."""

    situation: Situation
    parameters: Parameters
    switched: frozenset[str]
    chance: Chance
    codes: Codes


def trials_of(
    panel: Panel,
    theory: Theory | None,
    n_runs: int,
    seed: int,
    calibrated: Mapping[str, float] | None = None,
    *,
    days: int = ANSWER_DAYS,
    remade: Callable[[Situation], Situation] = lambda situation: situation,
) -> list[Trial]:
    """Make every crisis of a panel ready for a theory.

    Parameters
    ----------
    n_runs
        Runs of each point and crisis.
    calibrated
        Parameters that stand in for the register's defaults.
    days
        Days after the first sitting at whose end the answer is read.
    remade
        What a structural choice makes of a situation.
    """
    trials = []
    for case in panel.cases:
        setup = Setup(case, theory=theory, calibrated=calibrated or {})
        situation = within_window(remade(setup.situation), setup.parameters, days)
        trials.append(
            Trial(
                situation=situation,
                parameters=setup.parameters,
                switched=frozenset(theory.parameters if theory else ()),
                chance=_in_strata(draw_chance(situation, seed, 0, n_runs), seed),
                codes=draw_codes(situation, seed, 0, n_runs),
            )
        )
    return trials


def within_window(situation: Situation, parameters: Parameters, days: int) -> Situation:
    """The situation, watched until some days after the council first sits."""
    first = int(first_sitting(situation, parameters))
    return replace(situation, horizon_days=min(situation.horizon_days, first + days + 1))


def _in_strata(chance: Chance, seed: int) -> Chance:
    """Put one run into each slice of what nobody measured about the crisis."""
    n = chance.n_runs
    within = np.concatenate(
        [uniforms(seed, Mechanism.STUDY, 0, block)[0] for block in blocks_of(0, n)]
    )[:n]
    return replace(chance, crisis=standard_logistic((np.arange(n) + within) / n))


def answer_shares(trials: list[Trial], points: Mapping[str, Array]) -> Array:
    """Share of the runs at each level.

    Parameters
    ----------
    trials
        From :func:`trials_of`.
    points
        Parameters by name, each (point,); those that the theory switches are left as it has them.

    Returns
    -------
    array (point, crisis, level)
    """
    shares = []
    for trial in trials:
        own = {name: v for name, v in points.items() if name not in trial.switched}
        levels = levels_of_points(trial.situation, trial.parameters, own, trial.chance, trial.codes)
        shares.append(shares_of_levels(levels))
    return np.stack(shares, axis=1)


def smoothed(shares: Array, n_runs: int) -> Array:
    """Shares with one run's worth of doubt spread over the levels, so that none is impossible."""
    return np.asarray((shares * n_runs + 1.0 / len(LEVELS)) / (n_runs + 1.0))


def log_likelihoods(shares: Array, observed: NDArray[np.int64], n_runs: int) -> Array:
    """Log probability of what happened (point, crisis), in nats."""
    chances = smoothed(shares, n_runs)
    return np.asarray(np.log(chances[:, np.arange(chances.shape[1]), observed]))
