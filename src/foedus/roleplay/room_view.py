"""A room as a page shows it: plain data, one part for all and one for each person.

The part for all is made once for every change, however many pages there are; what only a new day
changes (:func:`past_view`) goes to a page once.
"""

from __future__ import annotations

import time
from typing import Any

from foedus.data.library import Case
from foedus.data.terms import LEVELS, Line
from foedus.data.vocabulary import label
from foedus.model.story import Story
from foedus.plots.story_text import date_of
from foedus.plots.words import percent
from foedus.roleplay import wording
from foedus.roleplay.aftermath import news
from foedus.roleplay.brief import dependence_of, goals
from foedus.roleplay.classroom import ClassRoom, Deciding
from foedus.roleplay.day import SeatView
from foedus.roleplay.forecasts import standing, together
from foedus.roleplay.persons import Person
from foedus.roleplay.review_view import review_view
from foedus.roleplay.talk import Message
from foedus.web.embed import council_data


def common_view(room: ClassRoom) -> dict[str, Any]:
    """What everybody in a room may know, as far as it can change within a day."""
    case, now = room.game.setup.case, room.morning()
    left = None if room.timer_ends is None else max(0.0, room.timer_ends - time.time())
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
        "undecided": list(room.undecided),
        "onlookers": sum(1 for p in room.persons if p.n_pages and not p.seats),
        "forecasts": sum(1 for p in room.persons if p.forecasts),
        "crowd": _crowd(room),
        "hostThere": room.is_private or room.host_pages > 0,
        "statements": [_message(case, m) for m in room.talk.statements],
        "hasReview": room.review is not None,
    }


def past_view(room: ClassRoom) -> dict[str, Any]:
    """The days lived, their news, and the debrief where there is one."""
    setup = room.game.setup
    story = room.story() if room.day else None
    return {
        "game": room.game_number,
        "day": room.day,
        "news": [] if story is None else _news(setup.case, story),
        "council": None if story is None else _council(room, story),
        "review": None if room.review is None else review_view(room, room.review),
    }


def _council(room: ClassRoom, story: Story) -> dict[str, Any]:
    """The days lived as a picture; how it ends is said only once it has ended."""
    data = council_data(room.game.setup, story)
    return data if room.morning().is_over else {**data, "end": ""}


def own_view(room: ClassRoom, person: Person | None, *, hosts: bool) -> dict[str, Any]:
    """What one person knows beside that."""
    case, now = room.game.setup.case, room.morning()
    seats = person.seats if person else ()
    said = None if person is None else standing(person.forecasts, room.day)
    read = room.talk.messages if hosts and not room.is_private else room.talk.between(seats)
    return {
        "host": hosts,
        "id": "" if person is None else person.id,
        "holds": list(seats),
        "forecast": None if said is None else list(said),
        "mayForecast": person is not None and not now.is_settled,
        "briefs": [
            _brief(room, case, view, person)
            for view in now.seats
            if person is not None and view.state in seats
        ],
        "messages": [_message(case, m) for m in read if m.to is not None],
        "nLate": room.n_late if hosts else 0,
    }


def _seat(room: ClassRoom, case: Case, state: str) -> dict[str, Any]:
    present = room.present_in(state)
    held = room.lasting.get(state)
    return {
        "state": state,
        "name": case.name_of(state),
        "asks": state == case.scenario.requester,
        "lead": state == case.patron,
        "holders": len(room.persons.in_seat(state)),
        "present": len(present),
        "chosen": sum(1 for person in present if state in person.choices),
        "decided": room.line_of_seat(state) is not None,
        "hasHeld": held is not None,
        "stated": room.talk.has_stated(state, room.day),
    }


def _crowd(room: ClassRoom) -> list[float] | None:
    """The room's mean forecast, once the first day is lived; before that it would be copied."""
    by_day = together(person.forecasts for person in room.persons) if room.day else {}
    shares = standing(by_day, room.day)
    return None if shares is None else list(shares)


def _message(case: Case, message: Message) -> dict[str, Any]:
    return {
        "number": message.number,
        "day": message.day,
        "state": message.sender,
        "from": case.name_of(message.sender),
        "to": None if message.to is None else case.name_of(message.to),
        "text": message.text,
    }


def _news(case: Case, story: Story) -> list[dict[str, Any]]:
    rows = [(day.day, news(case, story, day.day)) for day in story.days]
    return [{"day": day, "text": text} for day, said in rows for text in said]


def _brief(room: ClassRoom, case: Case, view: SeatView, person: Person) -> dict[str, Any]:
    chosen, held = person.choices.get(view.state), room.lasting.get(view.state)
    present = room.present_in(view.state)
    return {
        **room.kept(f"brief of {view.state}", lambda: _fixed_brief(room, case, view)),
        "chosen": None if chosen is None else chosen.label,
        "held": None if held is None else wording.title_of(view, held),
        "speaks": room.deciding is Deciding.MAJORITY or present[:1] == [person],
        "persons": len(present),
        "votes": _votes(room, view.state),
    }


def _fixed_brief(room: ClassRoom, case: Case, view: SeatView) -> dict[str, Any]:
    """What does not change within a day; it takes a hundred times as long as the rest."""
    return {
        "state": view.state,
        "name": case.name_of(view.state),
        "goals": [goal.words for goal in goals(room.game.setup, view.state)],
        "advice": wording.advice(view),
        "standing": wording.standing(view),
        "hears": wording.hears(case, room.morning(), view.state),
        "codes": _codes(room, case, view.state),
        "why": case.scenario.members[view.state].why,
        "lines": [
            {
                "line": offer.line.label,
                "title": wording.title_of(view, offer.line),
                "hint": wording.hint_of(view, offer.line),
                "says": "" if view.asks else wording.says(offer),
            }
            for offer in view.offers
        ],
    }


def _codes(room: ClassRoom, case: Case, state: str) -> list[list[str]]:
    """A state's codes in words; its dependence is the model's own, as everywhere on the page."""
    title = label("attribute", "dependence")
    rows = [[name, word] for name, _, word in wording.codes_of(case, state) if name != title]
    return [*rows, [title, percent(dependence_of(room.game.setup, state))]]


def _votes(room: ClassRoom, state: str) -> dict[str, int]:
    chosen = [p.choices[state] for p in room.present_in(state) if state in p.choices]
    return {line.label: chosen.count(line) for line in Line if line in chosen}
