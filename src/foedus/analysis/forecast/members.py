"""What each member said, forecast without its crisis: the level at which influence must show.

The history blocks record what members said to the answer on the table: support, abstain or
object. The model is asked for the same, with nothing fitted: every run draws its parameters from
their priors, and a member's stance is read on the day of the answer. Beside it stand the model
without influence, and baselines that learn from the other crises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.regression import ordered_logit
from foedus.analysis.forecast.requests import ranked
from foedus.analysis.inference.likelihood import ANSWER_DAYS, within_window
from foedus.analysis.inference.priors import answering, spread_draws
from foedus.analysis.intervals import grouped, mean_interval, skill_interval
from foedus.analysis.notebook_table import html_table, span
from foedus.data.library import Case
from foedus.data.schema import mean
from foedus.data.terms import LEVELS, Level, Stance
from foedus.errors import InputError
from foedus.model import council
from foedus.model.array_engine import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.initialization import fixed_of
from foedus.model.numbers import Array
from foedus.model.setup import Setup

FULL, WITHOUT = "foedus, averaged over its priors", "foedus without influence (rho 0)"
REFERENCE = "base rate"
LOOSE = 0.04
"""Precision of the prior on the slope of a regression on one code."""


@dataclass(frozen=True)
class Said:
    """One recorded stance.

    Attributes
    ----------
    level
        The answer on the table: history's, or where that is none what was asked for.
    """

    case: Case
    state: str
    stance: Stance
    level: Level

    @property
    def answer(self) -> str | None:
        """History's answer."""
        history = self.case.scenario.history
        return history.level if history else None


@dataclass(frozen=True)
class MemberForecaster:
    """One forecaster of stances.

    Attributes
    ----------
    forecasts
        Probability to object, abstain and support (row, stance).
    score, brier
        Ranked probability score over the three stances, 0 to 2, and squared error of the
        probability to support (row,); lower is better.
    skill, interval
        Of the ranked score against the base rate, with its 90 % interval (whole alliances).
    p_ranked
        Probability that a supporter is given more than one that was none.
    """

    name: str
    forecasts: Array
    score: Array
    brier: Array
    skill: float
    interval: tuple[float, float]
    p_ranked: float

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"<MemberForecaster {self.name!r}: skill {self.skill:+.3f} ({low:+.2f} to {high:+.2f})>"
        )


@dataclass(frozen=True)
class MemberTable:
    """All recorded stances and who forecast them.

    Attributes
    ----------
    influence, influence_interval
        What rho adds: mean ranked score without influence less that with it (above 0: influence
        helps), and its 90 % interval (whole alliances drawn again).
    """

    rows: tuple[Said, ...]
    forecasters: tuple[MemberForecaster, ...]
    influence: float
    influence_interval: tuple[float, float]

    def forecaster(self, name: str) -> MemberForecaster:
        """The forecaster of that name."""
        return next(one for one in self.forecasters if one.name == name)

    def __repr__(self) -> str:
        low, high = self.influence_interval
        return (
            f"<MemberTable: {len(self.rows)} stances, influence adds {self.influence:+.4f} "
            f"({low:+.4f} to {high:+.4f})>"
        )

    def _repr_html_(self) -> str:
        rows = (
            [
                *(f.name, f"{f.score.mean():.3f}", f"{f.brier.mean():.3f}"),
                *(f"{f.skill:+.2f}", span(f.interval)),
            ]
            for f in self.forecasters
        )
        heads = ("forecast", "ranked score", "Brier of support", "skill", "90 % interval")
        return html_table(heads, rows)


def member_table(cases: Iterable[Case], n_runs: int = 1024, seed: int = 1) -> MemberTable:
    """Forecast every recorded stance, each without its crisis.

    Parameters
    ----------
    n_runs
        Runs of each crisis, each with parameters of its own.

    Raises
    ------
    InputError
        If fewer than two crises have recorded stances.
    """
    rows = said(cases)
    if len({row.case.id for row in rows}) < 2:
        raise InputError("expected recorded stances in at least 2 crises")
    observed = np.array([row.stance - Stance.OBJECT for row in rows])
    forecasts = {**baselines(rows, observed), **_of_model(rows, n_runs, seed)}
    groups = grouped([row.case.scenario.alliance for row in rows])
    base = ranked_score(forecasts[REFERENCE], observed)
    found = tuple(_judged(name, given, observed, base, groups) for name, given in forecasts.items())
    by_name = {one.name: one.score for one in found}
    gain = by_name[WITHOUT] - by_name[FULL]
    return MemberTable(tuple(rows), found, float(gain.mean()), mean_interval(gain, groups))


def said(cases: Iterable[Case]) -> list[Said]:
    """Every stance that the history blocks record of a member that sits and did not ask."""
    rows = []
    for case in cases:
        scenario, history = case.scenario, case.scenario.history
        if history is None:
            continue
        asked = Level(int(np.ceil(scenario.crisis.asked.value)))
        answered = Level(LEVELS.index(history.level))
        level = max(answered or asked, Level.CONSULT)
        rows += [
            Said(case, state, Stance[word.upper()], Level(level))
            for state, word in sorted(history.stances.items())
            if state in scenario.members and state != scenario.requester
        ]
    return rows


def ranked_score(forecasts: Array, observed: NDArray[np.integer]) -> Array:
    """Ranked probability score over object, abstain and support (row,), 0 to 2.

    Parameters
    ----------
    forecasts
        Probabilities (row, stance).
    observed
        0, 1 or 2 (row,).
    """
    foreseen = np.cumsum(forecasts, axis=1)[:, :-1]
    return np.asarray(((foreseen - (observed[:, None] <= [0, 1])) ** 2).sum(axis=1))


