"""Pages connected to a room: who they are, what they ask for, and what they are shown."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from foedus.app.crises import case_of
from foedus.data.sessions import parse_session, session_text
from foedus.errors import FoedusError, UsageError
from foedus.model.ensemble import prepare
from foedus.roleplay.classroom import ClassRoom, Deciding, Person, next_game
from foedus.roleplay.debrief import debrief
from foedus.roleplay.game import Game, begin, line_of
from foedus.roleplay.room_view import common_view, own_view
from foedus.roleplay.rooms import ClassRooms
from foedus.roleplay.session import game_of, session_of

GATHERS = 0.05
"""Seconds within which changes of a room are shown together."""
LONGEST = 250_000
"""Signs of a message from a page; a saved session fits."""


@dataclass
class Page:
    """One connected page."""

    socket: WebSocket
    room: ClassRoom
    hosts: bool
    person: Person | None


@dataclass
class Connections:
    """All connected pages of a server."""

    rooms: ClassRooms
    pages: dict[str, list[Page]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, socket: WebSocket) -> None:
        """Talk with a page until it goes: its first message says who it is."""
        await socket.accept()
        address = socket.client.host if socket.client else "?"
        page: Page | None = None
        try:
            while True:
                asked = await _received(socket)
                try:
                    if page is None:
                        page = await self._enter(socket, asked, address)
                    else:
                        await self._do(page, asked)
                except FoedusError as error:
                    await socket.send_json({"problem": str(error)})
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if page is not None:
                self._leave(page)

    # ---- coming and going ----------------------------------------------------------------------

    async def _enter(self, socket: WebSocket, asked: Mapping[str, Any], address: str) -> Page:
        key = str(asked.get("key") or "")[:80]
        now = time.monotonic()
        if asked.get("do") == "open":
            room = self.rooms.open(
                _new_game(asked), address, now, private=bool(asked.get("private"))
            )
            page = Page(socket, room, hosts=True, person=room.join() if room.is_private else None)
            if page.person is not None:
                page.person.seats = tuple(room.game.seats)
                room.game = Game(room.game.setup, room.game.seed, room.game.run, (), room.game.days)
        else:
            room = self.rooms.find(str(asked.get("code") or ""), key, address, now)
            hosts = bool(key) and room.is_host(key)
            person = room.person_of(key) if key and not hosts else None
            if hosts and room.is_private:
                person = next(iter(room.persons.values()), None)
            if not hosts and person is None:
                person = room.join()
            page = Page(socket, room, hosts, person)
        if page.person is not None:
            page.person.n_pages += 1
        room.host_pages += page.hosts
        self.pages.setdefault(room.code, []).append(page)
        await socket.send_json({"you": {"code": room.code, "key": _key_of(page)}})
        room.touched()
        self._show_soon(room)
        return page

    def _leave(self, page: Page) -> None:
        pages = self.pages.get(page.room.code, [])
        if page in pages:
            pages.remove(page)
        if page.person is not None:
            page.person.n_pages -= 1
        page.room.host_pages -= page.hosts
        page.room.touched()
        self._show_soon(page.room)

    # ---- what is asked for ---------------------------------------------------------------------

    async def _do(self, page: Page, asked: Mapping[str, Any]) -> None:
        does = str(asked.get("do"))
        if does == "save":
            await page.socket.send_json({"session": session_text(session_of(page.room.game))})
            return
        deed = _deeds(page).get(does)
        if deed is None:
            raise UsageError(f"this page cannot do that: {does[:40]}")
        page.room.used = time.monotonic()
        deed(asked)
        if page.room.morning().is_settled and page.room.review is None:
            await self._look_back(page.room)
        self._show_soon(page.room)

    async def _look_back(self, room: ClassRoom) -> None:
        if room.day and room.morning().is_over:
            room.review = await asyncio.to_thread(debrief, room.game)
            room.touched()

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
        for page in tuple(self.pages.get(room.code, ())):
            own = json.dumps(own_view(room, page.person, hosts=page.hosts), ensure_ascii=False)
            try:
                await page.socket.send_text(f'{{"room":{common},"own":{own}}}')
            except (RuntimeError, WebSocketDisconnect):
                continue


async def _received(socket: WebSocket) -> Mapping[str, Any]:
    text = await socket.receive_text()
    try:
        asked = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        asked = None
    return asked if isinstance(asked, dict) else {}


def _key_of(page: Page) -> str:
    if page.hosts:
        return page.room.host_key
    return page.person.key if page.person is not None else ""


def _new_game(asked: Mapping[str, Any]) -> Game:
    if isinstance(asked.get("session"), str):
        session = parse_session(asked["session"])
        return game_of(session, case_of(session.scenario))
    settings = asked.get("set")
    setup = prepare(
        case_of(str(asked.get("crisis"))),
        {str(k): float(v) for k, v in settings.items()} if isinstance(settings, dict) else None,
        rule=str(asked.get("rule") or "") or None,
        theory=str(asked.get("theory") or "") or None,
    )
    seats = asked.get("seats")
    states = [str(state) for state in seats][:60] if isinstance(seats, list) else []
    run = asked.get("run")
    return begin(setup, states, run=run if isinstance(run, int) and 0 <= run < 10_000_000 else 0)


def _deeds(page: Page) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    """What a page may do in its room, by name."""
    found: dict[str, Callable[[Mapping[str, Any]], None]] = {}
    if page.person is not None:
        found |= _of_person(page.room, page.person)
    if page.hosts:
        found |= _of_host(page.room)
    return found


def _of_person(room: ClassRoom, person: Person) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    def text(asked: Mapping[str, Any], name: str) -> str:
        return str(asked.get(name) or "")

    def shares(asked: Mapping[str, Any]) -> list[float]:
        given = asked.get("shares")
        try:
            return [float(share) for share in given] if isinstance(given, list) else []
        except (TypeError, ValueError):
            return []

    def day(asked: Mapping[str, Any]) -> int:
        given = asked.get("day")
        return given if isinstance(given, int) else -1

    return {
        "sit": lambda asked: room.sit(person, text(asked, "state") or None),
        "choose": lambda asked: room.choose(
            person, text(asked, "state"), line_of(text(asked, "line")), day(asked)
        ),
        "forecast": lambda asked: room.forecast(person, shares(asked)),
        "say": lambda asked: room.say(person, text(asked, "to") or None, text(asked, "text")),
    }


def _of_host(room: ClassRoom) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    def deciding(asked: Mapping[str, Any]) -> None:
        room.deciding = (
            Deciding(str(asked.get("by"))) if asked.get("by") in set(Deciding) else (room.deciding)
        )
        room.touched()

    def timer(asked: Mapping[str, Any]) -> None:
        seconds = asked.get("seconds")
        lasts = float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 0.0
        room.timer_ends = time.time() + min(lasts, 7200.0) if lasts else None
        room.touched()

    def crisis(asked: Mapping[str, Any]) -> None:
        room.again(begin(prepare(case_of(str(asked.get("crisis")))), (), room.game.seed))

    return {
        "live": lambda asked: room.live_a_day(anyway=asked.get("anyway") is True),
        "end": lambda _: room.live_to_the_end(),
        "again": lambda _: room.again(next_game(room)),
        "crisis": crisis,
        "free": lambda asked: room.free(str(asked.get("state"))),
        "deciding": deciding,
        "timer": timer,
    }
