"""Pages connected to a room: how they come and go, what they may do, and what they are shown."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from starlette.status import WS_1008_POLICY_VIOLATION
from starlette.websockets import WebSocket, WebSocketDisconnect

from foedus.app.crises import case_of, setup_asked, text_in
from foedus.data.sessions import parse_session, session_text
from foedus.errors import FoedusError, UsageError
from foedus.model.setup import Setup
from foedus.roleplay.classroom import ClassRoom, Deciding
from foedus.roleplay.debrief import debrief
from foedus.roleplay.game import Game, begin, game_of, line_of, session_of
from foedus.roleplay.persons import Person
from foedus.roleplay.room_view import common_view, own_view, past_view
from foedus.roleplay.rooms import ClassRooms, RateLimit

Asked: TypeAlias = Mapping[str, Any]

GATHERS = 0.05
"""Seconds within which changes of a room are shown together."""
LONGEST = 250_000
"""Signs of a message from a page; a saved session fits."""
PACE = 40
"""Messages that a page may send in ten seconds."""
LONGEST_TIMER = 7200.0
"""Seconds."""
MOST_RUNS = 10_000_000
OF_ONE_GAME = frozenset({"choose", "forecast", "say", "live", "end", "again", "crisis"})
"""What is meant for the game that the page showed, and for no later one."""


@dataclass
class Page:
    """One connected page."""

    socket: WebSocket
    room: ClassRoom
    person: Person
    has_seen: tuple[int, int, bool] | None = None


@dataclass
class Connections:
    """All connected pages of a server."""

    rooms: ClassRooms
    pages: dict[str, list[Page]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, socket: WebSocket) -> None:
        """Talk with a page until it goes: its first message says who it is."""
        origin = socket.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
            await socket.close(WS_1008_POLICY_VIOLATION)  # a page of another site
            return
        await socket.accept()
        page: Page | None = None
        pace = RateLimit(PACE, window=10.0, what="messages")
        try:
            while True:
                asked = await _received(socket)
                try:
                    pace.check("page", time.monotonic())
                    pace.count("page", time.monotonic())
                    if page is None:
                        page = await self._enter(socket, asked)
                    else:
                        await self._do(page, asked)
                except FoedusError as error:
                    told = {"problem": str(error), "number": text_in(asked, "number")[:40]}
                    await socket.send_json({**told, "inside": page is not None})
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if page is not None:
                self._leave(page)

    # ---- coming and going ----------------------------------------------------------------------

    async def _enter(self, socket: WebSocket, asked: Asked) -> Page:
        address, now = socket.client.host if socket.client else "?", time.monotonic()
        if asked.get("do") == "open":
            private = bool(asked.get("private"))
            room = self.rooms.open(new_game(asked), address, now, private=private)
            person = room.host
        else:
            code, key = text_in(asked, "code"), text_in(asked, "key")[:80]
            room, person = self.rooms.enter(code, key, address, now)
        page = Page(socket, room, person)
        person.n_pages += 1
        self.pages.setdefault(room.code, []).append(page)
        await socket.send_json({"you": {"code": room.code, "key": person.key}})
        self._show_soon(room)
        return page

    def _leave(self, page: Page) -> None:
        pages = self.pages[page.room.code]
        pages.remove(page)
        if not pages:
            del self.pages[page.room.code]
        page.person.n_pages -= 1
        self._show_soon(page.room)

    # ---- what is asked for ---------------------------------------------------------------------

    async def _do(self, page: Page, asked: Asked) -> None:
        """Do what a page asks for, once however often it is sent."""
        number = text_in(asked, "number")[:40]
        if number and number in page.person.done:
            await page.socket.send_json({"done": number})
            return
        if asked.get("do") == "save":
            await page.socket.send_json({"session": session_text(session_of(page.room.game))})
            return
        page.room.used = time.monotonic()
        _act(page.room, page.person, asked)
        if number:
            page.person.done.append(number)
            await page.socket.send_json({"done": number})
        self._show_soon(page.room)
        await self._look_back(page.room)

    async def _look_back(self, room: ClassRoom) -> None:
        """Prepare the debrief of a finished game beside the pages, and show it when it is there."""
        if not room.day or not room.morning().is_over or room.review is not None:
            return
        game = room.game
        review = await asyncio.to_thread(debrief, game)
        if room.game is game:
            room.review = review
            self._show_soon(room)

    # ---- showing -------------------------------------------------------------------------------

    def _show_soon(self, room: ClassRoom) -> None:
        """Show a room to all its pages, once for all that changes within a moment."""
        if room.code in self._waiting:
            return
        self._waiting.add(room.code)
        task = asyncio.create_task(self._show(room))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show(self, room: ClassRoom) -> None:
        await asyncio.sleep(GATHERS)
        self._waiting.discard(room.code)
        common = json.dumps(common_view(room), ensure_ascii=False)
        seen = (room.game_number, room.day, room.review is not None)
        past = ""
        for page in tuple(self.pages.get(room.code, ())):
            own = json.dumps(own_view(room, page.person), ensure_ascii=False)
            text = f'{{"room":{common},"own":{own}}}'
            if page.has_seen != seen:
                past = past or json.dumps(past_view(room), ensure_ascii=False)
                text = f'{{"past":{past},{text[1:]}'
                page.has_seen = seen
            try:
                await page.socket.send_text(text)
            except (RuntimeError, WebSocketDisconnect):
                continue


async def _received(socket: WebSocket) -> Asked:
    """A message of a page; whatever is no JSON object is an empty one."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text") or ""
    try:
        asked = json.loads(text, parse_int=_parsed) if len(text) <= LONGEST else None
        json.dumps(asked, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError):
        asked = None
    return asked if isinstance(asked, dict) else {}


def _parsed(digits: str) -> int | float:
    """A whole number; one of absurd length becomes a fraction, so that no sum overflows."""
    return int(digits) if len(digits) <= 15 else float(digits)


def _act(room: ClassRoom, person: Person, asked: Asked) -> None:
    """Do what somebody asks for, or refuse what the person may not do or meant for another game."""
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
