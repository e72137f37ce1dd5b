"""Inside a class room: the host's side, a seat's side, and the debrief for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import Client, background_tasks, run, ui

from foedus.app.class_views import free_seats, host_view, seat_view, side_view
from foedus.app.facts import title_panel
from foedus.app.frame import page_frame, problem
from foedus.app.looking_back import debrief_panel
from foedus.app.markup import Markup, joined, tag
from foedus.app.panel import Panel
from foedus.app.seats import facts_of
from foedus.data.sessions import session_text
from foedus.errors import FoedusError
from foedus.roleplay.classroom import ClassRoom, ClassRooms
from foedus.roleplay.debrief import debrief
from foedus.roleplay.game import line_of, play_on
from foedus.roleplay.session import session_of


class ClassPage:
    """One page of a class room: the host's, a seat's, or that of somebody who has none yet.

    Parameters
    ----------
    key
        Key of the host or of a seat, from the address; empty for a newcomer.
    address
        Where the visitor comes from, for the limit on tries.
    where
        Address of the door of the class rooms, as others on the network can reach it.
    """

    def __init__(
        self, rooms: ClassRooms, room: ClassRoom, key: str, address: str, where: str
    ) -> None:
        self.where = where
        self.rooms, self.room, self.address = rooms, room, address
        self.client: Client = ui.context.client
        self.state: str | None = None
        self.hosts = bool(key) and room.is_host(key)
        message = self._let_in(key)
        with page_frame("/class", "Class room"):
            self.warning = Panel()
            self.title = Panel().classes("title")
            with ui.element("div").classes("table"):
                self.main = Panel().hears_controls(self._moved).hears_buttons(self._pressed)
                with ui.element("aside").props('aria-label="The room"'):
                    self.side = Panel().hears_buttons(self._pressed)
        self.title.show(title_panel(room.game.setup.case))
        self._warn(message)
        self.is_connected = False
        room.watchers.append(self._refresh)
        self.client.on_connect(self._connected)
        self.client.on_disconnect(self._disconnected)
        self.client.on_delete(self._gone)
        self._refresh()

    def _let_in(self, key: str) -> str:
        if not key or self.hosts:
            return ""
        try:
            self.state = self.rooms.seat_of(self.room, key, self.address, time.monotonic())
        except FoedusError as error:
            return f"{error}.".capitalize()
        return ""

    # ---- who is there --------------------------------------------------------------------------

    def _connected(self) -> None:
        if not self.is_connected:
            self.is_connected = True
            if self.state:
                self.room.enter(self.state)

    def _disconnected(self) -> None:
        if not self.client.has_socket_connection:  # else it came back before the old line was cut
            self._leave()

    def _leave(self) -> None:
        if self.is_connected:
            self.is_connected = False
            if self.state:
                self.room.leave(self.state)

    def _gone(self) -> None:
        self._leave()
        if self._refresh in self.room.watchers:
            self.room.watchers.remove(self._refresh)

    # ---- what is pressed -----------------------------------------------------------------------

    def _moved(self, event: Mapping[str, Any]) -> None:
        name, _, state = str(event.get("name")).partition("-")
        if name == "line" and state == self.state:
            self._try(lambda: self.room.choose(state, line_of(str(event.get("value")))))

    def _pressed(self, event: Mapping[str, Any]) -> None:
        does, what = str(event.get("do")), str(event.get("with", ""))
        anybody: dict[str, Callable[[], None]] = {
            "take": lambda: self._take(what),
            "giveup": self._give_up,
        }
        host: dict[str, Callable[[], None]] = {
            "live": self.room.live_a_day,
            "end": self.room.live_to_the_end,
            "free": lambda: self.room.free(what),
            "save": self._save,
        }
        deed = anybody.get(does) or (host.get(does) if self.hosts else None)
        if deed is not None:
            self.room.used = time.monotonic()
            self._try(deed)

    def _try(self, deed: Callable[[], None]) -> None:
        self._warn("")
        try:
            deed()
        except FoedusError as error:
            self._warn(f"{error}.")

    def _take(self, state: str) -> None:
        if self.state is None and not self.hosts:
            key = self.room.take(state)
            self.state = state
            if self.is_connected:
                self.room.enter(state)
            self.client.run_javascript(f"history.replaceState(null, '', '?key={key}')")
            self._refresh()

    def _give_up(self) -> None:
        if self.state is not None:
            state, self.state = self.state, None
            self.client.run_javascript("history.replaceState(null, '', location.pathname)")
            self.room.free(state)

    def _save(self) -> None:
        game = self.room.game
        name = f"{game.setup.case.id}-class-day-{len(game.days)}.json"
        ui.download.content(session_text(session_of(game)), name, "application/json")

    # ---- what is shown -------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show the room as it is now; called whenever anything in it changes."""
        room, case = self.room, self.room.game.setup.case
        if room.code not in self.rooms.rooms:
            self.main.show(tag("p", "This class room has been closed.", role="status"))
            return
        if self.state is not None and self.state not in room.seats:
            self.state = None
        now = room.morning()
        self.side.show(side_view(room, self.hosts, self.state))
        if now.is_settled:
            self._look_back()
        elif self.hosts:
            self.main.show(host_view(room, now, self.where))
        elif self.state is None:
            self.main.show(free_seats(room, now))
        else:
            self.main.show(joined([seat_view(room, now, self.state), facts_of(case)]))

    def _look_back(self) -> None:
        if self.room.review is None:
            waiting = "The days are lived again without you, and under other chance."
            self.main.show(joined([tag("h2", "Looking back"), tag("p", waiting, role="status")]))
            if not self.room.is_looking_back:
                self.room.is_looking_back = True
                background_tasks.create(_review(self.room), name="foedus class debrief")
        else:
            self.main.show(debrief_panel(self.room.review))

    def _warn(self, text: str) -> None:
        self.warning.show(problem(text) if text else Markup(""))


async def _review(room: ClassRoom) -> None:
    """Look back once for all pages of the room."""
    room.game = play_on(room.game)
    room.review = await run.io_bound(debrief, room.game)
    room.changed()
