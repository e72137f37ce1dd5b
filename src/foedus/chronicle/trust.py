"""What a member expects the alliance to do when it calls, learned from answers (section 8.2).

A discounted average of calls answered in kind. Two running sums, `good` and `heard`, are forgotten
with a half-life, and a prior weighs as `prior_weight` calls for a force. Without calls trust goes
back to the prior: the share of commitments that alliances have honoured.

References
----------
Crescenzi, Kathman, Kleinberg and Wood (2012), doi:10.1111/j.1468-2478.2011.00711.x, for reputation
that fades and is learned from conduct toward others. Jøsang and Ismail (2002), The beta reputation
system, for the average.
"""

from __future__ import annotations

import numpy as np

from foedus.data.terms import Level
from foedus.model.numbers import Value


def kept_a_year(half_life: Value) -> Value:
    """Share of what is remembered after one more year: ``2^(-1/H)``, H in years."""
    return np.exp2(-1.0 / half_life)


def in_kind(answer: Value, asked: Value) -> Value:
    """1 where the answer reaches what was asked, else 0.

    A half between two levels counts as the higher, as the requester insists on it (section 7.3).
    Alliances honour a commitment or they do not (Leeds, Long and Mitchell 2000,
    doi:10.1177/0022002700044005006).

    Parameters
    ----------
    answer, asked
        Levels, 0 to 3.
    """
    return np.where(answer >= np.ceil(asked), 1.0, 0.0)[()]


def weight_of_call(asked: Value) -> Value:
    """How much a call tests an alliance, 0 to 1: a call for a force is 1, no call is 0."""
    return asked / float(Level.DEPLOY)


def learned(total: Value, amount: Value, weight: Value) -> Value:
    """A running sum after one more call: ``total + weight amount``."""
    return total + weight * amount


def expectation(good: Value, heard: Value, prior: Value, prior_weight: Value) -> Value:
    """Weighted share of calls answered in kind, the prior among them.

    ``(prior_weight prior + good) / (prior_weight + heard)``

    Parameters
    ----------
    good, heard
        Running sums over the calls answered in kind, and over all calls.
    prior
        Share expected without any call, 0 to 1.
    prior_weight
        Weight of the prior in calls for a force, above 0.

    Returns
    -------
    value in [0, 1]
    """
    return (prior_weight * prior + good) / (prior_weight + heard)
