"""What the fast half of the crisis room shows: a thousand runs, and one of them day by day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from foedus.analysis.forecast.prior_average import levels_over_priors
from foedus.analysis.summary import Summary, summarise
from foedus.app.dials import Board, board_of
from foedus.app.place import Place, setup_of
from foedus.app.shelf import case_of
from foedus.model.ensemble import DEFAULT_RUNS, ensemble, story
from foedus.model.numbers import Array
from foedus.model.story import Story


@dataclass(frozen=True)
class Seen:
    """What the fast half of the page shows for a place.

    Attributes
    ----------
    summary, coded
        A thousand runs as set, and as coded.
    over_priors
        Probability of each answer (level,) where every run draws the parameters that nobody set.
    """

    place: Place
    summary: Summary
    coded: Summary
    over_priors: Array
    story: Story


@lru_cache(maxsize=64)
def coded_summary(case: str, seed: int) -> Summary:
    """A thousand runs of a case as coded, under a seed."""
    return summarise(ensemble(setup_of(Place(case)), DEFAULT_RUNS, seed))


@lru_cache(maxsize=64)
def board(case: str) -> Board:
    """The sliders of a case."""
    return board_of(case_of(case))


def seen(place: Place) -> Seen:
    """Compute what the fast half of the page shows."""
    setup = setup_of(place)
    summary = summarise(ensemble(setup, DEFAULT_RUNS, place.seed))
    told = story(setup, place.run, place.seed)
    averaged = levels_over_priors(setup, DEFAULT_RUNS, place.seed)
    return Seen(place, summary, coded_summary(place.case, place.seed), averaged, told)
