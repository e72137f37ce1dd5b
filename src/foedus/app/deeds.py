"""What a page may do in its room, by name, and how its words are read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeAlias

from foedus.app.crises import case_of
from foedus.data.sessions import parse_session
from foedus.data.terms import Request
from foedus.errors import UsageError
from foedus.model.setup import Setup, prepare
from foedus.roleplay.classroom import ClassRoom, Deciding, LateDecision, next_game
from foedus.roleplay.game import Game, begin, line_of
from foedus.roleplay.persons import Person
from foedus.roleplay.session import game_of

Asked: TypeAlias = Mapping[str, Any]
Deed: TypeAlias = Callable[[Asked], None]

LONGEST_TIMER = 7200.0
"""Seconds."""
MOST_RUNS = 10_000_000
OF_ONE_GAME = frozenset({"choose", "forecast", "say", "live", "end", "again", "crisis"})
"""What is meant for the game that the page showed, and for no later one."""


def deeds_of(room: ClassRoom, person: Person | None, *, hosts: bool) -> dict[str, Deed]:
    """What somebody may do in a room."""
    found: dict[str, Deed] = {}
    if person is not None:
        found |= _of_person(room, person)
    if hosts:
        found |= _of_host(room)
    return {
        name: _in_its_game(room, deed) if name in OF_ONE_GAME else deed
        for name, deed in found.items()
    }


def _in_its_game(room: ClassRoom, deed: Deed) -> Deed:
    def done(asked: Asked) -> None:
        if "game" in asked and _whole(asked, "game") != room.game_number:
            raise LateDecision("too late: this was meant for another game than the one now played")
        deed(asked)

    return done


def _of_person(room: ClassRoom, person: Person) -> dict[str, Deed]:
    def choose(asked: Asked) -> None:
        line = line_of(_text(asked, "line"))
        room.choose(person, _text(asked, "state"), line, _whole(asked, "day"))

    found: dict[str, Deed] = {
        "choose": choose,
        "forecast": lambda asked: room.forecast(person, _numbers(asked), _whole(asked, "day")),
    }
    if not room.is_private:
        found["sit"] = lambda asked: room.sit(person, _text(asked, "state") or None)
        found["say"] = lambda asked: room.say(
            person, _text(asked, "to") or None, _text(asked, "text")
        )
    return found


def _of_host(room: ClassRoom) -> dict[str, Deed]:
    def deciding(asked: Asked) -> None:
        if _text(asked, "by") not in list(Deciding):
            raise UsageError("seats decide by majority or by speaker")
        room.deciding = Deciding(_text(asked, "by"))

    def timer(asked: Asked) -> None:
        seconds = asked.get("seconds")
        lasts = seconds if isinstance(seconds, int | float) and isfinite(seconds) else 0
        room.timer_ends = time.time() + min(lasts, LONGEST_TIMER) if lasts > 0 else None

    def crisis(asked: Asked) -> None:
        room.again(begin(_setup(asked), (), room.game.seed))

    return {
        "live": lambda asked: room.live_a_day(
            _whole(asked, "day"), anyway=asked.get("anyway") is True
        ),
        "end": lambda _: room.live_to_the_end(),
        "again": lambda _: room.again(next_game(room)),
        "crisis": crisis,
        "free": lambda asked: room.free(_text(asked, "state")),
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
    return prepare(
        case_of(_text(asked, "crisis")),
        _settings(asked),
        rule=_text(asked, "rule") or None,
        theory=_text(asked, "theory") or None,
        request=_text(asked, "request") or Request.HISTORY,
    )


def _settings(asked: Asked) -> dict[str, float] | None:
    given = asked.get("set")
    if not isinstance(given, dict):
        return None
    wrong = [k for k, v in given.items() if isinstance(v, bool) or not isinstance(v, int | float)]
    if wrong:
        raise UsageError(f"{wrong[0][:40]}: expected a number")
    return {str(name): float(value) for name, value in given.items()}


def _text(asked: Asked, name: str) -> str:
    return str(asked.get(name) or "")


def _whole(asked: Asked, name: str) -> int:
    given = asked.get(name)
    return given if isinstance(given, int) and not isinstance(given, bool) else -1


def _numbers(asked: Asked) -> list[float]:
    given = asked.get("shares")
    if not isinstance(given, list):
        return []
    return [float(n) if isinstance(n, int | float) else -1.0 for n in given[:9]]
