"""Many parameter points of one situation at once, all under the same chance.

The run axis holds the points one after the other: every point meets the same runs, so that
differences between points are differences of the model and not of luck, and the cost of Python
is shared by all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import ATTRIBUTE_RANGE, LEVELS
from foedus.model.array_engine import CHUNK, chunks_of, simulate
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.numbers import Array, Parameters
from foedus.model.outcome import Outcome, joined
from foedus.model.situation import Chance, Codes, Situation


def simulate_points(
    situation: Situation,
    parameters: Parameters,
    points: Mapping[str, Array],
    seed: int,
    n_runs: int,
    *,
    drawn_codes: bool = True,
    endogenous: bool = False,
) -> list[Outcome]:
    """The outcome of every point, as if each had been run alone.

    Args:
        parameters: Register values that all points share.
        points: Parameters and attributes (``threat``, ``RUS.stake``) that differ, each (point,);
            without any there is one point.
        n_runs: Runs of each point.
        drawn_codes, endogenous: As in :func:`foedus.model.array_engine.run_batch`.
    """
    pieces: list[list[Outcome]] = []
    for low, high in chunks_of(0, n_runs):
        n = high - low
        chance = draw_chance(situation, seed, low, high, with_doubt=endogenous)
        codes = draw_codes(situation, seed, low, high, drawn=drawn_codes)
        pieces.append([])
        for joint, k in _chunks(situation, parameters, points, chance, codes):
            pieces[-1] += [joint.part(i * n, (i + 1) * n) for i in range(k)]
    return [joined(own) for own in zip(*pieces, strict=True)]


def levels_of_points(
    situation: Situation,
    parameters: Parameters,
    points: Mapping[str, Array],
    chance: Chance,
    codes: Codes,
) -> NDArray[np.int8]:
    """The answer of every point and run (point, run), under chance and codes given."""
    rows = [
        joint.level.reshape(k, chance.n_runs)
        for joint, k in _chunks(situation, parameters, points, chance, codes)
    ]
    return np.concatenate(rows)


def shares_of_levels(levels: NDArray[np.int8]) -> Array:
    """Share of the runs at each level (point, level) from answers (point, run)."""
    return np.stack([(levels == k).mean(axis=1) for k in range(len(LEVELS))], axis=1)


def _chunks(
    situation: Situation,
    parameters: Parameters,
    points: Mapping[str, Array],
    chance: Chance,
    codes: Codes,
) -> Iterator[tuple[Outcome, int]]:
    n_points = len(next(iter(points.values()))) if points else 1
    n_runs = chance.n_runs
    at_once = max(1, CHUNK // n_runs)
    for low in range(0, n_points, at_once):
        k = min(at_once, n_points - low)
        here, tiled, own = situation, codes.tiled(k), dict(parameters)
        for name, values in points.items():
            spread = np.repeat(values[low : low + k], n_runs)
            state, _, attribute = name.rpartition(".")
            if attribute == "dependence":
                index = situation.members.index(state)
                stated = {**here.stated_dependence, index: spread}
                here = replace(here, stated_dependence=stated)
            elif attribute in ATTRIBUTE_RANGE:
                tiled = tiled.having(name, spread, situation.members)
            else:
                own[name] = spread
        yield simulate(here, tiled, own, chance.tiled(k)), k
