"""Who is in a class room, and what each has said: choices, forecasts, and words to other seats.

Nobody gives a name: a person is a random key that only the person's page knows.

A forecast gives four shares for the answer of this game and stands until it is revised. Its error
is the mean, over the days before the answer was settled, of the ranked probability score; a day
without any forecast counts as a quarter for each answer. The score is proper: nobody gains by
saying anything but what he or she believes.

References:
    Epstein, E. S. (1969). A scoring system for probability forecasts of ranked categories. *Journal
    of Applied Meteorology*, 8, 985-987. Murphy, A. H. (1971), same journal, 10, 155-156.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TypeAlias

import numpy as np

from foedus.analysis.forecast.scores import ranked_probability_score
from foedus.data.terms import Level, Line
from foedus.errors import UsageError
from foedus.model.outcome import Story

Shares: TypeAlias = tuple[float, ...]
"""Probabilities of none, consult, support, deploy; they add up to 1."""

KNOWS_NOTHING: Shares = (0.25, 0.25, 0.25, 0.25)
REMEMBERED = 60
"""Messages of a page that are remembered, so that one sent twice counts once."""
LONGEST_MESSAGE = 280
"""Signs of a message or a statement."""
MOST_MESSAGES = 400
"""Messages that a room keeps; the oldest go first."""


@dataclass(eq=False)
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

    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    seats: tuple[str, ...] = ()
    n_pages: int = 0
    choices: dict[str, Line] = field(default_factory=dict)
    forecasts: dict[int, Shares] = field(default_factory=dict)
    done: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))


@dataclass(frozen=True)
class Message:
    """What one seat wrote on a day.

    Attributes:
        number: Counts from 1 in the room, and is never used twice.
        state: The seat that wrote it.
        to: The seat that reads it; None for a public statement.
    """

    number: int
    day: int
    state: str
    to: str | None
    text: str


@dataclass
class Talk:
    """All messages of a game."""

    messages: list[Message] = field(default_factory=list)
    n_written: int = 0

    def write(self, day: int, sender: str, to: str | None, text: str) -> None:
        """Write to another seat, or make the seat's public statement of the day (`to` is None).

        Raises:
            UsageError: If the text is empty, goes to the seat itself, or is a second statement of a
                day.
        """
        words = " ".join(text.split())[:LONGEST_MESSAGE]
        if not words:
            raise UsageError("write something first")
        if to == sender:
            raise UsageError("a seat does not write to itself: talk to the persons beside you")
        if to is None and self.has_stated(sender, day):
            raise UsageError(f"your seat has made its statement of day {day}")
        self.n_written += 1
        self.messages.append(Message(self.n_written, day, sender, to, words))
        del self.messages[:-MOST_MESSAGES]

    def remove(self, number: int) -> None:
        """Take a message away; nothing happens if it is gone already."""
        self.messages = [m for m in self.messages if m.number != number]

    def has_stated(self, sender: str, day: int) -> bool:
        """Whether a seat has made its public statement of a day."""
        return any(m.state == sender and m.day == day for m in self.statements)

    @property
    def statements(self) -> list[Message]:
        """Public statements, the oldest first."""
        return [m for m in self.messages if m.to is None]

    def between(self, seats: tuple[str, ...]) -> list[Message]:
        """Messages that some seats wrote or may read, statements aside."""
        return [m for m in self.messages if m.to is not None and {m.to, m.state} & {*seats}]


def shares_of(given: Iterable[float]) -> Shares:
    """Four numbers of 0 or more as probabilities.

    Raises:
        UsageError: If these are not four such numbers, or all are 0.
    """
    numbers = tuple(given)
    total = sum(numbers)
    if len(numbers) != len(Level) or not isfinite(total) or min(numbers) < 0 or total <= 0:
        raise UsageError("a forecast is four numbers of 0 or more, not all 0")
    return tuple(number / total for number in numbers)


def standing(forecasts: Mapping[int, Shares], day: int) -> Shares | None:
    """The forecast that stands on a day: the last one given up to then."""
    given = [made for made in forecasts if made <= day]
    return forecasts[max(given)] if given else None


def days_scored(story: Story) -> int:
    """Days on which a forecast counts: until the force is decided, or the crisis ends."""
    settled = story.day_decided if story.level is Level.DEPLOY else len(story.days) - 1
    return max(1, settled + 1)


def error(forecasts: Mapping[int, Shares], level: Level, n_days: int) -> float:
    """Mean ranked probability score over the days; 0 is a sure and right forecast, 3 the worst."""
    rows = np.array([standing(forecasts, day) or KNOWS_NOTHING for day in range(n_days)])
    return float(ranked_probability_score(rows, np.full(n_days, int(level))).mean())


def together(forecasts: Iterable[Mapping[int, Shares]]) -> dict[int, Shares]:
    """The mean forecast of several persons on each day on which one of them said something."""
    everyone = [made for made in forecasts if made]
    days = sorted({day for made in everyone for day in made})
    found: dict[int, Shares] = {}
    for day in days:
        rows = [shares for made in everyone if (shares := standing(made, day)) is not None]
        found[day] = tuple(float(share) for share in np.mean(rows, axis=0))
    return found
