"""The one-line forecast: capability x salience weighted mean of the members' ideal levels.

On 351 decisions of the European Union this line beat the full bargaining model (Schneider,
Finke and Bailer 2010, doi:10.1111/j.1467-9248.2009.00783.x); it stands beside every elaborate
result here. A member's ideal level is the one its private view reaches: no talk, no council, no
chance. Salience is its stake.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from foedus.analysis.explain.decomposition import explain
from foedus.analysis.forecast.panel import Panel
from foedus.data.schema import mean
from foedus.model.ensemble import Setup
from foedus.model.numbers import Array


def weighted_mean(capability: ArrayLike, salience: ArrayLike, position: ArrayLike) -> float:
    """Mean of the positions, each weighted by capability times salience.

    Raises
    ------
    ValueError
        If all weights are 0.
    """
    weights = np.asarray(capability, dtype=np.float64) * np.asarray(salience, dtype=np.float64)
    if weights.sum() <= 0:
        raise ValueError("expected some member with capability and salience")
    return float((weights * np.asarray(position)).sum() / weights.sum())


def weighted_median(capability: ArrayLike, salience: ArrayLike, position: ArrayLike) -> float:
    """The position that beats every other in votes weighted by capability times salience."""
    positions = np.asarray(position, dtype=np.float64)
    weights = np.asarray(capability, dtype=np.float64) * np.asarray(salience, dtype=np.float64)
    order = np.argsort(positions, kind="stable")
    reached = np.cumsum(weights[order]) >= weights.sum() / 2.0
    return float(positions[order][np.argmax(reached)])


def mean_ideal_levels(panel: Panel, least_salience: float = 0.05) -> Array:
    """The weighted mean of each crisis (crisis,), 0 to 3; the requester has no say.

    Parameters
    ----------
    least_salience
        Salience of a member without a stake.
    """
    return np.array([_mean_of(Setup(case), least_salience) for case in panel.cases])


def _mean_of(setup: Setup, least_salience: float) -> float:
    scenario = setup.case.scenario
    explanation = explain(setup, n_steps=0)
    capability, salience, ideal = [], [], []
    for account in explanation.members:
        if account.state == scenario.requester and len(explanation.members) > 1:
            continue
        record = scenario.members[account.state]
        capability.append(mean(record.capability))
        salience.append(max(mean(record.stake), least_salience))
        ideal.append(sum(account.private >= bar for bar in explanation.bars))
    if not any(c > 0 for c in capability):
        return 0.0
    return weighted_mean(capability, salience, ideal)
