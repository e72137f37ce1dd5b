"""What a player reads, in sentences: the same in the terminal and in the browser."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.terms import LEVELS, MEMBER_ATTRIBUTES, Level, Line, Stance
from foedus.data.vocabulary import Entry, entry, label, words
from foedus.model.outcome import Story
from foedus.plots.words import (
    BY_PROCEDURE,
    DID,
    DOES,
    asked_for,
    end_on,
    listed,
    n_troops,
    percent,
    written,
)
from foedus.roleplay.debrief import Debrief, SeatReview, Stretch
from foedus.roleplay.player_choice import Morning, SeatView

BACKS: Mapping[Level, str] = {level: words("member backs", level.label) for level in Level}
"""Where a member stands."""

ANSWERS: Mapping[Level, str] = {level: words("level", level.label) for level in Level}
"""The answer as a thing."""


def meaning_of(view: SeatView, line: Line) -> Entry:
    """What a line is called and means for this seat: its label and description."""
    return entry("position of the requester" if view.asks else "position", line.label)


def says(view: SeatView, line: Line) -> str:
    """How a choice would vote on each level: ``consult yes, support abstains, ...``."""
    pairs = zip(LEVELS[1:], view.offers[line], strict=True)
    return ", ".join(f"{level} {label('stance', stance.label)}" for level, stance in pairs)


def codes_of(case: Case, state: str) -> list[tuple[str, float, str]]:
    """What the coders wrote of one state: title, value, and the value in words."""
    member = case.scenario.members[state]
    rows = []
    for name in MEMBER_ATTRIBUTES:
        coders = getattr(member, name)
        if coders is not None:
            value = mean(coders)
            steps = entry("attribute", name).steps
            word = steps[round(4 * value)] if len(steps) == 5 else percent(value)
            rows.append((label("attribute", name), value, word))
    return rows


HALF_A_STEP = 0.5
"""Level from which a request is one; below it a government has asked for nothing."""


def situation(case: Case, now: Morning) -> str:
    """Where things stand on a morning, in a few sentences."""
    requester = case.name_of(case.scenario.requester)
    danger = entry("attribute", "threat").steps[round(4 * now.intensity)]
    parts = [f"The danger to {requester} is {danger} ({percent(now.intensity)})"]
    if now.asked < HALF_A_STEP:
        parts.append(f"{requester} has asked for nothing")
    else:
        channel = "formally" if now.channel >= 0.75 else "informally"
        parts.append(f"{requester} has {channel} asked for {asked_for(now.asked, ANSWERS)}")
    if now.answer > Level.NONE:
        parts.append(f"the council has answered with {ANSWERS[now.answer]}")
    elif now.sits:
        parts.append("the council meets today and has not answered yet")
    else:
        parts.append("the council does not meet yet")
    if now.in_place:
        parts.append(f"{n_troops(now.in_place)} troops are in place")
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts)


def hears(case: Case, now: Morning, state: str) -> list[str]:
    """What a seat hears of the others, the loudest first."""
    return [
        f"{case.name_of(one.state)} ({percent(one.weight)} of the voices) {BACKS[one.backs]}"
        for one in now.soundings
        if one.state != state and one.weight > 0
    ]


def advice(view: SeatView) -> str:
    """What a seat's own advisers think, before they listen to anybody."""
    would = BACKS[view.advice].removeprefix("backs ")
    return f"Left to themselves, your advisers would back {would}."


def standing(view: SeatView) -> str:
    """What the seat can do in council, and how far such a government listens."""
    vote = "The request is yours, so you have no vote on it." if view.asks else "You have one vote."
    if view.susceptibility == 0:
        return f"{vote} A government like yours follows nobody."
    return (
        f"{vote} Left to the model, a government like yours would take "
        f"{percent(view.susceptibility)} of its position from what the others say."
    )


def outcome(case: Case, story: Story) -> str:
    """How a run went, in a sentence or two."""
    end = end_on(case, story, past=True)
    sent = sum(story.troops.values())
    with_troops = f" {n_troops(sent)} troops" if sent else ""
    when = f" on day {story.day_decided}" if story.day_decided >= 0 else ""
    procedural = story.level == Level.CONSULT and story.days[story.day_decided].by_procedure
    how = f" {BY_PROCEDURE}" if procedural else ""
    return f"The alliance {DID[story.level]}{with_troops}{when}, and {end}.{how}"


def history(review: Debrief) -> str:
    """What the alliance did in history, in one sentence."""
    known = review.case.scenario.history
    if known is None or review.history is None:
        return "This crisis is a what-if: it has no history."
    when = f" on {written(known.decided)}" if known.decided else ""
    return f"The alliance {DID[review.history]}{when}."


def decided(seat: SeatReview) -> str:
    """The lines of one seat over the days."""
    return "; ".join(_stretch(stretch) for stretch in seat.lines)


def _stretch(stretch: Stretch) -> str:
    word = stretch.line.label if stretch.line is not None else "played by the model"
    if stretch.first == stretch.last:
        return f"{word} (day {stretch.first})"
    return f"{word} (days {stretch.first} to {stretch.last})"


def model_said(seat: SeatReview) -> str:
    """What the modelled government would have said to the three levels."""
    said = {Stance.SUPPORT: "yes to", Stance.ABSTAIN: "abstains on", Stance.OBJECT: "no to"}
    groups: dict[Stance, list[str]] = {}
    for word, stance in zip(LEVELS[1:], seat.model_says, strict=True):
        groups.setdefault(stance, []).append(word)
    return "; ".join(f"{said[stance]} {listed(words)}" for stance, words in groups.items())


def stood(seat: SeatReview) -> str:
    """What the seat's government did in history: its stance, and its troops as reported."""
    stance = words("stance in history", seat.history) if seat.history else "vote not known"
    return f"{stance}, {n_troops(*seat.history_troops)} troops" if seat.history_troops else stance


def uncertainty(review: Debrief) -> str:
    """How far the shares of the debrief can be trusted."""
    every = (review.with_lines, review.without_lines, *review.theories)
    largest = max(error for odds in every for error in odds.errors)
    return (
        f"Standard errors are at most {percent(largest)}. Your choices were tried with fewer "
        "random numbers than the theories."
    )


def mattered(review: Debrief, seat: SeatReview) -> str:
    """Whether the answer would have been another, had the model played this seat alone."""
    if seat.answer_without_it is review.played.level:
        return "If the model had played only this member, the answer would have been the same."
    return (
        f"This decided the answer. If the model had played only this member: the alliance "
        f"{DOES[seat.answer_without_it]}."
    )
