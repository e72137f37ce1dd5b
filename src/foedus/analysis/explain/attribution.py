"""Why one crisis and not the other: Shapley values of what differs between two setups.

The players are the attributes in which the crises differ; a coalition of them is a crisis that
takes those attributes from the second setup and the rest from the first. An attribute's Shapley
value (Shapley 1953, doi:10.1515/9781400881970-018) is its mean marginal contribution over all
orders. The values add up to the difference of the two probabilities exactly, with sampled orders
too, since each order telescopes.

Members differ between crises, so a member's attributes are compared through the lead state and
the others' capability-weighted means. The council's rule and what abstaining costs are one
player, ``council``, and so is who decides on the request, ``requester decides``; dates, forces
and the members themselves stay those of the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import CRISIS_ATTRIBUTES, Level, Mechanism
from foedus.errors import UsageError
from foedus.model.array_engine import run_batch
from foedus.model.numbers import Array
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.model.situation import Situation, Span
from foedus.model.streams import uniforms

SIDES = ("alignment", "stake", "ties", "overextension")
"""Attributes of the members that are carried over, for the lead state and for the others."""

COUNCIL, DECIDES = "council", "requester decides"

Coalition = frozenset[str]


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

    Attributes:
        p_first, p_second: Probability of `deploy` under the first and second setup as they are.
        p_carried: The same when everything that can be carried over has been.
        shares: Largest first; they add up to ``p_carried - p_first``.
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
    first: SetupLike, second: SetupLike, *, n_orders: int = 60, n_runs: int = 1000, seed: int = 1
) -> Attribution:
    """Split the difference of p(deploy) between two setups.

    Codes on which coders differ are held at their means in both.

    Args:
        n_orders: Orders of the players that are sampled, each with its reverse; at least four.

    Raises:
        UsageError: If a crisis is compared with itself, or nothing differs that could be carried
            over.
    """
    first, second = setup_of(first), setup_of(second)
    here, there = first.situation, second.situation
    players = _players(first, second)
    if not players:
        a, b = first.case.id, second.case.id
        same = f"{a} is compared with itself; name another crisis"
        raise UsageError(same if a == b else f"no attribute differs between {a} and {b}")

    @cache
    def p_deploy(coalition: Coalition) -> float:
        decides = (second if DECIDES in coalition else first).endogenous
        return _p_deploy(first, _mixed(here, there, coalition), n_runs, seed, decides)

    contributions = _contributions(players, p_deploy, n_orders, seed)
    errors = errors_of(contributions)
    shares = (
        Share(name, _value(here, name), _value(there, name), float(row.mean()), float(error))
        for name, row, error in zip(players, contributions.T, errors, strict=True)
    )
    return Attribution(
        p_first=p_deploy(frozenset()),
        p_second=_p_deploy(second, there, n_runs, seed, second.endogenous),
        p_carried=p_deploy(frozenset(players)),
        shares=tuple(sorted(shares, key=lambda share: -abs(share.value))),
        n_orders=len(contributions),
    )


def _p_deploy(
    setup: Setup, situation: Situation, n_runs: int, seed: int, endogenous: bool
) -> float:
    outcome = run_batch(
        situation, setup.parameters, seed, n_runs, drawn_codes=False, endogenous=endogenous
    )
    return float(np.mean(outcome.level == Level.DEPLOY))


def errors_of(contributions: Array) -> Array:
    """Standard errors (player,) of the means of contributions (order, player).

    Each order is followed by its reverse; the errors are over these pairs.
    """
    pairs = contributions.reshape(-1, 2, contributions.shape[1]).mean(axis=1)
    return np.asarray(pairs.std(axis=0, ddof=1) / sqrt(len(pairs)))


def _contributions(
    players: list[str], worth: Callable[[Coalition], float], n_orders: int, seed: int
) -> Array:
    """Marginal contributions (order, player), each order followed by its reverse."""
    keys = uniforms(seed, Mechanism.STUDY, 7, 0, n_days=len(players))[:, : max(2, n_orders // 2)].T
    orders = [way for key in keys for way in (np.argsort(key), np.argsort(key)[::-1])]
    return np.stack([_along(order, players, worth) for order in orders])


def _along(
    order: NDArray[np.intp], players: list[str], worth: Callable[[Coalition], float]
) -> Array:
    """What each player adds when they join in this order (player,)."""
    added, so_far = np.zeros(len(players)), frozenset[str]()
    for k in order:
        joined = so_far | {players[k]}
        added[k] = worth(joined) - worth(so_far)
        so_far = joined
    return added


def _players(first: Setup, second: Setup) -> list[str]:
    here, there = first.situation, second.situation
    sides = [f"{who}.{side}" for who in ("patron", "others") for side in SIDES]
    names = [*CRISIS_ATTRIBUTES, *sides]
    differing = [name for name in names if _value(here, name) != _value(there, name)]
    if (here.rule, here.abstention) != (there.rule, there.abstention):
        differing.append(COUNCIL)
    if first.endogenous != second.endogenous:
        differing.append(DECIDES)
    return differing


def _value(situation: Situation, name: str) -> float | None:
    whose, _, attribute = name.rpartition(".")
    if name in (COUNCIL, DECIDES):
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


def _mixed(here: Situation, there: Situation, coalition: Coalition) -> Situation:
    """The first situation with the coalition's attributes taken from the second."""
    crisis = {name: (there if name in coalition else here).crisis[name] for name in here.crisis}
    standing = dict(here.standing)
    for name in coalition:
        whose, _, attribute = name.rpartition(".")
        value = _value(there, name)
        if whose and value is not None:
            standing[attribute] = tuple(
                Span(value, value, value)
                if (whose == "patron") == (i == here.patron) and i != here.requester
                else span
                for i, span in enumerate(standing[attribute])
            )
    mixed = replace(here, crisis=crisis, standing=standing)
    if COUNCIL in coalition:
        return replace(mixed, rule=there.rule, abstention=there.abstention)
    return mixed
