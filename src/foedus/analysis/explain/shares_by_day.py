"""How an ensemble unfolds: what stands on each day, over all runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.data.terms import Ending, Level
from foedus.model.array_engine import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.numbers import Array
from foedus.model.setup import Setup, SetupLike, setup_of

BLOCK = 1024
"""Runs traced together; results do not depend on it."""


@dataclass(frozen=True)
class Unfolding:
    """Shares of the runs by day; row t is the end of day t.

    Attributes:
        answers: Share of the runs in which each level stands (day, level).
        quelled, lost: Share in which the crisis has ended so (day,).
        in_place: Mean number of troops in place (day,).
    """

    answers: Array
    quelled: Array
    lost: Array
    in_place: Array
    n_runs: int


def unfold(setup: SetupLike, n_runs: int, seed: int) -> Unfolding:
    """Trace the runs ``0`` to ``n_runs - 1`` of the ensemble of `seed`, each day of each."""
    setup = setup_of(setup)
    parts = [_traced(setup, seed, low, min(low + BLOCK, n_runs)) for low in range(0, n_runs, BLOCK)]
    answers, quelled, lost, in_place = (sum(part) / n_runs for part in zip(*parts, strict=True))
    return Unfolding(answers, quelled, lost, in_place, n_runs)


def _traced(setup: Setup, seed: int, low: int, high: int) -> tuple[Array, Array, Array, Array]:
    """Sums over some runs: standing answers (day, level), endings and troops (day,)."""
    situation = setup.situation
    chance = draw_chance(situation, seed, low, high, with_doubt=setup.endogenous)
    codes = draw_codes(situation, seed, low, high, drawn=setup.drawn_codes)
    outcome, trace = simulate_traced(situation, codes, setup.parameters, chance)
    over = outcome.day_ended <= np.arange(1, situation.horizon_days + 1)[:, None]
    return (
        np.stack([(trace.answer == level).sum(axis=1) for level in Level], axis=1) * 1.0,
        (over & (outcome.ending == Ending.QUELLED)).sum(axis=1) * 1.0,
        (over & (outcome.ending == Ending.LOST)).sum(axis=1) * 1.0,
        trace.in_place.sum(axis=1),
    )
