"""The array engine: many runs at once, the run axis last, in chunks that fit the cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from foedus.errors import missing
from foedus.model.array_engine import Course
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.numbers import Parameters
from foedus.model.outcome import Outcome, Trace, joined
from foedus.model.situation import Chance, Codes, Situation

CHUNK = 16 * 1024
"""Runs computed together; results do not depend on it."""

EngineName: TypeAlias = Literal["numpy", "numba"]
Simulator: TypeAlias = Callable[[Situation, Codes, Parameters, Chance], Outcome]


def run_batch(
    situation: Situation,
    parameters: Parameters,
    seed: int,
    n_runs: int,
    *,
    start: int = 0,
    drawn_codes: bool = True,
    endogenous: bool = False,
    engine: EngineName = "numpy",
    n_threads: int = 1,
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
    engine
        ``numpy``; or ``numba``, a compiled loop with the same bits for the runs that it knows
        (:mod:`foedus.model.fused`, extra ``fast``). Compiling takes some seconds the first
        time and loading one or two after that, so it repays itself from millions of runs.
    n_threads
        Threads that share the chunks; results do not depend on it.

    Raises
    ------
    UsageError
        If ``numba`` is asked for and not installed.
    """
    simulated = _simulator(engine)

    def part(edges: tuple[int, int]) -> Outcome:
        low, high = edges
        chance = draw_chance(situation, seed, low, high, with_doubt=endogenous)
        codes = draw_codes(situation, seed, low, high, drawn=drawn_codes)
        own = parameters_of(parameters, low - start, high - start)
        return simulated(situation, codes, own, chance)

    chunks = chunks_of(start, start + n_runs)
    if n_threads <= 1 or len(chunks) <= 1:
        return joined([part(edges) for edges in chunks])
    with ThreadPoolExecutor(n_threads) as pool:
        return joined(list(pool.map(part, chunks)))


def chunks_of(start: int, stop: int) -> list[tuple[int, int]]:
    """The runs ``start`` to ``stop - 1`` cut where :data:`CHUNK` divides them."""
    cuts = range((start // CHUNK + 1) * CHUNK, stop, CHUNK)
    return list(pairwise([start, *cuts, stop]))


def _simulator(engine: EngineName) -> Simulator:
    """What simulates a chunk."""
    if engine == "numpy":
        return simulate
    try:
        from foedus.model import fused
    except ImportError:
        raise missing("engine 'numba'", "numba", "fast") from None

    def compiled(
        situation: Situation, codes: Codes, parameters: Parameters, chance: Chance
    ) -> Outcome:
        known = fused.knows(situation, chance)
        return (fused.simulate if known else simulate)(situation, codes, parameters, chance)

    return compiled


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
