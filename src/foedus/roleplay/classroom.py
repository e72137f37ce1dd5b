"""A class room: one game shared by a join code, its seats held by several persons each.

The code opens the room, a key says which seat a person holds. Both are random, kept in memory,
and gone with the server. Decisions carry the day they are meant for, so that none can count for
another day.
"""

from __future__ import annotations

import secrets
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from foedus.data.terms import Line
from foedus.errors import UsageError
from foedus.model.story import Story
from foedus.roleplay.day import Morning
from foedus.roleplay.debrief import Debrief
from foedus.roleplay.forecasts import shares_of
from foedus.roleplay.game import Game, begin, check_seat, decide, morning, play_on, story_of
from foedus.roleplay.persons import REMEMBERED, Person, Persons
from foedus.roleplay.talk import Talk


class Deciding(StrEnum):
    """How the persons in one seat decide."""

    MAJORITY = "majority"
    SPEAKER = "speaker"


class LateDecision(UsageError):
    """A decision for a day that has been lived already."""


@dataclass
class ClassRoom:
    """One room.

    Attributes:
        code: What opens the room.
        host_key: What opens the host's side.
        game: The game as decided so far.
        used: When the room was last used, seconds.
        is_private: A room for one: its host holds the seats.
        lasting: The last line of each seat; it stands where the persons of a seat choose none.
        timer_ends: When the time to decide is up, seconds; None without a timer.
        n_late: Decisions of this game that came for a day already lived.
        game_number: Games begun in the room, so that a page knows a new one.
    """

    code: str
    host_key: str
    game: Game
    used: float
    is_private: bool = False
    deciding: Deciding = Deciding.MAJORITY
    persons: Persons = field(default_factory=Persons)
    talk: Talk = field(default_factory=Talk)
    lasting: dict[str, Line] = field(default_factory=dict)
    timer_ends: float | None = None
    host_pages: int = 0
    host_done: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    review: Debrief | None = None
    n_late: int = 0
    game_number: int = 1
    _morning: tuple[int, tuple[str, ...], Morning] | None = None
    _story: tuple[int, Story] | None = None
    _kept: tuple[object, dict[str, Any]] = (None, {})

    @property
    def day(self) -> int:
        """The day that is to be decided next."""
        return len(self.game.days)

    def is_host(self, key: str) -> bool:
        """Whether a key opens the host's side."""
        return secrets.compare_digest(self.host_key.encode(), key.encode())

    def open_for_one(self) -> Person:
        """Let the host of a room for one hold all the seats that the game was opened with."""
        person = self.persons.join()
        self.persons.sit(person, tuple(self.game.seats))
        return person

    # ---- seats ---------------------------------------------------------------------------------

    def sit(self, person: Person, state: str | None) -> None:
        """Take a seat beside whoever holds it already, or none.

        Raises:
            UsageError: If there is no such seat.
        """
        if state is not None:
            check_seat(self.game.setup, state)
        self.persons.sit(person, () if state is None else (state,))

    def free(self, state: str) -> None:
        """Send everybody in a seat back to the onlookers."""
        for person in self.persons.in_seat(state):
            self.sit(person, None)

    def present_in(self, state: str) -> list[Person]:
        """Persons of a seat who are here; in a room for one its host always is."""
        return [p for p in self.persons.in_seat(state) if p.n_pages or self.is_private]

    # ---- deciding ------------------------------------------------------------------------------

    def choose(self, person: Person, state: str, line: Line, day: int) -> None:
        """Decide for a seat on a day; it can be changed until the day is lived.

        Raises:
            LateDecision: If the day has been lived already.
            UsageError: If the person does not hold the seat, the line is not open to it, or nothing
                is left to decide.
        """
        self.check_day(day)
        if state not in person.seats:
            raise UsageError("this is not your seat")
        now = self.morning()
        if now.is_settled:
            raise UsageError("the answer is settled: nothing is left to decide")
        view = next(seat for seat in now.seats if seat.state == state)
        if line not in [offer.line for offer in view.offers]:
            raise UsageError(f"{state} cannot take the line '{line.label}' now")
        person.choices[state] = line

    def check_day(self, day: int) -> None:
        """Refuse what is meant for another day.

        Raises:
            LateDecision: If the day has been lived already, or is not reached.
        """
        if day < self.day:
            self.n_late += 1
            raise LateDecision(f"too late: day {day} is over. Day {self.day} is being decided.")
        if day > self.day:
            raise LateDecision(f"too early: day {self.day} is being decided, not day {day}")

    def line_of_seat(self, state: str) -> Line | None:
        """What a seat has decided for the coming day; None where it has not.

        By majority, the line that most of the seat chose; in a tie, the one of them that the
        person chose who sat down first. By speaker, the line of the first who is here.
        """
        present = self.present_in(state)
        if self.deciding is Deciding.SPEAKER:
            return present[0].choices.get(state) if present else None
        chosen = [p.choices[state] for p in present if state in p.choices]
        return Counter(chosen).most_common(1)[0][0] if chosen else None

    @property
    def undecided(self) -> tuple[str, ...]:
        """Seats with somebody present that have not decided, while there is something to decide."""
        if self.morning().is_settled:
            return ()
        taken = self.persons.seats
        return tuple(s for s in taken if self.present_in(s) and self.line_of_seat(s) is None)

    def live_a_day(self, day: int, *, anyway: bool = False) -> None:
        """Live the coming day; the model plays every seat that nobody holds.

        Raises:
            LateDecision: If the day has been lived already: a second press counts for nothing.
            UsageError: If seats are undecided and the host has not confirmed, or the crisis is
                over.
        """
        self.check_day(day)
        if self.undecided and not anyway:
            raise UsageError(f"not decided yet: {', '.join(self.undecided)}")
        self.game = decide(self._seated(), self._lines())
        for person in self.persons:
            person.choices.clear()
        self.timer_ends = None

    def _lines(self) -> dict[str, Line]:
        """Lines of the day; the last of a seat stands where it chose none."""
        taken = self.persons.seats
        chosen = {s: line for s in taken if (line := self.line_of_seat(s)) is not None}
        self.lasting |= chosen
        return {state: line for state, line in self.lasting.items() if state in taken}

    def live_to_the_end(self) -> None:
        """Let what is chosen now, and else the last lines, stand until the crisis ends."""
        if not self.morning().is_over:
            self.live_a_day(self.day, anyway=True)
        self.game = play_on(self._seated())

    def again(self, game: Game) -> None:
        """Begin another game with the same persons in the same seats, where these exist."""
        self.game = game
        sitting = game.setup.case.scenario.members
        for person in self.persons:
            person.seats = tuple(state for state in person.seats if state in sitting)
            person.choices.clear()
            person.forecasts.clear()
        self.talk = Talk()
        self.lasting.clear()
        self.review, self.timer_ends, self._morning, self._story = None, None, None, None
        self.n_late = 0
        self.game_number += 1

    # ---- forecasts and words -------------------------------------------------------------------

    def forecast(self, person: Person, shares: list[float], day: int) -> None:
        """Say how likely each answer of this game is; it can be revised on each day.

        Raises:
            LateDecision: If the day has been lived already.
            UsageError: If these are not four shares, or the answer is settled.
        """
        self.check_day(day)
        if self.morning().is_settled:
            raise UsageError("the answer is settled: forecasts are closed")
        person.forecasts[day] = shares_of(shares)

    def say(self, person: Person, to: str | None, text: str) -> None:
        """Write to another seat, or make a public statement (`to` is None).

        Raises:
            UsageError: If the person holds no seat, the other does not exist, or the words are
                refused.
        """
        if not person.seats:
            raise UsageError("take a seat to speak")
        if to is not None:
            check_seat(self.game.setup, to)
        self.talk.write(self.day, person.seats[0], to, text)

    # ---- what the game says --------------------------------------------------------------------

    def morning(self) -> Morning:
        """The start of the coming day, with a view for every seat taken."""
        kept, taken = self._morning, self.persons.seats
        if kept is None or kept[:2] != (self.day, taken):
            kept = self._morning = (self.day, taken, morning(self._seated()))
        return kept[2]

    def story(self) -> Story:
        """The days lived so far."""
        if self._story is None or self._story[0] != self.day:
            self._story = (self.day, story_of(self.game))
        return self._story[1]

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What is made once for a day and the seats taken, however often it is shown."""
        now = (self.game_number, self.day, self.persons.seats)
        if self._kept[0] != now:
            self._kept = (now, {})
        found = self._kept[1]
        if name not in found:
            found[name] = make()
        return found[name]

    def _seated(self) -> Game:
        taken = tuple(sorted({*self.game.seats, *self.persons.seats}))
        return replace(self.game, seats=taken)


def next_game(room: ClassRoom) -> Game:
    """The same crisis under other chance."""
    game = room.game
    return begin(game.setup, (), game.seed, game.run + 1)
