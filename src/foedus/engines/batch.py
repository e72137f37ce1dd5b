"""The array engine: many runs at once, the run axis last, in blocks that fit the cache.

The order of a day: the requester decides (where requests are endogenous), members form their
views, talk, the council sits, forces are pledged and arrive, the crisis moves, and may end.
"""

from __future__ import annotations

import numpy as np

from foedus.core.numbers import Parameters
from foedus.core.situation import Chance, Codes, Situation
from foedus.engines.chance import draw_chance, draw_codes
from foedus.engines.course import Course
from foedus.engines.outcome import Outcome, Trace, joined

CHUNK = 16 * 1024
"""Runs computed together; results do not depend on it."""


def run_batch(
    situation: Situation,
    parameters: Parameters,
    seed: int,
    n_runs: int,
    *,
    start: int = 0,
    drawn_codes: bool = True,
    endogenous: bool = False,
) -> Outcome:
    """Simulate the runs ``start`` to ``start + n_runs - 1`` of the ensemble of `seed`.

    Parameters
    ----------
    situation
        The compiled scenario.
    parameters
        Register values; a value may be an array (run,) of length `n_runs`.
    drawn_codes
        Whether codes on which the coders differ are drawn for each run.
    endogenous
        Whether the requester decides when and what to ask, instead of history.
    """
    parts = []
    stop = start + n_runs
    for low in range(start, stop, CHUNK):
        high = min(low + CHUNK, stop)
        chance = draw_chance(situation, seed, low, high, with_doubt=endogenous)
        codes = draw_codes(situation, seed, low, high, drawn=drawn_codes)
        own = parameters_of(parameters, low - start, high - start)
        parts.append(simulate(situation, codes, own, chance))
    return joined(parts)


def parameters_of(parameters: Parameters, low: int, high: int) -> Parameters:
    """The parameters of some of the runs, where a value may differ by run."""
    return {
        name: value if np.ndim(value) == 0 else value[low:high]
        for name, value in parameters.items()
    }


def simulate(situation: Situation, codes: Codes, parameters: Parameters, chance: Chance) -> Outcome:
    """Simulate one run for each column of `chance`.

    Parameters
    ----------
    codes
        Attribute values, shared by all runs or one a run.
    parameters
        Register values; a value may be an array (run,).
    chance
        Standardised noise.
    """
    return Course(situation, codes, parameters, chance).run()


def simulate_traced(
    situation: Situation, codes: Codes, parameters: Parameters, chance: Chance
) -> tuple[Outcome, Trace]:
    """As :func:`simulate`, with every day kept."""
    course = Course(situation, codes, parameters, chance, traced=True)
    return course.run(), course.trace()
