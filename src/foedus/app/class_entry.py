"""The door of the class rooms: join one by its code, or open one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from nicegui import Client, ui

from foedus.app import place as places
from foedus.app.chooser import chooser
from foedus.app.frame import page_frame, problem
from foedus.app.markup import Markup, joined, tag
from foedus.app.panel import Panel
from foedus.app.place import Place
from foedus.app.shelf import case_of
from foedus.data.sessions import parse_session
from foedus.errors import FoedusError, UsageError
from foedus.roleplay.classroom import CODE_LENGTH, ClassRooms
from foedus.roleplay.game import Game, begin
from foedus.roleplay.session import game_of


class Entry:
    """One visitor at the door."""

    def __init__(self, rooms: ClassRooms, query: Mapping[str, str], address: str) -> None:
        self.rooms, self.address = rooms, address
        self.client: Client = ui.context.client
        self.code = ""
        try:
            self.place, message = places.place_of(query), ""
        except FoedusError as error:
            self.place, message = Place(), f"This address cannot be opened: {error}."
        with page_frame("/class", "Class room"):
            self.warning = Panel()
            self.main = Panel().classes("title").hears_controls(self._moved)
            self.main.hears_buttons(self._pressed).hears_files(self._opened_file)
            self.main.on("keydown.enter", lambda: self._pressed({"do": "join"}))
        self._warn(message)
        self.main.show(_door(self.place) if rooms.are_open else _closed())

    def _moved(self, event: Mapping[str, Any]) -> None:
        value = str(event.get("value"))
        try:
            if event.get("name") == "code":
                self.code = value
            elif event.get("name") == "case":
                self.place = Place(case_of(value).id)
        except FoedusError as error:
            self._warn(f"{error}.")

    def _pressed(self, event: Mapping[str, Any]) -> None:
        try:
            if event.get("do") == "join":
                room = self.rooms.find(self.code, self.address, time.monotonic())
                ui.navigate.to(f"/class/{room.code}")
            elif event.get("do") == "open":
                setup = places.setup_of(self.place)
                self._open(begin(setup, (), self.place.seed, self.place.run))
        except FoedusError as error:
            self._warn(f"{error}.")

    def _opened_file(self, event: Mapping[str, Any]) -> None:
        try:
            text = event.get("text")
            if not isinstance(text, str):
                raise UsageError("this file is too large for a session")
            session = parse_session(text)
            self._open(game_of(session, case_of(session.scenario)))
        except FoedusError as error:
            self._warn(f"This session cannot be opened. {error}")

    def _open(self, game: Game) -> None:
        room = self.rooms.open(game, self.address, time.monotonic())
        ui.navigate.to(f"/class/{room.code}?key={room.host_key}")

    def refuse(self, why: str) -> None:
        """Say why a room could not be entered."""
        if self.rooms.are_open:
            self._warn(f"{why}.".capitalize())

    def _warn(self, text: str) -> None:
        self.warning.show(problem(text) if text else Markup(""))


def _closed() -> Markup:
    return joined(
        [
            tag("h1", "Class rooms are off"),
            tag(
                "p",
                "A class room lets several people on one local network sit in the same council. "
                "For that the app must listen to the network, which it does only when told to. "
                "Stop it and start it with:",
            ),
            tag("pre", "foedus app --host 0.0.0.0"),
            tag("p", "Whoever can reach this machine can then open the pages; no names are asked "
                "for and nothing is kept.", class_="small"),
        ]
    )  # fmt: skip


def _door(place: Place) -> Markup:
    return joined(
        [
            tag("h1", "Class room"),
            tag("p", "Several people, each in a government's seat, in one council.",
                class_="question"),
            tag(
                "div",
                tag(
                    "section",
                    tag("h2", "Join"),
                    tag("label", "The code on the board", for_="code"),
                    tag(
                        "input",
                        type="text",
                        id="code",
                        data_name="code",
                        maxlength=str(2 * CODE_LENGTH),
                        autocomplete="off",
                        autocapitalize="characters",
                        spellcheck="false",
                        class_="code",
                    ),
                    tag("p", tag("button", "Join", type="button", class_="main", data_do="join"),
                        class_="deeds"),
                ),
                tag(
                    "section",
                    tag("h2", "Open a room"),
                    tag("div", chooser(place.case), class_="choice"),
                    _settings_note(place),
                    tag("p", tag("button", "Open", type="button", class_="main", data_do="open"),
                        class_="deeds"),
                    tag(
                        "p",
                        tag("label", "Or go on with a saved session: ", for_="session-file"),
                        tag("input", type="file", id="session-file", data_file="session",
                            accept=".json,application/json"),
                        class_="small",
                    ),
                ),
                class_="columns",
            ),
        ]
    )  # fmt: skip


def _settings_note(place: Place) -> Markup | None:
    n = len(place.settings) + bool(place.rule) + bool(place.theory)
    if not n:
        return None
    return tag("p", f"With {n} settings of the crisis room you came from.", class_="small")
