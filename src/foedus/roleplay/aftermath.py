"""News of each day after the first: what the decision brought, as the model has it.

Every line is read off the run: the danger, the troops, the answer. The one thing added is the
adversary's answer to a force, which comes with the crisis's own risk of a wider war (the code
``escalation``), on a day that depends on the run alone.
"""

from __future__ import annotations

from foedus.data.library import Case
from foedus.data.schema import mean
from foedus.data.terms import Ending, Level, Mechanism
from foedus.model.draws import BLOCK, actor_key, uniforms
from foedus.model.story import Day, Story

MOVED = 0.03
"""Change of danger in a day, from which it is news; assumed."""

STRIKES_A_DAY = 0.1
"""Chance a day that the adversary answers a force, at full risk of a wider war; assumed."""


def news(case: Case, story: Story, day: int) -> tuple[str, ...]:
    """What is reported on a day.

    Parameters
    ----------
    story
        The days lived so far.
    day
        Index of a day lived.
    """
    now, before = story.days[day], story.days[day - 1] if day else None
    said = [*_danger(case, now, before), *_troops(case, now, before)]
    if _adversary_moves(case, story, day):
        who = case.scenario.adversary.name
        said.append(f"{who[:1].upper()}{who[1:]} answer the force: the fighting spreads.")
    return tuple(said)


def costs(case: Case, story: Story) -> tuple[str, ...]:
    """What the decision cost, at the end."""
    said = [
        f"{case.name_of(state)} has {n:,} troops abroad, and {_tied(case, state)} of its forces "
        "were needed elsewhere already."
        for state, n in story.troops.items()
        if n
    ]
    who = case.name_of(case.scenario.requester)
    if story.ending is Ending.LOST:
        said.append(f"The government of {who} has fallen.")
    elif story.ending is Ending.QUELLED:
        said.append(f"The crisis of {who} is over after {story.day_ended} days.")
    else:
        said.append(f"The crisis of {who} still goes on.")
    return tuple(said)


def _danger(case: Case, now: Day, before: Day | None) -> list[str]:
    if before is None:
        return []
    change = now.intensity - before.intensity
    who = case.name_of(case.scenario.requester)
    if change >= MOVED:
        return [f"The situation in {who} gets worse."]
    return [f"The situation in {who} calms down."] if change <= -MOVED else []


def _troops(case: Case, now: Day, before: Day | None) -> list[str]:
    if now.in_place and not (before and before.in_place):
        return [f"{now.in_place:,} troops have arrived in {case.name_of(case.scenario.requester)}."]
    return []


def _adversary_moves(case: Case, story: Story, day: int) -> bool:
    now = story.days[day]
    if now.answer < Level.DEPLOY or not now.in_place:
        return False
    block, n = divmod(story.run, BLOCK)
    actor = actor_key(case.scenario.requester)
    luck = uniforms(story.seed, Mechanism.STUDY, actor, block, n_days=day + 1)[day, n]
    risk = STRIKES_A_DAY * mean(case.scenario.crisis.escalation.coders)
    return bool(luck < risk)


def _tied(case: Case, state: str) -> str:
    return f"{100 * mean(case.scenario.members[state].overextension):.0f} %"
