"""Role play: persons decide for some members, day by day; the model plays the rest.

A game is nothing but its decisions. Whatever else one wants to know (the day as a seat sees it,
the story so far, the same decisions under other chance) is lived again from them with the agent
engine, which takes milliseconds and cannot disagree with the record.

A line sets its member's position (:mod:`foedus.roleplay.player_choice`): the others hear that
position, the council weighs it, and troops go by it, just as with a modelled member. Three things
follow from the line itself: who stands aside blocks no level; an adversary that a person plays is
not bound to object; and the requester's line is what it asks for, formally, from that day on
(below `consult` it asks for nothing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Level, Line
from foedus.errors import UsageError, did_you_mean
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.mesa_model import AllianceModel
from foedus.model.request import FORMAL, NO_CHANNEL
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.model.situation import Chance, Codes
from foedus.model.story import Story
from foedus.roleplay.day import Morning, morning_of
from foedus.roleplay.player_choice import PlayedMember

Lines: TypeAlias = Mapping[str, Line]
"""Decisions of one day by state; a state that is absent is played by the model."""


@dataclass(frozen=True)
class Game:
    """One role play as decided so far.

    Attributes:
        setup, seed, run: The crisis, and the chance under which it is played.
        seats: States that persons hold, sorted.
        days: Decisions of each day lived.
    """

    setup: Setup
    seed: int
    run: int
    seats: tuple[str, ...]
    days: tuple[Lines, ...] = ()


def begin(setup: SetupLike, seats: Iterable[str], seed: int = 1, run: int = 0) -> Game:
    """Open a game.

    Args:
        seats: States that persons take, from none to all; more can be taken later.

    Raises:
        UsageError: If a state does not sit here, or the request is endogenous.
    """
    setup = setup_of(setup)
    taken = tuple(sorted(set(seats)))
    for state in taken:
        check_seat(setup, state)
    if setup.endogenous:
        raise UsageError("role play follows the request of history: leave endogenous requests off")
    return Game(setup, seed, run, taken)


def check_seat(setup: Setup, state: str) -> None:
    """Refuse a state that does not sit in this council.

    Raises:
        UsageError: If it does not.
    """
    sitting = sorted(setup.case.scenario.members)
    if state not in sitting:
        raise UsageError(f"no seat '{state}'{did_you_mean(state, sitting)}")


def line_of(word: str) -> Line:
    """The line of that name.

    Raises:
        UsageError: If there is none.
    """
    known = {line.label: line for line in Line}
    if word not in known:
        raise UsageError(f"unknown line '{word}'{did_you_mean(word, known)}")
    return known[word]


def decide(game: Game, lines: Lines) -> Game:
    """The game after one more day.

    Args:
        lines: What the seats decide for the day; the model plays a seat that is absent.

    Raises:
        UsageError: If the game is over, a state does not sit here, or a line is not open to it.
    """
    for state in lines:
        check_seat(game.setup, state)
    seated = replace(game, seats=tuple(sorted({*game.seats, *lines})))
    now = morning(seated)
    if now.is_over:
        raise UsageError(f"the crisis ended on day {now.day}: nothing is left to decide")
    for seat in now.seats:
        open_ones = [offer.line for offer in seat.offers]
        if lines.get(seat.state, open_ones[0]) not in open_ones:
            words = ", ".join(line.label for line in open_ones)
            found = lines[seat.state].label
            raise UsageError(f"{seat.state} cannot take the line '{found}' (open: {words})")
    return replace(seated, days=(*game.days, dict(lines)))


def play_on(game: Game) -> Game:
    """The game to its end, every seat holding the line it last took."""
    last = game.days[-1] if game.days else {}
    n_days = len(story_of(game, to_end=True).days)
    return replace(game, days=(*game.days, *([last] * (n_days - len(game.days)))))


def without(game: Game, *states: str) -> Game:
    """The same game with some seats handed to the model on every day."""
    days = tuple({s: line for s, line in day.items() if s not in states} for day in game.days)
    return replace(game, days=days)


def morning(game: Game) -> Morning:
    """The start of the day that is to be decided next."""
    with _lived(game) as model:
        return morning_of(model, game.seats)


def story_of(game: Game, *, to_end: bool = False) -> Story:
    """The days lived; with `to_end` the last lines stand until the crisis ends."""
    with _lived(game) as model:
        if to_end:
            model.live()
        return model.told(game.seed, game.run)


def answers(game: Game, n_runs: int) -> NDArray[np.int8]:
    """The answer (run,) that the same lines bring in runs ``0`` to ``n_runs - 1`` of the seed.

    The last lines stand to the end, so that a run that goes on longer is decided too.
    """
    chance, codes = _drawn(game, 0, n_runs)
    found = []
    for n in range(n_runs):
        with _begun(game.setup, codes.of_run(n), chance.of_run(n)) as model:
            _live_through(model, game.days)
            model.live()
            found.append(model.council.answer)
    return np.array(found, dtype=np.int8)


@contextmanager
def _lived(game: Game) -> Iterator[AllianceModel]:
    """The model after the days decided."""
    chance, codes = _drawn(game, game.run, game.run + 1)
    with _begun(game.setup, codes.of_run(0), chance.of_run(0)) as model:
        _live_through(model, game.days)
        yield model


def _drawn(game: Game, start: int, stop: int) -> tuple[Chance, Codes]:
    situation, drawn = game.setup.situation, game.setup.drawn_codes
    return (
        draw_chance(situation, game.seed, start, stop),
        draw_codes(situation, game.seed, start, stop, drawn=drawn),
    )


@contextmanager
def _begun(setup: Setup, codes: Codes, chance: Chance) -> Iterator[AllianceModel]:
    seats = dict.fromkeys(setup.situation.members, PlayedMember)
    model = AllianceModel(setup.situation, codes, setup.parameters, chance, members=seats)
    try:
        yield model
    finally:
        model.close()


def _live_through(model: AllianceModel, days: Iterable[Lines]) -> None:
    for lines in days:
        if not model.running:
            return
        _instruct(model, lines)
        model.step()


def _instruct(model: AllianceModel, lines: Lines) -> None:
    for state in model.agents.select(agent_type=PlayedMember):
        state.held = lines.get(state.state)
    wish = lines.get(model.situation.members[model.situation.requester])
    if wish is not None:
        asks = wish >= Line.CONSULT
        model.crisis.asked = float(wish) if asks else float(Level.NONE)
        model.crisis.channel = FORMAL if asks else NO_CHANNEL
