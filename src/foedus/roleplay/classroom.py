"""A class room: one game shared by a join code, its seats held by several persons each.

The code opens the room, a key says which seat a person holds. Both are random, kept in memory,
and gone with the server. Decisions carry the day they are meant for, so that none can count for
another day.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from foedus.data.terms import Line
from foedus.errors import UsageError
from foedus.model.outcome import Story
from foedus.roleplay.debrief import Debrief
from foedus.roleplay.game import Game, begin, decide, morning, play_on, story_of
from foedus.roleplay.persons import Person, Talk, shares_of
from foedus.roleplay.player_choice import Morning

Made = TypeVar("Made")

MOST_PERSONS = 60
"""Persons that one room lets in."""


class Deciding(StrEnum):
    """How the persons in one seat decide."""

    MAJORITY = "majority"
    SPEAKER = "speaker"


@dataclass
class ClassRoom:
    """One room.

    Attributes:
        code: What opens the room.
        used: When the room was last used, seconds.
        is_private: A room for one: its host holds the seats that the game was opened with.
        host: Who opened the room; one of its persons only in a room for one.
        lasting: The last line of each seat; it stands where the persons of a seat choose none.
        timer_ends: When the time to decide is up, seconds; None without a timer.
        n_late: Decisions of this game that came for a day already lived.
        game_number: Games begun in the room, so that a page knows a new one.
    """

    code: str
    game: Game
    used: float
    is_private: bool = False
    host: Person = field(default_factory=Person)
    deciding: Deciding = Deciding.MAJORITY
    persons: list[Person] = field(default_factory=list)
    talk: Talk = field(default_factory=Talk)
    lasting: dict[str, Line] = field(default_factory=dict)
    timer_ends: float | None = None
    review: Debrief | None = None
    n_late: int = 0
    game_number: int = 1
    _kept: tuple[object, dict[str, Any]] = (None, {})

    def __post_init__(self) -> None:
        if self.is_private:
            self.host.seats = self.game.seats
            self.persons.append(self.host)

    @property
    def day(self) -> int:
        """The day that is to be decided next."""
        return len(self.game.days)

    def is_teacher(self, person: Person) -> bool:
        """Whether somebody leads a class: a host who takes no part in the game."""
        return person is self.host and not self.is_private

    def person_of(self, key: str) -> Person | None:
        """Whose key this is; every key is compared in full, so that time tells nothing."""
        everyone, typed = (self.host, *self.persons), key.encode()
        found = [p for p in everyone if secrets.compare_digest(p.key.encode(), typed)]
        return found[0] if found else None

    # ---- persons and seats ---------------------------------------------------------------------

    def join(self) -> Person:
        """Somebody comes in as an onlooker.

        Raises:
            UsageError: If the room is full of persons who are there, sit or have given a forecast.
        """
        if len(self.persons) >= MOST_PERSONS:
            self.persons = [p for p in self.persons if p.n_pages or p.seats or p.forecasts]
        if len(self.persons) >= MOST_PERSONS:
            raise UsageError(f"this room is full: {MOST_PERSONS} persons are in it")
        self.persons.append(Person())
        return self.persons[-1]

    def sit(self, person: Person, state: str | None) -> None:
        """Take a seat, after whoever holds it already, or none.

        Raises:
            UsageError: If there is no such seat.
        """
        seats = () if state is None else (state,)
        self.game.seating(seats)  # refuses what is no seat
        person.seats = seats
        person.choices.clear()
        self.persons.remove(person)
        self.persons.append(person)

    @property
    def seats(self) -> tuple[str, ...]:
        """States that persons hold, sorted."""
        return tuple(sorted({state for person in self.persons for state in person.seats}))

    def in_seat(self, state: str) -> list[Person]:
        """Persons in a seat, the one who sat down first (its speaker) first."""
        return [person for person in self.persons if state in person.seats]

    def free(self, state: str) -> None:
        """Send everybody in a seat back to the onlookers."""
        for person in self.in_seat(state):
            self.sit(person, None)

    def present_in(self, state: str) -> list[Person]:
        """Persons of a seat who are here; in a room for one its host always is."""
        return [p for p in self.in_seat(state) if p.n_pages or self.is_private]

    # ---- deciding ------------------------------------------------------------------------------

    def choose(self, person: Person, state: str, line: Line, day: int) -> None:
        """Decide for a seat on a day; it can be changed until the day is lived.

        Raises:
            UsageError: If the day has been lived already, the person does not hold the seat, the
                line is not open to it, or nothing is left to decide.
        """
        self._check_day(day)
        if state not in person.seats:
            raise UsageError("this is not your seat")
        now = self.morning()
        if now.is_settled:
            raise UsageError("the answer is settled: nothing is left to decide")
        now.check(state, line)
        person.choices[state] = line

    def _check_day(self, day: int) -> None:
        """Refuse what is meant for a day that has been lived already, or is not reached."""
        if day < self.day:
            self.n_late += 1
            raise UsageError(f"too late: day {day} is over. Day {self.day} is being decided.")
        if day > self.day:
            raise UsageError(f"too early: day {self.day} is being decided, not day {day}")

    def line_of_seat(self, state: str) -> Line | None:
        """What a seat has decided for the coming day; None where it has not.

        By majority, the line that most of the seat chose; in a tie, the one of them that the
        person chose who sat down first. By speaker, the line of the first who is here.
        """
        if self.deciding is Deciding.SPEAKER:
            present = self.present_in(state)
            return present[0].choices.get(state) if present else None
        chosen = self.votes_in(state)
        return chosen.most_common(1)[0][0] if chosen else None

    def votes_in(self, state: str) -> Counter[Line]:
        """How many of the persons present in a seat chose each line, the first choice first."""
        return Counter(p.choices[state] for p in self.present_in(state) if state in p.choices)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Seats with somebody present that have not decided, while there is something to decide."""
        if self.morning().is_settled:
            return ()
        taken = self.seats
        return tuple(s for s in taken if self.present_in(s) and self.line_of_seat(s) is None)

    def live_a_day(self, day: int, *, anyway: bool = False) -> None:
        """Live the coming day; the model plays every seat that nobody holds.

        Raises:
            UsageError: If the day has been lived already (a second press counts for nothing), seats
                are undecided and the host has not confirmed, or the crisis is over.
        """
        self._check_day(day)
        if self.undecided and not anyway:
            raise UsageError(f"not decided yet: {', '.join(self.undecided)}")
        taken = self.seats
        chosen = {state: self.line_of_seat(state) for state in taken}
        self.lasting |= {state: line for state, line in chosen.items() if line is not None}
        lines = {state: line for state, line in self.lasting.items() if state in taken}
        self.game = decide(self._seated(), lines)
        for person in self.persons:
            person.choices.clear()
        self.timer_ends = None

    def live_to_the_end(self) -> None:
        """Let what is chosen now, and else the last lines, stand until the crisis ends."""
        if not self.morning().is_over:
            self.live_a_day(self.day, anyway=True)
        self.game = play_on(self._seated())

    def again(self, game: Game | None = None) -> None:
        """Begin another game with the same persons in the same seats, where these exist.

        Args:
            game: The game; None for the same crisis under other chance.
        """
        played = self.game
        self.game = game or begin(played.setup, (), played.seed, played.run + 1)
        sitting = self.game.setup.case.scenario.members
        for person in self.persons:
            person.seats = tuple(state for state in person.seats if state in sitting)
            person.choices.clear()
            person.forecasts.clear()
        self.talk = Talk()
        self.lasting.clear()
        self.review = self.timer_ends = None
        self.n_late = 0
        self.game_number += 1

    # ---- forecasts and words -------------------------------------------------------------------

    def forecast(self, person: Person, shares: list[float], day: int) -> None:
        """Say how likely each answer of this game is; it can be revised on each day.

        Raises:
            UsageError: If the day has been lived already, these are not four shares, or the answer
                is settled.
        """
        self._check_day(day)
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
        self.game.seating(() if to is None else (to,))  # refuses what is no seat
        self.talk.write(self.day, person.seats[0], to, text)

    # ---- what the game says --------------------------------------------------------------------

    def morning(self) -> Morning:
        """The start of the coming day, with a view for every seat taken."""
        return self.kept("morning", lambda: morning(self._seated()))

    def story(self) -> Story:
        """The days lived so far."""
        return self.kept("story", lambda: story_of(self.game))

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What is made once for a day and the seats taken, however often it is shown."""
        now = (self.game_number, self.day, self.seats)
        if self._kept[0] != now:
            self._kept = (now, {})
        found = self._kept[1]
        if name not in found:
            found[name] = make()
        made: Made = found[name]
        return made

    def _seated(self) -> Game:
        return self.game.seating(self.seats)
