"""What a seat is told in private: what its government cares about, and its goals in this crisis.

Briefs are read off the coders' values for the state, so that no goal is invented for a class: a
goal stands where a code is at least half of its scale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from foedus.data.library import Case
from foedus.data.schema import mean
from foedus.data.terms import Level
from foedus.model.story import Story

HALF = 0.5
"""Code from which a consideration becomes a goal; the middle of the codebook's scale."""


@dataclass(frozen=True)
class Goal:
    """One thing that a government wants, and whether a finished run gave it.

    Attributes
    ----------
    words
        The goal, as the seat reads it.
    is_met
        Says of a run played to its end whether the goal was met.
    """

    words: str
    is_met: Callable[[Story], bool]


def goals(case: Case, state: str) -> tuple[Goal, ...]:
    """The goals of a seat.

    Parameters
    ----------
    case, state
        The crisis, and the ISO code of a member.

    Returns
    -------
    tuple of Goal
        One to four; the requester's first is its own rescue.
    """
    scenario = case.scenario
    member = scenario.members[state]
    found: list[Goal] = []
    if state == scenario.requester:
        found.append(Goal("Get an answer that fits your request.", _answered(case)))
    elif mean(member.stake) >= HALF:
        found.append(
            Goal("Your own interests are at stake: get at least material help sent.", _reaches(2))
        )
    elif mean(member.alignment) >= HALF:
        found.append(
            Goal("You are close to the government that asks: do not leave it alone.", _reaches(1))
        )
    if mean(member.ties) >= HALF:
        found.append(Goal("Keep your ties to the adversary: prevent a force.", _stays_below(3)))
    if mean(member.overextension) >= HALF:
        found.append(Goal("Your troops are needed elsewhere: send none.", _sends_none(state)))
    if not found:
        found.append(Goal("Keep the alliance together: let no answer fail for your vote.", _any))
    return tuple(found)


def _answered(case: Case) -> Callable[[Story], bool]:
    asked = mean(case.scenario.crisis.asked.coders)
    return lambda story: story.level > Level.NONE and story.level >= int(asked)


def _reaches(level: int) -> Callable[[Story], bool]:
    return lambda story: story.level >= level


def _stays_below(level: int) -> Callable[[Story], bool]:
    return lambda story: story.level < level


def _sends_none(state: str) -> Callable[[Story], bool]:
    return lambda story: not story.troops.get(state, 0)


def _any(story: Story) -> bool:
    return story.level > Level.NONE
