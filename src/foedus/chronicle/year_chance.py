"""The noise and the parameters of a chronicle's runs, each draw at its own address.

An address is seed, mechanism, who, year and run. The year counts from `BASE_YEAR`, so that other
first and last years move no draw, and runs come in the blocks of :mod:`foedus.model.streams`, so
that run r is the same however many there are and wherever a stopped study goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from foedus.chronicle.timeline import Timeline
from foedus.chronicle.trust import kept_a_year
from foedus.data.terms import Mechanism
from foedus.model.chance import blocks_of, standard_logistic
from foedus.model.numbers import Array, Parameters, Value
from foedus.model.streams import BLOCK, actor_key, uniforms

BASE_YEAR = 1900

FARTHEST = 500.0
"""Log-odds beyond which a chance is 0 or 1 to the last bit."""


@dataclass(frozen=True)
class DrawnCrises:
    """Noise of crises that come at random, each (year, state, run).

    Uniforms of whether a crisis comes, which, and of the answer; standard logistic of the call.
    """

    comes: Array
    which: Array
    calling: Array
    answer: Array


@dataclass(frozen=True)
class YearChance:
    """Noise of some runs.

    Attributes:
        standing: Standard logistic of the yearly choice (year, state, run).
        unseen: Standard logistic of each state, for all years (state, run).
        calling, answer: By name of the crisis, each (run,): standard logistic of the decision to
            call, and uniform of the answer.
        drawn: Where crises are drawn.
    """

    standing: Array
    unseen: Array
    calling: Mapping[str, Value]
    answer: Mapping[str, Value]
    drawn: DrawnCrises | None = None

    def of_one_run(self) -> YearChance:
        """The same without the axis of runs, of the first of them."""
        drawn = self.drawn and DrawnCrises(*(noise[..., 0] for noise in vars(self.drawn).values()))
        calling, answer = (
            {name: noise[0] for name, noise in by_name.items()}
            for by_name in (self.calling, self.answer)
        )
        return YearChance(self.standing[..., 0], self.unseen[..., 0], calling, answer, drawn)


def draw_years(
    timeline: Timeline, seed: int, start: int, stop: int, *, drawn_crises: bool = False
) -> YearChance:
    """The noise of the runs ``start`` to ``stop - 1`` under `seed`.

    Args:
        drawn_crises: Whether crises come at random, beside those of history's names.
    """
    names = {crisis.name: crc32(crisis.name.encode()) for crisis in timeline.crises}
    actors = [actor_key(state) for state in timeline.states]
    blocks, first = blocks_of(start, stop), timeline.first_year - BASE_YEAR

    def drawn(mechanism: Mechanism, actor: int, part: int = 0, n_years: int = 1) -> Array:
        rows = [uniforms(seed, mechanism, actor, b, n_days=n_years, part=part) for b in blocks]
        whole = np.concatenate(rows, axis=1)
        return np.asarray(whole[:, start - blocks[0] * BLOCK : stop - blocks[0] * BLOCK])

    def yearly(mechanism: Mechanism, part: int = 0) -> Array:
        n_years = first + timeline.n_years
        return np.stack([drawn(mechanism, a, part, n_years)[first:] for a in actors], axis=1)

    return YearChance(
        standing=standard_logistic(yearly(Mechanism.STANDING)),
        unseen=standard_logistic(np.concatenate([drawn(Mechanism.STATE_SHOCK, a) for a in actors])),
        calling={n: standard_logistic(drawn(Mechanism.CALL, k)[0]) for n, k in names.items()},
        answer={n: drawn(Mechanism.ANSWER, k)[0] for n, k in names.items()},
        drawn=DrawnCrises(
            comes=yearly(Mechanism.CRISIS),
            which=yearly(Mechanism.CRISIS, 1),
            calling=standard_logistic(yearly(Mechanism.CALL, 1)),
            answer=yearly(Mechanism.ANSWER, 1),
        )
        if drawn_crises
        else None,
    )


def derived(p: Parameters) -> dict[str, Value]:
    """The parameters and what both engines compute from them once: log-odds and yearly shares."""
    return {
        **p,
        "call_log_odds": log_odds(p["p_call"]),
        "break_log_odds": log_odds(p["p_break"]),
        "join_log_odds": log_odds(p["p_join"]),
        "return_log_odds": log_odds(p["p_return"]),
        "trust_kept": kept_a_year(p["trust_half_life"]),
        "danger_kept": kept_a_year(p["danger_half_life"]),
    }


def log_odds(chance: Value) -> Value:
    """Logit of a chance in (0, 1)."""
    return np.log(chance / (1.0 - chance))


def chance_of(logit: Value) -> Value:
    """The chance whose logit is given."""
    return 1.0 / (1.0 + np.exp(-np.clip(logit, -FARTHEST, FARTHEST)))


def part_of(p: Parameters, low: int, high: int) -> dict[str, Value]:
    """Parameters of the runs ``low`` to ``high - 1``."""
    return {name: v[low:high] if np.ndim(v) else v for name, v in p.items()}


def of_run(p: Parameters, n: int) -> dict[str, Value]:
    """Parameters of one run: numbers alone."""
    return {name: float(v[n]) if np.ndim(v) else v for name, v in p.items()}
