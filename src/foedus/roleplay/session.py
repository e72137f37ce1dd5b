"""Games of a role play to saved sessions and back."""

from __future__ import annotations

from foedus.data.library import Case
from foedus.data.sessions import Session
from foedus.data.theory import theories, theory
from foedus.errors import InputError, UsageError
from foedus.model.setup import Setup, prepare
from foedus.roleplay.game import Game, begin, decide, line_of


def session_of(game: Game) -> Session:
    """The game as a record to save.

    Raises:
        UsageError: If it holds what a session does not: calibrated parameters, absent members, set
            stances.
    """
    setup = game.setup
    if setup.without or setup.stances:
        raise UsageError("a role play without some members, or with set stances, cannot be saved")
    if setup.calibrated:
        raise UsageError("a role play with calibrated parameters cannot be saved")
    return Session.model_validate(
        {
            "session_version": 1,
            "scenario": setup.case.id,
            "digest": setup.case.digest,
            "seed": game.seed,
            "run": game.run,
            "settings": {**setup.settings.parameters, **setup.settings.attributes},
            "rule": setup.rule,
            "theory": _name_of_theory(setup),
            "request": setup.request,
            "drawn_codes": setup.drawn_codes,
            "seats": game.seats,
            "days": [{s: line.label for s, line in day.items()} for day in game.days],
        }
    )


def _name_of_theory(setup: Setup) -> str | None:
    """The name under which the theory is found again; a session names no file."""
    if setup.theory is None:
        return None
    name = next((name for name, held in theories().items() if held == setup.theory), None)
    if name is None:
        raise UsageError("a session cannot be saved under a theory from a file")
    return name


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


def is_changed(session: Session, case: Case) -> bool:
    """Whether the scenario says something else now than when the session was saved."""
    return session.digest != case.digest
