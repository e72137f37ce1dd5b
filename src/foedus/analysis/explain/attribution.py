"""Why one crisis and not the other: Shapley values of what differs between two setups.

The players are the attributes in which the crises differ; a coalition of them is a crisis that
takes those attributes from the second setup and the rest from the first. An attribute's Shapley
value is its mean marginal contribution over all orders; the values add up to the difference of
the two probabilities exactly (with sampled orders too, since each order telescopes).

Members differ between crises, so a member's attributes are compared through the patron and the
others' capability-weighted means. The council's rule and what abstaining costs are one player,
``council``; dates, forces and the members themselves stay those of the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import CRISIS_ATTRIBUTES, Level, Mechanism
from foedus.model.batch import run_batch
from foedus.model.draws import uniforms
from foedus.model.ensemble import Setup
from foedus.model.numbers import Array
from foedus.model.situation import Situation, Span

SIDES = ("alignment", "stake", "ties", "overextension")
"""Attributes of the members that are carried over, for the patron and for the others."""


@dataclass(frozen=True)
class Share:
    """One player's part in the difference of p(deploy), with its standard error.

    The error is over pairs of orders: an order and its reverse are no two witnesses.
    """

    name: str
    first: float | None
    second: float | None
    value: float
    error: float


@dataclass(frozen=True)
class Attribution:
    """The difference between two setups, split up.

    Attributes
    ----------
    p_first, p_second
        Probability of `deploy` under the first and second setup as they are.
    p_carried
        Probability of `deploy` when everything that can be carried over has been: what is left to
        `p_second` is the make-up of the alliance itself.
    shares
        Largest first; they add up to ``p_carried - p_first``.
    """

    p_first: float
    p_second: float
    p_carried: float
    shares: tuple[Share, ...]
    n_orders: int

    @property
    def make_up(self) -> float:
        """What the members themselves (who they are, capability, dependence) account for."""
        return self.p_second - self.p_carried


def attribute_difference(
    first: Setup, second: Setup, *, n_orders: int = 60, n_runs: int = 1000, seed: int = 1
) -> Attribution:
    """Split the difference of p(deploy) between two setups.

    Parameters
    ----------
    n_orders
        Orders of the players that are sampled, each with its reverse; at least four.

    Raises
    ------
    ValueError
        If nothing differs.
    """
    here, there = first.situation, second.situation
    players = _players(here, there)
    if not players:
        raise ValueError("nothing differs between the two")
    known: dict[frozenset[str], float] = {}

    def p_deploy(coalition: frozenset[str]) -> float:
        if coalition not in known:
            mixed = _mixed(here, there, coalition)
            outcome = run_batch(mixed, first.parameters, seed, n_runs, drawn_codes=False)
            known[coalition] = float(np.mean(outcome.level == Level.DEPLOY))
        return known[coalition]

    contributions = _contributions(players, p_deploy, n_orders, seed)
    errors = errors_of(contributions)
    shares = [
        Share(
            name,
            *_values(here, there, name),
            float(contributions[:, k].mean()),
            float(errors[k]),
        )
        for k, name in enumerate(players)
    ]
    alone = run_batch(there, second.parameters, seed, n_runs, drawn_codes=False)
    return Attribution(
        p_first=p_deploy(frozenset()),
        p_second=float(np.mean(alone.level == Level.DEPLOY)),
        p_carried=p_deploy(frozenset(players)),
        shares=tuple(sorted(shares, key=lambda share: -abs(share.value))),
        n_orders=len(contributions),
    )


def shapley_values(players: list[str], worth: dict[frozenset[str], float]) -> dict[str, float]:
    """Exact Shapley values from the worth of every coalition (2^n of them).

    References
    ----------
    Shapley (1953), doi:10.1515/9781400881970-018.
    """
    from itertools import permutations

    totals = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        so_far: frozenset[str] = frozenset()
        for player in order:
            totals[player] += worth[so_far | {player}] - worth[so_far]
            so_far = so_far | {player}
    return {player: total / len(orders) for player, total in totals.items()}


def errors_of(contributions: Array) -> Array:
    """Standard errors of mean contributions (player,), over pairs of an order and its reverse.

    Parameters
    ----------
    contributions
        (order, player); each order is followed by its reverse.
    """
    pairs = contributions.reshape(-1, 2, contributions.shape[1]).mean(axis=1)
    return np.asarray(pairs.std(axis=0, ddof=1) / sqrt(len(pairs)))


def _contributions(players: list[str], p_deploy, n_orders: int, seed: int) -> Array:  # type: ignore[no-untyped-def]
    """Marginal contributions (order, player), each order followed by its reverse."""
    keys = uniforms(seed, Mechanism.STUDY, 7, 0, n_days=len(players))[:, : max(2, n_orders // 2)].T
    rows = []
    for key in keys:
        order = np.argsort(key)
        for way in (order, order[::-1]):
            row = np.zeros(len(players))
            so_far: frozenset[str] = frozenset()
            before = p_deploy(so_far)
            for k in way:
                so_far = so_far | {players[k]}
                after = p_deploy(so_far)
                row[k] = after - before
                before = after
            rows.append(row)
    return np.stack(rows)


def _players(here: Situation, there: Situation) -> list[str]:
    names = [
        *CRISIS_ATTRIBUTES,
        *(f"{who}.{side}" for who in ("patron", "others") for side in SIDES),
    ]
    differing = []
    for name in names:
        a, b = _values(here, there, name)
        if a != b:
            differing.append(name)
    if (here.rule, here.abstention) != (there.rule, there.abstention):
        differing.append("council")
    return differing


def _values(here: Situation, there: Situation, name: str) -> tuple[float | None, float | None]:
    return _value(here, name), _value(there, name)


def _value(situation: Situation, name: str) -> float | None:
    whose, _, attribute = name.rpartition(".")
    if name == "council":
        return None
    if not whose:
        return situation.crisis[attribute].mode
    spans = situation.standing[attribute]
    if whose == "patron":
        return spans[situation.patron].mode
    weights = [
        0.0 if i in (situation.patron, situation.requester) else c.mode
        for i, c in enumerate(situation.standing["capability"])
    ]
    total = sum(weights)
    return sum(w * s.mode for w, s in zip(weights, spans, strict=True)) / total if total else 0.0


def _mixed(here: Situation, there: Situation, coalition: frozenset[str]) -> Situation:
    """The first situation with the coalition's attributes taken from the second."""
    crisis = {
        name: there.crisis[name] if name in coalition else span
        for name, span in here.crisis.items()
    }
    standing = {name: list(spans) for name, spans in here.standing.items()}
    for name in coalition:
        whose, _, attribute = name.rpartition(".")
        value = _value(there, name)
        if not whose or value is None:
            continue
        for i in range(here.n_members):
            is_patron = i == here.patron
            if (whose == "patron") == is_patron and i != here.requester:
                standing[attribute][i] = Span(value, value, value)
    mixed = replace(
        here, crisis=crisis, standing={name: tuple(rows) for name, rows in standing.items()}
    )
    if "council" in coalition:
        mixed = replace(mixed, rule=there.rule, abstention=there.abstention)
    return mixed


