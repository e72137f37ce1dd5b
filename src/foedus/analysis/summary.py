"""What an ensemble says, each estimate with its Monte-Carlo error, and how it unfolds by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.frames import html_table, plain
from foedus.data.terms import LEVELS, Ending, Level
from foedus.model.array_engine import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import Ensemble
from foedus.model.ensemble import ensemble as simulated
from foedus.model.numbers import Array
from foedus.model.outcome import Outcome
from foedus.model.setup import Setup, SetupLike, setup_of

ENOUGH_DEPLOY = 30
"""Runs that deploy below which no number of troops is given; assumed."""

BLOCK = 1024
"""Runs traced together; results do not depend on it."""


@dataclass(frozen=True)
class Spread:
    """Median and the range that holds 90 % of the runs."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Summary:
    """An ensemble in a few numbers.

    Attributes:
        p_levels, errors: Probability of each level, and its standard error over runs (level,).
        decision_day: Days from day 0 to the answer, over runs with an answer; None where there is
            none.
        days_to_end: Day on which the crisis ended, over all runs.
        troops: Troops by state, and ``total``, over runs that deploy; empty where fewer than
            `ENOUGH_DEPLOY` do.
    """

    p_levels: tuple[float, ...]
    errors: tuple[float, ...]
    decision_day: Spread | None
    days_to_end: Spread
    p_quelled: float
    p_lost: float
    troops: dict[str, Spread]

    def __repr__(self) -> str:
        shares = ", ".join(f"{word} {p:.0%}" for word, p in zip(LEVELS, self.p_levels, strict=True))
        return f"<Summary: {shares}; ended {self.p_quelled:.0%}, lost {self.p_lost:.0%}>"

    def _repr_html_(self) -> str:
        rows = (
            (word, f"{p:.1%}", f"{100 * error:.1f}")
            for word, p, error in zip(LEVELS, self.p_levels, self.errors, strict=True)
        )
        return html_table(("answer", "probability", "± points"), rows, repr(self)[1:-1])

    @property
    def p_open(self) -> float:
        """Share of the runs in which the crisis goes on at the horizon."""
        return max(0.0, 1.0 - self.p_quelled - self.p_lost)

    @property
    def expected_level(self) -> float:
        """Mean level, 0 to 3."""
        return float(sum(k * p for k, p in enumerate(self.p_levels)))

    @property
    def most_probable(self) -> Level:
        """The level with the highest probability; the lower of two that tie."""
        return Level(int(np.argmax(self.p_levels)))


def level_probabilities(outcome: Outcome) -> Array:
    """Share of the runs that end at each level (level,)."""
    return np.bincount(outcome.level, minlength=len(LEVELS)) / outcome.n_runs


def typical_run(outcome: Outcome) -> int:
    """The first run that ends at the most frequent level."""
    return int(np.argmax(outcome.level == np.argmax(level_probabilities(outcome))))


def by_word(prefix: str, values: Iterable[float]) -> dict[str, float]:
    """Numbers of the levels (level,) as records and tables name them: ``p_none``, ``se_none``."""
    return {f"{prefix}_{word}": float(value) for word, value in zip(LEVELS, values, strict=True)}


def standard_error(p: float, n: int) -> float:
    """Standard error of a share `p` of `n` independent runs.

    A share of exactly 0 or 1 gets the error of half a run, so that no estimate looks certain.
    """
    held = min(max(p, 0.5 / n), 1.0 - 0.5 / n)
    return sqrt(held * (1.0 - held) / n)


