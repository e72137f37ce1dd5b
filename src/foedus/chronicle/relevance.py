"""One index of how relevant an alliance is to its members, by year (section 8.8).

An alliance is relevant when its members call on it, when it answers in kind, when they stay, and
when those who depend on its lead state stand in it. Each is necessary, so the index is a geometric
mean: one zero makes it zero. What the alliance remembers of its answers fades as trust does.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from foedus.chronicle.trust import Memory, share_of_ladder
from foedus.model.numbers import Array, Parameters, Value, weighted_sum

PARTS = ("calls", "answers", "members", "dependents")
"""Share of crises brought to it; share of calls answered in kind; share of those who ever joined
that are in good standing; the same weighted by dependence on the lead state."""

Memories = Mapping[str, Memory]

REMEMBERED = ("calls", "answers", "imposed")
"""Crises that were brought to it; calls answered in kind, weighed by what was asked; imposition of
the answers that are judged for it."""


def after_crisis(
    past: Memories,
    asked: Value,
    in_kind: Value,
    imposed: Value,
    judged: Value,
    live: Value = 1.0,
) -> Memories:
    """What it remembers after one more crisis; `live` is 1 where it reached the alliance, else 0.

    `asked` is a level, 0 where nobody called; `in_kind` is 1 where it was answered in kind;
    `imposed` and `judged` are the imposition of the answer, and whether it is known.
    """
    return {
        "calls": past["calls"].after(np.where(asked > 0, 1.0, 0.0), live),
        "answers": past["answers"].after(in_kind, share_of_ladder(asked) * live),
        "imposed": past["imposed"].after(imposed, live * judged),
    }


def parts_now(
    past: Memories,
    inside: Sequence[Value] | Array,
    joined: Sequence[Value] | Array,
    dependence: Sequence[Value] | Array,
    p: Parameters,
) -> tuple[Value, ...]:
    """Parts of the index, in the order of `PARTS`.

    By state: whether it is in good standing, whether it ever was (1 or 0), and its dependence.
    """
    weight = p["prior_weight"]
    return (
        past["calls"].mean(p["p_call"], weight),
        past["answers"].mean(p["trust_prior"], weight),
        share_kept(np.ones(len(inside)), inside, joined),
        share_kept(dependence, inside, joined),
    )


def share_kept(
    weights: Sequence[Value] | Array,
    inside: Sequence[Value] | Array,
    joined: Sequence[Value] | Array,
) -> Value:
    """Of the weights of all who ever joined, the share in good standing; 0 where none joined."""
    held, whole = weighted_sum(weights, inside), weighted_sum(weights, joined)
    return np.where(whole > 0, held / np.where(whole > 0, whole, 1.0), 0.0)[()]


def relevance(calls: Value, answers: Value, members: Value, dependents: Value) -> Value:
    """Geometric mean of the four shares, in [0, 1]."""
    return np.sqrt(np.sqrt((calls * answers) * (members * dependents)))