@dataclass(frozen=True)
class Pivot:
    """How often one member alone decides.

    Attributes
    ----------
    p_lower, p_higher
        Share of the runs whose answer would be lower (higher) were this member's alignment at the
        lowest (highest) end of its scale.
    """

    state: str
    p_lower: float
    p_higher: float


def pivotal_members(setup: Setup, n_runs: int = 1000, seed: int = 1) -> list[Pivot]:
    """How often the answer hangs on each member's own view.

    The member's alignment is set to the lowest and to the highest of its scale; with common
    chance a change of the answer is that member's doing.
    """
    situation, p = setup.situation, setup.parameters

    def levels(values: dict[str, float]) -> NDArray[np.int8]:
        moved = situation.with_attributes(values)
        return run_batch(moved, p, seed, n_runs, drawn_codes=setup.drawn_codes).level

    now = levels({})
    pivots = []
    for i, state in enumerate(situation.members):
        if i == situation.requester and situation.n_members > 1:
            continue
        lower = levels({f"{state}.alignment": 0.0}) < now
        higher = levels({f"{state}.alignment": 1.0}) > now
        pivots.append(Pivot(state, float(lower.mean()), float(higher.mean())))
    return sorted(pivots, key=lambda pivot: -(pivot.p_lower + pivot.p_higher))
