"""Voting power under a rule that is no weighted vote: every coalition is tried.

The built-in rules are weighted games (:mod:`foedus.analysis.power_indices`). A rule from outside
the package may be anything; it is asked once for each of the ``2**n`` sets of voters.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from foedus.errors import InputError
from foedus.model.council import PASSES, WINS, Ballot

MOST_VOTERS = 20
"""A million coalitions; each further voter doubles them."""


def swings_under(
    rule: str, members: tuple[str, ...], capability: Mapping[str, float], patron: str | None
) -> tuple[tuple[int, ...], ...]:
    """Coalitions that each member turns from losing to winning, by their size.

    Parameters
    ----------
    rule
        Name of a council rule.
    members
        ISO codes of the voters.
    capability
        Share of power by member; one that is not stated counts as 0.
    patron
        The lead state, where it sits.

    Returns
    -------
    tuple of tuple of int, shape (member, member)
        As :func:`foedus.analysis.power_indices.swings` gives it.

    Raises
    ------
    InputError
        If there are too many voters, no coalition passes, the empty one does, or one more vote in
        favour can stop a motion.
    """
    n = len(members)
    if n > MOST_VOTERS:
        raise InputError(f"every coalition is tried, and {n} voters are more than {MOST_VOTERS}")
    held = {state: capability.get(state, 0.0) for state in members}
    passes = _by_set(rule, members, held) if rule in WINS else _by_ballot(rule, held, patron)
    if passes[0] or not passes[-1]:
        raise InputError("a motion passes with nobody for it, or fails with all for it")
    coalition = np.arange(2**n)
    size = sum((coalition >> i) & 1 for i in range(n))
    counts = []
    for i in range(n):
        without = coalition[(coalition >> i) & 1 == 0]
        before, after = passes[without], passes[without | 1 << i]
        if (before & ~after).any():
            raise InputError(f"the vote of {members[i]} in favour can stop a motion")
        sizes = np.asarray(size)[without][after & ~before]
        counts.append(tuple(np.bincount(sizes, minlength=n).tolist()))
    return tuple(counts)


def _by_set(rule: str, members: tuple[str, ...], held: Mapping[str, float]) -> NDArray[np.bool_]:
    wins, n = WINS[rule], len(members)
    sets = (frozenset(compress(members, (bits >> i & 1 for i in range(n)))) for bits in range(2**n))
    return np.fromiter((wins(states, members, held) for states in sets), bool, 2**n)


def _by_ballot(rule: str, held: Mapping[str, float], patron: str | None) -> NDArray[np.bool_]:
    """Ask the rule about all coalitions at once: who is not for a motion objects to it."""
    members = tuple(held)
    coalition = np.arange(2 ** len(members))
    yes = [(coalition >> i & 1).astype(bool) for i in range(len(members))]
    ballot = Ballot(
        supports=yes,
        objects=[~said for said in yes],
        positions=[np.where(said, 1.0, -1.0) for said in yes],
        capability=[np.float64(power) for power in held.values()],
        patron_supports=yes[members.index(patron)] if patron in held else np.False_,
        bar=np.float64(0.0),
        members=members,
    )
    return np.broadcast_to(np.asarray(PASSES[rule](ballot), dtype=bool), coalition.shape)
