"""The members in council, for many runs at once: views, talk, the answer of the day, forces.

Only runs whose answer can still rise deliberate. Once the alliance deploys, or the crisis is
over, nothing that a member thinks changes the outcome, and the columns of such runs are dropped.
That, and working in place, is all that is added here to the equations of :mod:`foedus.model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Level, Rule
from foedus.model import council, forces
from foedus.model.influence import Ears, ears_of, talk_in_place
from foedus.model.numbers import Array, Parameters, Value, by_run
from foedus.model.situation import Codes, Situation
from foedus.model.willingness import insistence, need, private_view

Columns: TypeAlias = NDArray[np.intp]
"""Places of some runs among others."""

CACHE_LINE = 64
"""Bytes; arrays that begin at a line are worked on nearly twice as fast."""


def of_columns(value: Value, columns: Columns) -> Value:
    """The entries of some columns; a value in which no run differs stays as it is."""
    return by_run(value, lambda row: _taken(row, columns))


def _taken(row: Array, columns: Columns) -> Array:
    if row.ndim == 1:
        return row.take(columns)
    picked = empty(row.shape[0], len(columns))
    return row.take(columns, axis=1, out=picked, mode="clip")  # "raise" would copy twice


def empty(*shape: int) -> Array:
    """An array of numbers not yet set that begins at a cache line."""
    size = prod(shape)
    spare = CACHE_LINE // np.dtype(np.float64).itemsize
    room = np.empty(size + spare)
    first = -room.ctypes.data % CACHE_LINE // room.itemsize
    return room[first : first + size].reshape(shape)


def lined_up(values: Array) -> Array:
    """A copy that begins at a cache line."""
    copy = empty(*values.shape)
    np.copyto(copy, values)
    return copy


@dataclass(frozen=True)
class Seats:
    """What stays the same over the days, by column: (member, column), or lone values.

    Attributes:
        steady: Private willingness but for what moves from day to day, log-odds.
        room: How far below a threshold a member may stand aside, log-odds.
        crisis: Codes of the crisis.
        luck: Whether the council's machinery works on request, uniform in (0, 1).
    """

    steady: Array
    ears: Ears
    capability: Array
    room: Value
    crisis: Mapping[str, Value]
    luck: Value
    p: Parameters

    @classmethod
    def of(
        cls, situation: Situation, codes: Codes, p: Parameters, steady: Array, luck: Value
    ) -> Seats:
        """The seats of all runs."""
        ears, capability = ears_of(situation, codes, p), codes.standing["capability"]
        room, crisis = council.room_of(situation, p), codes.crisis
        seats: Seats = by_run(cls(steady, ears, capability, room, crisis, luck, p), lined_up)
        return seats


class Chamber:
    """The runs that deliberate, one a column, and where their members stand.

    Attributes:
        private, positions: u and x of the day (member, column), log-odds.
        bars: Thresholds of consult, support and deploy, log-odds.
        convened: Whether the council consults in any case.
    """

    def __init__(
        self, situation: Situation, seats: Seats, asked: Value, channel: Value, n: int
    ) -> None:
        self.situation = situation
        self.seats = seats
        self.n = n
        shape = seats.steady.shape
        self.private, self._anchors, self._said = (empty(*shape) for _ in range(3))
        self._spoken = empty(self.n)
        self.positions: Array | None = None
        self.attend(asked, channel)

    def of_columns(self, columns: Columns) -> Chamber:
        """The chamber of some of the runs."""
        asked, channel = (of_columns(v, columns) for v in (self.asked, self.channel))
        seats = of_columns(self.seats, columns)
        rest = Chamber(self.situation, seats, asked, channel, len(columns))
        if self.positions is not None:
            rest.positions = of_columns(self.positions, columns)
        return rest

    def attend(self, asked: Value, channel: Value) -> None:
        """Take note of what is asked, and how (column,)."""
        self.asked, self.channel = asked, channel
        seats = self.seats
        case = council.treaty_case(self.situation, seats.crisis, channel)
        self.bars = council.bars(asked, channel, case, seats.p)
        self.floor = insistence(asked, seats.p)
        self.convened = council.convenes(seats.crisis["institution"], asked, seats.luck, seats.p)

    def talk(self, intensity: Array) -> None:
        """Form views under the intensity of the day, and talk."""
        seats, p = self.seats, self.seats.p
        needed = need(intensity, seats.crisis["capacity"], p["b_need"])
        private_view(seats.steady, needed, out=self.private)
        own = self.private[self.situation.requester]
        np.maximum(own, self.floor, out=own)
        np.multiply(seats.ears.kept, self.private, out=self._anchors)
        if self.positions is None:
            self.positions = lined_up(self.private)
        talk_in_place(
            self.positions,
            self._anchors,
            seats.ears,
            self.situation.patron,
            int(p["rounds_per_day"]),
            said=self._said,
            spoken=self._spoken,
        )

    def answer(self) -> NDArray[np.int8]:
        """The highest level that passes (column,)."""
        s, seats, x = self.situation, self.seats, self._standing
        if s.rule == Rule.CONSENSUS and s.adversary is None and not s.stances:
            own, capability = ([rows[i] for i in s.voters] for rows in (x, seats.capability))
            passed = council.consensus_on_levels(own, capability, self.bars, seats.room)
        else:
            passed = [
                council.PASSES[s.rule](
                    council.ballot_of(level, x, seats.capability, bar, seats.room, s)
                )
                for level, bar in zip(list(Level)[1:], self.bars, strict=True)
            ]
        answer: NDArray[np.int8] = council.answer(passed, self.convened)
        return answer

    def pledges(self, columns: Columns, size_noise: Array, share_noise: Array) -> Array:
        """Troops that each member sends (member, column) where these columns deploy."""
        x, capability, bar = (
            of_columns(v, columns) for v in (self._standing, self.seats.capability, self.bars[2])
        )
        return forces.pledges(self.situation, x, bar, capability, size_noise, share_noise)

    @property
    def _standing(self) -> Array:
        assert self.positions is not None
        return self.positions
