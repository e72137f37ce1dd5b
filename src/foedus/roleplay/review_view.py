"""The board at the end: who wanted what, who turned the answer, forecasts and scores."""

from __future__ import annotations

from typing import Any

from foedus.data.library import Case
from foedus.data.terms import Level
from foedus.plots.words import listed
from foedus.roleplay import wording
from foedus.roleplay.aftermath import costs
from foedus.roleplay.brief import goals
from foedus.roleplay.classroom import ClassRoom
from foedus.roleplay.debrief import Debrief, Odds, SeatReview
from foedus.roleplay.forecasts import days_scored, error, together
from foedus.roleplay.persons import Person
from foedus.web.embed import council_data


def review_view(room: ClassRoom, review: Debrief) -> dict[str, Any]:
    """A finished game as a page shows it."""
    case, played = review.case, review.played
    return {
        "played": wording.outcome(case, played),
        "modelled": wording.outcome(case, review.modelled),
        "history": wording.history(review),
        "level": int(played.level),
        "modelLevel": int(review.modelled.level),
        "historyLevel": None if review.history is None else int(review.history),
        "costs": list(costs(case, played)),
        "council": council_data(room.game.setup, played),
        "seats": [_reviewed(room, review, seat) for seat in review.seats],
        "odds": [
            _odds(review.with_lines, "These decisions, other chance"),
            _odds(review.without_lines, "The model in every seat"),
            *(_odds(odds, odds.name) for odds in review.theories[1:]),
        ],
        "uncertainty": wording.uncertainty(review),
        "scores": scores(room, review),
    }


def _odds(odds: Odds, name: str) -> dict[str, Any]:
    return {"name": name, "claim": odds.claim, "shares": list(odds.p_levels)}


def _reviewed(room: ClassRoom, review: Debrief, seat: SeatReview) -> dict[str, Any]:
    case, played = review.case, review.played
    wanted = goals(room.game.setup, seat.state)
    return {
        "state": seat.state,
        "name": case.name_of(seat.state),
        "decided": wording.decided(seat),
        "model": wording.model_said(seat),
        "history": wording.stood(seat),
        "mattered": wording.mattered(review, seat),
        "turned": seat.without_it is not played.level,
        "goals": [{"words": goal.words, "met": goal.is_met(played)} for goal in wanted],
    }


def scores(room: ClassRoom, review: Debrief) -> list[dict[str, Any]]:
    """Error of each forecast against the answer of this game, the smallest first.

    Nobody is named: a person is known by the seat, or as an onlooker.
    """
    level, n_days = review.played.level, days_scored(review.played)
    given = [person for person in room.persons if person.forecasts]
    rows = [_row(_who(review.case, p), p.forecasts, level, n_days, p) for p in given]
    if len(given) > 1:
        everyone = together(p.forecasts for p in given)
        rows.append(_row("the class on average", everyone, level, n_days))
    alone = {0: tuple(review.without_lines.p_levels)}
    rows.append(_row("the model", alone, level, n_days))
    rows.append(_row("a quarter for each answer", {}, level, n_days))
    return sorted(rows, key=lambda row: float(row["error"]))


def _row(
    who: str,
    forecasts: dict[int, tuple[float, ...]],
    level: Level,
    n_days: int,
    person: Person | None = None,
) -> dict[str, Any]:
    shown = error(forecasts, level, n_days)
    return {"who": who, "error": shown, "person": "" if person is None else person.id}


def _who(case: Case, person: Person) -> str:
    return listed([case.name_of(state) for state in person.seats]) or "an onlooker"