def summarise(ensemble: Ensemble | SetupLike) -> Summary:
    """Probabilities with their Monte-Carlo errors, days, endings and troops of an ensemble.

    Args:
        ensemble: From :func:`foedus.model.ensemble.ensemble`; a setup, an id or a path stands for
            its ensemble of 1,000 runs under seed 1.
    """
    if not isinstance(ensemble, Ensemble):
        ensemble = simulated(ensemble)
    outcome = ensemble.outcome
    p_levels = tuple(level_probabilities(outcome).tolist())
    answered = outcome.level > Level.NONE
    deploys = outcome.level == Level.DEPLOY
    by_state = dict(zip(ensemble.members, outcome.troops[:, deploys], strict=True))
    by_state["total"] = outcome.troops[:, deploys].sum(axis=0)
    enough = deploys.sum() >= ENOUGH_DEPLOY
    return Summary(
        p_levels=p_levels,
        errors=tuple(standard_error(p, ensemble.n_runs) for p in p_levels),
        decision_day=_spread(outcome.day_decided[answered]) if answered.any() else None,
        days_to_end=_spread(outcome.day_ended),
        p_quelled=float(np.mean(outcome.ending == Ending.QUELLED)),
        p_lost=float(np.mean(outcome.ending == Ending.LOST)),
        troops={state: _spread(row) for state, row in by_state.items()} if enough else {},
    )


def _spread(values: NDArray[np.integer]) -> Spread:
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return Spread(float(median), float(low), float(high))


def as_record(ensemble: Ensemble) -> dict[str, object]:
    """The summary and its provenance as plain values, for JSON."""
    summary, setup = summarise(ensemble), ensemble.setup
    scenario = setup.case.scenario
    history, values = scenario.history, plain(summary)
    del values["p_levels"], values["errors"]
    return {
        "id": scenario.id,
        "title": scenario.title,
        "alliance": scenario.alliance,
        "asked": scenario.crisis.asked.value,
        "history": history.level if history else None,
        **by_word("p", summary.p_levels),
        **by_word("se", summary.errors),
        **values,
        "history_troops": {k: list(v) for k, v in history.troops.items()} if history else {},
        "seed": ensemble.seed,
        "n_runs": ensemble.n_runs,
        "theory": setup.theory.title if setup.theory else None,
        "rule": str(setup.situation.rule),
        **setup.draws,
        "settings": {**setup.settings.parameters, **setup.settings.attributes},
        "without": list(setup.without),
        "stances": {state: stance.label for state, stance in setup.stances.items()},
        "parameters": setup.parameters,
        "scenario_hash": setup.case.digest,
        "version": ensemble.version,
    }


@dataclass(frozen=True)
class Unfolding:
    """Shares of the runs by day; row t is the end of day t.

    Attributes:
        answers: Share of the runs in which each level stands (day, level).
        quelled, lost: Share in which the crisis has ended so (day,).
        in_place: Mean number of troops in place (day,).
    """

    answers: Array
    quelled: Array
    lost: Array
    in_place: Array
    n_runs: int


def unfold(setup: SetupLike, n_runs: int, seed: int) -> Unfolding:
    """Trace the runs ``0`` to ``n_runs - 1`` of the ensemble of `seed`, each day of each."""
    setup = setup_of(setup)
    parts = [_traced(setup, seed, low, min(low + BLOCK, n_runs)) for low in range(0, n_runs, BLOCK)]
    answers, quelled, lost, in_place = (sum(part) / n_runs for part in zip(*parts, strict=True))
    return Unfolding(answers, quelled, lost, in_place, n_runs)


def _traced(setup: Setup, seed: int, low: int, high: int) -> tuple[Array, Array, Array, Array]:
    """Sums over some runs: standing answers (day, level), endings and troops (day,)."""
    situation = setup.situation
    chance = draw_chance(situation, seed, low, high, with_doubt=setup.endogenous)
    codes = draw_codes(situation, seed, low, high, drawn=setup.drawn_codes)
    outcome, trace = simulate_traced(situation, codes, setup.parameters, chance)
    over = outcome.day_ended <= np.arange(1, situation.horizon_days + 1)[:, None]
    quelled, lost = (
        (over & (outcome.ending == ending)).sum(axis=1) * 1.0
        for ending in (Ending.QUELLED, Ending.LOST)
    )
    answers = np.stack([(trace.answer == level).sum(axis=1) for level in Level], axis=1) * 1.0
    return answers, quelled, lost, trace.in_place.sum(axis=1)
