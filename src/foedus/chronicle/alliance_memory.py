"""What an alliance remembers of its answers, and what follows from it; the same in both engines.

Sums are by name, each a number or (run,). They fade with the half-life of trust.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foedus.chronicle import legitimacy, relevance, trust
from foedus.model.numbers import Parameters, Value

Sums = dict[str, Value]

NAMES = ("seen", "called", "good", "heard", "imposed", "judged")
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
    """The sums after one more crisis.

    Parameters
    ----------
    asked
        Level, 0 to 3; 0 where nobody called.
    in_kind
        1 where it was answered in kind.
    imposed, judged
        Imposition of the answer, and whether it is known.
    live
        1 where the crisis reached the alliance, else 0.
    """
    weight = trust.weight_of_call(asked) * live
    more = {
        "seen": (1.0, live),
        "called": (np.where(asked > 0, 1.0, 0.0), live),
        "good": (in_kind, weight),
        "heard": (1.0, weight),
        "imposed": (imposed, live * judged),
        "judged": (1.0, live * judged),
    }
    return {name: trust.learned(sums[name], *more[name]) for name in NAMES}


def legitimacy_now(sums: Mapping[str, Value], p: Parameters) -> Value:
    """Legitimacy of the answers so far, 0 to 1."""
    return legitimacy.legitimacy(sums["imposed"], sums["judged"], p["prior_weight"])


def parts_now(
    sums: Mapping[str, Value],
    inside: Sequence[Value],
    joined: Sequence[Value],
    dependence: Sequence[Value],
    p: Parameters,
) -> tuple[Value, ...]:
    """Parts of the relevance index, in the order of ``relevance.PARTS``.

    Parameters
    ----------
    inside, joined
        By state: whether it is in good standing, and whether it ever was (1 or 0).
    dependence
        By state, 0 to 1.
    """
    weight = p["prior_weight"]
    return (
        trust.expectation(sums["called"], sums["seen"], p["p_call"], weight),
        trust.expectation(sums["good"], sums["heard"], p["trust_prior"], weight),
        relevance.members_kept(inside, joined),
        relevance.dependents_kept(dependence, inside, joined),
    )
