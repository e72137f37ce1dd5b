"""What is at stake: the goals that a seat is told in private, the news of each day, and the costs.

Everything is read off the coders' values and the run (danger, answer, votes, troops), so that
nothing is invented for a class. A goal stands where a code is at least half of its scale (or, for
a cool government, at most a quarter); goals pull in different directions on purpose. Two things
are added to the model, both assumed and said to be so in the teaching guide: the adversary answers
a force, with the crisis's own risk of a wider war (the code ``escalation``), on days that depend
on the run alone; and a state that stands against the requester breaks with its partners in the
alliance (code ``ties`` of at least a half) on the day after they voted for aid or a force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from foedus.analysis.explain.decomposition import listening
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.terms import AdversaryKind, Ending, Level, Mechanism, Stance
from foedus.model.chance import BLOCK, actor_key, uniforms
from foedus.model.outcome import Day, Story
from foedus.model.setup import Setup
from foedus.plots.words import end_on, listed

HALF = 0.5
"""Code from which a consideration becomes a goal, and a state a partner: the middle of a scale."""
COOL = 0.25
"""Alignment up to which a government is cool toward the one that asks (codebook)."""
MOVED = 0.03
"""Change of danger in a day, from which it is news; assumed."""
STRIKES_A_DAY = 0.1
"""Chance a day that the adversary answers a force, at full risk of a wider war; assumed."""
AGREED = {
    Level.CONSULT: "talks",
    Level.SUPPORT: "material help",
    Level.DEPLOY: "a force",
}


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
    """The one to five goals of a seat, the most pressing first."""
    case, asked = setup.case, setup.situation.crisis["asked"].mode
    of = case.scenario.members[state]
    stake, alignment, ties = mean(of.stake), mean(of.alignment), mean(of.ties)
    if state == case.scenario.adversary.iso3:
        wanted = [(True, "You are the adversary: prevent aid and a force.", _below(2))]
    elif state == case.scenario.requester:
        nothing = "You have asked for nothing yet: get at least talks."
        wanted = [
            (asked < HALF, nothing, _reaches(1)),
            (asked >= HALF, "Get an answer as high as your request.", _reaches(int(asked))),
            (True, "Keep your government in office.", _keeps_office),
        ]
    else:
        leads, depends = state == case.patron, dependence_of(setup, state) >= HALF
        busy = mean(of.overextension) >= HALF
        close = "You are close to the government in crisis: get at least talks."
        cool = "You do not trust the government in crisis: prevent a force."
        lead = _follows(case.patron, state)
        wanted = [
            (leads, "You lead: get an answer that no member votes against.", _unopposed),
            (stake >= HALF, "Your own interests are at stake: get at least aid sent.", _reaches(2)),
            (stake < HALF <= alignment, close, _reaches(1)),
            (alignment <= COOL, cool, _below(3)),
            (depends, "You depend on the lead state: do not vote against it.", lead),
            (ties >= HALF, "Keep your ties to the adversary: prevent a force.", _below(3)),
            (busy, "Your troops are needed elsewhere: send none.", _sends_none(state)),
        ]
    found = tuple(Goal(words, is_met) for holds, words, is_met in wanted if holds)
    return found or (Goal("Keep the alliance together: get some answer.", _reaches(1)),)


def dependence_of(setup: Setup, state: str) -> float:
    """How far a member depends on the lead state, 0 to 1, as the model has it."""
    network = listening(setup)
    return float(network.dependence[network.members.index(state)])


def _reaches(level: int) -> Callable[[Story], bool]:
    return lambda story: story.level >= level


def _below(level: int) -> Callable[[Story], bool]:
    return lambda story: story.level < level


def _sends_none(state: str) -> Callable[[Story], bool]:
    return lambda story: not story.troops.get(state, 0)


def _keeps_office(story: Story) -> bool:
    return story.ending is not Ending.LOST


def _unopposed(story: Story) -> bool:
    return story.level > Level.NONE and Stance.OBJECT not in _at_the_end(story).values()


def _follows(lead: str, state: str) -> Callable[[Story], bool]:
    def is_met(story: Story) -> bool:
        said = _at_the_end(story)
        return not (said.get(lead) is Stance.SUPPORT and said[state] is Stance.OBJECT)

    return is_met


def _at_the_end(story: Story) -> dict[str, Stance]:
    """What each member said to the answer on the day it was given; to talks where none was."""
    day = story.days[story.day_decided if story.day_decided >= 0 else -1]
    return _said(day, max(story.level, Level.CONSULT))


def _said(day: Day, level: Level) -> dict[str, Stance]:
    return {member.state: member.stances[level - 1] for member in day.members}


def news(case: Case, story: Story, day: int) -> tuple[str, ...]:
    """What is reported on a day.

    Args:
        story: The days lived so far.
        day: Index of a day lived.
    """
    now, before = story.days[day], story.days[day - 1] if day else None
    said = [*_decided(case, now, before), *_danger(case, story, day)]
    if now.in_place and not (before and before.in_place):
        where = case.name_of(case.scenario.requester)
        said.append(f"{now.in_place:,} troops have arrived in {where}.")
    said += _broken(case, story, day)
    if _adversary_strikes(case, story, day):
        who = case.scenario.adversary.name
        said.append(f"The fighting spreads: {who} answer the force with new attacks.")
    return tuple(said)


def costs(case: Case, story: Story) -> tuple[str, ...]:
    """What the decision cost, at the end."""
    end = end_on(case, story, past=True)
    told = [f"{end[0].upper()}{end[1:]}.", *_abroad(case, story)]
    strikes = sum(_adversary_strikes(case, story, day.day) for day in story.days)
    if strikes:
        times = "once" if strikes == 1 else f"{strikes} times"
        told.append(f"The adversary answered the force {times}.")
    return (*told, *(text for day in story.days for text in _broken(case, story, day.day)))


def _decided(case: Case, now: Day, before: Day | None) -> Iterator[str]:
    """A new answer and who voted how, or that the council sat for nothing."""
    stood = before.answer if before else Level.NONE
    if now.answer > stood:
        how = ", as its procedure asks" if now.by_procedure else ""
        votes = "" if now.by_procedure else f" {_votes(case, now, now.answer)}"
        yield f"The council agrees on {AGREED[now.answer]}{how}.{votes}"
    elif now.council_sat and not stood and (before is None or not before.council_sat):
        yield f"The council sits and agrees on nothing. {_votes(case, now, Level.CONSULT)}"


def _votes(case: Case, day: Day, level: Level) -> str:
    names: dict[Stance, list[str]] = {}
    for state, stance in _said(day, level).items():
        if state != case.scenario.requester:
            names.setdefault(stance, []).append(case.name_of(state))
    words = {Stance.SUPPORT: "Yes", Stance.ABSTAIN: "Abstain", Stance.OBJECT: "No"}
    return " ".join(f"{word}: {listed(names[s])}." for s, word in words.items() if s in names)


def _danger(case: Case, story: Story, day: int) -> Iterator[str]:
    """A change of danger; a government that its allies leave alone says so at each new height."""
    danger = [d.intensity for d in story.days[: day + 1]]
    change = danger[-1] - danger[-2] if day else 0.0
    who = case.name_of(case.scenario.requester)
    if change >= MOVED:
        now = story.days[day]
        alone = now.council_sat and now.answer <= Level.CONSULT and danger[-1] >= max(danger)
        blame = " Its government says that its allies leave it alone." if alone else ""
        yield f"The situation in {who} gets worse.{blame}"
    elif change <= -MOVED:
        yield f"The situation in {who} calms down."


def _broken(case: Case, story: Story, day: int) -> Iterator[str]:
    """The adversary breaks with its partners among those that voted for aid or a force."""
    adversary = case.scenario.adversary
    is_state = adversary.kind in (AdversaryKind.STATE, AdversaryKind.MEMBER)
    decided = next((d for d in story.days if d.answer >= Level.SUPPORT), None)
    if not is_state or decided is None or decided.day != day - 1:
        return
    partners = [
        case.name_of(state)
        for state, stance in _said(decided, decided.answer).items()
        if stance is Stance.SUPPORT
        and state not in (case.scenario.requester, adversary.iso3)
        and mean(case.scenario.members[state].ties) >= HALF
    ]
    if partners:
        what = AGREED[decided.answer]
        yield f"{adversary.name} breaks with {listed(partners)}: they voted for {what}."


def _adversary_strikes(case: Case, story: Story, day: int) -> bool:
    now = story.days[day]
    if now.answer < Level.DEPLOY or not now.in_place:
        return False
    block, n = divmod(story.run, BLOCK)
    actor = actor_key(case.scenario.requester)
    luck = uniforms(story.seed, Mechanism.STUDY, actor, block, n_days=day + 1)[day, n]
    return bool(luck < STRIKES_A_DAY * mean(case.scenario.crisis.escalation.coders))


def _abroad(case: Case, story: Story) -> Iterator[str]:
    """Troops sent, for how many days, and how far they were needed elsewhere."""
    n_days = sum(day.in_place > 0 for day in story.days)
    days = "1 day" if n_days == 1 else f"{n_days} days"
    for state, n in story.troops.items():
        if n:
            tied = mean(case.scenario.members[state].overextension)
            busy = f" while other crises took {100 * tied:.0f} % of its forces" if tied else ""
            yield f"{case.name_of(state)} had {n:,} troops abroad for {days}{busy}."
