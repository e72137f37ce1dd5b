"""A room as a page shows it: plain data, one part for all and one for each person.

The part for all is made once for every change, however many pages there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from foedus.analysis.forecast.scores import ranked_probability_score
from foedus.data.library import Case
from foedus.data.terms import Level, Line
from foedus.model.story import Story
from foedus.roleplay import wording
from foedus.roleplay.aftermath import costs, news
from foedus.roleplay.brief import goals
from foedus.roleplay.classroom import ClassRoom, Person
from foedus.roleplay.day import Morning, SeatView
from foedus.roleplay.debrief import Debrief, SeatReview
from foedus.web.council_data import council_data


def common_view(room: ClassRoom) -> dict[str, Any]:
    """What everybody in a room may know."""
    case, now = room.game.setup.case, room.morning()
    story = room.story() if room.day else None
    return {
        "code": None if room.is_private else room.code,
        "private": room.is_private,
        "crisis": case.id,
        "title": case.scenario.title,
        "question": case.scenario.question,
        "summary": case.scenario.summary,
        "day": now.day,
        "date": wording.date_of(case, now.day),
        "situation": wording.situation(case, now),
        "settled": now.is_settled,
        "over": now.is_over,
        "deciding": str(room.deciding),
        "timer": room.timer_ends,
        "seats": [_seat(room, case, state) for state in sorted(case.scenario.members)],
        "undecided": list(room.undecided),
        "onlookers": sum(1 for p in room.persons.values() if p.n_pages and not p.seats),
        "forecasts": sum(1 for p in room.persons.values() if p.forecast),
        "hostThere": room.is_private or room.host_pages > 0,
        "statements": [
            {"day": m.day, "from": case.name_of(m.sender), "text": m.text}
            for m in room.messages
            if m.to is None
        ],
        "news": [] if story is None else _news(case, story),
        "council": None if story is None else council_data(room.game.setup, story),
        "heard": [wording.heard(case, one) for one in now.soundings if one.weight > 0],
        "review": None if room.review is None else review_view(room, room.review),
    }


def own_view(room: ClassRoom, person: Person | None, *, hosts: bool) -> dict[str, Any]:
    """What one person knows beside that."""
    case, now = room.game.setup.case, room.morning()
    seats = person.seats if person else ()
    return {
        "host": hosts,
        "holds": list(seats),
        "forecast": None if person is None or person.forecast is None else list(person.forecast),
        "briefs": [
            _brief(room, case, now, view, person)
            for view in now.seats
            if person is not None and view.state in seats
        ],
        "messages": [
            {
                "day": m.day,
                "from": case.name_of(m.sender),
                "to": case.name_of(m.to or m.sender),
                "text": m.text,
            }
            for m in room.messages
            if m.to is not None and (m.to in seats or m.sender in seats)
        ],
    }


def _seat(room: ClassRoom, case: Case, state: str) -> dict[str, Any]:
    holders = room.of_seat(state)
    present = [person for person in holders if person.n_pages or room.is_private]
    return {
        "state": state,
        "name": case.name_of(state),
        "asks": state == case.scenario.requester,
        "lead": state == case.patron,
        "holders": len(holders),
        "present": len(present),
        "chosen": sum(1 for person in present if state in person.choices),
        "decided": room.line_of_seat(state) is not None,
    }


def _news(case: Case, story: Story) -> list[dict[str, Any]]:
    rows = [(day.day, news(case, story, day.day)) for day in story.days]
    return [{"day": day, "text": text} for day, said in rows for text in said]


def _brief(
    room: ClassRoom, case: Case, now: Morning, view: SeatView, person: Person
) -> dict[str, Any]:
    chosen = person.choices.get(view.state)
    held = room.lasting.get(view.state)
    return {
        "state": view.state,
        "name": case.name_of(view.state),
        "goals": [goal.words for goal in goals(case, view.state)],
        "advice": wording.advice(view),
        "standing": wording.standing(view),
        "hears": wording.hears(case, now, view.state),
        "codes": [list(row) for row in wording.codes_of(case, view.state)],
        "why": case.scenario.members[view.state].why,
        "chosen": None if chosen is None else chosen.label,
        "held": None if held is None else held.label,
        "lines": [
            {
                "line": offer.line.label,
                "title": wording.title_of(view, offer.line),
                "hint": wording.hint_of(view, offer.line),
                "says": wording.says(offer),
            }
            for offer in view.offers
        ],
        "votes": _votes(room, view.state),
    }


def _votes(room: ClassRoom, state: str) -> dict[str, int]:
    chosen = [p.choices[state] for p in room.of_seat(state) if state in p.choices]
    return {line.label: chosen.count(line) for line in Line if line in chosen}


def review_view(room: ClassRoom, review: Debrief) -> dict[str, Any]:
    """The board at the end: who wanted what, who turned the answer, forecasts and scores."""
    case, played = review.case, review.played
    return {
        "played": wording.outcome(case, played),
        "modelled": wording.outcome(case, review.modelled),
        "history": wording.history(review),
        "historyLevel": None if review.history is None else int(review.history),
        "costs": list(costs(case, played)),
        "council": council_data(room.game.setup, played),
        "seats": [_reviewed(case, played, review, seat) for seat in review.seats],
        "odds": [
            {"name": odds.name, "claim": odds.claim, "shares": list(odds.p_levels)}
            for odds in (review.with_lines, review.without_lines, *review.theories[1:])
        ],
        "uncertainty": wording.uncertainty(review),
        "scores": _scores(room, played, review),
    }


def _reviewed(case: Case, played: Story, review: Debrief, seat: SeatReview) -> dict[str, Any]:
    return {
        "name": case.name_of(seat.state),
        "decided": wording.decided(seat),
        "model": wording.model_said(seat),
        "history": wording.stood(seat),
        "mattered": wording.mattered(review, seat),
        "turned": seat.without_it is not played.level,
        "goals": [
            {"words": goal.words, "met": goal.is_met(played)} for goal in goals(case, seat.state)
        ],
    }


def _scores(room: ClassRoom, played: Story, review: Debrief) -> list[dict[str, Any]]:
    """Error of each forecast against the game as played, the best first; nobody is named."""
    given = [p for p in room.persons.values() if p.forecast is not None]
    rows = [
        {
            "who": ", ".join(review.case.name_of(s) for s in person.seats) or "an onlooker",
            "error": _error(person.forecast or (), played.level),
        }
        for person in given
    ]
    rows.append({"who": "the model", "error": _error(review.without_lines.p_levels, played.level)})
    return sorted(rows, key=lambda row: float(str(row["error"])))


def _error(shares: tuple[float, ...], level: Level) -> float:
    return float(ranked_probability_score(np.array([shares]), np.array([int(level)]))[0])
