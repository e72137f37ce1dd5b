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

from foedus.data.library import Case
from foedus.data.sessions import Session
from foedus.data.terms import Level, Line
from foedus.data.theory import theories, theory
from foedus.errors import InputError, UsageError, did_you_mean, named
from foedus.model.mesa_model import AllianceModel
from foedus.model.outcome import Story
from foedus.model.request import FORMAL, NO_CHANNEL
from foedus.model.setup import Setup, SetupLike, prepare, setup_of
from foedus.roleplay.player_choice import Morning, PlayedMember, morning_of

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

    def seating(self, states: Iterable[str]) -> Game:
        """The game with persons in more seats.

        Raises:
            UsageError: If a state does not sit in this council.
        """
        taken, sitting = sorted({*self.seats, *states}), sorted(self.setup.case.scenario.members)
        for state in taken:
            if state not in sitting:
                raise UsageError(f"no seat '{state}'{did_you_mean(state, sitting)}")
        return replace(self, seats=tuple(taken))


def begin(setup: SetupLike, seats: Iterable[str], seed: int = 1, run: int = 0) -> Game:
    """Open a game.

    Args:
        seats: States that persons take, from none to all; more can be taken later.

    Raises:
        UsageError: If a state does not sit here, or the request is endogenous.
    """
    game = Game(setup_of(setup), seed, run, ()).seating(seats)
    if game.setup.endogenous:
        raise UsageError("role play follows the request of history: leave endogenous requests off")
    return game


def line_of(word: str) -> Line:
    """The line of that name.

    Raises:
        UsageError: If there is none.
    """
    return named("line", word, {line.label: line for line in Line})


def decide(game: Game, lines: Lines) -> Game:
    """The game after one more day.

    Args:
        lines: What the seats decide for the day; the model plays a seat that is absent.

    Raises:
        UsageError: If the game is over, a state does not sit here, or a line is not open to it.
    """
    seated = game.seating(lines)
    now = morning(seated)
    if now.is_over:
        raise UsageError(f"the crisis ended on day {now.day}: nothing is left to decide")
    for state, line in lines.items():
        now.check(state, line)
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
    runs = (replace(game, run=run) for run in range(n_runs))
    return np.array([story_of(one, to_end=True).level for one in runs], dtype=np.int8)


@contextmanager
def _lived(game: Game) -> Iterator[AllianceModel]:
    """The model after the days decided."""
    played = dict.fromkeys(game.setup.situation.members, PlayedMember)
    model = AllianceModel.from_setup(
        game.setup, game.run, game.seed, members=played, collects=False
    )
    try:
        for lines in game.days:
            _instruct(model, lines)
            model.step()
        yield model
    finally:
        model.close()


def _instruct(model: AllianceModel, lines: Lines) -> None:
    for state in model.agents.select(agent_type=PlayedMember):
        state.held = lines.get(state.state)
    wish = lines.get(model.situation.members[model.situation.requester])
    if wish is not None:
        asks = wish >= Line.CONSULT
        model.crisis.asked = float(wish) if asks else float(Level.NONE)
        model.crisis.channel = FORMAL if asks else NO_CHANNEL


def session_of(game: Game) -> Session:
    """The game as a record to save.

    Raises:
        UsageError: If it holds what a session does not: calibrated parameters, absent members, set
            stances, a theory from a file.
    """
    setup = game.setup
    if setup.without or setup.stances:
        raise UsageError("a role play without some members, or with set stances, cannot be saved")
    if setup.calibrated:
        raise UsageError("a role play with calibrated parameters cannot be saved")
    name = next((name for name, held in theories().items() if held == setup.theory), None)
    if setup.theory is not None and name is None:
        raise UsageError("a session cannot be saved under a theory from a file")
    return Session.model_validate(
        {
            "session_version": 1,
            "scenario": setup.case.id,
            "digest": setup.case.digest,
            "seed": game.seed,
            "run": game.run,
            "settings": {**setup.settings.parameters, **setup.settings.attributes},
            "rule": setup.rule,
            "theory": name,
            "request": setup.request,
            "drawn_codes": setup.drawn_codes,
            "seats": game.seats,
            "days": [{s: line.label for s, line in day.items()} for day in game.days],
        }
    )


def game_of(session: Session, case: Case) -> Game:
    """Open a saved game again; its decisions are lived through and checked one by one.

    Args:
        case: The case that the session names.

    Raises:
        InputError: If the session does not fit the case.
    """
    if session.scenario != case.id:
        raise InputError(f"the session plays '{session.scenario}', not '{case.id}'")
    try:
        setup = prepare(
            case,
            session.settings,
            rule=session.rule,
            theory=None if session.theory is None else theory(session.theory),
            request=session.request,
            drawn_codes=session.drawn_codes,
        )
        game = begin(setup, session.seats, session.seed, session.run)
        for day in session.days:
            game = decide(game, {state: line_of(word) for state, word in day.items()})
    except UsageError as error:
        raise InputError(f"the session cannot be played: {error}") from None
    return game
