"""Forecasts that any model must beat; each gives probabilities (crisis, level).

Beside rates of the past stand two rivals of another kind: positions weighed by capability and
salience, no talk, no council. The one-line forecast is the capability x salience weighted mean of
the members' positions. On 351 decisions of the European Union this line beat the full bargaining
model (Schneider, Finke and Bailer 2010, doi:10.1111/j.1467-9248.2009.00783.x). The probabilistic
Condorcet method lets every option meet every other: members throw capability x salience behind the
one nearer to them, and the stronger side is the likelier to win, in proportion (Scholz, Calbert
and Smith 2011, doi:10.1177/0951629811418142).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from foedus.analysis.coding.measured_data import regional_rates
from foedus.analysis.explain.decomposition import explain
from foedus.analysis.forecast import regression
from foedus.analysis.forecast.reliability_theory import shift_table
from foedus.analysis.forecast.scores import Panel
from foedus.analysis.intervals import Groups
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Member
from foedus.data.terms import Level
from foedus.model.numbers import Array
from foedus.model.setup import Setup

N_LEVELS = len(Level)
REFERENCE = "base rate"
RIVAL = "the ask, learned"
"""The baselines against which skills and differences are taken."""

PUBLISHED_RATES = {
    "alliances honoured, 1816-1944: 74.5 %": 0.745,
    "alliances honoured, 1945-2003: 22 %": 0.22,
}
"""Share of commitments honoured in war: Leeds, Long and Mitchell (2000,
doi:10.1177/0022002700044005006) and Berkemeier and Fuhrmann (2018,
doi:10.1177/2053168018779697). Both count wars between states only."""

LEAST_SALIENCE = 0.05
"""Salience of a member without a stake; assumed."""


def all_baselines(panel: Panel) -> dict[str, Array]:
    """Forecasts of a panel by name; what learns is fitted without the crisis it forecasts."""
    observed, asked = panel.observed, panel.asked
    regressed = partial(regression.leave_one_out_regression, observed=observed)
    everything = regression.attribute_table(panel, regression.ALL_ATTRIBUTES)
    request = regression.attribute_table(panel, ("asked", "request"))
    unit = regression.unit_weights(everything, regression.SIGNS, observed)
    condorcet = condorcet_forecasts(panel)
    return {
        REFERENCE: base_rate(observed),
        "the answer equals the ask": sure_ask(asked),
        RIVAL: answer_equals_ask(asked, observed),
        "ordered regression, all attributes": regressed(everything),
        "ordered regression, ask and channel": regressed(request),
        "ordered regression, ask, channel, regime and power shift": regressed(
            np.column_stack([request, shift_table(panel)])
        ),
        "unit weights (Dawes)": unit,
        "unit weights (Dawes), with the floor under consultation": regression.with_floor(
            unit, panel
        ),
        "weighted mean of ideal levels": regressed(mean_ideal_levels(panel)[:, None]),
        "Condorcet over coded positions": condorcet,
        "Condorcet over coded positions, learned": regressed(
            (condorcet @ np.arange(N_LEVELS))[:, None]
        ),
        "regional organisations, 1992-2016 (ICB)": np.tile(regional_rates(), (len(panel), 1)),
        **{name: published_rate(rate, observed) for name, rate in PUBLISHED_RATES.items()},
    }


def base_rate(
    observed: ArrayLike, *, groups: Groups | None = None, n_levels: int = N_LEVELS
) -> Array:
    """How often each level came about among the other crises (leave one out, Laplace).

    Args:
        observed: Levels (crisis,), 0 to `n_levels` less 1.
        groups: Group of each row (crisis,), left out whole; by default each row is its own.
    """
    others = _counts(observed, groups, n_levels) + 1.0
    return np.asarray(others / others.sum(axis=1, keepdims=True))


def rate_of_alike(
    kinds: Sequence[object],
    observed: ArrayLike,
    *,
    groups: Groups | None = None,
    n_levels: int = N_LEVELS,
) -> Array:
    """How often each level came about among the other crises of the same kind (crisis,).

    :func:`base_rate` has the weight of one crisis; the rest is as there.
    """
    alike = np.array([[kind == other for other in kinds] for kind in kinds])
    counts = _counts(observed, groups, n_levels, alike)
    rates = base_rate(observed, groups=groups, n_levels=n_levels)
    return np.asarray((counts + rates) / (counts.sum(axis=1, keepdims=True) + 1.0))


def _counts(
    observed: ArrayLike, groups: Groups | None, n_levels: int, alike: ArrayLike = True
) -> Array:
    """Levels of the other crises that are alike (crisis, level)."""
    levels = np.asarray(observed, dtype=np.int64)
    own = np.arange(len(levels)) if groups is None else groups
    return np.asarray((alike & (own[:, None] != own)) @ np.eye(n_levels)[levels])


def answer_equals_ask(asked: ArrayLike, observed: ArrayLike) -> Array:
    """The level asked for; how far answers fall from it is learned from the other crises.

    Crises are alike whose ask (crisis,), 0 to 3, is the same when it is rounded up.
    """
    return rate_of_alike(np.ceil(asked).tolist(), observed)


def sure_ask(asked: ArrayLike) -> Array:
    """The answer is the ask, for sure; a half is split between its two neighbours."""
    one = np.eye(N_LEVELS)
    low, high = (one[np.asarray(end(asked), dtype=np.int64)] for end in (np.floor, np.ceil))
    return np.asarray((low + high) / 2)


def published_rate(rate: float, observed: ArrayLike) -> Array:
    """`deploy` at a published rate of honouring, 0 to 1; the rest as the other crises have it."""
    rows = base_rate(observed)
    below = rows[:, : Level.DEPLOY] / rows[:, : Level.DEPLOY].sum(axis=1, keepdims=True)
    return np.column_stack([(1.0 - rate) * below, np.full(len(rows), rate)])


def weighted_mean(capability: ArrayLike, salience: ArrayLike, position: ArrayLike) -> float:
    """Mean of the positions (member,), each weighted by capability times salience.

    It raises ValueError if all weights are 0.
    """
    weights = _weights(capability, salience)
    return float((weights * np.asarray(position)).sum() / weights.sum())


def _weights(capability: ArrayLike, salience: ArrayLike) -> Array:
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
    capability, salience = _strength(voters)
    if not any(capability):
        return np.asarray(np.eye(N_LEVELS)[0])
    readiness = [
        np.mean([mean(m.alignment), mean(m.stake), 1 - mean(m.ties), 1 - mean(m.overextension)])
        for m in voters
    ]
    position = case.scenario.crisis.asked.value * np.array(readiness)
    return condorcet(capability, salience, position, range(N_LEVELS))


def mean_ideal_levels(panel: Panel) -> Array:
    """The weighted mean of each crisis's ideal levels (crisis,), 0 to 3.

    A member's ideal level is the one its private view reaches; the requester has no say.
    """
    return np.array([_mean_of(case) for case in panel.cases])


def _mean_of(case: Case) -> float:
    explanation, voters = explain(Setup(case), n_steps=0), _voters(case)
    accounts = [account for account in explanation.members if account.state in voters]
    capability, salience = _strength(voters[account.state] for account in accounts)
    ideal = [sum(account.private >= bar for bar in explanation.bars) for account in accounts]
    return weighted_mean(capability, salience, ideal) if any(capability) else 0.0


def _voters(case: Case) -> dict[str, Member]:
    """Members but the requester, unless it is alone, by state."""
    scenario = case.scenario
    return {
        state: member
        for state, member in scenario.members.items()
        if state != scenario.requester or len(scenario.members) == 1
    }


def _strength(members: Iterable[Member]) -> tuple[list[float], list[float]]:
    """Capability and salience of each member."""
    coded = [(mean(m.capability), max(mean(m.stake), LEAST_SALIENCE)) for m in members]
    return [power for power, _ in coded], [salience for _, salience in coded]
