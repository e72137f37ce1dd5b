"""The start of a day in a role play: what is known before anybody decides.

Read off the agent engine itself, so that what a seat is told (who stands where, what each line
would say in council) cannot differ from what then happens.
"""

from __future__ import annotations

from dataclasses import dataclass

from foedus.data.terms import Level, Line, Stance
from foedus.model import council
from foedus.model.mesa_model import AllianceModel
from foedus.model.numbers import added_up
from foedus.roleplay.player_choice import PlayedMember


@dataclass(frozen=True)
class Offer:
    """A line that a seat may take, and what it would say with it to consult, support, deploy."""

    line: Line
    stances: tuple[Stance, Stance, Stance]


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
        private: Its advisers' view, from which the model would start, log-odds.
        advice: The highest level that this view reaches.
        susceptibility: How far such a government listens, 0 to 1.
        asks: Whether it is the requester, whose line is what it asks for and who does not vote.
        offers: Lines open to it.
        held: The line it took the day before; None where the model decided.
    """

    state: str
    private: float
    advice: Level
    susceptibility: float
    asks: bool
    offers: tuple[Offer, ...]
    held: Line | None


@dataclass(frozen=True)
class Morning:
    """The start of a day, before anybody decides; after the end, the day of the end.

    Attributes:
        day, intensity, asked, channel, bars, in_place: As in :class:`foedus.model.mesa_model.Day`.
        answer: The standing answer.
        sits: Whether the council sits on this day.
        soundings: All members, heaviest voice first.
        seats: One view for each seat.
        is_over: Whether the crisis has ended or the horizon is reached.
    """

    day: int
    intensity: float
    asked: float
    channel: float
    bars: tuple[float, float, float]
    answer: Level
    in_place: int
    sits: bool
    soundings: tuple[Sounding, ...]
    seats: tuple[SeatView, ...]
    is_over: bool

    @property
    def is_settled(self) -> bool:
        """Whether no line can change anything any more."""
        return self.is_over or self.answer is Level.DEPLOY


def morning_of(model: AllianceModel, seats: tuple[str, ...]) -> Morning:
    """Read the start of the next day off a model, which is of no further use afterwards."""
    is_over = not model.running
    if not is_over:
        _form_views(model)
    consult, support, deploy = (float(bar) for bar in model.bars)
    return Morning(
        day=model.day,
        intensity=float(model.crisis.intensity),
        asked=float(model.crisis.asked),
        channel=float(model.crisis.channel),
        bars=(consult, support, deploy),
        answer=model.council.answer,
        in_place=int(model.in_place()),
        sits=not is_over and model.council.sits(),
        soundings=_soundings(model),
        seats=tuple(
            _seat_view(s) for s in model.states if isinstance(s, PlayedMember) and s.state in seats
        ),
        is_over=is_over,
    )


def _form_views(model: AllianceModel) -> None:
    model.bars = model.crisis.bars()
    for state in model.states:
        state.form_view()


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


def _reached(position: float, model: AllianceModel) -> Level:
    reached = [bool(council.supports(position, bar)) for bar in model.bars]
    return Level(int(council.answer(reached)))


def _seat_view(state: PlayedMember) -> SeatView:
    model = state.model
    held = state.held
    return SeatView(
        state=state.state,
        private=float(state.private),
        advice=_reached(state.private, model),
        susceptibility=float(model.ears.susceptibility[state.index, 0]),
        asks=state.is_requester,
        offers=tuple(_offer(state, line) for line in open_lines(model, state)),
        held=held,
    )


def open_lines(model: AllianceModel, state: PlayedMember) -> tuple[Line, ...]:
    """Lines that a seat may take.

    The requester cannot stand aside from its own request, and nobody can where the council
    leaves no room below a bar (strict unanimity).
    """
    has_room = float(model.room) > 0
    return tuple(
        line for line in Line if line is not Line.ASIDE or (has_room and not state.is_requester)
    )


def _offer(state: PlayedMember, line: Line) -> Offer:
    """Try a line on: the engine itself says what it would mean in council."""
    state.held = line
    state.form_view()
    consult, support, deploy = (state.stance(Level(k)) for k in (1, 2, 3))
    return Offer(line, (consult, support, deploy))
