"""Ensembles set against what happened: one row a crisis, the baselines, and how sure one can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from foedus.analysis.forecast import baselines
from foedus.analysis.forecast.scores import Forecaster, judge
from foedus.analysis.frames import html_table
from foedus.analysis.inference.likelihood import smoothed
from foedus.analysis.inference.priors import answering, prior_draws
from foedus.analysis.intervals import grouped
from foedus.analysis.summary import Summary, as_record, by_word, level_probabilities, summarise
from foedus.data.library import DOCUMENT_CRISES, Case
from foedus.data.settings import settings_from
from foedus.data.terms import LEVELS, Level, Request
from foedus.errors import InputError
from foedus.model.array_engine import run_batch
from foedus.model.ensemble import Ensemble, ensemble
from foedus.model.numbers import Array
from foedus.model.setup import Setup, prepare

DEFAULTS = "foedus, default parameters"
AS_GIVEN = "foedus, parameters as given"
OVER_PRIORS = "foedus, averaged over its priors"
OVER_OTHER_PRIORS = "foedus, averaged over the other priors"
"""The model's two rows: with the defaults, or where a person gives some parameters."""


@dataclass(frozen=True)
class Row:
    """One crisis: what was asked, what happened, and what the model says.

    Attributes:
        ensemble, summary: Runs with the default parameters.
        over_priors: Probability of each answer (level,) when every run draws its parameters from
            their priors.
        called: The document's crises alone: the same runs with a formal call for a force.
    """

    case: Case
    observed: Level
    ensemble: Ensemble
    summary: Summary
    over_priors: Array
    called: Summary | None = None

    def __repr__(self) -> str:
        says = ", ".join(
            f"{word} {p:.0%}" for word, p in zip(LEVELS, self.summary.p_levels, strict=True)
        )
        return f"<Row {self.case.id}: {says}; history {self.observed.label}>"


@dataclass(frozen=True)
class HistoryTable:
    """All crises with a history, the model and the baselines."""

    rows: tuple[Row, ...]
    forecasters: tuple[Forecaster, ...]

    @property
    def model(self) -> Forecaster:
        """The model with its parameters fixed."""
        return self.forecasters[-2]

    @property
    def averaged(self) -> Forecaster:
        """The model averaged over the priors of all parameters that nobody gave."""
        return self.forecasters[-1]

    @property
    def n_right(self) -> int:
        """Crises whose most probable answer is the historical one."""
        return sum(row.summary.most_probable == row.observed for row in self.rows)

    @property
    def caution(self) -> str:
        """The sentence that so few cases prove little."""
        n = len(self.rows)
        so_few = "One crisis proves" if n == 1 else f"{n} crises prove"
        return (
            f"The most probable answer is the historical one in {self.n_right} of {n} "
            f"{'crisis' if n == 1 else 'crises'}. {so_few} {'nothing' if n < 10 else 'little'}: "
            "a forecast that says .25 to every level already has a log loss of 0.56 for `deploy` "
            "on four crises of which one deployed."
        )

    def __repr__(self) -> str:
        return (
            f"<HistoryTable: {len(self.rows)} crises, the most probable answer right in "
            f"{self.n_right}, skill {self.model.skill:+.2f}>"
        )

    def _repr_html_(self) -> str:
        rows = (
            (row.case.id, *(f"{p:.0%}" for p in row.summary.p_levels), row.observed.label)
            for row in self.rows
        )
        return html_table(("crisis", *LEVELS, "history"), rows)


def history_table(
    cases: Sequence[Case],
    n_runs: int,
    seed: int,
    settings: Mapping[str, float] | None = None,
    *,
    rule: str | None = None,
    theory: str | None = None,
) -> HistoryTable:
    """Simulate every case that has a history and score it beside the baselines.

    A level that no run came to is scored as if one run's worth of doubt were spread over all
    levels, as in the tournament: a thousand runs cannot show that it is impossible. `settings`
    are parameters that differ from the register; `rule` and `theory` hold in every crisis.

    Raises:
        InputError: If no case has a history.
    """
    parameters = settings_from(settings or {}).parameters
    rows = [
        _row(prepare(case, parameters, rule=rule, theory=theory), answer, n_runs, seed)
        for case in cases
        if (answer := case.scenario.answer) is not None
    ]
    if not rows:
        raise InputError("no crisis here has a `history` that it could be held against")
    observed = [int(row.observed) for row in rows]
    asked = [row.case.scenario.crisis.asked.value for row in rows]
    changed = parameters or rule or theory
    fixed, drawn = (AS_GIVEN, OVER_OTHER_PRIORS) if changed else (DEFAULTS, OVER_PRIORS)
    forecasts = {
        "base rate (leave one out)": baselines.base_rate(observed),
        "the answer equals the ask": baselines.sure_ask(asked),
        "the ask, learned (leave one out)": baselines.answer_equals_ask(asked, observed),
        fixed: smoothed(np.array([row.summary.p_levels for row in rows]), n_runs),
        drawn: smoothed(np.array([row.over_priors for row in rows]), n_runs),
    }
    groups = grouped([row.case.scenario.alliance for row in rows])
    base = next(iter(forecasts.values()))
    judged = [
        judge(name, given, observed, groups, reference=base, rival=base)
        for name, given in forecasts.items()
    ]
    return HistoryTable(tuple(rows), tuple(judged))


def _row(setup: Setup, observed: Level, n_runs: int, seed: int) -> Row:
    runs, called = ensemble(setup, n_runs, seed), None
    if setup.case.id in DOCUMENT_CRISES:
        called = summarise(ensemble(setup.having(request=Request.TREATY), n_runs, seed))
    over_priors = levels_over_priors(setup, n_runs, seed)
    return Row(setup.case, observed, runs, summarise(runs), over_priors, called)


def levels_over_priors(setup: Setup, n_runs: int, seed: int) -> Array:
    """Probability of each answer (level,) when nobody claims to know the weights.

    Every run draws its own parameters from the register's priors, as it draws its own chance. What
    comes out contains what is not known about the model as well as what is not known about the
    crisis, and nothing in it is fitted.

    Args:
        setup: Parameters that a person, a theory or a calibration has set keep their values.
        n_runs: Runs; they meet the chance of the ensemble of `seed`.
    """
    switched = setup.theory.parameters if setup.theory else {}
    held = {*setup.calibrated, *switched, *setup.settings.parameters}
    drawn = {name: v for name, v in _drawn(n_runs, seed).items() if name not in held}
    parameters = {**setup.parameters, **drawn}
    return level_probabilities(run_batch(setup.situation, parameters, seed, n_runs, **setup.draws))


@lru_cache(maxsize=2)
def _drawn(n_runs: int, seed: int) -> dict[str, Array]:
    """One draw a run (run,) by name, the same for every crisis."""
    drawn = prior_draws(answering(), n_runs, seed)
    for values in drawn.values():
        values.setflags(write=False)
    return drawn


def as_records(table: HistoryTable) -> list[dict[str, object]]:
    """One plain record a crisis, for JSON."""

    def scored(forecaster: Forecaster, i: int) -> dict[str, float]:
        return {"rps": float(forecaster.rps[i]), "log_score": float(forecaster.log[i])}

    return [
        {
            **as_record(row.ensemble),
            **scored(table.model, i),
            "over_priors": {**by_word("p", row.over_priors), **scored(table.averaged, i)},
            "with_treaty_request": row.called and by_word("p", row.called.p_levels),
        }
        for i, row in enumerate(table.rows)
    ]
