"""Inside a class room: the host's side, a seat's side, and the debrief for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import Client, background_tasks, run, ui

from foedus.analysis.debrief import debrief
from foedus.data.sessions import session_text
from foedus.engines.morning import Morning
from foedus.engines.reopening import session_of
from foedus.engines.roleplay import line_of, play_on, story_of
from foedus.errors import FoedusError
from foedus.faces.app.facts import title_panel
from foedus.faces.app.frame import page_frame, problem
from foedus.faces.app.log import story_log
from foedus.faces.app.looking_back import debrief_panel
from foedus.faces.app.markup import Markup, joined, tag
from foedus.faces.app.panel import Panel
from foedus.faces.app.seats import facts_of, in_order, morning_lines, role_of, seat_card
from foedus.faces.play.classroom import ClassRoom, ClassRooms


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
        if self.is_connected:
            self.is_connected = False
            if self.state:
                self.room.leave(self.state)

    def _gone(self) -> None:
        self._disconnected()
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
        self.side.show(_side(room, self.hosts, self.state))
        if now.is_settled:
            self._look_back()
        elif self.hosts:
            self.main.show(_host(room, now, self.where))
        elif self.state is None:
            self.main.show(_free_seats(room, now))
        else:
            self.main.show(joined([_seat(room, now, self.state), facts_of(case)]))

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


def _host(room: ClassRoom, now: Morning, where: str) -> Markup:
    case = room.game.setup.case
    return joined(
        [
            tag("p", "Open ", tag("b", where), " and join with"),
            tag("p", room.code, class_="bigcode", aria_label=f"Code {' '.join(room.code)}"),
            morning_lines(case, now),
            tag(
                "p",
                tag("b", f"{room.n_decided} of {room.n_present}"),
                " who are here have decided. The model plays every other seat.",
                role="status",
            ),
            tag(
                "p",
                tag("button", "Live the day", type="button", class_="main", data_do="live"),
                tag("button", "Let the lines stand to the end", type="button", data_do="end"),
                class_="deeds",
            ),
            facts_of(case),
        ]
    )


def _free_seats(room: ClassRoom, now: Morning) -> Markup:
    case = room.game.setup.case
    free = [state for state in in_order(case) if state not in room.seats]
    if not free:
        return joined([tag("h2", "All seats are taken"), tag("p", "You can watch the story.")])
    return joined(
        [
            tag("h2", "Take a seat"),
            tag("p", f"Day {now.day}. Nobody asks for your name."),
            tag(
                "ul",
                *(
                    tag(
                        "li",
                        tag(
                            "button",
                            f"Sit for {case.name_of(state)}",
                            type="button",
                            data_do="take",
                            data_with=state,
                        ),
                        role_of(case, state),
                        tag("p", case.scenario.members[state].why, class_="small"),
                    )
                    for state in free
                ),
                class_="seats",
            ),
            facts_of(case),
        ]
    )


def _seat(room: ClassRoom, now: Morning, state: str) -> Markup:
    case, seat = room.game.setup.case, room.seats[state]
    view = next(view for view in now.seats if view.state == state)
    if seat.has_decided:
        note = "Your line is set. You can change it until the day is lived."
    elif seat.line is not None:
        note = "Your line of yesterday stands unless you choose another."
    else:
        note = "Choose your line; until then the model speaks for you."
    return joined(
        [
            morning_lines(case, now),
            tag("p", note, class_="note", role="status"),
            seat_card(case, now, view, seat.line),
        ]
    )


def _side(room: ClassRoom, hosts: bool, own: str | None) -> Markup:
    case = room.game.setup.case
    rows = [_seat_state(room, state, hosts, own) for state in in_order(case)]
    return joined(
        [
            tag("h2", "The seats"),
            tag("ul", *rows, class_="seatlist"),
            tag("h2", "The story so far"),
            story_log(case, story_of(room.game)),
            tag("p", tag("button", "Save the session", type="button", data_do="save"),
                class_="deeds") if hosts else None,
            tag("p", tag("button", "Give up the seat", type="button", class_="quiet",
                         data_do="giveup"), class_="deeds") if own else None,
        ]
    )  # fmt: skip


def _seat_state(room: ClassRoom, state: str, hosts: bool, own: str | None) -> Markup:
    seat = room.seats.get(state)
    if seat is None:
        word, look = "the model", "free"
    elif not seat.is_present:
        word, look = "away, the model plays", "away"
    else:
        word, look = ("has decided", "decided") if seat.has_decided else ("is thinking", "here")
    name = room.game.setup.case.name_of(state) + (" (you)" if state == own else "")
    freeing = None
    if hosts and seat is not None:
        freeing = tag("button", "Free", type="button", class_="quiet", data_do="free",
                      data_with=state, aria_label=f"Free the seat of {name}")  # fmt: skip
    return tag("li", tag("span", name), tag("span", word, class_=f"small {look}"), freeing)
