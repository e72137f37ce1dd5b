"""After a role play: what the persons decided, what the model would have done, and what happened.

Four things are set side by side: the run as played; the same run, under the same chance, with
the model in every seat; history; and what each theory expected of this crisis. Whether a seat
mattered is found by handing that seat alone back to the model and living the days again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from foedus.analysis.summary import by_word, standard_error, summarise
from foedus.data.library import Case
from foedus.data.terms import Ending, Level, Line, Stance
from foedus.data.theory import theories
from foedus.model.ensemble import DEFAULT_RUNS, ensemble
from foedus.model.setup import Setup
from foedus.model.story import Story
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
        stretches: Its lines in order.
        model_says: What the model's own government would have said to consult, support and deploy
            on the day of decision (or the last day) of the run without persons.
        without_it: The answer, had the model played this seat alone.
        history: What the state said then, where it is known.
        troops, history_troops: Troops it sent here; and the lowest and highest figure reported.
    """

    state: str
    stretches: tuple[Stretch, ...]
    model_says: tuple[Stance, Stance, Stance]
    without_it: Level
    history: str | None
    troops: int
    history_troops: tuple[int, int] | None


@dataclass(frozen=True)
class Odds:
    """Probability of each level, its standard error over runs, and whose it is."""

    name: str
    claim: str
    p_levels: tuple[float, ...]
    errors: tuple[float, ...]


@dataclass(frozen=True)
class Debrief:
    """A role play looked back on.

    Attributes:
        played, modelled: The run as played to its end, and the same run with the model in every
            seat.
        seats: One review for each seat.
        with_lines, without_lines: Odds of the answer over many runs with the same lines, and
            without.
        theories: Odds under each theory; the full model first.
        history: What the alliance did; None where the case has no history.
    """

    case: Case
    played: Story
    modelled: Story
    seats: tuple[SeatReview, ...]
    with_lines: Odds
    without_lines: Odds
    theories: tuple[Odds, ...]

    @property
    def history(self) -> Level | None:
        """What the alliance did; None where the case has no history."""
        return self.case.scenario.answer


def debrief(game: Game, n_runs: int = DEFAULT_RUNS, n_with_lines: int = RUNS_WITH_LINES) -> Debrief:
    """Look back on a game; one that is not over is played on with the last lines.

    Args:
        n_runs: Runs for each theory.
        n_with_lines: Runs in which the same lines are tried under other chance.
    """
    finished = play_on(game)
    played = story_of(finished)
    modelled = story_of(without(finished, *finished.seats), to_end=True)
    tried = answers(finished, n_with_lines)
    return Debrief(
        case=game.setup.case,
        played=played,
        modelled=modelled,
        seats=tuple(_review(finished, played, modelled, state) for state in finished.seats),
        with_lines=_odds("With your choices", "", [int((tried == k).sum()) for k in Level]),
        without_lines=_theory_odds("Without you", "", game.setup, n_runs, game.seed),
        theories=tuple(_all_theories(game.setup, n_runs, game.seed)),
    )


def _review(game: Game, played: Story, modelled: Story, state: str) -> SeatReview:
    decided = modelled.day_decided if modelled.day_decided >= 0 else len(modelled.days) - 1
    alone = next(m for m in modelled.days[decided].members if m.state == state)
    history = game.setup.case.scenario.history
    return SeatReview(
        state=state,
        stretches=tuple(stretches(game, state)),
        model_says=alone.stances,
        without_it=story_of(without(game, state), to_end=True).level,
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


def _all_theories(setup: Setup, n_runs: int, seed: int) -> Iterator[Odds]:
    """Each theory on the case as it is: a rule set by hand would hide what a theory claims."""
    for theory in theories().values():
        held = setup.having(theory=theory, rule=None)
        yield _theory_odds(theory.title, theory.claim, held, n_runs, seed)


def _theory_odds(name: str, claim: str, setup: Setup, n_runs: int, seed: int) -> Odds:
    summary = summarise(ensemble(setup, n_runs, seed))
    return Odds(name, claim, summary.p_levels, summary.errors)


def _odds(name: str, claim: str, counts: list[int]) -> Odds:
    n = sum(counts)
    shares = tuple(count / n for count in counts)
    return Odds(name, claim, shares, tuple(standard_error(p, n) for p in shares))


def as_record(review: Debrief) -> dict[str, object]:
    """A debrief as plain values, for JSON."""
    return {
        "scenario": review.case.id,
        "seed": review.played.seed,
        "run": review.played.run,
        "played": _story_record(review.played),
        "modelled": _story_record(review.modelled),
        "history": review.history.label if review.history is not None else None,
        "seats": [_seat_record(seat) for seat in review.seats],
        "with_lines": _odds_record(review.with_lines),
        "without_lines": _odds_record(review.without_lines),
        "theories": [_odds_record(odds) for odds in review.theories],
    }


def _story_record(story: Story) -> dict[str, object]:
    return {
        "level": story.level.label,
        "day_decided": story.day_decided,
        "day_ended": story.day_ended,
        "ending": Ending(story.ending).label,
        "troops": story.troops,
    }


def _seat_record(seat: SeatReview) -> dict[str, object]:
    return {
        "state": seat.state,
        "lines": [
            {"line": s.line.label if s.line is not None else None, "first": s.first, "last": s.last}
            for s in seat.stretches
        ],
        "model_says": [stance.label for stance in seat.model_says],
        "answer_without_it": seat.without_it.label,
        "history": seat.history,
        "troops": seat.troops,
        "history_troops": list(seat.history_troops) if seat.history_troops else None,
    }


def _odds_record(odds: Odds) -> dict[str, object]:
    return {
        "name": odds.name,
        **by_word("p", odds.p_levels),
        **by_word("se", odds.errors),
    }
