"""After a role play: what the persons decided, what the model would have done, and what happened.

Four things are set side by side: the run as played; the same run, under the same chance, with
the model in every seat; history; and what each theory expected of this crisis. Whether a seat
mattered is found by handing that seat alone back to the model and living the days again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.frames import plain
from foedus.analysis.summary import by_word, standard_error
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Line, Stance
from foedus.data.theory import theories
from foedus.model.ensemble import DEFAULT_RUNS, ensemble
from foedus.model.outcome import Story
from foedus.model.setup import Setup
from foedus.roleplay.game import Game, answers, play_on, story_of, without

RUNS_WITH_LINES = 200
"""Runs in which the same lines are tried under other chance; agents are slower than arrays."""


@dataclass(frozen=True)
class Stretch:
    """Days over which a seat held one line; None where the model decided."""

    line: Line | None
    first: int
    last: int


@dataclass(frozen=True)
class SeatReview:
    """One seat looked back on.

    Attributes:
        lines: Its lines in order.
        model_says: What the model's own government would have said to consult, support and deploy
            on the day of decision (or the last day) of the run without persons.
        answer_without_it: The answer, had the model played this seat alone.
        history: What the state said then, where it is known.
        troops, history_troops: Troops it sent here; and the lowest and highest figure reported.
    """

    state: str
    lines: tuple[Stretch, ...]
    model_says: tuple[Stance, Stance, Stance]
    answer_without_it: Level
    history: str | None
    troops: int
    history_troops: tuple[int, int] | None


@dataclass(frozen=True)
class Odds:
    """Probability of each level, its standard error over runs, and whose it is."""

    name: str
    p_levels: tuple[float, ...]
    errors: tuple[float, ...]
    claim: str = ""


@dataclass(frozen=True)
class Debrief:
    """A role play looked back on.

    Attributes:
        played, modelled: The run as played to its end, and the same run with the model in every
            seat.
        history: What the alliance did; None where the case has no history.
        seats: One review for each seat.
        with_lines, without_lines: Odds of the answer over many runs with the same lines, and
            without.
        theories: Odds under each theory; the full model first.
    """

    case: Case
    played: Story
    modelled: Story
    history: Level | None
    seats: tuple[SeatReview, ...]
    with_lines: Odds
    without_lines: Odds
    theories: tuple[Odds, ...]


def debrief(game: Game, n_runs: int = DEFAULT_RUNS, n_with_lines: int = RUNS_WITH_LINES) -> Debrief:
    """Look back on a game; one that is not over is played on with the last lines.

    Each theory is asked about the case as it is: a rule set by hand would hide what it claims.

    Args:
        n_runs: Runs for each theory.
        n_with_lines: Runs in which the same lines are tried under other chance.
    """
    finished, setup = play_on(game), game.setup
    played = story_of(finished)
    modelled = story_of(without(finished, *finished.seats), to_end=True)

    def simulated(setup: Setup) -> NDArray[np.int8]:
        return ensemble(setup, n_runs, game.seed).outcome.level

    return Debrief(
        case=setup.case,
        played=played,
        modelled=modelled,
        history=setup.case.scenario.answer,
        seats=tuple(_review(finished, played, modelled, state) for state in finished.seats),
        with_lines=_odds("With your choices", answers(finished, n_with_lines)),
        without_lines=_odds("Without you", simulated(setup)),
        theories=tuple(
            _odds(one.title, simulated(setup.having(theory=one, rule=None)), one.claim)
            for one in theories().values()
        ),
    )


def _review(game: Game, played: Story, modelled: Story, state: str) -> SeatReview:
    decided = modelled.day_decided if modelled.day_decided >= 0 else len(modelled.days) - 1
    alone = next(m for m in modelled.days[decided].members if m.state == state)
    history = game.setup.case.scenario.history
    return SeatReview(
        state=state,
        lines=tuple(stretches(game, state)),
        model_says=alone.stances,
        answer_without_it=story_of(without(game, state), to_end=True).level,
        history=history.stances.get(state) if history else None,
        troops=played.troops[state],
        history_troops=history.troops.get(state) if history else None,
    )


def stretches(game: Game, state: str) -> Iterator[Stretch]:
    """The lines of one seat, days with the same line taken together."""
    held = [(lines.get(state), day) for day, lines in enumerate(game.days)]
    for line, days in groupby(held, key=lambda pair: pair[0]):
        span = [day for _, day in days]
        yield Stretch(line, span[0], span[-1])


def _odds(name: str, levels: NDArray[np.int8], claim: str = "") -> Odds:
    """How often each answer came in the runs (run,)."""
    n = len(levels)
    shares = [float(share) for share in np.bincount(levels, minlength=len(LEVELS)) / n]
    return Odds(name, tuple(shares), tuple(standard_error(p, n) for p in shares), claim)


def as_record(review: Debrief) -> dict[str, object]:
    """A debrief as plain values, for JSON."""
    return {
        "scenario": review.case.id,
        "seed": review.played.seed,
        "run": review.played.run,
        "played": _story_record(review.played),
        "modelled": _story_record(review.modelled),
        "history": plain(review.history),
        "seats": plain(review.seats),
        "with_lines": _odds_record(review.with_lines),
        "without_lines": _odds_record(review.without_lines),
        "theories": [_odds_record(odds) for odds in review.theories],
    }


def _story_record(story: Story) -> dict[str, object]:
    told = ("level", "day_decided", "day_ended", "ending", "troops")
    return {name: plain(getattr(story, name)) for name in told}


def _odds_record(odds: Odds) -> dict[str, object]:
    return {
        "name": odds.name,
        **by_word("p", odds.p_levels),
        **by_word("se", odds.errors),
    }
