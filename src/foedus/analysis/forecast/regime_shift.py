"""Do regimes, and what changed since states joined, foretell an answer?

Leeds (2003), doi:10.1017/S0020818303574057, on alliances in wars between 1816 and 1944:
democracies violate their commitments less, and states whose power or regime has changed since the
alliance was formed violate them more. Here for the library's crises, beside what was asked and how.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from foedus.analysis.coding.measured_data import measured
from foedus.analysis.forecast.baselines import base_rate
from foedus.analysis.forecast.panel import Panel
from foedus.analysis.forecast.regression import (
    RIDGE,
    attribute_table,
    leave_one_out_regression,
    ordered_logit,
)
from foedus.analysis.forecast.scores import Forecaster, judge, ranked_probability_score
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.model.numbers import Array

TERMS = ("democracy", "change of regime", "change of power")
ASK = ("asked", "request")
"""What was asked for, and by which channel."""


@cache
def known_terms() -> Mapping[tuple[str, int, str], tuple[float, float, float]]:
    """The three terms by alliance, year and state: polyarchy, how far it has moved, and power."""
    return {
        (row["alliance"], int(row["year"]), row["state"]): terms_of(row)
        for row in measured("regimes")
    }


def terms_of(row: Mapping[str, str]) -> tuple[float, float, float]:
    """Polyarchy, 0 to 1, and both changes since a member joined; nan where nothing is known."""
    polyarchy, joined, power, before = (
        float(row[name] or "nan")
        for name in ("polyarchy", "polyarchy_joined", "cinc", "cinc_joined")
    )
    shift = abs(np.log(power / before)) if min(power, before) > 0 else np.nan
    return polyarchy, abs(polyarchy - joined), shift


def shift_table(panel: Panel) -> Array:
    """The three terms of each crisis (crisis, term).

    Means over the members that did not ask, weighted by capability: polyarchy, 0 to 1; how far
    it has moved since they joined; and how far the log of their share of world capability has.
    Where nothing is known, the mean of the other crises.
    """
    table = np.array([_of_crisis(case) for case in panel.cases])
    return np.where(np.isnan(table), np.nanmean(table, axis=0), table)


def _of_crisis(case: Case) -> Array:
    scenario = case.scenario
    place = (scenario.alliance, scenario.dates.coded.year)
    found = [
        (mean(member.capability), *terms)
        for state, member in scenario.members.items()
        if state != scenario.requester and (terms := known_terms().get((*place, state)))
    ]
    weights, *values = np.array(found).reshape(-1, 1 + len(TERMS)).T
    return np.array([_weighted_mean(value, weights) for value in values])


def _weighted_mean(values: Array, weights: Array) -> float:
    known = weights * ~np.isnan(values)
    return float((known * np.nan_to_num(values)).sum() / known.sum()) if known.any() else np.nan


def ask_and_shift(panel: Panel) -> Array:
    """Request, channel and the three terms of each crisis (crisis, attribute)."""
    return np.column_stack([attribute_table(panel, ASK), shift_table(panel)])


def shift_scores(panel: Panel) -> dict[str, Forecaster]:
    """What the terms add beside what was asked and how, and alone, each crisis left out.

    Gains are over the regression without the terms, above 0 where they help.
    """
    observed, both, n = panel.observed, ask_and_shift(panel), len(ASK)
    base = ranked_probability_score(base_rate(observed), observed)
    tables = {
        "beside request and channel": (both, both[:, :n]),
        "alone": (both[:, n:], np.zeros_like(both[:, :n])),
    }
    found = {}
    for name, (table, without) in tables.items():
        given, plain = (leave_one_out_regression(x, observed) for x in (table, without))
        rival = ranked_probability_score(plain, observed)
        found[name] = judge(name, given, observed, panel.groups, reference=base, rival=rival)
    return found


def shift_slopes(panel: Panel) -> Array:
    """Slopes of the standardised terms, beside request and channel, over all crises (term,)."""
    both = ask_and_shift(panel)
    spread = (both - both.mean(axis=0)) / both.std(axis=0)
    return ordered_logit(panel.observed, spread, RIDGE)[0][len(ASK) :]
