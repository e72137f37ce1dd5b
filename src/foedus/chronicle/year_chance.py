"""The noise of a chronicle, each draw at its own address: seed, mechanism, who, year, run.

The year's address counts from `BASE_YEAR`, so that other first and last years move no draw, and
runs come in the blocks of :mod:`foedus.model.streams`, so that run r is the same however many there
are and wherever a stopped study goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from foedus.chronicle.timeline import Timeline
from foedus.data.terms import Mechanism
from foedus.model.chance import blocks_of, standard_logistic
from foedus.model.numbers import Array
from foedus.model.streams import BLOCK, actor_key, uniforms

BASE_YEAR = 1900


@dataclass(frozen=True)
class DrawnCrises:
    """Noise of crises that come at random, each (year, state, run).

    Attributes
    ----------
    comes, which, answer
        Uniforms: whether a crisis comes, which, and the answer.
    calling
        Standard logistic of the decision to call.
    """

    comes: Array
    which: Array
    calling: Array
    answer: Array


@dataclass(frozen=True)
class YearChance:
    """Noise of some runs.

    Attributes
    ----------
    standing
        Standard logistic of the yearly choice (year, state, run).
    unseen
        Standard logistic of each state, for all years (state, run).
    calling, answer
        By name of the crisis, each (run,): standard logistic of the decision to call, and uniform
        of the answer.
    drawn
        Where crises are drawn.
    """

    standing: Array
    unseen: Array
    calling: Mapping[str, Array]
    answer: Mapping[str, Array]
    drawn: DrawnCrises | None = None

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return int(self.unseen.shape[-1])


def draw_years(
    timeline: Timeline, seed: int, start: int, stop: int, *, drawn_crises: bool = False
) -> YearChance:
    """The noise of the runs ``start`` to ``stop - 1`` under `seed`.

    Parameters
    ----------
    drawn_crises
        Whether crises come at random, beside those of history's names.
    """
    names = {crisis.name: crc32(crisis.name.encode()) for crisis in timeline.crises}

    def yearly(mechanism: Mechanism, part: int = 0) -> Array:
        rows = [_years(timeline, seed, mechanism, s, part, start, stop) for s in timeline.states]
        return np.stack(rows, axis=1)

    def once(mechanism: Mechanism, actor: int) -> Array:
        return np.asarray(_runs(seed, mechanism, actor, 0, 1, start, stop)[0])

    actors = [actor_key(state) for state in timeline.states]
    return YearChance(
        standing=standard_logistic(yearly(Mechanism.STANDING)),
        unseen=standard_logistic(np.stack([once(Mechanism.STATE_SHOCK, a) for a in actors])),
        calling={n: standard_logistic(once(Mechanism.CALL, k)) for n, k in names.items()},
        answer={n: once(Mechanism.ANSWER, k) for n, k in names.items()},
        drawn=DrawnCrises(
            comes=yearly(Mechanism.CRISIS),
            which=yearly(Mechanism.CRISIS, 1),
            calling=standard_logistic(yearly(Mechanism.CALL, 1)),
            answer=yearly(Mechanism.ANSWER, 1),
        )
        if drawn_crises
        else None,
    )


def _years(
    timeline: Timeline,
    seed: int,
    mechanism: Mechanism,
    state: str,
    part: int,
    start: int,
    stop: int,
) -> Array:
    """Uniforms of one state (year, run)."""
    first = timeline.first_year - BASE_YEAR
    whole = _runs(seed, mechanism, actor_key(state), part, first + timeline.n_years, start, stop)
    return whole[first:]


def _runs(
    seed: int, mechanism: Mechanism, actor: int, part: int, n_days: int, start: int, stop: int
) -> Array:
    blocks = blocks_of(start, stop)
    rows = [uniforms(seed, mechanism, actor, b, n_days=n_days, part=part) for b in blocks]
    whole = np.concatenate(rows, axis=1)
    first = blocks[0] * BLOCK
    return whole[:, start - first : stop - first]
