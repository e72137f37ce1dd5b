"""Voting power: how often each member's vote decides, before anyone's opinion is known.

A weighted voting game passes a motion when the weights of those in favour reach the quota.
Member i swings a coalition that loses without it and wins with it. Every index here is one
weighing of the number of swings by the size of the coalition, and those numbers come exactly,
in Python integers, from the generating function of the losing coalitions.

References
----------
Bilbao, J. M., Fernández, J. R., Jiménez Losada, A. and López, J. J. (2000). Generating functions
for computing power indices efficiently. TOP, 8, 191-213. doi:10.1007/BF02628555
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Rule

Swings: TypeAlias = tuple[tuple[int, ...], ...]
"""Entry (i, s): how many coalitions of s others member i swings."""

PER_MILLE = 1000
"""Parts into which the capabilities are cut where votes are weighted by them."""


def shapley_shubik(counts: Swings) -> tuple[Fraction, ...]:
    """Share of the orders of joining in which each member is the one that tips the balance.

    Parameters
    ----------
    counts
        A game, as :func:`swings` counts it; so for the other indices.

    Returns
    -------
    tuple of Fraction, length member
        Exact index of each member in [0, 1]; they sum to 1.

    References
    ----------
    Shapley, L. S. and Shubik, M. (1954). A method for evaluating the distribution of power in a
    committee system. American Political Science Review, 48(3), 787-792. doi:10.2307/1951053
    """
    n = len(counts)
    orders = [factorial(size) * factorial(n - size - 1) for size in range(n)]
    return tuple(
        Fraction(sum(c * o for c, o in zip(row, orders, strict=True)), factorial(n))
        for row in counts
    )


def banzhaf(counts: Swings) -> tuple[Fraction, ...]:
    """Each member's share of all the swings: the normalised Banzhaf index, summing to 1.

    References
    ----------
    Banzhaf, J. F. (1965). Weighted voting doesn't work: a mathematical analysis. Rutgers Law
    Review, 19, 317-343. (It has no DOI.)
    """
    totals = [sum(row) for row in counts]
    return tuple(Fraction(total, sum(totals)) for total in totals)


def penrose(counts: Swings) -> tuple[Fraction, ...]:
    """Probability that each member decides when all others toss a fair coin (absolute Banzhaf).

    References
    ----------
    Penrose, L. S. (1946). The elementary statistics of majority voting. Journal of the Royal
    Statistical Society, 109(1), 53-57. doi:10.2307/2981392
    """
    return tuple(Fraction(sum(row), 2 ** (len(counts) - 1)) for row in counts)


def can_block(counts: Swings) -> tuple[bool, ...]:
    """Whether a motion that all others want fails without the member."""
    return tuple(row[-1] > 0 for row in counts)


def swings(weights: NDArray[np.integer], quota: int) -> Swings:
    """Count the coalitions that each member turns from losing to winning, by their size.

    Time grows as member² x quota, memory as member x quota.

    Parameters
    ----------
    weights : array of int, shape (member,)
        Votes of each member, none negative.
    quota : int
        Votes that pass a motion, from 1 to the sum of the weights.

    Returns
    -------
    tuple of tuple of int, shape (member, member)
        Entry (i, s) is the number of coalitions of s others that member i swings.

    Raises
    ------
    ValueError
        If the weights are not non-negative integers or the quota is out of range.
    """
    # Votes above the quota change nothing, so a table of losing coalitions can hold any member.
    votes = [min(vote, quota) for vote in _votes(weights, quota)]
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

    Parameters
    ----------
    rule : str
        One of the council's own rules (:class:`foedus.data.terms.Rule`).
    capability : array, shape (member,)
        Power of each voting member, in any one unit, none negative. Its length is the number of
        voters under every rule; its values matter where votes are weighted by it.
    patron_index : int or None
        Place of the patron among the voters; None where it does not vote.
    room : bool
        Whether a member may stand aside under consensus.

    Returns
    -------
    weights : array of int, shape (member,)
        Votes of each member.
    quota : int
        Votes that pass a motion.

    Raises
    ------
    ValueError
        If nobody votes, if the patron decides without being among the voters, if votes are
        weighted by capabilities that are negative, not finite or all zero, or if the rule is
        from outside the package.
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
            return _patron_alone(n, patron_index), 1
    raise ValueError(f"the rule {rule} is no weighted vote")


def by_capability(rule: str, room: bool) -> bool:
    """Whether a rule weighs the voters by their capability."""
    return rule == Rule.WEIGHTED or (rule == Rule.CONSENSUS and room)


def _votes(weights: NDArray[np.integer], quota: int) -> list[int]:
    """Weights as Python integers, once they and the quota are known to make a game."""
    weights = np.asarray(weights)
    if weights.ndim != 1 or weights.dtype.kind not in "iu" or (weights < 0).any():
        raise ValueError("weights must be a row of non-negative integers")
    votes: list[int] = weights.tolist()
    if not isinstance(quota, int | np.integer) or not 1 <= quota <= sum(votes):
        raise ValueError(f"quota must be a whole number from 1 to {sum(votes)}, not {quota}")
    return votes


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


def _patron_alone(n: int, patron_index: int | None) -> NDArray[np.int64]:
    """One vote for the patron and none for the others."""
    if patron_index is None or not 0 <= patron_index < n:
        raise ValueError(f"the patron must be one of the {n} voters, not {patron_index}")
    weights = np.zeros(n, dtype=np.int64)
    weights[patron_index] = 1
    return weights
