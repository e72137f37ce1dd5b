"""Pages connected to a room: how they come and go, and what they are shown."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.status import WS_1008_POLICY_VIOLATION
from starlette.websockets import WebSocket, WebSocketDisconnect

from foedus.app.deeds import Asked, do, new_game
from foedus.app.simulation import text_in
from foedus.data.sessions import session_text
from foedus.errors import FoedusError
from foedus.roleplay.classroom import ClassRoom
from foedus.roleplay.debrief import debrief
from foedus.roleplay.game import session_of
from foedus.roleplay.persons import Person
from foedus.roleplay.room_view import common_view, own_view, past_view
from foedus.roleplay.rooms import ClassRooms, RateLimit

GATHERS = 0.05
"""Seconds within which changes of a room are shown together."""
LONGEST = 250_000
"""Signs of a message from a page; a saved session fits."""
PACE = 40
"""Messages that a page may send in ten seconds."""


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
        do(page.room, page.person, asked)
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
