"""Who is in a class room, and what each has said for the coming day.

Nobody gives a name: a person is a random key that only the person's page knows.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from foedus.data.terms import Line
from foedus.errors import UsageError
from foedus.roleplay.forecasts import Shares

MOST_PERSONS = 60
"""Persons that one room lets in."""
REMEMBERED = 60
"""Messages of a page that are remembered, so that one sent twice counts once."""


@dataclass
class Person:
    """Somebody in the room.

    Attributes:
        key: Known to the person's page alone.
        id: Known to all pages; says which score is one's own.
        seats: States the person decides for; none for an onlooker. More than one only in a room for
            one.
        n_pages: Pages connected now.
        choices: Line chosen for the coming day, by state.
        forecasts: Probabilities of the four answers, by the day for which they were given.
        done: Numbers of the last messages from the person's pages.
    """

    key: str
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    seats: tuple[str, ...] = ()
    n_pages: int = 0
    choices: dict[str, Line] = field(default_factory=dict)
    forecasts: dict[int, Shares] = field(default_factory=dict)
    done: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    @property
    def has_left(self) -> bool:
        """Whether the person went away without a seat or a forecast."""
        return not (self.n_pages or self.seats or self.forecasts)


@dataclass
class Persons:
    """Everybody in a room, in the order in which they sat down."""

    by_key: dict[str, Person] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Person]:
        return iter(tuple(self.by_key.values()))

    def join(self) -> Person:
        """Somebody comes in as an onlooker.

        Raises:
            UsageError: If the room is full of persons who are there, sit or have given a forecast.
        """
        if len(self.by_key) >= MOST_PERSONS:
            self.by_key = {key: one for key, one in self.by_key.items() if not one.has_left}
        if len(self.by_key) >= MOST_PERSONS:
            raise UsageError(f"this room is full: {MOST_PERSONS} persons are in it")
        person = Person(secrets.token_urlsafe(9))
        self.by_key[person.key] = person
        return person

    def of_key(self, key: str) -> Person | None:
        """The person of a key; every key is compared in full, so that time tells nothing."""
        typed = key.encode()
        found = [p for k, p in self.by_key.items() if secrets.compare_digest(k.encode(), typed)]
        return found[0] if found else None

    def sit(self, person: Person, seats: tuple[str, ...]) -> None:
        """Take seats, after whoever holds them already."""
        person.seats = seats
        person.choices.clear()
        self.by_key[person.key] = self.by_key.pop(person.key)

    def in_seat(self, state: str) -> list[Person]:
        """Persons in a seat, the one who sat down first (its speaker) first."""
        return [person for person in self if state in person.seats]

    @property
    def seats(self) -> tuple[str, ...]:
        """States that persons hold, sorted."""
        return tuple(sorted({state for person in self for state in person.seats}))