def _judged(
    name: str, given: Array, observed: NDArray[np.integer], base: Array, groups: NDArray[np.integer]
) -> MemberForecaster:
    score, supports = ranked_score(given, observed), observed == 2
    return MemberForecaster(
        name=name,
        forecasts=given,
        score=score,
        brier=(given[:, 2] - supports) ** 2,
        skill=float(1.0 - score.mean() / base.mean()),
        interval=skill_interval(score, base, groups),
        p_ranked=ranked(given[supports, 2], given[~supports, 2]),
    )


def baselines(rows: list[Said], observed: NDArray[np.integer]) -> dict[str, Array]:
    """Forecasts that any model must beat, each learned from the other crises (row, stance)."""
    lead = {row.case.id: row.stance for row in rows if row.state == row.case.patron}
    codes = [row.case.scenario.members[row.state] for row in rows]
    alignment = np.array([mean(code.alignment) for code in codes])
    capability = np.array([mean(code.capability) for code in codes])
    return {
        REFERENCE: _alike(rows, observed, lambda _: 0),
        "the lead state's stance": _alike(
            rows, observed, lambda row: (row.state == row.case.patron, lead.get(row.case.id))
        ),
        "the answer": _alike(rows, observed, lambda row: row.answer),
        "alignment alone": _regressed(rows, observed, alignment),
        "capability alone": _regressed(rows, observed, capability),
    }


def _others(rows: list[Said], case: str) -> NDArray[np.bool_]:
    return np.array([row.case.id != case for row in rows])


def _alike(
    rows: list[Said], observed: NDArray[np.integer], kind: Callable[[Said], object]
) -> Array:
    """Shares of the stances of members of the same kind in other crises, one of each added.

    What is added is spread as among all members of other crises, one of each added there.
    """
    kinds, found = [kind(row) for row in rows], []
    for i, row in enumerate(rows):
        others = _others(rows, row.case.id)
        same = others & np.array([other == kinds[i] for other in kinds])
        every = np.bincount(observed[others], minlength=3) + 1.0
        counts = np.bincount(observed[same], minlength=3) + every / every.sum()
        found.append(counts / counts.sum())
    return np.stack(found)


def _regressed(rows: list[Said], observed: NDArray[np.integer], code: Array) -> Array:
    """An ordered logit on one code, fitted to the other crises, smoothed by one case."""
    found = np.zeros((len(rows), 3))
    for case in {row.case.id for row in rows}:
        others = _others(rows, case)
        known, levels, new = code[others], observed[others], code[~others]
        seen = np.unique(levels)
        chances = np.zeros((len(new), 3))
        if len(seen) == 1:
            chances[:, seen[0]] = 1.0
        else:
            scale = known.std() or 1.0
            slopes, cuts = ordered_logit(
                np.searchsorted(seen, levels), ((known - known.mean()) / scale)[:, None], LOOSE
            )
            line = (new - known.mean()) / scale * slopes[0]
            below = 1.0 / (1.0 + np.exp(line[:, None] - cuts))
            chances[:, seen] = np.diff(below, prepend=0.0, append=1.0)
        n = len(levels)
        found[~others] = (n * chances + 1.0 / 3.0) / (n + 1.0)
    return found


def _of_model(rows: list[Said], n_runs: int, seed: int) -> dict[str, Array]:
    drawn = spread_draws(answering(), n_runs, seed)
    points = {FULL: drawn, WITHOUT: {**drawn, "rho": np.zeros(n_runs)}}
    forecasts = {name: np.zeros((len(rows), 3)) for name in points}
    for case in {row.case.id: row.case for row in rows}.values():
        here = [k for k, row in enumerate(rows) if row.case.id == case.id]
        for name, values in points.items():
            by_state = stances_of(Setup(case), values, rows[here[0]].level, n_runs, seed)
            forecasts[name][here] = [by_state[rows[k].state] for k in here]
    return forecasts


def stances_of(
    setup: Setup, values: Mapping[str, Array], level: Level, n_runs: int, seed: int
) -> dict[str, Array]:
    """Probability to object, abstain and support (stance,) of each member, by state.

    Read on the day of the answer, or a week after the first sitting where there is none.

    Parameters
    ----------
    values
        Parameters that differ by run, each (run,).
    level
        The answer on the table.
    """
    p = {**setup.parameters, **values}
    situation = within_window(setup.situation, setup.parameters, ANSWER_DAYS)
    chance = draw_chance(situation, seed, 0, n_runs, with_doubt=setup.endogenous)
    codes = draw_codes(situation, seed, 0, n_runs, drawn=setup.drawn_codes)
    outcome, trace = simulate_traced(situation, codes, p, chance)
    decided = np.where(outcome.day_decided >= 0, outcome.day_decided, situation.horizon_days - 1)
    day, runs = np.minimum(decided, len(trace.bars) - 1), np.arange(n_runs)
    bar, room = trace.bars[day, level - 1, runs], fixed_of(situation, codes, p).room
    found = {}
    for i, state in enumerate(situation.members):
        x = trace.positions[day, i, runs]
        supports, objects = council.supports(x, bar), council.objects(x, bar, room)
        if i == situation.adversary and level > Level.CONSULT:
            supports, objects = np.zeros(n_runs), np.ones(n_runs)
        shares = np.array([objects.mean(), 1 - objects.mean() - supports.mean(), supports.mean()])
        found[state] = (np.maximum(shares, 0.0) * n_runs + 1.0 / 3.0) / (n_runs + 1.0)
    return found
