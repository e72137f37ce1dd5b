"""One index of how relevant an alliance is to its members, by year (section 8.8).

An alliance is relevant when its members call on it, when it answers in kind, when they stay, and
when those who depend on its lead state stand in it. Each is necessary, so the index is a geometric
mean: one zero makes it zero. What the alliance remembers of its answers is kept in sums by name,
each a number or (run,), that fade as trust does.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from foedus.chronicle.trust import discounted_mean, share_of_ladder
from foedus.model.numbers import Array, Parameters, Value, weighted_sum

PARTS = ("calls", "answers", "members", "dependents")
"""Share of crises brought to it; share of calls answered in kind; share of those who ever joined
that are in good standing; the same weighted by dependence on the lead state."""

Sums = dict[str, Value]

REMEMBERED = ("seen", "called", "good", "heard", "imposed", "judged")
"""Crises met, and calls among them; calls answered in kind, and all calls, each weighed by what was
asked; imposition, and answers judged for it."""


def faded(sums: Mapping[str, Value], kept: Value) -> Sums:
    """The sums a year later, of which a share is kept."""
    return {name: value * kept for name, value in sums.items()}


def after_crisis(
    sums: Mapping[str, Value],
    asked: Value,
    in_kind: Value,
    imposed: Value,
    judged: Value,
    live: Value = 1.0,
) -> Sums:
    """The sums after one more crisis; `live` is 1 where it reached the alliance, else 0.

    `asked` is a level, 0 where nobody called; `in_kind` is 1 where it was answered in kind;
    `imposed` and `judged` are the imposition of the answer, and whether it is known.
    """
    weight = share_of_ladder(asked) * live
    return {
        "seen": sums["seen"] + live,
        "called": sums["called"] + live * np.where(asked > 0, 1.0, 0.0),
        "good": sums["good"] + weight * in_kind,
        "heard": sums["heard"] + weight,
        "imposed": sums["imposed"] + live * judged * imposed,
        "judged": sums["judged"] + live * judged,
    }


def parts_now(
    sums: Mapping[str, Value],
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
        discounted_mean(sums["called"], sums["seen"], p["p_call"], weight),
        discounted_mean(sums["good"], sums["heard"], p["trust_prior"], weight),
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
