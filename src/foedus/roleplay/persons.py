"""Who is in a class room, and what each has said: choices, forecasts, and words to other seats.

Nobody gives a name: a person is a random key that only the person's page knows.
"""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field

from foedus.data.terms import Line
from foedus.errors import UsageError
from foedus.roleplay.forecasts import Shares

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
        to: The seat that reads it; None for a public statement.
    """

    number: int
    day: int
    sender: str
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
        return any(m.sender == sender and m.day == day for m in self.statements)

    @property
    def statements(self) -> list[Message]:
        """Public statements, the oldest first."""
        return [m for m in self.messages if m.to is None]

    def between(self, seats: tuple[str, ...]) -> list[Message]:
        """Messages that some seats wrote or may read, statements aside."""
        return [m for m in self.messages if m.to is not None and {m.to, m.sender} & {*seats}]
