"""Do regimes, and what changed since states joined, foretell an answer?

Leeds (2003), doi:10.1017/S0020818303574057, on alliances in wars between 1816 and 1944:
democracies violate their commitments less, and states whose power or regime has changed since the
alliance was formed violate them more. Here for the library's crises, beside what was asked and how.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.coding.measured_data import measured
from foedus.analysis.forecast.panel import Panel
from foedus.analysis.forecast.regression import (
    RIDGE,
    attribute_table,
    leave_one_out_regression,
    ordered_logit,
)
from foedus.analysis.forecast.scores import ranked_probability_score
from foedus.analysis.intervals import mean_interval
from foedus.data.library import Case
from foedus.data.schema import mean
from foedus.model.numbers import Array

TERMS = ("democracy", "change of regime", "change of power")
EXPECTED = (1, -1, -1)
"""Sign that Leeds gives each."""


@dataclass(frozen=True)
class ShiftResult:
    """What the three terms add.

    Attributes
    ----------
    slopes
        Of the standardised terms, over all crises, beside request and channel (term,).
    gain, interval
        Ranked score of the regression on request and channel less that with the terms, each crisis
        left out, above 0 where they help; 90 % interval, alliances drawn again whole.
    alone
        The same gain of the three terms without request and channel.
    """

    slopes: Array
    gain: float
    interval: tuple[float, float]
    alone: float


def shift_table(panel: Panel) -> Array:
    """The three terms of each crisis (crisis, term).

    Means over the members that did not ask, weighted by capability: polyarchy, 0 to 1; how far
    it has moved since they joined; and how far the log of their share of world capability has.
    Where nothing is known, the mean of the other crises.
    """
    rows = {(r["alliance"], r["state"], int(r["year"])): r for r in measured("regimes")}
    table = np.array([_of_crisis(case, rows) for case in panel.cases])
    return np.where(np.isnan(table), np.nanmean(table, axis=0), table)


def _of_crisis(case: Case, rows: dict[tuple[str, str, int], dict[str, str]]) -> Array:
    scenario, found, weights = case.scenario, [], []
    for state, member in scenario.members.items():
        row = rows.get((scenario.alliance, state, scenario.dates.coded.year))
        if row is not None and state != scenario.requester:
            found.append(of_member(row))
            weights.append(mean(member.capability))
    if not found:
        return np.full(len(TERMS), np.nan)
    values = np.array(found)
    known = np.array(weights)[:, None] * ~np.isnan(values)
    total = known.sum(axis=0)
    means = (known * np.nan_to_num(values)).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, means, np.nan)


def of_member(row: dict[str, str]) -> tuple[float, float, float]:
    """One member's terms, NaN where nothing is known: level of polyarchy, and both changes."""
    polyarchy, power = _pair(row, "polyarchy"), _pair(row, "cinc")
    shift = abs(np.log(power[0] / power[1])) if min(power) > 0 else np.nan
    return polyarchy[0], abs(polyarchy[0] - polyarchy[1]), shift


def _pair(row: dict[str, str], name: str) -> tuple[float, float]:
    now, then = (float(row[key]) if row[key] else np.nan for key in (name, f"{name}_joined"))
    return now, then


def shift_forecasts(panel: Panel) -> Array:
    """Ordered regression on request, channel and the three terms (crisis, level)."""
    return leave_one_out_regression(_with_ask(panel), panel.observed)


def shift_result(panel: Panel) -> ShiftResult:
    """Score the terms, each crisis forecast without itself."""
    ask = attribute_table(panel, ("asked", "request"))
    everything = _with_ask(panel)
    plain, shifted = (_scores(table, panel.observed) for table in (ask, everything))
    base = _scores(np.zeros_like(ask), panel.observed)
    alone = base - _scores(everything[:, 2:], panel.observed)
    spread = (everything - everything.mean(axis=0)) / everything.std(axis=0)
    slopes, _ = ordered_logit(panel.observed, spread, RIDGE)
    gain = plain - shifted
    interval = mean_interval(gain, panel.groups)
    return ShiftResult(slopes[2:], float(gain.mean()), interval, float(alone.mean()))


def _with_ask(panel: Panel) -> Array:
    return np.column_stack([attribute_table(panel, ("asked", "request")), shift_table(panel)])


def _scores(table: Array, observed: NDArray[np.int64]) -> Array:
    return ranked_probability_score(leave_one_out_regression(table, observed), observed)
