"""Role play on a page of one's own: take seats, decide day by day, look back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from nicegui import Client, background_tasks, run, ui

from foedus.app import place as places
from foedus.app.chooser import chooser
from foedus.app.facts import title_panel
from foedus.app.frame import page_frame, problem
from foedus.app.looking_back import debrief_panel
from foedus.app.markup import Markup, joined
from foedus.app.panel import Panel
from foedus.app.place import Place
from foedus.app.seating import after, deciding, seating, side, waiting
from foedus.app.seats import chosen_line, facts_of, morning_lines, seat_card
from foedus.app.shelf import case_of
from foedus.data.sessions import parse_session, session_text
from foedus.data.terms import Line
from foedus.errors import FoedusError, UsageError
from foedus.roleplay.debrief import debrief
from foedus.roleplay.game import (
    Game,
    begin,
    check_seat,
    decide,
    line_of,
    morning,
    play_on,
    story_of,
)
from foedus.roleplay.session import game_of, is_changed, session_of

KEPT = "foedus-game"
"""Name under which a tab holds its game; it is gone when the tab is closed."""
PATIENCE = 30.0
"""Seconds to wait for the browser."""


def seats_in(query: Mapping[str, str], place: Place) -> tuple[str, ...]:
    """The seats that an address names (``as=RUS,KGZ``).

    Raises
    ------
    UsageError
        If one of them does not sit in this council.
    """
    named = tuple(filter(None, query.get("as", "").upper().split(",")))
    for state in named:
        check_seat(places.setup_of(place), state[:10])
    return tuple(dict.fromkeys(named))


class Table:
    """One visitor's role play."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.client: Client = ui.context.client
        self.place, self.seats, message = _opened(query)
        self.game: Game | None = None
        self.lines: dict[str, Line] = {}
        self.left = ""
        self._build()
        self._warn(message)
        self._show()
        background_tasks.create(self._find_left(), name="foedus game left")

    async def _find_left(self) -> None:
        """Ask the browser for a game that was left when the page was closed or loaded again."""
        with suppress(TimeoutError):
            await self.client.connected(PATIENCE)
            found = await self.client.run_javascript(f"sessionStorage.getItem('{KEPT}')")
            if isinstance(found, str) and self.game is None:
                self.left = found
                self._show()

    def _build(self) -> None:
        with page_frame("/play", "Role play"):
            self.warning = Panel()
            with ui.element("div").classes("top"):
                self.chooser = Panel().classes("chooser").hears_controls(self._moved)
            self.title = Panel().classes("title")
            with ui.element("div").classes("table"):
                self.main = Panel().hears_controls(self._moved).hears_buttons(self._pressed)
                self.main.hears_files(self._opened_file)
                with ui.element("aside").props('aria-label="The story so far"'):
                    self.side = Panel().hears_buttons(self._pressed)

    # ---- what is moved and pressed -------------------------------------------------------------

    def _moved(self, event: Mapping[str, Any]) -> None:
        name, _, rest = str(event.get("name")).partition("-")
        value = event.get("value")
        try:
            if name == "case":
                self.place, self.seats = Place(case_of(str(value)).id), ()
                self._restart()
            elif name == "seat":
                self._tick(rest, bool(value))
            elif name == "line" and self.game is not None and rest in self.game.seats:
                self.lines[rest] = line_of(str(value))
                self._show_day()
        except FoedusError as error:
            self._warn(str(error))

    def _tick(self, state: str, ticked: bool) -> None:
        check_seat(places.setup_of(self.place), state)
        others = tuple(seat for seat in self.seats if seat != state)
        self.seats = (*others, state) if ticked else others
        self._show()

    def _pressed(self, event: Mapping[str, Any]) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "begin": self._begin,
            "decide": self._decide,
            "hold": self._hold,
            "again": self._again,
            "seats": self._restart,
            "save": self._save,
            "resume": self._resume,
        }
        does = deeds.get(str(event.get("do")))
        if does is not None:
            self._warn("")
            try:
                does()
            except FoedusError as error:
                self._warn(str(error))

    def _resume(self) -> None:
        self._open(self.left)

    def _opened_file(self, event: Mapping[str, Any]) -> None:
        self._open(event.get("text"))

    def _open(self, text: object) -> None:
        try:
            if not isinstance(text, str):
                raise UsageError("this file is too large for a session")
            session = parse_session(text)
            case = case_of(session.scenario)
            self.game = game_of(session, case)
            self.place = Place(case.id, session.settings, session.rule, session.theory,
                               session.seed, session.run)  # fmt: skip
            self.seats = self.game.seats
            self.lines = dict(self.game.days[-1]) if self.game.days else {}
            changed = is_changed(session, case)
            self._warn("This crisis has changed since the session was saved." if changed else "")
            self._show()
        except FoedusError as error:
            self._warn(f"This session cannot be opened. {error}")

    def _begin(self) -> None:
        if not self.seats:
            raise UsageError("Take at least one seat.")
        setup = places.setup_of(self.place)
        self.game = begin(setup, self.seats, self.place.seed, self.place.run)
        self.lines = {}
        self._show()

    def _decide(self) -> None:
        game = self._playing()
        undecided = [s for s in game.seats if s not in self.lines]
        if undecided:
            case = game.setup.case
            names = ", ".join(case.name_of(state) for state in undecided)
            raise UsageError(f"Choose a line first: {names}.")
        self.game = decide(game, {state: self.lines[state] for state in game.seats})
        self._keep(self.game)
        self._show()

    def _hold(self) -> None:
        self._decide()
        self.game = play_on(self._playing())
        self._show()

    def _again(self) -> None:
        self.place = self.place.moved(run=self.place.run + 1)
        self._begin()

    def _restart(self) -> None:
        self.game, self.lines = None, {}
        self._show()

    def _save(self) -> None:
        game = self._playing()
        name = f"{game.setup.case.id}-{'-'.join(game.seats)}-day-{len(game.days)}.json"
        ui.download.content(session_text(session_of(game)), name, "application/json")

    def _playing(self) -> Game:
        if self.game is None:
            raise UsageError("Take a seat first.")
        return self.game

    # ---- what is shown -------------------------------------------------------------------------

    def _show(self) -> None:
        case = case_of(self.place.case)
        self.chooser.show(chooser(self.place.case) if self.game is None else Markup(""))
        self.title.show(title_panel(case))
        self.side.show(side(self.game) if self.game else facts_of(case))
        if self.game is None:
            self.main.show(seating(self.place, self.seats, self.left))
        else:
            self._show_day()
        self._show_address()

    def _show_day(self) -> None:
        game = self._playing()
        now = morning(game)
        if now.is_settled:
            self.main.show(waiting())
            background_tasks.create(self._look_back(play_on(game)), name="foedus debrief")
            return
        case = game.setup.case
        head = morning_lines(case, now, story_of(game))
        cards = [seat_card(case, now, v, chosen_line(self.lines, v)) for v in now.seats]
        self.main.show(joined([head, *cards, deciding(), facts_of(case)]))
        self.lines |= {v.state: v.held for v in now.seats if v.held and v.state not in self.lines}

    async def _look_back(self, finished: Game) -> None:
        review = await run.io_bound(debrief, finished)
        if review is None:  # the server is being stopped
            return
        if self.game is not None and self.game.seats == finished.seats:
            self.game = finished
            self.main.show(joined([debrief_panel(review), after()]))
            self.side.show(side(finished))

    def _keep(self, game: Game) -> None:
        """Let the browser's tab hold the game, in case the page is loaded again."""
        text = json.dumps(session_text(session_of(game)))
        self.client.run_javascript(f"sessionStorage.setItem('{KEPT}', {text})")

    def _show_address(self) -> None:
        query = places.query_of(self.place) + (f"&as={','.join(self.seats)}" if self.seats else "")
        self.client.run_javascript(f"history.replaceState(null, '', '?{query}')")

    def _warn(self, text: str) -> None:
        self.warning.show(problem(text) if text else Markup(""))


def _opened(query: Mapping[str, str]) -> tuple[Place, tuple[str, ...], str]:
    try:
        place = places.place_of({key: value for key, value in query.items() if key != "as"})
        return place, seats_in(query, place), ""
    except FoedusError as error:
        return Place(), (), f"This address cannot be opened: {error}. Here is the first crisis."
