"""A player's choice: what a seat knows in the morning, which lines it may take, what they mean.

The council and the other members know positions alone, so a line is turned into one: the middle
of the interval of positions that say just that. Backing a level stands halfway between its bar
and the next; deploying stands as far above the last bar as supporting stands below it; standing
aside is the middle of the room below the first bar; an objection stands below that room, as far
as consulting stands above the first bar. Nothing new is assumed: all distances are those of the
council's own bars. What a seat is told is read off the agent engine itself, so that it cannot
differ from what then happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foedus.data.terms import Level, Line, Stance
from foedus.errors import UsageError
from foedus.model import council
from foedus.model.mesa_model import AllianceModel, MemberState
from foedus.model.numbers import Value, added_up


def position_of(line: Line, bars: tuple[Value, Value, Value], room: Value) -> Value:
    """The position that a line puts a member at.

    Args:
        line: What the person decided.
        bars: Thresholds of consult, support and deploy, log-odds; a level that needs less than one
            below it counts as needing as much.
        room: How far below a bar a member may stand aside, log-odds, 0 or more.

    Returns:
        value: x_i, log-odds. It reaches the bars up to the line and none above; for ``OBJECT`` it
            lies below every bar by more than `room`.
    """
    consult = bars[0]
    support = np.maximum(consult, bars[1])
    deploy = np.maximum(support, bars[2])
    places = {
        Line.OBJECT: consult - room - (support - consult) / 2,
        Line.ASIDE: consult - room / 2,
        Line.CONSULT: (consult + support) / 2,
        Line.SUPPORT: (support + deploy) / 2,
        Line.DEPLOY: deploy + (deploy - support) / 2,
    }
    return places[line]


@dataclass(frozen=True)
class Sounding:
    """What is heard of one member before the talk of the day.

    Attributes:
        position: Where it stood last (on day 0: its own first view), log-odds.
        backs: The highest level that this position reaches.
        weight: Its share of all the voices that are heard, 0 to 1.
    """

    state: str
    position: float
    backs: Level
    weight: float


@dataclass(frozen=True)
class SeatView:
    """What one government knows on its own account.

    Attributes:
        advice: The highest level that its advisers' view reaches, from which the model would start.
        susceptibility: How far such a government listens, 0 to 1.
        asks: Whether it is the requester, whose line is what it asks for and who does not vote.
        offers: What each line open to it would say to consult, support and deploy.
        held: The line it took the day before; None where the model decided.
    """

    state: str
    advice: Level
    susceptibility: float
    asks: bool
    offers: Mapping[Line, tuple[Stance, Stance, Stance]]
    held: Line | None


@dataclass(frozen=True)
class Morning:
    """The start of a day, before anybody decides; after the end, the day of the end.

    Attributes:
        day, intensity, asked, channel, in_place: As in :class:`foedus.model.outcome.Day`.
        answer: The standing answer.
        sits: Whether the council sits on this day.
        is_over: Whether the crisis has ended or the horizon is reached.
        soundings: All members, heaviest voice first.
        seats: One view for each seat.
    """

    day: int
    intensity: float
    asked: float
    channel: float
    answer: Level
    in_place: int
    sits: bool
    is_over: bool
    soundings: tuple[Sounding, ...]
    seats: tuple[SeatView, ...]

    @property
    def is_settled(self) -> bool:
        """Whether no line can change anything any more."""
        return self.is_over or self.answer is Level.DEPLOY

    def check(self, state: str, line: Line) -> None:
        """Refuse a line that is not open to a seat.

        Raises:
            UsageError: If it is not.
        """
        offers = next(seat.offers for seat in self.seats if seat.state == state)
        if line not in offers:
            words = ", ".join(offer.label for offer in offers)
            raise UsageError(f"{state} cannot take the line '{line.label}' (open: {words})")


class PlayedMember(MemberState):
    """A member state whose line a person may hold; where nobody does, the model plays it.

    Attributes:
        held: The line of the day; None where the model decides.
    """

    def __init__(self, model: AllianceModel, index: int) -> None:
        super().__init__(model, index)
        self.held: Line | None = None

    def form_view(self) -> None:
        """Judge the crisis, and stand where the line says."""
        super().form_view()
        if self.held is not None:
            self.position = position_of(self.held, self.model.bars, self.model.room)

    def hear(self) -> None:
        """A held line is moved by nobody."""
        super().hear()
        if self.held is not None:
            self.heard = self.position

    def stance(self, level: Level) -> Stance:
        """Say what the line says; an adversary that a person plays need not object."""
        if self.held is None:
            return super().stance(level)
        if self.held is Line.ASIDE:
            return Stance.ABSTAIN
        return self.stance_by_position(level)

    def open_lines(self) -> list[Line]:
        """Lines that a person may take.

        The requester cannot stand aside from its own request, and nobody can where the council
        leaves no room below a bar (strict unanimity).
        """
        may_stand_aside = float(self.model.room) > 0 and not self.is_requester
        return [line for line in Line if line is not Line.ASIDE or may_stand_aside]

    def trying(self, line: Line) -> tuple[Stance, Stance, Stance]:
        """Try a line on: the engine itself says what it would mean in council."""
        self.held = line
        self.form_view()
        return self.of_day().stances


def morning_of(model: AllianceModel, seats: tuple[str, ...]) -> Morning:
    """Read the start of the next day off a model, which is of no further use afterwards."""
    if model.running:
        model.bars = model.crisis.bars()
        for state in model.states:
            state.form_view()
    return Morning(
        day=model.day,
        intensity=float(model.crisis.intensity),
        asked=float(model.crisis.asked),
        channel=float(model.crisis.channel),
        answer=model.council.answer,
        in_place=int(model.in_place()),
        sits=model.running and model.council.sits(),
        is_over=not model.running,
        soundings=_soundings(model),
        seats=tuple(
            _seat_view(s) for s in model.states if isinstance(s, PlayedMember) and s.state in seats
        ),
    )


def _soundings(model: AllianceModel) -> tuple[Sounding, ...]:
    voices = float(added_up(state.voice for state in model.states))
    heard = [
        Sounding(
            state=state.state,
            position=float(state.position),
            backs=_reached(state.position, model),
            weight=float(state.voice) / voices if voices > 0 else 0.0,
        )
        for state in model.states
    ]
    return tuple(sorted(heard, key=lambda sounding: -sounding.weight))


def _seat_view(state: PlayedMember) -> SeatView:
    return SeatView(
        state=state.state,
        advice=_reached(state.private, state.model),
        susceptibility=float(state.model.ears.susceptibility[state.index, 0]),
        asks=state.is_requester,
        held=state.held,
        offers={line: state.trying(line) for line in state.open_lines()},
    )


def _reached(position: float, model: AllianceModel) -> Level:
    return Level(int(council.answer([council.supports(position, bar) for bar in model.bars])))
