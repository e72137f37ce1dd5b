"""Role play: persons decide for some members, day by day; the model plays the rest.

A game is nothing but its decisions. Whatever else one wants to know (the day as a seat sees it,
the story so far, the same decisions under other chance) is lived again from them with the agent
engine, which takes milliseconds and cannot disagree with the record.

A line sets its member's position (:mod:`foedus.core.line`): the others hear that position, the
council weighs it, and men are sent by it, just as with a modelled member. Two things follow from
the line itself: who stands aside blocks no level, and the requester's line is what it asks for,
formally, from that day on (no line below `consult`: it asks for nothing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.core import council
from foedus.core.line import position_of
from foedus.core.request import FORMAL, NO_CHANNEL
from foedus.core.situation import Chance, Codes
from foedus.data.sessions import Session
from foedus.data.terms import LEVELS, Ending, Level, Line, Stance
from foedus.engines.agents import AllianceModel, Day, Story
from foedus.engines.chance import draw_chance, draw_codes
from foedus.engines.ensemble import Setup, prepare
from foedus.errors import UsageError, did_you_mean

Lines = Mapping[str, Line]
"""Decisions of one day by state; a state that is absent is played by the model."""


@dataclass(frozen=True)
class Game:
    """One role play as decided so far.

    Attributes
    ----------
    setup, seed, run
        The crisis, and the chance under which it is played.
    seats
        States that persons hold, sorted.
    days
        Decisions of each day lived.
    """

    setup: Setup
    seed: int
    run: int
    seats: tuple[str, ...]
    days: tuple[Lines, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A line that a seat may take, and what it would say with it to consult, support, deploy."""

    line: Line
    stances: tuple[Stance, Stance, Stance]


@dataclass(frozen=True)
class Sounding:
    """What is heard of one member before the talk of the day.

    Attributes
    ----------
    position
        Where it stood last (on day 0: its own first view), log-odds.
    backs
        The highest level that this position reaches.
    weight
        Share of what the whole council hears that is its voice.
    """

    state: str
    position: float
    backs: Level
    weight: float


@dataclass(frozen=True)
class SeatView:
    """What one government knows on its own account.

    Attributes
    ----------
    private
        Its advisers' view, which the model would start from, log-odds.
    susceptibility
        How far such a government listens, 0 to 1.
    offers
        Lines open to it.
    held
        Its line of the day before, where a person decided it.
    """

    state: str
    private: float
    susceptibility: float
    offers: tuple[Offer, ...]
    held: Line | None


@dataclass(frozen=True)
class Morning:
    """The start of a day, before anybody decides; after the end, the day of the end.

    Attributes
    ----------
    day, intensity, asked, channel, bars, in_place
        As in :class:`foedus.engines.agents.Day`.
    answer
        The standing answer.
    sits
        Whether the council sits today.
    soundings
        All members, heaviest voice first.
    seats
        One view for each seat.
    is_over
        Whether nothing is left to decide.
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


def begin(setup: Setup, seats: Iterable[str], seed: int = 1, run: int = 0) -> Game:
    """Open a game.

    Parameters
    ----------
    seats
        States that persons take, from one to all; more can be taken later.

    Raises
    ------
    UsageError
        If a state does not sit here, no seat is taken, or the request is endogenous.
    """
    taken = tuple(sorted(set(seats)))
    if not taken:
        raise UsageError("nobody takes a seat: name at least one state")
    for state in taken:
        _known_seat(setup, state)
    if setup.endogenous:
        raise UsageError("role play follows the request of history: leave endogenous requests off")
    return Game(setup, seed, run, taken)


def _known_seat(setup: Setup, state: str) -> None:
    sitting = sorted(setup.case.scenario.members)
    if state not in sitting:
        raise UsageError(f"no seat '{state}'{did_you_mean(state, sitting)}")


def line_of(word: str) -> Line:
    """The line of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    known = {line.label: line for line in Line}
    if word not in known:
        raise UsageError(f"unknown line '{word}'{did_you_mean(word, known)}")
    return known[word]


def decide(game: Game, lines: Lines) -> Game:
    """The game after one more day.

    Parameters
    ----------
    lines
        What the seats decide for the day; the model plays a seat that is absent.

    Raises
    ------
    UsageError
        If the game is over, a state does not sit here, or a line is not open to it.
    """
    now = morning(replace(game, seats=tuple(sorted({*game.seats, *lines}))))
    if now.is_over:
        raise UsageError(f"the crisis ended on day {now.day}: nothing is left to decide")
    for seat in now.seats:
        if seat.state in lines and lines[seat.state] not in [o.line for o in seat.offers]:
            open_ones = ", ".join(offer.line.label for offer in seat.offers)
            found = lines[seat.state].label
            raise UsageError(f"{seat.state} cannot take the line '{found}' (open: {open_ones})")
    seats = tuple(seat.state for seat in now.seats)
    return replace(game, seats=seats, days=(*game.days, dict(lines)))


def play_on(game: Game) -> Game:
    """The game to its end, every seat holding the line it last took."""
    last = game.days[-1] if game.days else {}
    n_days = len(story_so_far(game, to_end=True).days)
    return replace(game, days=(*game.days, *([last] * (n_days - len(game.days)))))


def morning(game: Game) -> Morning:
    """The start of the day that is to be decided next.

    Raises
    ------
    UsageError
        If a seat or a decision does not fit the crisis.
    """
    with _lived(game) as model:
        _look(model)
        return _morning(game, model)


def story_so_far(game: Game, *, to_end: bool = False) -> Story:
    """The days lived; `to_end` lets the last lines stand until the crisis ends."""
    with _lived(game) as model:
        if to_end:
            model.live()
        return _story(game, model)


def answers(game: Game, n_runs: int) -> NDArray[np.int8]:
    """The answer (run,) that the same lines bring in runs ``0`` to ``n_runs - 1``.

    The last lines stand to the end, so that a run that goes on longer is decided too.
    """
    setup = game.setup
    situation, parameters = setup.situation, setup.parameters
    chance = draw_chance(situation, game.seed, 0, n_runs)
    codes = draw_codes(situation, game.seed, 0, n_runs, drawn=setup.drawn_codes)
    found = []
    for n in range(n_runs):
        model = AllianceModel(situation, codes.of_run(n), parameters, chance.of_run(n))
        with _closing(model):
            _live(model, game.days)
            model.live()
            found.append(model.council.answer)
    return np.array(found, dtype=np.int8)


def session_of(game: Game) -> Session:
    """The game as a record to save."""
    setup = game.setup
    return Session(
        session_version=1,
        scenario=setup.case.id,
        digest=setup.case.digest,
        seed=game.seed,
        run=game.run,
        settings={**setup.settings.parameters, **setup.settings.attributes},
        rule=setup.rule,
        theory=setup.theory_name,
        seats=game.seats,
        days=tuple({state: line.label for state, line in day.items()} for day in game.days),
    )


def game_of(session: Session, case: Case | None = None) -> Game:
    """Open a saved game again, and live through its decisions to check them."""
    raise NotImplementedError
