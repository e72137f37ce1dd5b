"""What a page may do in its room, by name, and how its words are read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
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
Deed: TypeAlias = Callable[[Asked], None]

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
    deed = deeds_of(room, person).get(name)
    if deed is None:
        raise UsageError(f"this page cannot do that: {name[:40]}")
    if name in OF_ONE_GAME and "game" in asked and _whole(asked, "game") != room.game_number:
        raise UsageError("too late: this was meant for another game than the one now played")
    deed(asked)


def deeds_of(room: ClassRoom, person: Person) -> dict[str, Deed]:
    """What somebody may do in a room."""
    found: dict[str, Deed] = {}
    if not room.is_teacher(person):
        found |= _of_player(room, person)
    if person is room.host:
        found |= _of_host(room)
    return found


def _of_player(room: ClassRoom, person: Person) -> dict[str, Deed]:
    def choose(asked: Asked) -> None:
        line = line_of(text_in(asked, "line"))
        room.choose(person, text_in(asked, "state"), line, _whole(asked, "day"))

    def forecast(asked: Asked) -> None:
        room.forecast(person, _shares(asked), _whole(asked, "day"))

    def sit(asked: Asked) -> None:
        room.sit(person, text_in(asked, "state") or None)

    def say(asked: Asked) -> None:
        room.say(person, text_in(asked, "to") or None, text_in(asked, "text"))

    alone: dict[str, Deed] = {"choose": choose, "forecast": forecast}
    return alone if room.is_private else {**alone, "sit": sit, "say": say}


def _of_host(room: ClassRoom) -> dict[str, Deed]:
    def live(asked: Asked) -> None:
        room.live_a_day(_whole(asked, "day"), anyway=asked.get("anyway") is True)

    def deciding(asked: Asked) -> None:
        if text_in(asked, "by") not in list(Deciding):
            raise UsageError("seats decide by majority or by speaker")
        room.deciding = Deciding(text_in(asked, "by"))

    def timer(asked: Asked) -> None:
        seconds = asked.get("seconds")
        lasts = seconds if isinstance(seconds, int | float) and isfinite(seconds) else 0
        room.timer_ends = time.time() + min(lasts, LONGEST_TIMER) if lasts > 0 else None

    return {
        "live": live,
        "end": lambda _: room.live_to_the_end(),
        "again": lambda _: room.again(),
        "crisis": lambda asked: room.again(begin(_setup(asked), (), room.game.seed)),
        "free": lambda asked: room.free(text_in(asked, "state")),
        "unsay": lambda asked: room.talk.remove(_whole(asked, "message")),
        "deciding": deciding,
        "timer": timer,
    }


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
