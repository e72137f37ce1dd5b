"""The noise and the parameters of a chronicle's runs, each draw at its own address.

An address is seed, mechanism, who, year and run. The year counts from `BASE_YEAR`, so that other
first and last years move no draw, and runs come in the blocks of :mod:`foedus.model.chance`, so
that run r is the same however many there are and wherever a stopped study goes on.
"""

from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np

from foedus.chronicle.timeline import Timeline
from foedus.chronicle.trust import kept_a_year
from foedus.data.terms import Mechanism
from foedus.model.chance import actor_key, drawn_noise, standard_logistic
from foedus.model.numbers import Array, Parameters, Value

BASE_YEAR = 1900


@dataclass(frozen=True)
class YearChance:
    """Noise of some runs.

    Attributes:
        standing: Standard logistic of the yearly choice (year, state, run).
        unseen: Standard logistic of each state, for all years (state, run).
        calling, answer: Of each crisis of history (crisis, run): standard logistic of the decision
            to call, and uniform of the answer.
        drawn: Of crises at random (4, year, state, run), no year where there are none: uniforms of
            whether one comes and of which, then `calling` and `answer`.
    """

    standing: Array
    unseen: Array
    calling: Array
    answer: Array
    drawn: Array

    def of_one_run(self) -> Self:
        """The same without the axis of runs, of the first of them."""
        return type(self)(**{name: noise[..., 0] for name, noise in vars(self).items()})


def draw_years(
    timeline: Timeline, seed: int, start: int, stop: int, *, drawn_crises: bool = False
) -> YearChance:
    """The noise of the runs ``start`` to ``stop - 1``, with `drawn_crises` also of random ones."""
    states = [actor_key(state) for state in timeline.states]
    crises = [crc32(name.encode()) for name in timeline.crises.names]
    first = timeline.years[0] - BASE_YEAR

    def drawn(mechanism: Mechanism, who: list[int], part: int = 0, n_years: int = 1) -> Array:
        streams = [(mechanism, one, part) for one in who]
        noise = drawn_noise(seed, start, stop, streams, n_days=n_years)
        return noise.reshape(len(who), n_years, stop - start)

    def yearly(mechanism: Mechanism, part: int = 0) -> Array:
        noise = drawn(mechanism, states, part, first + len(timeline.years))[:, first:]
        return np.ascontiguousarray(noise.swapaxes(0, 1))

    at_random = np.empty((4, 0, 0, stop - start))
    if drawn_crises:
        call = standard_logistic(yearly(Mechanism.CALL, 1))
        comes, which = (yearly(Mechanism.CRISIS, part) for part in (0, 1))
        at_random = np.stack([comes, which, call, yearly(Mechanism.ANSWER, 1)])
    return YearChance(
        standing=standard_logistic(yearly(Mechanism.STANDING)),
        unseen=standard_logistic(drawn(Mechanism.STATE_SHOCK, states)[:, 0]),
        calling=standard_logistic(drawn(Mechanism.CALL, crises)[:, 0]),
        answer=drawn(Mechanism.ANSWER, crises)[:, 0],
        drawn=at_random,
    )


def derived(p: Parameters) -> dict[str, Value]:
    """The parameters and what both engines compute from them once: log-odds and yearly shares."""
    chances = ("call", "break", "join", "return")
    odds = {f"{name}_log_odds": log_odds(p[f"p_{name}"]) for name in chances}
    kept = {f"{name}_kept": kept_a_year(p[f"{name}_half_life"]) for name in ("trust", "danger")}
    return {**p, **odds, **kept}


def log_odds(chance: Value) -> Value:
    """Logit of a chance in (0, 1)."""
    return np.log(chance / (1.0 - chance))


def chance_of(logit: Value) -> Value:
    """The chance whose logit is given; beyond 500 it is 0 or 1 to the last bit."""
    return 1.0 / (1.0 + np.exp(-np.clip(logit, -500.0, 500.0)))


def of_runs(p: Parameters, runs: slice | int) -> dict[str, Value]:
    """Parameters of some runs, or of one: numbers alone."""
    return {name: value[runs] if np.ndim(value) else value for name, value in p.items()}
