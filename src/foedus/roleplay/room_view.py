"""A room as a page shows it: plain data, one part for all and one for each person.

The part for all is made once for every change, however many pages there are; what only a new day
changes (:func:`past_view`) goes to a page once.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from foedus.data.library import Case
from foedus.data.terms import LEVELS
from foedus.data.vocabulary import label
from foedus.plots.words import date_of, listed, percent
from foedus.roleplay import wording
from foedus.roleplay.classroom import ClassRoom, Deciding
from foedus.roleplay.debrief import Debrief, SeatReview
from foedus.roleplay.persons import Message, Person, days_scored, error, standing, together
from foedus.roleplay.player_choice import SeatView
from foedus.roleplay.stakes import costs, dependence_of, goals, news
from foedus.web.page_data import council_data


def common_view(room: ClassRoom) -> dict[str, Any]:
    """What everybody in a room may know, as far as it can change within a day."""
    case, now = room.game.setup.case, room.morning()
    left = None if room.timer_ends is None else max(0.0, room.timer_ends - time.time())
    # the mean forecast is shown once the first day is lived; before that it would be copied
    forecasts = [person.forecasts for person in room.persons if person.forecasts]
    crowd = standing(together(forecasts), room.day) if room.day else None
    return {
        "code": None if room.is_private else room.code,
        "private": room.is_private,
        "game": room.game_number,
        "crisis": case.id,
        "title": case.scenario.title,
        "question": case.scenario.question,
        "summary": case.scenario.summary,
        "day": now.day,
        "date": date_of(case, now.day),
        "answer": LEVELS[now.answer],
        "situation": wording.situation(case, now),
        "settled": now.is_settled,
        "over": now.is_over,
        "deciding": str(room.deciding),
        "timer": left,
        "seats": [_seat(room, case, state) for state in sorted(case.scenario.members)],
        "undecided": room.undecided,
        "onlookers": sum(1 for p in room.persons if p.n_pages and not p.seats),
        "forecasts": len(forecasts),
        "crowd": crowd,
        "hostThere": room.is_private or room.host.n_pages > 0,
        "statements": [_message(case, m) for m in room.talk.statements],
        "hasReview": room.review is not None,
    }


def _seat(room: ClassRoom, case: Case, state: str) -> dict[str, Any]:
    return {
        "state": state,
        "name": case.name_of(state),
        "asks": state == case.scenario.requester,
        "lead": state == case.patron,
        "holders": len(room.in_seat(state)),
        "present": len(room.present_in(state)),
        "chosen": room.votes_in(state).total(),
        "decided": room.line_of_seat(state) is not None,
        "hasHeld": state in room.lasting,
        "stated": room.talk.has_stated(state, room.day),
    }


def _message(case: Case, message: Message) -> dict[str, Any]:
    to = None if message.to is None else case.name_of(message.to)
    return {**asdict(message), "from": case.name_of(message.state), "to": to}


def own_view(room: ClassRoom, person: Person) -> dict[str, Any]:
    """What one person knows beside that."""
    case, now, teaches = room.game.setup.case, room.morning(), room.is_teacher(person)
    read = room.talk.messages if teaches else room.talk.between(person.seats)
    return {
        "host": person is room.host,
        "id": person.id,
        "holds": person.seats,
        "forecast": standing(person.forecasts, room.day),
        "mayForecast": not (teaches or now.is_settled),
        "briefs": [_brief(room, view, person) for view in now.seats if view.state in person.seats],
        "messages": [_message(case, m) for m in read if m.to is not None],
        "nLate": room.n_late if person is room.host else 0,
    }


def _brief(room: ClassRoom, view: SeatView, person: Person) -> dict[str, Any]:
    chosen, held = person.choices.get(view.state), room.lasting.get(view.state)
    present = room.present_in(view.state)
    return {
        **room.kept(f"brief of {view.state}", lambda: _fixed_brief(room, view)),
        "chosen": None if chosen is None else chosen.label,
        "held": None if held is None else wording.meaning_of(view, held).label,
        "speaks": room.deciding is Deciding.MAJORITY or present[:1] == [person],
        "persons": len(present),
        "votes": {line.label: n for line, n in sorted(room.votes_in(view.state).items())},
    }


def _fixed_brief(room: ClassRoom, view: SeatView) -> dict[str, Any]:
    """What does not change within a day; it takes a hundred times as long as the rest."""
    setup, case = room.game.setup, room.game.setup.case
    return {
        "state": view.state,
        "name": case.name_of(view.state),
        "goals": [goal.words for goal in goals(setup, view.state)],
        "advice": wording.advice(view),
        "standing": wording.standing(view),
        "hears": wording.hears(case, room.morning(), view.state),
        "codes": _codes(room, case, view.state),
        "why": case.scenario.members[view.state].why,
        "lines": [
            {
                "line": line.label,
                "title": wording.meaning_of(view, line).label,
                "hint": wording.meaning_of(view, line).description,
                "says": "" if view.asks else wording.says(view, line),
            }
            for line in view.offers
        ],
    }


def _codes(room: ClassRoom, case: Case, state: str) -> list[list[str]]:
    """A state's codes in words; its dependence is the model's own, as everywhere on the page."""
    title = label("attribute", "dependence")
    rows = [[name, word] for name, _, word in wording.codes_of(case, state) if name != title]
    return [*rows, [title, percent(dependence_of(room.game.setup, state))]]


def past_view(room: ClassRoom) -> dict[str, Any]:
    """The days lived with their news, and the board at the end where there is one."""
    setup, lived = room.game.setup, room.story().days
    council = council_data(setup, room.story()) if lived else None
    if council is not None and not room.morning().is_over:
        council["end"] = ""  # how it ends is said only once it has ended
    return {
        "game": room.game_number,
        "day": room.day,
        "news": [
            {"day": day.day, "text": text}
            for day in lived
            for text in news(setup.case, room.story(), day.day)
        ],
        "council": council,
        "review": None if room.review is None else _board(room, room.review),
    }


def _board(room: ClassRoom, review: Debrief) -> dict[str, Any]:
    """A finished game: who wanted what, who turned the answer, forecasts and scores."""
    case, played = review.case, review.played
    odds = [
        (review.with_lines, "These decisions, other chance"),
        (review.without_lines, "The model in every seat"),
        *((odds, odds.name) for odds in review.theories[1:]),
    ]
    return {
        "played": wording.outcome(case, played),
        "modelled": wording.outcome(case, review.modelled),
        "history": wording.history(review),
        "level": played.level,
        "modelLevel": review.modelled.level,
        "historyLevel": review.history,
        "costs": costs(case, played),
        "council": council_data(room.game.setup, played),
        "seats": [_reviewed(room, review, seat) for seat in review.seats],
        "odds": [{"name": name, "claim": one.claim, "shares": one.p_levels} for one, name in odds],
        "uncertainty": wording.uncertainty(review),
        "scores": _scores(room, review),
    }


def _reviewed(room: ClassRoom, review: Debrief, seat: SeatReview) -> dict[str, Any]:
    wanted = goals(room.game.setup, seat.state)
    return {
        "state": seat.state,
        "name": review.case.name_of(seat.state),
        "decided": wording.decided(seat),
        "model": wording.model_said(seat),
        "history": wording.stood(seat),
        "mattered": wording.mattered(review, seat),
        "turned": seat.answer_without_it is not review.played.level,
        "goals": [{"words": goal.words, "met": goal.is_met(review.played)} for goal in wanted],
    }


def _scores(room: ClassRoom, review: Debrief) -> list[dict[str, Any]]:
    """Error of each forecast against the answer of this game, the smallest first.

    Nobody is named: a person is known by the seat, or as an onlooker.
    """
    level, n_days, name_of = review.played.level, days_scored(review.played), review.case.name_of
    rows = [
        (listed([name_of(state) for state in p.seats]) or "an onlooker", p.id, p.forecasts)
        for p in room.persons
        if p.forecasts
    ]
    if len(rows) > 1:
        rows.append(("the class on average", "", together(made for _, _, made in rows)))
    rows.append(("the model", "", {0: review.without_lines.p_levels}))
    rows.append(("a quarter for each answer", "", {}))
    scored = [(error(made, level, n_days), who, person) for who, person, made in rows]
    return [
        {"who": who, "error": shown, "person": person}
        for shown, who, person in sorted(scored, key=lambda row: row[0])
    ]
