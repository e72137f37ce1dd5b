"""How an ensemble unfolds: what stands on each day, over all runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.data.terms import LEVELS, Ending
from foedus.model.batch import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import Setup
from foedus.model.numbers import Array
from foedus.model.outcome import Outcome, Trace

BLOCK = 1024
"""Runs traced together; results do not depend on it."""


@dataclass(frozen=True)
class Unfolding:
    """Shares of the runs by day; row t is the end of day t.

    Attributes
    ----------
    answers
        Share of the runs in which each level stands (day, level).
    quelled, lost
        Share in which the crisis has ended so (day,).
    in_place
        Mean number of men in place (day,).
    n_runs
        Number of runs behind the shares.
    """

    answers: Array
    quelled: Array
    lost: Array
    in_place: Array
    n_runs: int

    @property
    def n_days(self) -> int:
        """Days simulated."""
        return len(self.quelled)


def unfold(setup: Setup, n_runs: int, seed: int) -> Unfolding:
    """Trace the runs ``0`` to ``n_runs - 1`` of the ensemble of `seed`.

    Parameters
    ----------
    n_runs
        A few thousand are plenty for a figure: tracing keeps every day.
    """
    situation, p = setup.situation, setup.parameters
    days = situation.horizon_days
    answers, ended = np.zeros((days, len(LEVELS))), np.zeros((2, days))
    in_place = np.zeros(days)
    for low in range(0, n_runs, BLOCK):
        high = min(low + BLOCK, n_runs)
        chance = draw_chance(situation, seed, low, high, with_doubt=setup.endogenous)
        codes = draw_codes(situation, seed, low, high, drawn=setup.drawn_codes)
        outcome, trace = simulate_traced(situation, codes, p, chance)
        answers += _standing(trace)
        ended += _ended(outcome, days)
        in_place += trace.in_place.sum(axis=1)
    return Unfolding(
        answers / n_runs, ended[0] / n_runs, ended[1] / n_runs, in_place / n_runs, n_runs
    )


def _standing(trace: Trace) -> Array:
    """Runs in which each level stands (day, level)."""
    return np.stack([(trace.answer == k).sum(axis=1) for k in range(len(LEVELS))], axis=1).astype(
        np.float64
    )


def _ended(outcome: Outcome, days: int) -> Array:
    """Runs that have been quelled, and lost, by the end of each day (2, day)."""
    by = np.arange(1, days + 1)[:, None]
    return np.stack(
        [
            ((outcome.ending == how) & (outcome.day_ended <= by)).sum(axis=1)
            for how in (Ending.QUELLED, Ending.LOST)
        ]
    ).astype(np.float64)
