"""What a page may do in its room, by name, and how its words are read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeAlias

from foedus.app.crises import case_of
from foedus.app.simulation import setup_asked, text_in
from foedus.data.sessions import parse_session
from foedus.errors import UsageError
from foedus.model.setup import Setup
from foedus.roleplay.classroom import ClassRoom, Deciding
from foedus.roleplay.game import Game, begin, game_of, line_of
from foedus.roleplay.persons import Person

Asked: TypeAlias = Mapping[str, Any]

LONGEST_TIMER = 7200.0
"""Seconds."""
MOST_RUNS = 10_000_000
OF_ONE_GAME = frozenset({"choose", "forecast", "say", "live", "end", "again", "crisis"})
"""What is meant for the game that the page showed, and for no later one."""


def do(room: ClassRoom, person: Person, asked: Asked) -> None:
    """Do what somebody asks for.

    Raises:
        FoedusError: If the person may not do that, it was meant for another game, or its words
            cannot be used.
    """
    name = str(asked.get("do"))
    if name in OF_ONE_GAME and "game" in asked and _whole(asked, "game") != room.game_number:
        raise UsageError("too late: this was meant for another game than the one now played")
    played = not room.is_teacher(person) and _play(room, person, name, asked)
    if not played and not (person is room.host and _lead(room, name, asked)):
        raise UsageError(f"this page cannot do that: {name[:40]}")


def _play(room: ClassRoom, person: Person, name: str, asked: Asked) -> bool:
    """Do what persons in the game do; False if it is nothing of that kind."""
    day, state = _whole(asked, "day"), text_in(asked, "state")
    match name:
        case "choose":
            room.choose(person, state, line_of(text_in(asked, "line")), day)
        case "forecast":
            room.forecast(person, _shares(asked), day)
        case "sit" if not room.is_private:
            room.sit(person, state or None)
        case "say" if not room.is_private:
            room.say(person, text_in(asked, "to") or None, text_in(asked, "text"))
        case _:
            return False
    return True


def _lead(room: ClassRoom, name: str, asked: Asked) -> bool:
    """Do what the host does; False if it is nothing of that kind."""
    match name:
        case "live":
            room.live_a_day(_whole(asked, "day"), anyway=asked.get("anyway") is True)
        case "end":
            room.live_to_the_end()
        case "again":
            room.again()
        case "crisis":
            room.again(begin(_setup(asked), (), room.game.seed))
        case "free":
            room.free(text_in(asked, "state"))
        case "unsay":
            room.talk.remove(_whole(asked, "message"))
        case "deciding":
            room.deciding = _deciding(text_in(asked, "by"))
        case "timer":
            room.timer_ends = _end_of_timer(asked.get("seconds"))
        case _:
            return False
    return True


def _deciding(word: str) -> Deciding:
    if word not in list(Deciding):
        raise UsageError("seats decide by majority or by speaker")
    return Deciding(word)


def _end_of_timer(seconds: object) -> float | None:
    lasts = seconds if isinstance(seconds, int | float) and isfinite(seconds) else 0
    return time.time() + min(lasts, LONGEST_TIMER) if lasts > 0 else None


def new_game(asked: Asked) -> Game:
    """The game that a page opens: a crisis with settings and seats, or a saved session.

    Raises:
        FoedusError: If the crisis, a setting, a seat or the session cannot be used.
    """
    if isinstance(asked.get("session"), str):
        session = parse_session(asked["session"])
        return game_of(session, case_of(session.scenario))
    seats = asked.get("seats")
    states = [str(state) for state in seats][:60] if isinstance(seats, list) else []
    run = _whole(asked, "run")
    return begin(_setup(asked), states, run=run if 0 <= run < MOST_RUNS else 0)


def _setup(asked: Asked) -> Setup:
    given = asked.get("set")
    settings = given if isinstance(given, dict) else {}
    return setup_asked(text_in(asked, "crisis"), settings, asked)


def _whole(asked: Asked, name: str) -> int:
    given = asked.get(name)
    return given if isinstance(given, int) and not isinstance(given, bool) else -1


def _shares(asked: Asked) -> list[float]:
    given = asked.get("shares")
    if not isinstance(given, list):
        return []
    return [float(n) if isinstance(n, int | float) else -1.0 for n in given[:9]]
