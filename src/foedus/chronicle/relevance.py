"""One index of how relevant an alliance is to its members, by year (section 8.8).

An alliance is relevant when its members call on it, when it answers in kind, when they stay, and
when those who depend on its lead state stand in it. Each is necessary, so the index is a geometric
mean: one zero makes it zero. Calls and answers are remembered as trust is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.model.numbers import Value, added_up, weighted_sum

PARTS = ("calls", "answers", "members", "dependents")
"""Share of crises brought to it; share of calls answered in kind; share of those who ever joined
that are in good standing; the same weighted by dependence on the lead state."""


def members_kept(in_good_standing: Sequence[Value], ever_joined: Sequence[Value]) -> Value:
    """Share of the states that ever joined which are in good standing; 0 where none joined."""
    joined = added_up(ever_joined)
    return np.where(joined > 0, added_up(in_good_standing) / np.maximum(joined, 1.0), 0.0)[()]


def dependents_kept(
    dependence: Sequence[Value], in_good_standing: Sequence[Value], ever_joined: Sequence[Value]
) -> Value:
    """Of the dependence of all who ever joined, the share that stands in the alliance."""
    held = weighted_sum(dependence, in_good_standing)
    whole = weighted_sum(dependence, ever_joined)
    return np.where(whole > 0, held / np.where(whole > 0, whole, 1.0), 0.0)[()]


def relevance(calls: Value, answers: Value, members: Value, dependents: Value) -> Value:
    """Geometric mean of the four shares, in [0, 1]."""
    return np.sqrt(np.sqrt((calls * answers) * (members * dependents)))
