"""Forecasts of a class: four shares for the answer of this game, revised from day to day, scored.

A forecast stands until it is revised. Its error is the mean, over the days before the answer was
settled, of the ranked probability score; a day without any forecast counts as a quarter for each
answer. The score is proper: nobody gains by saying anything but what he or she believes.

References:
    Epstein, E. S. (1969). A scoring system for probability forecasts of ranked categories. *Journal
    of Applied Meteorology*, 8, 985-987. Murphy, A. H. (1971), same journal, 10, 155-156.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import TypeAlias

import numpy as np

from foedus.analysis.forecast.scores import ranked_probability_score
from foedus.data.terms import Level
from foedus.errors import UsageError
from foedus.model.outcome import Story

Shares: TypeAlias = tuple[float, ...]
"""Probabilities of none, consult, support, deploy; they add up to 1."""

KNOWS_NOTHING: Shares = (0.25, 0.25, 0.25, 0.25)


def shares_of(given: Iterable[float]) -> Shares:
    """Four numbers of 0 or more as probabilities.

    Raises:
        UsageError: If these are not four such numbers, or all are 0.
    """
    numbers = tuple(given)
    total = sum(numbers)
    if len(numbers) != len(Level) or not isfinite(total) or min(numbers) < 0 or total <= 0:
        raise UsageError("a forecast is four numbers of 0 or more, not all 0")
    return tuple(number / total for number in numbers)


def standing(forecasts: Mapping[int, Shares], day: int) -> Shares | None:
    """The forecast that stands on a day: the last one given up to then."""
    given = [made for made in forecasts if made <= day]
    return forecasts[max(given)] if given else None


def days_scored(story: Story) -> int:
    """Days on which a forecast counts: until the force is decided, or the crisis ends."""
    settled = story.day_decided if story.level is Level.DEPLOY else len(story.days) - 1
    return max(1, settled + 1)


def error(forecasts: Mapping[int, Shares], level: Level, n_days: int) -> float:
    """Mean ranked probability score over the days; 0 is a sure and right forecast, 3 the worst."""
    rows = np.array([standing(forecasts, day) or KNOWS_NOTHING for day in range(n_days)])
    return float(ranked_probability_score(rows, np.full(n_days, int(level))).mean())


def together(forecasts: Iterable[Mapping[int, Shares]]) -> dict[int, Shares]:
    """The mean forecast of several persons on each day on which one of them said something."""
    everyone = [made for made in forecasts if made]
    days = sorted({day for made in everyone for day in made})
    found: dict[int, Shares] = {}
    for day in days:
        rows = [shares for made in everyone if (shares := standing(made, day)) is not None]
        found[day] = tuple(float(share) for share in np.mean(rows, axis=0))
    return found
