"""One run told as a story: the request, what each member said and why, the decision, the end.

The reason given for a vote is the largest part of the member's position that points the same way
(model, sections 1 to 3): one of its terms, or the influence of others where that is larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from foedus.data.terms import LEVELS, Ending, Level, Stance
from foedus.data.vocabulary import entries, words
from foedus.plots.words import BY_PROCEDURE, DID, end_of, listed, n_troops

if TYPE_CHECKING:
    from foedus.analysis.explain.decomposition import MemberAccount
    from foedus.data.library import Case
    from foedus.model.outcome import Day, Story

ANSWERS = {level: words("answer", level.label) for level in Level}
"""The answers as things."""

TOO_LITTLE = "it sees too few reasons for it"
"""Where no term speaks against, and those for it are too small."""

ENOUGH = "the reasons for it outweigh those against"
CHANCE = ("unmeasured, this crisis", "unmeasured, this government")
"""Terms that are random; they are named beside the reason where they count for more."""


def dated(case: Case, day: int) -> str:
    """A day of the run with its date: ``day 3 (8 January 2022)``."""
    return f"day {day} ({date_of(case, day)})"


def date_of(case: Case, day: int) -> str:
    """The date of a day of the run."""
    return written(case.scenario.dates.coded + timedelta(days=day))


def written(day: date) -> str:
    """A date in words: ``5 January 2022``."""
    return f"{day.day} {day:%B %Y}"


def asked_for(asked: float, answers: Mapping[Level, str] = ANSWERS) -> str:
    """What a level asked for means: ``material support or a force``."""
    low = max(1, int(asked))
    named = answers[Level(low)]
    return named if asked <= low else f"{named} or {answers[Level(low + 1)]}"


def story_lines(case: Case, story: Story, accounts: Sequence[MemberAccount] = ()) -> Iterator[str]:
    """The story in sentences.

    Args:
        accounts: What decided each member's position in this run; without them no reasons are
            given.
    """
    yield _request(case, story.days[0])
    first = next((day for day in story.days if day.council_sat), None)
    if first is None:
        yield "The council never met."
    elif story.level is Level.NONE:
        last = story.days[-1]
        yield f"The council first meets on {dated(case, first.day)}. It finds no answer."
        yield from _votes(case, last, Level.CONSULT, accounts)
    else:
        yield from _answers(case, story, accounts)
    yield from _troops_sent(case, story)
    cut = "; the simulation ends here" if story.ending is Ending.HORIZON else ""
    end = f"{end_of(case, story.ending)}{cut}"
    yield f"Day {story.day_ended}: {end}. Answer: {story.level.label}."
    yield history_line(case)


def _request(case: Case, day: Day) -> str:
    """Who asked whom for what."""
    asker = case.name_of(case.scenario.requester)
    start = f"Day 0 ({written(case.scenario.dates.coded)}):"
    danger = f"The danger to the government is {day.intensity:.2f} on a scale of 0 to 1."
    if day.channel <= 0 or day.asked <= 0:
        return f"{start} {asker} has not asked its allies for help. {danger}"
    how = "formally asks" if day.channel >= 0.75 else "asks informally, not by a formal request,"
    return f"{start} {asker} {how} its allies for {asked_for(day.asked)}. {danger}"


def _answers(case: Case, story: Story, accounts: Sequence[MemberAccount]) -> Iterator[str]:
    """Each answer of the council with its votes, and reasons for the last."""
    before = Level.NONE
    for day in story.days:
        if day.answer > before:
            how = f" {BY_PROCEDURE}" if day.by_procedure else ""
            yield f"Day {day.day}: the council decides on {ANSWERS[day.answer]}.{how}"
            is_last = day.answer is story.level
            yield from _votes(case, day, day.answer, accounts if is_last else ())
            before = day.answer


def _votes(case: Case, day: Day, level: Level, accounts: Sequence[MemberAccount]) -> Iterator[str]:
    """What each member said to one level and, where known, why."""
    said = {Stance.SUPPORT: "yes", Stance.ABSTAIN: "abstains", Stance.OBJECT: "no"}
    voters = [m for m in day.members if m.state != case.scenario.requester or len(day.members) == 1]
    if not accounts:
        groups = {word: [case.name_of(m.state) for m in voters if m.stances[level - 1] is stance]
                  for stance, word in said.items()}  # fmt: skip
        votes = "; ".join(f"{listed(names)} {word}" for word, names in groups.items() if names)
        yield f"    Votes on {LEVELS[level]}: {votes}."
        return
    known = {account.state: account for account in accounts}
    order = {stance: k for k, stance in enumerate(said)}
    for member in sorted(voters, key=lambda m: order[m.stances[level - 1]]):
        stance = member.stances[level - 1]
        why = reason(known[member.state], for_it=stance is Stance.SUPPORT)
        yield f"    {case.name_of(member.state)}: {said[stance]}, because {why}."


def reason(account: MemberAccount, *, for_it: bool) -> str:
    """The largest part of a position that points the way of the vote, as a clause."""
    reasons, sign = ("reason for", 1.0) if for_it else ("reason against", -1.0)
    parts = {**account.terms, "influence": account.moved}
    luck = sign * sum(parts.pop(name, 0.0) for name in CHANCE)
    name = max(entries(reasons), key=lambda name: sign * parts.get(name, 0.0))
    strength = sign * parts.get(name, 0.0)
    said = words(reasons, name) if strength > 0 else ENOUGH if for_it else TOO_LITTLE
    return f"{said}, and because of this run's random part" if luck > max(strength, 0.0) else said


def _troops_sent(case: Case, story: Story) -> Iterator[str]:
    """What was sent, and when it was there."""
    sent = sorted(((n, case.name_of(s)) for s, n in story.troops.items() if n), reverse=True)
    if story.level is not Level.DEPLOY or not sent:
        return
    shares = ", ".join(f"{name} {n:,}" for n, name in sent)
    yield f"Sent: {sum(n for n, _ in sent):,} troops ({shares})."
    there = next((day for day in story.days if day.in_place), None)
    if there is not None:
        yield f"Day {there.day}: {there.in_place:,} troops are in place."


def history_line(case: Case) -> str:
    """What the alliance did in history, in a sentence."""
    known, level = case.scenario.history, case.scenario.answer
    if known is None or level is None:
        return "In history: this crisis is a what-if and has no record."
    when = f" on {written(known.decided)}" if known.decided else ""
    sent = known.troops.get("total")
    force = f", with {n_troops(*sent)} troops" if sent and level is Level.DEPLOY else ""
    return f"In history: the alliance {DID[level]}{when}{force}."
