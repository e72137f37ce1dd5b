"""What a seat is told in private: its goals in this crisis.

Goals are read off the coders' values for the state, so that no goal is invented for a class: a
goal stands where a code is at least half of its scale (or, for a cool government, at most a
quarter). They pull in different directions on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from foedus.analysis.explain.decomposition import listening
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.terms import Level, Stance
from foedus.model.outcome import Story
from foedus.model.setup import Setup

HALF = 0.5
"""Code from which a consideration becomes a goal; the middle of the codebook's scale."""
COOL = 0.25
"""Alignment up to which a government is cool toward the one that asks (codebook)."""


@dataclass(frozen=True)
class Goal:
    """One thing that a government wants, and whether a finished run gave it.

    Attributes:
        words: The goal, as the seat reads it.
        is_met: Says of a run played to its end whether the goal was met.
    """

    words: str
    is_met: Callable[[Story], bool]


def goals(setup: Setup, state: str) -> tuple[Goal, ...]:
    """The goals of a seat, the most pressing first.

    Args:
        setup, state: The crisis as set, and the ISO code of a member.

    Returns:
        tuple of Goal: One to five.
    """
    case = setup.case
    if state == case.scenario.adversary.iso3:
        return (Goal("You are the adversary: prevent aid and a force.", _stays_below(2)),)
    asks = state == case.scenario.requester
    found = [*(_of_requester(setup) if asks else _of_helper(setup, state)), *_limits(case, state)]
    if state == case.patron and not asks:
        found.insert(0, Goal("You lead: get an answer that no member votes against.", _unopposed))
    return tuple(found) or (Goal("Keep the alliance together: get some answer.", _reaches(1)),)


def dependence_of(setup: Setup, state: str) -> float:
    """How far a member depends on the lead state, 0 to 1, as the model has it."""
    network = listening(setup)
    return float(network.dependence[network.members.index(state)])


def _of_requester(setup: Setup) -> Iterator[Goal]:
    asked = setup.situation.crisis["asked"].mode
    if asked < HALF:
        yield Goal("You have asked for nothing yet: get at least talks.", _reaches(1))
    else:
        yield Goal("Get an answer as high as your request.", _reaches(int(asked)))
    yield Goal("Keep your government in office.", lambda story: story.ending.name != "LOST")


def _of_helper(setup: Setup, state: str) -> Iterator[Goal]:
    case = setup.case
    member = case.scenario.members[state]
    if mean(member.stake) >= HALF:
        yield Goal("Your own interests are at stake: get at least aid sent.", _reaches(2))
    elif mean(member.alignment) >= HALF:
        yield Goal("You are close to the government in crisis: get at least talks.", _reaches(1))
    if mean(member.alignment) <= COOL:
        yield Goal("You do not trust the government in crisis: prevent a force.", _stays_below(3))
    if dependence_of(setup, state) >= HALF:
        yield Goal("You depend on the lead state: do not vote against it.", _follows(case, state))


def _limits(case: Case, state: str) -> Iterator[Goal]:
    member = case.scenario.members[state]
    if state != case.scenario.requester and mean(member.ties) >= HALF:
        yield Goal("Keep your ties to the adversary: prevent a force.", _stays_below(3))
    if state != case.scenario.requester and mean(member.overextension) >= HALF:
        yield Goal("Your troops are needed elsewhere: send none.", _sends_none(state))


def _reaches(level: int) -> Callable[[Story], bool]:
    return lambda story: story.level >= level


def _stays_below(level: int) -> Callable[[Story], bool]:
    return lambda story: story.level < level


def _sends_none(state: str) -> Callable[[Story], bool]:
    return lambda story: not story.troops.get(state, 0)


def _stances(story: Story) -> dict[str, Stance]:
    """What each member said to the answer on the day it was given; to talks where none was."""
    day = story.days[story.day_decided if story.day_decided >= 0 else -1]
    level = max(story.level, Level.CONSULT)
    return {member.state: member.stances[level - 1] for member in day.members}


def _unopposed(story: Story) -> bool:
    return story.level > Level.NONE and Stance.OBJECT not in _stances(story).values()


def _follows(case: Case, state: str) -> Callable[[Story], bool]:
    def is_met(story: Story) -> bool:
        said = _stances(story)
        lead = said.get(case.patron) if case.patron else None
        return not (lead is Stance.SUPPORT and said[state] is Stance.OBJECT)

    return is_met
