"""Rivals of another kind: positions weighed by capability and salience, no talk, no council.

The one-line forecast is the capability x salience weighted mean of the members' positions. On
351 decisions of the European Union this line beat the full bargaining model (Schneider, Finke
and Bailer 2010, doi:10.1111/j.1467-9248.2009.00783.x); it stands beside every elaborate result.

The probabilistic Condorcet method lets every option meet every other: members throw capability x
salience behind the one nearer to them, and the stronger side is the likelier to win, in
proportion (Scholz, Calbert and Smith 2011, doi:10.1177/0951629811418142).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from foedus.analysis.explain.decomposition import explain
from foedus.analysis.forecast.panel import Panel
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Member
from foedus.data.terms import LEVELS
from foedus.model.numbers import Array
from foedus.model.setup import Setup

LEAST_SALIENCE = 0.05
"""Salience of a member without a stake; assumed."""


def weighted_mean(capability: ArrayLike, salience: ArrayLike, position: ArrayLike) -> float:
    """Mean of the positions (member,), each weighted by capability times salience.

    It raises ValueError if all weights are 0.
    """
    weights = _weights(capability, salience)
    return float((weights * np.asarray(position)).sum() / weights.sum())


def _weights(capability: ArrayLike, salience: ArrayLike) -> Array:
    """Capability times salience (member,), of which some is above 0."""
    weights = np.asarray(capability, dtype=np.float64) * np.asarray(salience, dtype=np.float64)
    if weights.sum() <= 0:
        raise ValueError("expected some member with capability and salience")
    return weights


def condorcet(
    capability: ArrayLike, salience: ArrayLike, position: ArrayLike, options: ArrayLike
) -> Array:
    """Probability of each option (option,) under the probabilistic Condorcet method.

    The share of time that each option holds when it is challenged again and again, each time by
    any other with equal chance, and yields as often as the challenger's side is stronger. Of each
    member (member,) it takes capability, salience and position, on the scale of the options; it
    raises ValueError if all weights are 0.
    """
    weights = _weights(capability, salience)
    choices = np.asarray(options, dtype=np.float64)
    distance = np.abs(np.asarray(position, dtype=np.float64)[:, None] - choices)
    nearer = distance[:, None, :] - distance[:, :, None]  # how far the first option is ahead
    behind = np.einsum("m,mab->ab", weights, np.maximum(nearer, 0.0))
    both = behind + behind.T
    beats = np.where(both > 0, behind / np.where(both > 0, both, 1.0), 0.5)
    n = len(choices)
    moves = beats.T / n  # from the option held (row) to the challenger (column)
    np.fill_diagonal(moves, 0.0)
    np.fill_diagonal(moves, 1.0 - moves.sum(axis=1))
    system = np.vstack([moves.T - np.eye(n), np.ones(n)])
    held = np.clip(np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0], 0.0, 1.0)
    return np.asarray(held / held.sum())


def condorcet_forecasts(panel: Panel) -> Array:
    """Probability of each level (crisis, level), from codes alone.

    A member's position is the level asked for times its readiness, the plain mean of alignment,
    stake, and what ties and overextension leave; its salience is its stake. The requester has no
    say. Nothing is fitted.
    """
    return np.stack([_condorcet_of(case) for case in panel.cases])


def _condorcet_of(case: Case) -> Array:
    voters = _voters(case).values()
    capability = [mean(m.capability) for m in voters]
    if not any(capability):
        return np.asarray(np.eye(len(LEVELS))[0])
    readiness = [
        np.mean([mean(m.alignment), mean(m.stake), 1 - mean(m.ties), 1 - mean(m.overextension)])
        for m in voters
    ]
    position = case.scenario.crisis.asked.value * np.array(readiness)
    return condorcet(capability, [_salience(m) for m in voters], position, range(len(LEVELS)))


def _voters(case: Case) -> dict[str, Member]:
    """Members but the requester, unless it is alone, by state."""
    scenario = case.scenario
    return {
        state: member
        for state, member in scenario.members.items()
        if state != scenario.requester or len(scenario.members) == 1
    }


def _salience(member: Member) -> float:
    return max(mean(member.stake), LEAST_SALIENCE)


def mean_ideal_levels(panel: Panel) -> Array:
    """The weighted mean of each crisis's ideal levels (crisis,), 0 to 3.

    A member's ideal level is the one its private view reaches; the requester has no say.
    """
    return np.array([_mean_of(case) for case in panel.cases])


def _mean_of(case: Case) -> float:
    explanation, voters = explain(Setup(case), n_steps=0), _voters(case)
    accounts = [account for account in explanation.members if account.state in voters]
    members = [voters[account.state] for account in accounts]
    capability = [mean(m.capability) for m in members]
    ideal = [sum(account.private >= bar for bar in explanation.bars) for account in accounts]
    if not any(capability):
        return 0.0
    return weighted_mean(capability, [_salience(m) for m in members], ideal)
