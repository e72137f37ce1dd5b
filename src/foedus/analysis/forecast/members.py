"""What each member said, forecast without its crisis: the level at which influence must show.

The history blocks record what members said to the answer on the table: support, abstain or
object. The model is asked for the same, with nothing fitted: every run draws its parameters from
their priors, and a member's stance is read on the day of the answer. Beside it stand the model
without influence, and baselines that learn from the other crises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.baselines import rate_of_alike
from foedus.analysis.forecast.regression import LOOSE, leave_one_out_regression
from foedus.analysis.forecast.scores import Forecaster, judge
from foedus.analysis.inference.likelihood import ANSWER_DAYS, within_window
from foedus.analysis.inference.priors import answering, spread_draws
from foedus.analysis.intervals import grouped
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.terms import Level, Stance
from foedus.errors import InputError
from foedus.model import council
from foedus.model.array_engine import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.numbers import Array
from foedus.model.setup import Setup

FULL, WITHOUT = "foedus, averaged over its priors", "foedus without influence (rho 0)"
REFERENCE = "base rate"
N_STANCES = len(Stance)


@dataclass(frozen=True)
class Said:
    """One recorded stance."""

    case: Case
    state: str
    stance: Stance

    @property
    def level(self) -> Level:
        """The answer on the table: history's, or where that is none what was asked for."""
        asked = Level(int(np.ceil(self.case.scenario.crisis.asked.value)))
        return max(self.case.scenario.answer or asked, Level.CONSULT)


def member_table(cases: Iterable[Case], n_runs: int = 1024, seed: int = 1) -> dict[str, Forecaster]:
    """Every recorded stance, forecast without its crisis, by who forecast it.

    Rows are those of :func:`said`, levels object, abstain and support, skill is against the base
    rate, and gain over the model without influence: that of :data:`FULL` is what rho adds. Each
    of the runs of a crisis has parameters of its own.

    Raises:
        InputError: If fewer than two crises have recorded stances.
    """
    rows = said(cases)
    if len({row.case.id for row in rows}) < 2:
        raise InputError("expected recorded stances in at least 2 crises")
    observed = observed_of(rows)
    forecasts = {**baselines(rows), **_of_model(rows, n_runs, seed)}
    groups = grouped([row.case.scenario.alliance for row in rows])
    against = {"reference": forecasts[REFERENCE], "rival": forecasts[WITHOUT]}
    return {
        name: judge(name, given, observed, groups, **against) for name, given in forecasts.items()
    }


def said(cases: Iterable[Case]) -> list[Said]:
    """Every stance that the history blocks record of a member that sits and did not ask."""
    return [
        Said(case, state, Stance[word.upper()])
        for case in cases
        if case.scenario.history is not None
        for state, word in sorted(case.scenario.history.stances.items())
        if state in case.scenario.members and state != case.scenario.requester
    ]


def observed_of(rows: Iterable[Said]) -> NDArray[np.int64]:
    """What each member said (row,): 0 object, 1 abstain, 2 support."""
    return np.array([row.stance - Stance.OBJECT for row in rows])


def baselines(rows: Sequence[Said]) -> dict[str, Array]:
    """Forecasts that any model must beat, each learned from the other crises (row, stance)."""
    observed = observed_of(rows)
    _, crises = np.unique([row.case.id for row in rows], return_inverse=True)
    lead = {row.case.id: row.stance for row in rows if row.state == row.case.patron}
    kinds: dict[str, list[object]] = {
        REFERENCE: [None] * len(rows),
        "the lead state's stance": [  # its own stance is not known beforehand
            "lead state" if row.state == row.case.patron else lead.get(row.case.id) for row in rows
        ],
        "the answer": [row.case.scenario.answer for row in rows],
    }
    found = {
        name: rate_of_alike(alike, observed, groups=crises, n_levels=N_STANCES)
        for name, alike in kinds.items()
    }
    for code in ("alignment", "capability"):
        codes = [mean(getattr(row.case.scenario.members[row.state], code)) for row in rows]
        found[f"{code} alone"] = leave_one_out_regression(
            np.array(codes)[:, None], observed, LOOSE, groups=crises, n_levels=N_STANCES
        )
    return found


def _of_model(rows: Sequence[Said], n_runs: int, seed: int) -> dict[str, Array]:
    drawn = spread_draws(answering(), n_runs, seed)
    points = {FULL: drawn, WITHOUT: {**drawn, "rho": np.zeros(n_runs)}}
    tables = {row.case.id: (Setup(row.case), row.level) for row in rows}
    forecasts = {}
    for name, values in points.items():
        given = {
            case: stances_of(setup, values, level, n_runs, seed)
            for case, (setup, level) in tables.items()
        }
        forecasts[name] = np.array([given[row.case.id][row.state] for row in rows])
    return forecasts


def stances_of(
    setup: Setup, values: Mapping[str, Array], level: Level, n_runs: int, seed: int
) -> dict[str, Array]:
    """Probability to object, abstain and support (stance,) of each member, by state.

    Read on the day of the answer, or a week after the first sitting where there is none, when
    `level` is on the table; `values` are parameters that differ by run, each (run,).
    """
    p = {**setup.parameters, **values}
    situation = within_window(setup.situation, setup.parameters, ANSWER_DAYS)
    chance = draw_chance(situation, seed, 0, n_runs, with_doubt=setup.endogenous)
    codes = draw_codes(situation, seed, 0, n_runs, drawn=setup.drawn_codes)
    outcome, trace = simulate_traced(situation, codes, p, chance)
    decided = np.where(outcome.day_decided >= 0, outcome.day_decided, situation.horizon_days - 1)
    day, runs = np.minimum(decided, len(trace.bars) - 1), np.arange(n_runs)
    bar, room = trace.bars[day, level - 1, runs], council.room_of(situation, p)
    found = {}
    for i, state in enumerate(situation.members):
        x = trace.positions[day, i, runs]
        supports, objects = council.supports(x, bar), council.objects(x, bar, room)
        if i == situation.adversary and level > Level.CONSULT:
            supports, objects = np.zeros(n_runs), np.ones(n_runs)
        shares = np.array([objects.mean(), 1 - objects.mean() - supports.mean(), supports.mean()])
        found[state] = (np.maximum(shares, 0.0) * n_runs + 1.0 / 3.0) / (n_runs + 1.0)
    return found
