"""How good a forecast of an ordinal answer is; lower is better, 0 is a sure and right forecast.

Every score takes forecasts (crisis, level), each row adding up to 1, and observed levels (crisis,),
0 to 3, and gives one number a crisis, so that means, differences and intervals are taken in one
place. They are few lines, and the tests hold them against the library ``scoringrules``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.analysis.frames import span
from foedus.analysis.intervals import Groups, Interval, grouped, mean_interval, skill_interval
from foedus.data.library import Case
from foedus.data.terms import LEVELS
from foedus.errors import InputError
from foedus.model.numbers import Array

SMALLEST = 1e-12
"""Probability below which the log score no longer grows (27.6)."""


@dataclass(frozen=True)
class Panel:
    """Cases with a known answer, in the order of their ids.

    Attributes:
        observed: Level of the answer (crisis,), 0 to 3.
        asked: Level asked for (crisis,), 0 to 3.
    """

    cases: tuple[Case, ...]
    observed: NDArray[np.int64]
    asked: Array

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the crises."""
        return tuple(case.id for case in self.cases)

    @property
    def alliances(self) -> tuple[str, ...]:
        """Alliance of each crisis."""
        return tuple(case.scenario.alliance for case in self.cases)

    @property
    def groups(self) -> Groups:
        """Alliance of each crisis as a number (crisis,); each its own where there is one only."""
        return grouped(self.alliances)

    def __len__(self) -> int:
        return len(self.cases)

    def __repr__(self) -> str:
        return f"<Panel: {len(self)} crises of {len(set(self.alliances))} alliances>"


def panel_of(cases: Iterable[Case]) -> Panel:
    """Take the cases that have a history.

    Raises:
        InputError: If fewer than three have one.
    """
    known = [(case, case.scenario.answer) for case in cases if case.scenario.answer is not None]
    if len(known) < 3:
        raise InputError(f"expected at least 3 crises with a known answer, found {len(known)}")
    asked = np.array([case.scenario.crisis.asked.value for case, _ in known])
    return Panel(tuple(case for case, _ in known), np.array([int(a) for _, a in known]), asked)


@dataclass(frozen=True)
class Forecaster:
    """One forecaster and how it did.

    Attributes:
        forecasts: Probabilities (crisis, level).
        rps, log, brier: Scores (crisis,), lower is better; Brier that of the highest level.
        skill, interval: Ranked-probability skill against the reference, and its 90 % bootstrap
            interval (whole alliances drawn again).
        gain, gain_interval: Mean ranked probability score of the rival less its own (above 0:
            better), paired.
    """

    name: str
    forecasts: Array
    rps: Array
    log: Array
    brier: Array
    skill: float
    interval: Interval
    gain: float
    gain_interval: Interval

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.name!r}: skill {self.skill:+.3f} "
            f"({span(self.interval)}) over {len(self.rps)} crises>"
        )


def ranked_probability_score(
    forecasts: ArrayLike, observed: ArrayLike, n_levels: int = len(LEVELS)
) -> Array:
    """Ranked probability score of each crisis, 0 to the number of levels less 1.

    Raises:
        InputError: If a row is no distribution over the levels, or an observed level none of them.

    References:
        Epstein (1969), doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2.
    """
    chances, levels = checked(forecasts, observed, n_levels)
    foreseen = np.cumsum(chances, axis=1)[:, :-1]
    happened = levels[:, None] <= np.arange(n_levels - 1)
    return np.asarray(((foreseen - happened) ** 2).sum(axis=1))


def log_score(forecasts: ArrayLike, observed: ArrayLike, n_levels: int = len(LEVELS)) -> Array:
    """Minus the logarithm of the probability given to what happened, in nats."""
    chances, levels = checked(forecasts, observed, n_levels)
    given = chances[np.arange(len(chances)), levels]
    return np.asarray(-np.log(np.maximum(given, SMALLEST)))


def brier_of_highest(
    forecasts: ArrayLike, observed: ArrayLike, n_levels: int = len(LEVELS)
) -> Array:
    """Squared error of the probability of the highest level, which is `deploy`, 0 to 1."""
    chances, levels = checked(forecasts, observed, n_levels)
    return np.asarray((chances[:, -1] - (levels == n_levels - 1)) ** 2)


def checked(
    forecasts: ArrayLike, observed: ArrayLike, n_levels: int = len(LEVELS)
) -> tuple[Array, NDArray[np.int64]]:
    """Forecasts and observed levels, or the error of :func:`ranked_probability_score`."""
    chances, levels = np.asarray(forecasts, dtype=np.float64), np.asarray(observed)
    if chances.shape != (levels.size, n_levels):
        raise InputError(
            f"expected {levels.size} rows of {n_levels} probabilities, found {chances.shape}"
        )
    for level in levels:
        if level not in range(n_levels):
            raise InputError(f"observed level {level}: expected 0 to {n_levels - 1}")
    for row in chances:
        if not (row.min() >= -1e-9 and abs(row.sum() - 1.0) <= 1e-6):
            raise InputError(f"forecast {row.tolist()}: expected probabilities that add up to 1")
    return chances, levels.astype(np.int64)


def skill(scores: ArrayLike, reference: ArrayLike) -> float:
    """``1 - mean score / mean score of the base rate``: 1 perfect, 0 no better, below 0 worse."""
    return float(1.0 - np.mean(np.asarray(scores)) / np.mean(np.asarray(reference)))


def judge(
    name: str,
    forecasts: Array,
    observed: ArrayLike,
    groups: Groups,
    *,
    reference: Array,
    rival: Array,
) -> Forecaster:
    """Score one forecaster.

    Args:
        groups: Group of each crisis (crisis,), drawn again whole for the intervals.
        reference, rival: Forecasts (crisis, level) against which skill and gain are taken.
    """
    n_levels = forecasts.shape[1]
    rps, base, theirs = (
        ranked_probability_score(given, observed, n_levels)
        for given in (forecasts, reference, rival)
    )
    return Forecaster(
        name=name,
        forecasts=forecasts,
        rps=rps,
        log=log_score(forecasts, observed, n_levels),
        brier=brier_of_highest(forecasts, observed, n_levels),
        skill=skill(rps, base),
        interval=skill_interval(rps, base, groups),
        gain=float((theirs - rps).mean()),
        gain_interval=mean_interval(theirs - rps, groups),
    )
