"""News of each day, and what a decision cost: what was decided has consequences.

Every line is read off the run (danger, answer, votes, troops) and the coders' values. Two things
are added to the model, both assumed and said to be so in the teaching guide: the adversary answers
a force, with the crisis's own risk of a wider war (the code ``escalation``), on days that depend
on the run alone; and a state that stands against the requester breaks with its partners in the
alliance (code ``ties`` of at least a half) on the day after they voted for aid or a force.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.terms import AdversaryKind, Level, Mechanism, Stance
from foedus.model.chance import BLOCK, actor_key, uniforms
from foedus.model.outcome import Day, Story
from foedus.plots.words import end_on, listed

MOVED = 0.03
"""Change of danger in a day, from which it is news; assumed."""
STRIKES_A_DAY = 0.1
"""Chance a day that the adversary answers a force, at full risk of a wider war; assumed."""
PARTNERS = 0.5
"""Ties from which a state is a partner of the adversary; the middle of the codebook's scale."""
AGREED = {
    Level.CONSULT: "talks",
    Level.SUPPORT: "material help",
    Level.DEPLOY: "a force",
}


def news(case: Case, story: Story, day: int) -> tuple[str, ...]:
    """What is reported on a day.

    Args:
        story: The days lived so far.
        day: Index of a day lived.
    """
    now, before = story.days[day], story.days[day - 1] if day else None
    said = [
        *_decided(case, now, before),
        *_danger(case, story, day),
        *_arrived(case, now, before),
        *_broken(case, story, day),
    ]
    if _adversary_strikes(case, story, day):
        who = case.scenario.adversary.name
        said.append(f"The fighting spreads: {who} answer the force with new attacks.")
    return tuple(said)


def costs(case: Case, story: Story) -> tuple[str, ...]:
    """What the decision cost, at the end."""
    ended = end_on(case, story, past=True)
    end = f"{ended[0].upper()}{ended[1:]}."
    strikes = sum(_adversary_strikes(case, story, day.day) for day in story.days)
    spread = [f"The adversary answered the force {_times(strikes)}."] if strikes else []
    broken = [text for day in story.days for text in _broken(case, story, day.day)]
    return (end, *_abroad(case, story), *spread, *broken)


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
    for member in day.members:
        if member.state != case.scenario.requester:
            names.setdefault(member.stances[level - 1], []).append(case.name_of(member.state))
    words = {Stance.SUPPORT: "Yes", Stance.ABSTAIN: "Abstain", Stance.OBJECT: "No"}
    said = [f"{word}: {listed(names[s])}." for s, word in words.items() if s in names]
    return " ".join(said)


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


def _arrived(case: Case, now: Day, before: Day | None) -> Iterator[str]:
    if now.in_place and not (before and before.in_place):
        yield f"{now.in_place:,} troops have arrived in {case.name_of(case.scenario.requester)}."


def _broken(case: Case, story: Story, day: int) -> Iterator[str]:
    """The adversary breaks with its partners among those that voted for aid or a force."""
    adversary = case.scenario.adversary
    is_state = adversary.kind in (AdversaryKind.STATE, AdversaryKind.MEMBER)
    decided = next((d for d in story.days if d.answer >= Level.SUPPORT), None)
    if not is_state or decided is None or decided.day != day - 1:
        return
    partners = [
        case.name_of(member.state)
        for member in decided.members
        if member.stances[decided.answer - 1] is Stance.SUPPORT
        and member.state not in (case.scenario.requester, adversary.iso3)
        and mean(case.scenario.members[member.state].ties) >= PARTNERS
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
    for state, n in story.troops.items():
        if n:
            tied = mean(case.scenario.members[state].overextension)
            busy = f" while other crises took {100 * tied:.0f} % of its forces" if tied else ""
            yield f"{case.name_of(state)} had {n:,} troops abroad for {_days(n_days)}{busy}."


def _days(n: int) -> str:
    return f"{n} day" if n == 1 else f"{n} days"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"
