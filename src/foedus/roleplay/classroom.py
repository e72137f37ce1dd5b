"""A class room: one game shared by a join code, its seats held from several machines.

Nobody gives a name. A seat is held by a key that only its holder's page knows; the code opens
the room, the key opens the seat. Both are random, kept in memory, and gone with the server. A
seat whose holder is away is played by the model until the holder returns.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from foedus.data.terms import Line
from foedus.errors import UsageError
from foedus.roleplay.day import Morning
from foedus.roleplay.debrief import Debrief
from foedus.roleplay.game import Game, check_seat, decide, morning, play_on
from foedus.roleplay.rate_limit import Tries

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Signs of a join code, without those that are mistaken for one another."""
CODE_LENGTH = 6
MOST_ROOMS = 40
IDLE_HOURS = 12.0
"""A room that nobody uses for so long is closed."""


@dataclass
class Seat:
    """A seat that somebody took.

    Attributes
    ----------
    key
        Known to the holder's page alone.
    n_pages
        Pages of the holder that are connected now; none means away.
    line
        What the holder decided for the coming day, or held on the last.
    has_decided
        Whether that was for the coming day.
    """

    key: str
    n_pages: int = 0
    line: Line | None = None
    has_decided: bool = False

    @property
    def is_present(self) -> bool:
        """Whether the holder is connected."""
        return self.n_pages > 0


@dataclass
class ClassRoom:
    """One room.

    Attributes
    ----------
    code, host_key
        What opens the room, and what opens the host's side of it.
    game
        The game as decided so far, with no seats of its own until a day is lived.
    seats
        Those taken, by state.
    used
        When the room was last used, seconds.
    watchers
        Called whenever something changes.
    review, is_looking_back
        The debrief once the crisis is over, and whether it is being computed.
    """

    code: str
    host_key: str
    game: Game
    used: float
    seats: dict[str, Seat] = field(default_factory=dict)
    watchers: list[Callable[[], None]] = field(default_factory=list)
    review: Debrief | None = None
    is_looking_back: bool = False

    def changed(self) -> None:
        """Tell all pages of the room."""
        for watcher in tuple(self.watchers):
            watcher()

    def take(self, state: str) -> str:
        """Take a free seat; returns its key.

        Raises
        ------
        UsageError
            If there is no such seat or somebody holds it.
        """
        check_seat(self.game.setup, state)
        if state in self.seats:
            raise UsageError(f"{state} is taken: choose another seat")
        self.seats[state] = Seat(key=secrets.token_urlsafe(9))
        self.changed()
        return self.seats[state].key

    def state_of(self, key: str) -> str | None:
        """The state whose seat a key opens."""
        return next(
            (
                s
                for s, seat in self.seats.items()
                if secrets.compare_digest(seat.key.encode(), key.encode())
            ),
            None,
        )

    def is_host(self, key: str) -> bool:
        """Whether a key opens the host's side."""
        return secrets.compare_digest(self.host_key.encode(), key.encode())

    def free(self, state: str) -> None:
        """Give a seat back to the model, for anybody to take."""
        self.seats.pop(state, None)
        self.changed()

    def enter(self, state: str) -> None:
        """A page of the holder connects."""
        if state in self.seats:
            self.seats[state].n_pages += 1
            self.changed()

    def leave(self, state: str) -> None:
        """A page of the holder is gone."""
        if state in self.seats:
            seat = self.seats[state]
            seat.n_pages = max(0, seat.n_pages - 1)
            self.changed()

    def choose(self, state: str, line: Line) -> None:
        """Decide for a seat; it can be changed until the day is lived.

        Raises
        ------
        UsageError
            If the line is not open to the seat.
        """
        view = next(seat for seat in self.morning().seats if seat.state == state)
        if line not in [offer.line for offer in view.offers]:
            raise UsageError(f"{state} cannot take the line '{line.label}' now")
        self.seats[state].line = line
        self.seats[state].has_decided = True
        self.changed()

    def morning(self) -> Morning:
        """The start of the coming day, with a view for every seat taken."""
        return morning(self._seated())

    def _seated(self) -> Game:
        game = self.game
        taken = tuple(sorted({*game.seats, *self.seats}))
        return Game(game.setup, game.seed, game.run, taken, game.days)

    @property
    def n_present(self) -> int:
        """Seats whose holders are connected."""
        return sum(seat.is_present for seat in self.seats.values())

    @property
    def n_decided(self) -> int:
        """Of these, how many have decided for the coming day."""
        return sum(seat.is_present and seat.has_decided for seat in self.seats.values())

    def live_a_day(self) -> None:
        """Live the coming day with the lines of those present; the model plays all others.

        A holder who is present but has not decided keeps the line of the day before.
        """
        lines = {
            state: seat.line
            for state, seat in self.seats.items()
            if seat.is_present and seat.line is not None
        }
        self.game = decide(self._seated(), lines)
        for seat in self.seats.values():
            seat.has_decided = False
        self.changed()

    def live_to_the_end(self) -> None:
        """Live the coming day, and let its lines stand until the crisis ends."""
        if not self.morning().is_over:
            self.live_a_day()
        self.game = play_on(self._seated())
        self.changed()


@dataclass
class ClassRooms:
    """All rooms of a server.

    Attributes
    ----------
    are_open
        Whether rooms may be opened at all: only where the server was told its address.
    tries, openings
        Wrong codes and keys, and rooms opened, by address.
    """

    are_open: bool = False
    rooms: dict[str, ClassRoom] = field(default_factory=dict)
    tries: Tries = field(default_factory=Tries)
    openings: Tries = field(default_factory=Tries)

    def open(self, game: Game, address: str, now: float) -> ClassRoom:
        """Open a room for a game.

        Raises
        ------
        UsageError
            If class rooms are off, there are too many, or the address opens them too fast.
        """
        self._check_open()
        self.openings.check(address, now)
        self.openings.count(address, now)
        self._close_idle(now)
        if len(self.rooms) >= MOST_ROOMS:
            raise UsageError(
                f"there are {MOST_ROOMS} class rooms already: start the app again, or wait until "
                "one is closed for want of use"
            )
        code = self._new_code()
        self.rooms[code] = ClassRoom(code, secrets.token_urlsafe(12), game, used=now)
        return self.rooms[code]

    def find(self, typed: str, address: str, now: float) -> ClassRoom:
        """The room of a code.

        Raises
        ------
        UsageError
            If class rooms are off, there is none of that code, or the address tried too often.
        """
        self._check_open()
        self.tries.check(address, now)
        code = "".join(sign for sign in typed[:40].upper() if sign in LETTERS)
        room = self.rooms.get(code)
        if room is None:
            self.tries.count(address, now)
            raise UsageError("there is no class room of that code")
        room.used = now
        return room

    def seat_of(self, room: ClassRoom, key: str, address: str, now: float) -> str:
        """The seat that a key opens.

        Raises
        ------
        UsageError
            If it opens none, or the address tried too often.
        """
        self.tries.check(address, now)
        state = room.state_of(key)
        if state is None:
            self.tries.count(address, now)
            raise UsageError("that key opens no seat here: take a free one")
        return state

    def _check_open(self) -> None:
        if not self.are_open:
            raise UsageError(
                "class rooms are off: start the app with --host, "
                "e.g. `foedus app --host 0.0.0.0` for the local network"
            )

    def _close_idle(self, now: float) -> None:
        for code, room in tuple(self.rooms.items()):
            if now - room.used > IDLE_HOURS * 3600:
                del self.rooms[code]
                room.changed()

    def _new_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            if code not in self.rooms:
                return code
