"""A class room: one game shared by a join code, its seats held by several persons each.

Nobody gives a name. A person is a key that only the person's page knows; the code opens the room,
the key says which seat the person holds. Both are random, kept in memory, and gone with the
server. Decisions carry the day they are meant for, so that none can count for another day.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from foedus.data.terms import Line
from foedus.errors import UsageError
from foedus.model.story import Story
from foedus.roleplay.day import Morning
from foedus.roleplay.debrief import Debrief
from foedus.roleplay.game import Game, begin, check_seat, decide, morning, play_on, story_of

LONGEST_MESSAGE = 280
"""Signs of a message or a statement."""
MOST_MESSAGES = 400
MOST_PERSONS = 60


class Deciding(StrEnum):
    """How the persons in one seat decide."""

    MAJORITY = "majority"
    SPEAKER = "speaker"


class LateDecision(UsageError):
    """A decision for a day that has been lived already."""


@dataclass
class Person:
    """Somebody in the room.

    Attributes
    ----------
    key
        Known to the person's page alone.
    seats
        States the person decides for; none for an onlooker. More than one only in a room for one.
    n_pages
        Pages connected now.
    choices
        Line chosen for the coming day, by state.
    forecast
        Probabilities of the four answers, given before the first day.
    """

    key: str
    seats: tuple[str, ...] = ()
    n_pages: int = 0
    choices: dict[str, Line] = field(default_factory=dict)
    forecast: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Message:
    """What one seat wrote to another, or to all (``to`` is None), on a day."""

    day: int
    sender: str
    to: str | None
    text: str


@dataclass
class ClassRoom:
    """One room.

    Attributes
    ----------
    code
        What opens the room.
    host_key
        What opens the host's side.
    game
        The game as decided so far.
    used
        When the room was last used, seconds.
    is_private
        A room for one: its host holds the seats.
    lasting
        Lines that stand for seats whose persons did not decide, by state.
    """

    code: str
    host_key: str
    game: Game
    used: float
    is_private: bool = False
    deciding: Deciding = Deciding.MAJORITY
    persons: dict[str, Person] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    lasting: dict[str, Line] = field(default_factory=dict)
    timer_ends: float | None = None
    host_pages: int = 0
    review: Debrief | None = None
    version: int = 0
    _morning: tuple[int, tuple[str, ...], Morning] | None = None
    _story: tuple[int, Story] | None = None

    @property
    def day(self) -> int:
        """The day that is to be decided next."""
        return len(self.game.days)

    @property
    def case_id(self) -> str:
        """The crisis that is played."""
        return self.game.setup.case.id

    def touched(self) -> None:
        """Note that something in the room has changed."""
        self.version += 1

    # ---- persons and seats ---------------------------------------------------------------------

    def join(self) -> Person:
        """Somebody comes in as an onlooker.

        Raises
        ------
        UsageError
            If the room is full.
        """
        if len(self.persons) >= MOST_PERSONS:
            raise UsageError(f"this room is full: {MOST_PERSONS} persons are in it")
        person = Person(secrets.token_urlsafe(9))
        self.persons[person.key] = person
        self.touched()
        return person

    def person_of(self, key: str) -> Person | None:
        """The person of a key."""
        found = (p for k, p in self.persons.items() if secrets.compare_digest(k, key))
        return next(found, None) if key.isascii() else None

    def is_host(self, key: str) -> bool:
        """Whether a key opens the host's side."""
        return secrets.compare_digest(self.host_key.encode(), key.encode())

    def sit(self, person: Person, state: str | None) -> None:
        """Take a seat beside whoever holds it already, or none.

        Raises
        ------
        UsageError
            If there is no such seat.
        """
        if state is not None:
            check_seat(self.game.setup, state)
        person.seats = () if state is None else (state,)
        person.choices.clear()
        self.touched()

    def sit_everywhere(self, person: Person, states: tuple[str, ...]) -> None:
        """Hold several seats at once, in a room for one.

        Raises
        ------
        UsageError
            If the room is not private or a seat does not exist.
        """
        if not self.is_private:
            raise UsageError("in a class room a person holds one seat")
        for state in states:
            check_seat(self.game.setup, state)
        person.seats = states
        self.touched()

    def free(self, state: str) -> None:
        """Send everybody in a seat back to the onlookers."""
        for person in self.of_seat(state):
            self.sit(person, None)

    def of_seat(self, state: str) -> list[Person]:
        """Persons in a seat, the speaker (who came first) first."""
        return [person for person in self.persons.values() if state in person.seats]

    @property
    def seats(self) -> tuple[str, ...]:
        """States that persons hold, sorted."""
        return tuple(sorted({state for person in self.persons.values() for state in person.seats}))

    # ---- deciding ------------------------------------------------------------------------------

    def choose(self, person: Person, state: str, line: Line, day: int) -> None:
        """Decide for a seat on a day; it can be changed until the day is lived.

        Raises
        ------
        LateDecision
            If the day has been lived already.
        UsageError
            If the person does not hold the seat, or the line is not open to it.
        """
        if day != self.day:
            raise LateDecision(f"too late: day {day} is over, and day {self.day} is being decided")
        if state not in person.seats:
            raise UsageError("this is not your seat")
        view = next(seat for seat in self.morning().seats if seat.state == state)
        if line not in [offer.line for offer in view.offers]:
            raise UsageError(f"{state} cannot take the line '{line.label}' now")
        person.choices[state] = line
        self.touched()

    def line_of_seat(self, state: str) -> Line | None:
        """What a seat has decided for the coming day; None where it has not.

        By majority, the line that most of the seat chose; where lines tie, the one that was
        chosen first. By speaker, the line of whoever came first and is there.
        """
        present = [p for p in self.of_seat(state) if p.n_pages or self.is_private]
        if self.deciding is Deciding.SPEAKER:
            return present[0].choices.get(state) if present else None
        chosen = [p.choices[state] for p in present if state in p.choices]
        return Counter(chosen).most_common(1)[0][0] if chosen else None

    @property
    def undecided(self) -> tuple[str, ...]:
        """Seats with somebody present that have not decided."""
        present = {
            s for p in self.persons.values() if p.n_pages or self.is_private for s in p.seats
        }
        return tuple(sorted(s for s in present if self.line_of_seat(s) is None))

    def live_a_day(self, *, anyway: bool = False) -> None:
        """Live the coming day; the model plays every seat that nobody holds.

        Raises
        ------
        UsageError
            If seats are undecided and the host has not confirmed, or the crisis is over.
        """
        if self.undecided and not anyway:
            raise UsageError(f"not decided yet: {', '.join(self.undecided)}")
        for state in self.seats:
            line = self.line_of_seat(state)
            if line is not None:
                self.lasting[state] = line
        held = {state: line for state, line in self.lasting.items() if state in self.seats}
        self.game = decide(self._seated(), held)
        for person in self.persons.values():
            person.choices.clear()
        self.timer_ends = None
        self.touched()

    def live_to_the_end(self) -> None:
        """Let the last lines stand until the crisis ends."""
        self.game = play_on(self._seated())
        self.touched()

    def again(self, game: Game) -> None:
        """Begin another game with the same persons in the same seats, where these exist."""
        self.game = game
        sitting = game.setup.case.scenario.members
        for person in self.persons.values():
            person.seats = tuple(state for state in person.seats if state in sitting)
            person.choices.clear()
            person.forecast = None
        self.messages.clear()
        self.lasting.clear()
        self.review, self.timer_ends, self._morning, self._story = None, None, None, None
        self.touched()

    # ---- forecasts and words -------------------------------------------------------------------

    def forecast(self, person: Person, shares: list[float]) -> None:
        """Say how likely each answer is, before anything is decided.

        Raises
        ------
        UsageError
            If these are not four shares, or the first day has been lived.
        """
        if self.day > 0:
            raise UsageError("forecasts are given before the first day is lived")
        total = sum(shares)
        if len(shares) != 4 or min(shares) < 0 or not 0 < total < float("inf"):
            raise UsageError("a forecast is four numbers of 0 or more, not all 0")
        person.forecast = tuple(share / total for share in shares)
        self.touched()

    def say(self, person: Person, to: str | None, text: str) -> None:
        """Write to another seat, or make a public statement (`to` is None).

        Raises
        ------
        UsageError
            If the person holds no seat, the other does not exist, or the text is empty.
        """
        words = " ".join(text.split())[:LONGEST_MESSAGE]
        if not person.seats or not words:
            raise UsageError("take a seat to speak, and write something")
        if to is not None:
            check_seat(self.game.setup, to)
        self.messages.append(Message(self.day, person.seats[0], to, words))
        del self.messages[:-MOST_MESSAGES]
        self.touched()

    # ---- what the game says --------------------------------------------------------------------

    def morning(self) -> Morning:
        """The start of the coming day, with a view for every seat taken."""
        kept = self._morning
        if kept is None or kept[:2] != (self.day, self.seats):
            kept = self._morning = (self.day, self.seats, morning(self._seated()))
        return kept[2]

    def story(self) -> Story:
        """The days lived so far."""
        if self._story is None or self._story[0] != self.day:
            self._story = (self.day, story_of(self.game))
        return self._story[1]

    def _seated(self) -> Game:
        game = self.game
        taken = tuple(sorted({*game.seats, *self.seats}))
        return Game(game.setup, game.seed, game.run, taken, game.days)


def next_game(room: ClassRoom) -> Game:
    """The same crisis under other chance."""
    game = room.game
    return begin(game.setup, (), game.seed, game.run + 1)
