"""Who listens to whom: opinion change under attachment to the lead state (7.2).

Friedkin and Johnsen (1990), doi:10.1080/0022250X.1990.9990069: a member's position is pulled
toward what it hears, as far as it is susceptible, and anchored in its private view otherwise.
Dependence on the lead state means listening to the lead state; the rest of a member's ear goes by
capability, so that the weight matrix has rows ``w_ip = a_i`` for the lead state p and
``w_ij = (1 - d_i) c_j / sum_{l != i} c_l`` for the others. A member is moved as far as the lead
state weighs in its ear (its attachment a_i). Writing the rest of the row as
``(sum_j c_j x_j - c_i x_i) / (sum_l c_l - c_i)`` costs one pass over the members instead of one
for each of them.
"""

from dataclasses import dataclass

import numpy as np

from foedus.model.dependence import dependence_in
from foedus.model.numbers import Array, Parameters, Value, added_up, weighted_sum
from foedus.model.situation import Codes, Situation


def attachment(dependence: Value, lead_voice: Value, others: Value) -> Value:
    """Weight of the lead state in a member's ear: ``a = d + (1 - d) c_p / sum_{l != i} c_l``.

    In [0, 1] as dependence d is; d where nobody else speaks.

    Args:
        lead_voice, others: The lead state's voice, and the sum of all voices but the member's own.

    References:
        Lake (2009) and Hirschman (1945) for dependence; Kindleberger (1973) for power without it.
    """
    share = np.where(others > 0, lead_voice / np.where(others > 0, others, 1.0), 0.0)
    return dependence + (1.0 - dependence) * np.minimum(share, 1.0)


def susceptibility(attachment: Value, rho: Value) -> Value:
    """How far a member's position is moved by what it hears: ``s = 1 - (1 - a)^rho``, in [0, 1].

    Args:
        rho: Weight of the lead state's influence, 0 or more: 0 switches all influence off, 1 takes
            attachment at face value.
    """
    # One exponent for all would make numpy square or take roots at 2 and .5, with other last bits.
    each = rho + np.zeros_like(attachment, dtype=np.float64)
    return 1.0 - np.power(1.0 - attachment, each)


@dataclass(frozen=True)
class Ears:
    """Whom each member hears and how far it is moved; arrays (member, 1) or (member, run).

    Attributes:
        dependence, attachment, susceptibility: d, a and s in [0, 1]; s is 0 for the lead state.
        voice: Capability, 0 for a member that is the adversary.
        toward_lead: ``s_i d_i``: share of its position that is the lead state's word through
            dependence.
        pull: ``s_i (1 - d_i) / sum_{l != i} c_l``: share per unit of the others' voice.
        kept: ``1 - s_i``, the weight of its own private view.
    """

    dependence: Array
    attachment: Array
    susceptibility: Array
    voice: Array
    toward_lead: Array
    pull: Array
    kept: Array


def ears_of(situation: Situation, codes: Codes, p: Parameters) -> Ears:
    """Whom the members of a situation hear.

    Where the lead state is itself the adversary it has no voice, and nobody listens to it.
    """
    lead, voice = situation.patron, codes.standing["capability"].copy()
    depends = dependence_in(situation, codes, p)
    if situation.adversary is not None:
        voice[situation.adversary] = 0.0
    others = added_up(voice) - voice
    attached = attachment(depends, voice[lead], others)
    moved = np.where(others > 0, susceptibility(attached, p["rho"]), 0.0)
    moved[lead] = 0.0
    heeds = depends if situation.adversary != lead else np.zeros_like(depends)
    share = np.where(others > 0, (moved * (1.0 - heeds)) / np.where(others > 0, others, 1.0), 0.0)
    return Ears(depends, attached, moved, voice, moved * heeds, share, 1.0 - moved)


def heard_weights(ears: Ears, lead: int) -> Array:
    """``s_i w_ij`` of the first run: share of i's position that is j's word (listener, speaker).

    A row adds up to the listener's susceptibility.
    """
    influence = ears.pull[:, :1] * ears.voice[:, 0][None, :]
    np.fill_diagonal(influence, 0.0)
    influence[:, lead] += ears.toward_lead[:, 0]
    return np.asarray(influence)


def listen(
    position: Value,
    anchor: Value,
    toward_lead: Value,
    pull: Value,
    voice: Value,
    lead: Value,
    spoken: Value,
) -> Value:
    """One round of talk: ``x_i <- s_i h_i + (1 - s_i) u_i``, log-odds.

    Args:
        position, lead: x_i, and the lead state's position, before the round.
        anchor: ``(1 - s_i) u_i``.
        toward_lead, pull, voice: As in :class:`Ears`.
        spoken: ``sum_j c_j x_j`` over all members before the round.
    """
    return toward_lead * lead + (pull * (spoken - voice * position) + anchor)


def talk(positions: Array, private: Array, ears: Ears, lead: int, n_rounds: int) -> Array:
    """Positions (member, run) after `n_rounds` rounds in which all speak and then all move.

    Args:
        positions, private: x and u, arrays (member, run), log-odds.
        lead: Index of the lead state.
    """
    anchors = ears.kept * private
    for _ in range(n_rounds):
        spoken = weighted_sum(ears.voice, positions)
        positions = listen(
            positions, anchors, ears.toward_lead, ears.pull, ears.voice, positions[lead], spoken
        )
    return positions


def talk_in_place(
    positions: Array,
    anchors: Array,
    ears: Ears,
    lead: int,
    n_rounds: int,
    *,
    said: Array,
    spoken: Array,
) -> None:
    """:func:`talk` without new arrays: the same bits in a fifth of the time.

    Args:
        positions: x, array (member, run), log-odds; overwritten with the positions after talk.
        anchors: ``(1 - s_i) u_i``, array (member, run).
        said, spoken: Room to work in, arrays (member, run) and (run,); overwritten.
    """
    leads = np.empty_like(spoken)
    for _ in range(n_rounds):
        np.multiply(ears.voice, positions, out=said)
        np.copyto(spoken, said[0])
        for own in said[1:]:
            np.add(spoken, own, out=spoken)
        np.copyto(leads, positions[lead])
        np.subtract(spoken, said, out=positions)
        np.multiply(ears.pull, positions, out=positions)
        np.add(positions, anchors, out=positions)
        np.multiply(ears.toward_lead, leads, out=said)
        np.add(said, positions, out=positions)
