"""Voting power: how often each member's vote decides, before anyone's opinion is known.

A weighted voting game passes a motion when the weights of those in favour reach the quota.
Member i swings a coalition that loses without it and wins with it. Every index here is one
weighing of the number of swings by the size of the coalition. Those numbers come exactly, in
Python integers, from the generating function of the losing coalitions (Bilbao et al. 2000,
doi:10.1007/BF02628555). A rule from outside the package may be no weighted vote; it is asked once
for each of the ``2**n`` sets of voters.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import compress
from math import factorial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Rule
from foedus.errors import InputError
from foedus.model.council import PASSES, WINS, Ballot

Swings: TypeAlias = tuple[tuple[int, ...], ...]
"""Entry (i, s): how many coalitions of s others member i swings."""

PER_MILLE = 1000
"""Parts into which the capabilities are cut where votes are weighted by them."""

MOST_VOTERS = 20
"""Voters of which every coalition is tried: a million; each further voter doubles them."""


def shapley_shubik(counts: Swings) -> tuple[Fraction, ...]:
    """Share of the orders of joining in which each member is the one that tips the balance.

    After Shapley and Shubik (1954), doi:10.2307/1951053. Like every index it takes a game as
    :func:`swings` counts it, and is exact, in [0, 1], one a member; these sum to 1.
    """
    n = len(counts)
    orders = [factorial(size) * factorial(n - size - 1) for size in range(n)]
    return tuple(
        Fraction(sum(c * o for c, o in zip(row, orders, strict=True)), factorial(n))
        for row in counts
    )


def banzhaf(counts: Swings) -> tuple[Fraction, ...]:
    """Each member's share of all the swings: the normalised Banzhaf index, summing to 1.

    After Banzhaf (1965), Weighted voting doesn't work, Rutgers Law Review 19, 317-343 (no DOI).
    """
    totals = [sum(row) for row in counts]
    return tuple(Fraction(total, sum(totals)) for total in totals)


def penrose(counts: Swings) -> tuple[Fraction, ...]:
    """Probability that each member decides when all others toss a fair coin (absolute Banzhaf).

    After Penrose (1946), doi:10.2307/2981392.
    """
    return tuple(Fraction(sum(row), 2 ** (len(counts) - 1)) for row in counts)


def can_block(counts: Swings) -> tuple[bool, ...]:
    """Whether a motion that all others want fails without the member."""
    return tuple(row[-1] > 0 for row in counts)


def swings(weights: NDArray[np.integer], quota: int) -> Swings:
    """Count the coalitions that each member turns from losing to winning, by their size.

    Time grows as member² x quota, memory as member x quota.

    Raises:
        ValueError: If the weights are not non-negative integers or the quota is out of range.
    """
    weights = np.asarray(weights)
    if weights.ndim != 1 or weights.dtype.kind not in "iu" or (weights < 0).any():
        raise ValueError("weights must be a row of non-negative integers")
    votes: list[int] = weights.tolist()
    if not isinstance(quota, int | np.integer) or not 1 <= quota <= sum(votes):
        raise ValueError(f"quota must be a whole number from 1 to {sum(votes)}, not {quota}")
    # Votes above the quota change nothing, so a table of losing coalitions can hold any member.
    votes = [min(vote, quota) for vote in votes]
    losing = _losing(votes, quota)
    by_vote = {v: _without(losing, v)[:, quota - v :].sum(axis=1).tolist() for v in set(votes)}
    return tuple(tuple(by_vote[vote]) for vote in votes)


def game_of(
    rule: str, capability: NDArray[np.float64], patron_index: int | None, room: bool = False
) -> tuple[NDArray[np.int64], int]:
    """Return the weighted voting game that a council rule plays on one yes-or-no motion.

    Where members may stand aside, consensus is the test of the mean: those who are not for a motion
    stand as far below its bar as its supporters stand above, so that it passes with half of the
    voters' capability behind it. That anybody can still object is no part of this game. Without
    room to stand aside consensus is unanimity. Weights are rounded to a thousandth of the sum, so
    two sides within a thousandth of each other may count as even.

    Args:
        capability: Power of each voter (member,), in any one unit, none negative; its values matter
            where votes are weighted by it.
        patron_index: Place of the patron among the voters; None where it does not vote.
        room: Whether a member may stand aside under consensus.

    Returns:
        weights, quota: Votes of each member (member,), and votes that pass a motion.

    Raises:
        ValueError: If nobody votes, if the patron decides without being among the voters, if votes
            are weighted by capabilities that are negative, not finite or all zero, or if the rule
            is from outside the package.
    """
    n = len(capability)
    if n == 0:
        raise ValueError("a council needs at least one voter")
    each_one = np.ones(n, dtype=np.int64)
    if by_capability(rule, room):
        weights = _per_mille(capability)
        total = int(weights.sum())
        return weights, -(-total // 2) if rule == Rule.CONSENSUS else total // 2 + 1
    match rule:
        case Rule.CONSENSUS | Rule.UNANIMITY:
            return each_one, n
        case Rule.MAJORITY:
            return each_one, n // 2 + 1
        case Rule.TWO_THIRDS:
            return each_one, -(-2 * n // 3)
        case Rule.PATRON:
            if patron_index is None or not 0 <= patron_index < n:
                raise ValueError(f"the patron must be one of the {n} voters, not {patron_index}")
            return (np.arange(n) == patron_index).astype(np.int64), 1
    raise ValueError(f"the rule {rule} is no weighted vote")


def by_capability(rule: str, room: bool) -> bool:
    """Whether a rule weighs the voters by their capability."""
    return rule == Rule.WEIGHTED or (rule == Rule.CONSENSUS and room)


def _losing(votes: list[int], quota: int) -> NDArray[np.object_]:
    """Count the coalitions of each size and weight below the quota, shape (member, quota).

    The coefficients of prod_i (1 + y z^w_i). The coalition of all wins, so it needs no row.
    """
    table = np.zeros((len(votes), quota), dtype=object)
    table[0, 0] = 1
    for vote in votes:
        joined = table[:-1, : quota - vote].copy()
        table[1:, vote:] += joined
    return table


def _without(table: NDArray[np.object_], vote: int) -> NDArray[np.object_]:
    """Take one member out of the count: divide the generating function by (1 + y z^vote)."""
    rest = table.copy()
    for size in range(1, len(rest)):
        rest[size, vote:] -= rest[size - 1, : rest.shape[1] - vote]
    return rest


def _per_mille(capability: NDArray[np.float64]) -> NDArray[np.int64]:
    """Capabilities in thousandths of their sum, rounded, at least 1 where positive."""
    capability = np.asarray(capability, dtype=np.float64)
    if not np.isfinite(capability).all() or (capability < 0).any() or not capability.any():
        raise ValueError("capabilities must be finite, none negative and not all zero")
    rounded = np.rint(PER_MILLE * capability / capability.sum()).astype(np.int64)
    return np.where(capability > 0, np.maximum(rounded, 1), 0)


def swings_under(
    rule: str, members: tuple[str, ...], capability: Mapping[str, float], patron: str | None
) -> Swings:
    """The swings under a rule that is no weighted vote: it is asked about every set of voters.

    A member whose `capability` is not stated counts as 0.

    Raises:
        InputError: If there are too many voters, no coalition passes, the empty one does, or one
            more vote in favour can stop a motion.
    """
    n = len(members)
    if n > MOST_VOTERS:
        raise InputError(f"every coalition is tried, and {n} voters are more than {MOST_VOTERS}")
    held = {state: capability.get(state, 0.0) for state in members}
    sets = np.arange(2**n) >> np.arange(n)[:, None] & 1 == 1
    passes = _passes(rule, sets, held, patron)
    if passes[0] or not passes[-1]:
        raise InputError("a motion passes with nobody for it, or fails with all for it")
    counts = []
    for i, state in enumerate(members):
        without = np.flatnonzero(~sets[i])
        before, after = passes[without], passes[without | 1 << i]
        if (before & ~after).any():
            raise InputError(f"the vote of {state} in favour can stop a motion")
        sizes = sets[:, without[after & ~before]].sum(axis=0)
        counts.append(tuple(np.bincount(sizes, minlength=n).tolist()))
    return tuple(counts)


def _passes(
    rule: str, sets: NDArray[np.bool_], held: Mapping[str, float], patron: str | None
) -> NDArray[np.bool_]:
    """Whether a motion passes for each set of supporters; who is not for it objects to it."""
    members = tuple(held)
    if rule in WINS:
        each = (frozenset(compress(members, column)) for column in sets.T)
        return np.array([WINS[rule](states, members, held) for states in each], dtype=bool)
    ballot = Ballot(
        supports=list(sets),
        objects=list(~sets),
        positions=list(np.where(sets, 1.0, -1.0)),
        capability=[np.float64(power) for power in held.values()],
        patron_supports=sets[members.index(patron)] if patron in held else np.False_,
        bar=np.float64(0.0),
        members=members,
    )
    return np.broadcast_to(np.asarray(PASSES[rule](ballot), dtype=bool), sets.shape[1])
