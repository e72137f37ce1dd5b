"""Pages connected to a room: how they come and go, and what they are shown."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from foedus.app.deeds import deeds_of, new_game
from foedus.data.sessions import session_text
from foedus.errors import FoedusError, UsageError
from foedus.roleplay.classroom import ClassRoom
from foedus.roleplay.debrief import debrief
from foedus.roleplay.persons import Person
from foedus.roleplay.room_view import common_view, own_view, past_view
from foedus.roleplay.rooms import ClassRooms, RateLimit
from foedus.roleplay.session import session_of

GATHERS = 0.05
"""Seconds within which changes of a room are shown together."""
LONGEST = 250_000
"""Signs of a message from a page; a saved session fits."""
PACE = 40
"""Messages that a page may send in ten seconds."""
REFUSED = 1008
"""Code with which a socket is closed that another site's page opened (RFC 6455)."""


@dataclass
class Page:
    """One connected page."""

    socket: WebSocket
    room: ClassRoom
    hosts: bool
    person: Person | None
    has_seen: tuple[int, int, bool] | None = None

    @property
    def key(self) -> str:
        """What lets this page in again."""
        if self.hosts:
            return self.room.host_key
        return "" if self.person is None else self.person.key

    @property
    def done(self) -> deque[str]:
        """Numbers of the messages that have been dealt with."""
        return self.room.host_done if self.person is None else self.person.done


@dataclass
class Connections:
    """All connected pages of a server."""

    rooms: ClassRooms
    pages: dict[str, list[Page]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, socket: WebSocket) -> None:
        """Talk with a page until it goes: its first message says who it is."""
        if not _is_own(socket):
            await socket.close(REFUSED)
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
                    told = {"problem": str(error), "number": _number(asked)}
                    await socket.send_json({**told, "inside": page is not None})
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if page is not None:
                self._leave(page)

    # ---- coming and going ----------------------------------------------------------------------

    async def _enter(self, socket: WebSocket, asked: Mapping[str, Any]) -> Page:
        address = socket.client.host if socket.client else "?"
        page = self._page(socket, asked, address, time.monotonic())
        if page.person is not None:
            page.person.n_pages += 1
        page.room.host_pages += page.hosts
        self.pages.setdefault(page.room.code, []).append(page)
        await socket.send_json({"you": {"code": page.room.code, "key": page.key}})
        self._show_soon(page.room)
        return page

    def _page(self, socket: WebSocket, asked: Mapping[str, Any], address: str, now: float) -> Page:
        if asked.get("do") == "open":
            private = bool(asked.get("private"))
            room = self.rooms.open(new_game(asked), address, now, private=private)
            person = room.open_for_one() if private else None
            return Page(socket, room, hosts=True, person=person)
        key = str(asked.get("key") or "")[:80]
        room = self.rooms.find(str(asked.get("code") or ""), key, address, now)
        if key and room.is_host(key):
            only = next(iter(room.persons), None) if room.is_private else None
            return Page(socket, room, hosts=True, person=only)
        person = (room.persons.of_key(key) if key else None) or room.persons.join()
        return Page(socket, room, hosts=False, person=person)

    def _leave(self, page: Page) -> None:
        pages = self.pages.get(page.room.code, [])
        if page in pages:
            pages.remove(page)
        if not pages:
            self.pages.pop(page.room.code, None)
        if page.person is not None:
            page.person.n_pages -= 1
        page.room.host_pages -= page.hosts
        self._show_soon(page.room)

    # ---- what is asked for ---------------------------------------------------------------------

    async def _do(self, page: Page, asked: Mapping[str, Any]) -> None:
        """Do what a page asks for, once however often it is sent."""
        number = _number(asked)
        if number and number in page.done:
            await page.socket.send_json({"done": number})
            return
        does = str(asked.get("do"))
        if does == "save":
            await page.socket.send_json({"session": session_text(session_of(page.room.game))})
            return
        deed = deeds_of(page.room, page.person, hosts=page.hosts).get(does)
        if deed is None:
            raise UsageError(f"this page cannot do that: {does[:40]}")
        page.room.used = time.monotonic()
        deed(asked)
        if number:
            page.done.append(number)
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
            own = json.dumps(own_view(room, page.person, hosts=page.hosts), ensure_ascii=False)
            text = f'{{"room":{common},"own":{own}}}'
            if page.has_seen != seen:
                past = past or json.dumps(past_view(room), ensure_ascii=False)
                text = f'{{"past":{past},{text[1:]}'
                page.has_seen = seen
            try:
                await page.socket.send_text(text)
            except (RuntimeError, WebSocketDisconnect):
                continue


async def _received(socket: WebSocket) -> Mapping[str, Any]:
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


def _number(asked: Mapping[str, Any]) -> str:
    return str(asked.get("number") or "")[:40]


def _is_own(socket: WebSocket) -> bool:
    """Whether a socket was opened by this server's own page, or by no page at all."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
