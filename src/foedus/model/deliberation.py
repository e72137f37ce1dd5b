"""The members in council, for many runs at once: views, talk, the answer of the day, forces.

Only runs whose answer can still rise deliberate. Once the alliance deploys, or the crisis is
over, nothing that a member thinks changes the outcome, and the columns of such runs are dropped.
That, and working in place, is all that is added here to the equations of :mod:`foedus.model`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Level, Rule
from foedus.model import council, forces
from foedus.model.influence import kept, talk_in_place
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.run_columns import Columns, empty, lined_up, lined_up_columns, of_columns
from foedus.model.setting import Setting
from foedus.model.situation import Codes, Situation
from foedus.model.willingness import informality, insistence, need


@dataclass(frozen=True)
class Seats:
    """What stays the same over the days, by column: (member, column), or lone values.

    Attributes
    ----------
    steady
        Private willingness but for what moves from day to day, log-odds.
    pull, voice, kept
        Of :mod:`foedus.model.influence`.
    capability
        Share of deployable power.
    room
        How far below a bar a member may stand aside, log-odds.
    capacity
        The requester's own capacity, in [0, 1].
    institution
        The alliance's crisis machinery, in [0, 1].
    luck
        Whether that machinery works on request, uniform in (0, 1).
    p
        Parameters.
    """

    steady: Array
    pull: Array
    voice: Array
    kept: Array
    capability: Array
    room: Value
    capacity: Value
    institution: Value
    luck: Value
    p: Parameters

    @classmethod
    def of(cls, setting: Setting, codes: Codes, p: Parameters, steady: Array, luck: Value) -> Seats:
        """The seats of all runs."""
        pull, voice = setting.pull, setting.voice
        return cls(
            steady=lined_up(steady),
            pull=lined_up(pull),
            voice=lined_up(voice),
            kept=lined_up(kept(pull, voice, added_up(voice))),
            capability=lined_up(setting.capability),
            room=setting.room,
            capacity=codes.crisis["capacity"],
            institution=codes.crisis["institution"],
            luck=luck,
            p=p,
        )

    def of_columns(self, columns: Columns) -> Seats:
        """The seats of some runs."""
        return Seats(
            steady=lined_up_columns(self.steady, columns),
            pull=lined_up_columns(self.pull, columns),
            voice=lined_up_columns(self.voice, columns),
            kept=lined_up_columns(self.kept, columns),
            capability=of_columns(self.capability, columns),
            room=of_columns(self.room, columns),
            capacity=of_columns(self.capacity, columns),
            institution=of_columns(self.institution, columns),
            luck=of_columns(self.luck, columns),
            p={name: of_columns(value, columns) for name, value in self.p.items()},
        )


class Chamber:
    """The runs that deliberate, one a column, and where their members stand.

    Attributes
    ----------
    n
        Number of columns.
    private, positions
        u and x of the day (member, column), log-odds.
    bars
        Bars of consult, support and deploy, log-odds.
    convened
        Whether the council consults in any case.
    """

    def __init__(self, situation: Situation, seats: Seats, asked: Value, n: int) -> None:
        self.situation = situation
        self.seats = seats
        self.n = n
        shape = seats.steady.shape
        self.private, self._anchors, self._said = (empty(*shape) for _ in range(3))
        self._spoken = empty(self.n)
        self.positions: Array | None = None
        self.attend(asked)

    def of_columns(self, columns: Columns) -> Chamber:
        """The chamber of some of the runs."""
        asked = of_columns(self.asked, columns)
        rest = Chamber(self.situation, self.seats.of_columns(columns), asked, len(columns))
        if self.positions is not None:
            rest.positions = lined_up_columns(self.positions, columns)
        return rest

    def attend(self, asked: Value) -> None:
        """Take note of what is asked (column,)."""
        self.asked = asked
        seats = self.seats
        self.bars = council.bars(asked, seats.p)
        self.floor = insistence(asked, self.bars)
        self.convened = council.convenes(seats.institution, asked, seats.luck, seats.p)

    def talk(self, intensity: Array, channel: Value) -> None:
        """Form views under the intensity and the channel of the day, and talk."""
        seats, p = self.seats, self.seats.p
        pressing = need(intensity, seats.capacity, p["b_need"])
        np.add(seats.steady, pressing + informality(channel, p["b_request"]), out=self.private)
        own = self.private[self.situation.requester]
        np.maximum(own, self.floor, out=own)
        np.multiply(seats.kept, self.private, out=self._anchors)
        if self.positions is None:
            self.positions = lined_up(self.private)
        talk_in_place(
            self.positions,
            self._anchors,
            seats.pull,
            seats.voice,
            int(p["rounds_per_day"]),
            said=self._said,
            spoken=self._spoken,
        )

    def answer(self) -> NDArray[np.int8]:
        """The highest level that passes (column,)."""
        rule, s = self.situation.rule, self.situation
        if rule == Rule.CONSENSUS and s.adversary is None:
            x, voters = self._standing, list(s.voters)
            passed = council.consensus_on_levels(
                [x[i] for i in voters],
                [self.seats.capability[i] for i in voters],
                self.bars,
                self.seats.room,
            )
        else:
            passes = council.PASSES[rule]
            passed = [
                passes(self._ballot(level, bar))
                for level, bar in zip(list(Level)[1:], self.bars, strict=True)
            ]
        answer: NDArray[np.int8] = council.answer(passed, self.convened)
        return answer

    def pledges(self, columns: Columns) -> Array:
        """Men that each member sends (member, column) where these columns deploy."""
        s, seats = self.situation, self.seats
        x, capability = (of_columns(v, columns) for v in (self._standing, seats.capability))
        bar, omega, token = (
            of_columns(v, columns)
            for v in (self.bars[2], seats.p["omega"], seats.p["token_company"])
        )
        sends = council.supports(x, bar)
        sends[[i for i in (s.requester, s.adversary) if i is not None]] = False
        claims = forces.eagerness(x, bar, capability, omega) * sends
        n_senders = added_up(sends * 1.0)
        token = forces.company(token, n_senders, s.alliance_pool)
        rest = np.maximum(0.0, min(s.forces_needed, s.alliance_pool) - n_senders * token)
        pools = np.array(s.pools)[:, None]
        men: Array = forces.contribution(claims, added_up(claims), token, rest, pools) * sends
        return men

    @property
    def _standing(self) -> Array:
        assert self.positions is not None
        return self.positions

    def _ballot(self, level: Level, bar: Value) -> council.Ballot:
        s, x, seats = self.situation, self._standing, self.seats
        enemy = s.adversary if level > Level.CONSULT else None
        nobody, everybody = np.False_, np.True_
        return council.Ballot(
            supports=[nobody if i == enemy else council.supports(x[i], bar) for i in s.voters],
            objects=[
                everybody if i == enemy else council.objects(x[i], bar, seats.room)
                for i in s.voters
            ],
            positions=[x[i] for i in s.voters],
            capability=[seats.capability[i] for i in s.voters],
            patron_supports=nobody if s.patron == enemy else council.supports(x[s.patron], bar),
            bar=bar,
        )
