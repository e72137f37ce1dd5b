"""Whether, how and for what the requester asks (7.7)."""

from collections.abc import Sequence

import numpy as np

from foedus.model.numbers import Array, Parameters, Value, added_up, weighted_sum

NO_CHANNEL = 0.0
BILATERAL = 0.5
FORMAL = 1.0
"""Channels of a request on the codebook's scale."""


def warmth(alignment: Array, capability: Array, asked: Sequence[int]) -> Value:
    """Warmth toward the requester of those it would ask, the strong counting for more.

    In [0, 1] as alignment is; 0 where none of them has any capability.

    Args:
        alignment, capability: Of every member, arrays (member, 1) or (member, run).
        asked: Indices of the members that it would ask; one or more.
    """
    if len(asked) == 1:
        return alignment[asked[0]]
    power = [capability[i] for i in asked]
    total = added_up(power)
    behind = weighted_sum(power, [alignment[i] for i in asked])
    return np.where(total > 0, behind / np.where(total > 0, total, 1.0), 0.0)[()]


def wish(intensity: Value, capacity: Value, alignment: Value, p: Parameters) -> Value:
    """How much the requester wants help, before doubt.

    ``b_ask I_t (1 - capacity) + b_hope alignment_p - b_sovereignty (1 - alignment_p)``

    Args:
        intensity, capacity: I_t and the requester's own capacity, in [0, 1].
        alignment: The patron's warmth toward the requester, or the others' where the patron itself
            asks (:func:`warmth`), in [0, 1].
    """
    return (
        p["b_ask"] * (intensity * (1.0 - capacity))
        + p["b_hope"] * alignment
        - p["b_sovereignty"] * (1.0 - alignment)
    )


def asks(wish: Value, doubt: Value, ask_bar: Value) -> Value:
    """Whether it asks today: wish plus doubt, which lasts, reaches the bar."""
    return wish + doubt >= ask_bar


def next_channel(channel: Value, asks: Value) -> Value:
    """The channel after today: first bilateral, then formal, never back."""
    return np.where(asks, np.where(channel >= BILATERAL, FORMAL, BILATERAL), channel)[()]


def next_asked(asked: Value, asks: Value, intensity: Value, p: Parameters) -> Value:
    """The level asked for after today: more as the danger grows, never less."""
    wanted = np.where(
        intensity >= p["ask_force_at"], 3.0, np.where(intensity >= p["ask_support_at"], 2.0, 1.0)
    )
    return np.where(asks, np.maximum(asked, wanted), asked)[()]
