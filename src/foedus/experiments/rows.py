"""From outcomes to rows of the table: one a point, and one a run where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from foedus.analysis.summary import Spread, Summary, by_word, standard_error, summarise
from foedus.data.terms import Ending
from foedus.experiments.points import Point
from foedus.model.ensemble import Ensemble, Setup

NOWHERE = Spread(None, None, None)  # type: ignore[arg-type]
"""A spread over no run at all: three missing cells."""


def row_of(point: Point, result: Ensemble, names: Sequence[str]) -> dict[str, Any]:
    """One point as a row.

    Parameters
    ----------
    names
        Parameters and attributes that have a column.
    """
    summary, setup = summarise(result), result.setup
    scenario = setup.case.scenario
    return {
        "point": point.index,
        "key": point.key,
        "scenario": scenario.id,
        "alliance": scenario.alliance,
        "history": scenario.history.level if scenario.history else None,
        "theory": point.theory,
        "rule": str(setup.situation.rule),
        **_settings(setup, names),
        "runs": result.n_runs,
        "seed": result.seed,
        **by_word("p", summary.p_levels),
        **by_word("se", summary.errors),
        "expected_level": summary.expected_level,
        "se_expected_level": error_of_expected_level(summary, result.n_runs),
        "p_quelled": summary.p_quelled,
        "p_lost": summary.p_lost,
        **_spread("decision_day", summary.decision_day or NOWHERE),
        **_spread("days_to_end", summary.days_to_end),
        **_spread("troops", summary.troops.get("total", NOWHERE)),
    }


def _settings(setup: Setup, names: Sequence[str]) -> dict[str, float | None]:
    """Every parameter as it was used; attributes where they were set."""
    used = {**setup.settings.attributes, **setup.parameters}
    return {name: used.get(name) for name in names}


def error_of_expected_level(summary: Summary, n_runs: int) -> float:
    """Standard error of the mean level over runs.

    Where all runs agree it is the error of half a run, one level away.
    """
    mean = summary.expected_level
    squares = sum(k * k * p for k, p in enumerate(summary.p_levels))
    return max(sqrt(max(squares - mean * mean, 0.0) / n_runs), standard_error(0.0, n_runs))


def _spread(name: str, spread: Spread) -> dict[str, float | None]:
    return {
        f"{name}_median": spread.median,
        f"{name}_low": spread.low,
        f"{name}_high": spread.high,
    }


def runs_of(point: Point, result: Ensemble) -> dict[str, Any]:
    """All runs of a point as columns."""
    outcome = result.outcome
    words = np.array([ending.name.lower() for ending in Ending])
    return {
        "point": np.full(result.n_runs, point.index),
        "run": np.arange(result.n_runs),
        "level": outcome.level,
        "day_decided": outcome.day_decided,
        "day_ended": outcome.day_ended,
        "ending": words[outcome.ending],
        "troops": outcome.troops.sum(axis=0, dtype=np.int64),
    }
