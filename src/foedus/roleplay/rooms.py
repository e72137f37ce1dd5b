"""All class rooms of a server: opening, finding, closing, and how often an address may guess."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field

from foedus.errors import UsageError
from foedus.roleplay.classroom import ClassRoom
from foedus.roleplay.game import Game
from foedus.roleplay.persons import Person

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Signs of a join code, without those that are mistaken for one another."""
CODE_LENGTH = 6
MOST_ROOMS = 40
LONGEST_IDLE = 12 * 3600.0
"""A room that nobody uses for so many seconds is closed."""
MOST_ADDRESSES = 10_000
"""Addresses remembered at once; the oldest are forgotten first."""


@dataclass
class RateLimit:
    """So many tries of each address within `window` seconds, then it has to wait."""

    most: int = 10
    window: float = 60.0
    what: str = "tries"
    _times: dict[str, deque[float]] = field(default_factory=dict)

    def check(self, address: str, now: float) -> None:
        """Refuse an address that has used up its tries.

        Raises:
            UsageError: If it has.
        """
        times = self._times.get(address, deque())
        while times and times[0] <= now - self.window:
            times.popleft()
        if len(times) >= self.most:
            wait = max(1, round(times[0] + self.window - now))
            raise UsageError(f"too many {self.what}: wait {wait} seconds")

    def count(self, address: str, now: float) -> None:
        """Remember one try."""
        if len(self._times) >= MOST_ADDRESSES:
            self._times.pop(next(iter(self._times)))
        self._times.setdefault(address, deque(maxlen=self.most)).append(now)


@dataclass
class ClassRooms:
    """All rooms of a server.

    Attributes:
        are_open: Whether rooms for a class may be opened: only where the server was told its
            address.
        tries, openings: Wrong codes and keys, and rooms opened, by address.
    """

    are_open: bool = False
    rooms: dict[str, ClassRoom] = field(default_factory=dict)
    tries: RateLimit = field(default_factory=RateLimit)
    openings: RateLimit = field(default_factory=lambda: RateLimit(most=20))

    def open(self, game: Game, address: str, now: float, *, private: bool = False) -> ClassRoom:
        """Open a room for a game.

        Raises:
            UsageError: If class rooms are off, there are too many, or the address opens them too
                fast.
        """
        if not (private or self.are_open):
            raise UsageError(
                "class rooms are off: start the app with --host, "
                "e.g. `foedus app --host 0.0.0.0` for the local network"
            )
        self.openings.check(address, now)
        self.openings.count(address, now)
        awake = {c: room for c, room in self.rooms.items() if now - room.used <= LONGEST_IDLE}
        if len(awake) >= MOST_ROOMS:
            raise UsageError(f"there are {MOST_ROOMS} rooms already: start the app again")
        code = ""
        while not code or code in awake:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        room = ClassRoom(code, game, used=now, is_private=private)
        self.rooms = {**awake, code: room}
        return room

    def enter(self, typed: str, key: str, address: str, now: float) -> tuple[ClassRoom, Person]:
        """The room of a code, and who comes in: the person of a key, or a new one.

        A valid key of the room is let in before tries are counted.

        Raises:
            UsageError: If there is no room of that code, it is full, or the address tried too
                often.
        """
        code = "".join(sign for sign in typed[:40].upper() if sign in LETTERS)
        room = self.rooms.get(code)
        person = None if room is None else room.person_of(key)
        if person is None:
            self.tries.check(address, now)
        if room is None or (person is None and room.is_private):
            self.tries.count(address, now)
            raise UsageError("there is no class room of that code")
        room.used = now
        return room, person or room.join()
