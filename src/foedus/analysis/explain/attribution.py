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

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from typing import Any

import numpy as np

from foedus.analysis.explain.control import OWN
from foedus.data.terms import CRISIS_ATTRIBUTES, Level, Mechanism
from foedus.errors import UsageError
from foedus.model.array_engine import run_batch
from foedus.model.chance import uniforms
from foedus.model.numbers import Array
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.model.situation import Situation, Span

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
        make_up: What the members themselves (who they are, capability, dependence) account for.
    """

    p_first: float
    p_second: float
    p_carried: float
    shares: tuple[Share, ...]
    n_orders: int
    make_up: float


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
    situation, other = first.situation, second.situation
    here, there = _values(first), _values(second)
    players = [name for name in here if here[name] != there[name]]
    if not players:
        a, b = first.case.id, second.case.id
        same = f"{a} is compared with itself; name another crisis"
        raise UsageError(same if a == b else f"no attribute differs between {a} and {b}")

    @cache
    def p_deploy(coalition: Coalition) -> float:
        decides = (second if DECIDES in coalition else first).endogenous
        mixed = _mixed(situation, other, {name: there[name] for name in coalition})
        return _p_deploy(first, mixed, n_runs, seed, decides)

    contributions = _contributions(players, p_deploy, n_orders, seed)
    shares = []
    for name, row, error in zip(players, contributions.T, errors_of(contributions), strict=True):
        was, now = (None if name in (COUNCIL, DECIDES) else side[name] for side in (here, there))
        shares.append(Share(name, was, now, float(row.mean()), float(error)))
    p_carried = p_deploy(frozenset(players))
    p_second = _p_deploy(second, other, n_runs, seed, second.endogenous)
    return Attribution(
        p_first=p_deploy(frozenset()),
        p_second=p_second,
        p_carried=p_carried,
        shares=tuple(sorted(shares, key=lambda share: -abs(share.value))),
        n_orders=len(contributions),
        make_up=p_second - p_carried,
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
    added = np.zeros((len(orders), len(players)))
    for row, order in zip(added, orders, strict=True):
        joined = (frozenset(players[k] for k in order[:n]) for n in range(len(players) + 1))
        row[order] = np.diff([worth(coalition) for coalition in joined])
    return added


def _values(setup: Setup) -> dict[str, Any]:
    """What can be carried over to another crisis, by the name of the player."""
    situation = setup.situation
    lead, asks, standing = situation.patron, situation.requester, situation.standing
    weights = [0.0 if i in (lead, asks) else c.mode for i, c in enumerate(standing["capability"])]
    total = sum(weights)

    def of_others(side: str) -> float:
        pairs = zip(weights, standing[side], strict=True)
        return sum(w * s.mode for w, s in pairs) / total if total else 0.0

    return {
        **{name: situation.crisis[name].mode for name in CRISIS_ATTRIBUTES},
        **{f"patron.{side}": standing[side][lead].mode for side in OWN},
        **{f"others.{side}": of_others(side) for side in OWN},
        COUNCIL: (situation.rule, situation.abstention),
        DECIDES: setup.endogenous,
    }


def _mixed(here: Situation, there: Situation, taken: Mapping[str, Any]) -> Situation:
    """The first situation with some values taken from the second."""
    crisis = {name: (there if name in taken else here).crisis[name] for name in here.crisis}
    standing = dict(here.standing)
    for name, value in taken.items():
        whose, _, attribute = name.rpartition(".")
        if whose:
            standing[attribute] = tuple(
                Span(value, value, value)
                if (whose == "patron") == (i == here.patron) and i != here.requester
                else span
                for i, span in enumerate(standing[attribute])
            )
    mixed = replace(here, crisis=crisis, standing=standing)
    if COUNCIL in taken:
        return replace(mixed, rule=there.rule, abstention=there.abstention)
    return mixed
