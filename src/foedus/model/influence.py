"""Who listens to whom: opinion change under dependence (7.2).

Friedkin and Johnsen (1990), doi:10.1080/0022250X.1990.9990069: a member's position is pulled
toward what it hears, as far as it is susceptible, and anchored in its private view otherwise.
What member i hears is the mean of the others' positions weighted by their capability, so that
the weight matrix has rows ``w_ij = c_j / sum_{l != i} c_l``. Writing the row as
``(sum_j c_j x_j - c_i x_i) / (sum_l c_l - c_i)`` costs one pass over the members instead of one
for each of them.
"""

from __future__ import annotations

import numpy as np

from foedus.model.numbers import Array, Value, added_up, weighted_sum
from foedus.model.situation import Situation


def susceptibility(dependence: Value, rho: Value) -> Value:
    """How far a member's position is moved by what it hears: ``s = 1 - (1 - d)^rho``.

    Parameters
    ----------
    dependence
        d in [0, 1].
    rho
        Weight of the patron's influence, 0 or more: 0 switches it off, 1 takes d at face value.

    Returns
    -------
    value in [0, 1]
    """
    # One exponent for all would make numpy square or take roots at 2 and .5, with other last bits.
    each = rho + np.zeros_like(dependence, dtype=np.float64)
    return 1.0 - np.power(1.0 - dependence, each)


def voice_in(situation: Situation, capability: Array) -> Array:
    """How loud each member is: its capability; a member that is the adversary is not heard."""
    voice = capability.copy()
    if situation.adversary is not None:
        voice[situation.adversary] = 0.0
    return voice


def pull(susceptibility: Value, voice: Value, voices: Value) -> Value:
    """Susceptibility per unit of the others' voice: ``s_i / sum_{l != i} c_l``.

    Parameters
    ----------
    susceptibility
        s_i in [0, 1].
    voice
        The member's own capability, 0 if it does not speak.
    voices
        Sum of all members' voices.

    Returns
    -------
    value; 0 where nobody else speaks, so that such a member keeps its private view.
    """
    others = voices - voice
    return np.where(others > 0, susceptibility / np.where(others > 0, others, 1.0), 0.0)[()]


def kept(pull: Value, voice: Value, voices: Value) -> Value:
    """The weight of its own private view: ``1 - s_i``, and 1 where nobody else speaks."""
    return 1.0 - pull * (voices - voice)


def anchored(private: Value, pull: Value, voice: Value, voices: Value) -> Value:
    """The part of a position that its private view fixes: ``(1 - s_i) u_i``."""
    return kept(pull, voice, voices) * private


def listen(position: Value, anchor: Value, pull: Value, voice: Value, spoken: Value) -> Value:
    """One round of talk: ``x_i <- s_i sum_j w_ij x_j + (1 - s_i) u_i``.

    Parameters
    ----------
    position
        x_i before the round, log-odds.
    anchor
        :func:`anchored` private view.
    pull, voice
        As in :func:`pull`.
    spoken
        ``sum_j c_j x_j`` over all members before the round.

    Returns
    -------
    value
        x_i after the round, log-odds.
    """
    return pull * (spoken - voice * position) + anchor


def talk(positions: Array, private: Array, pulls: Array, voices: Array, n_rounds: int) -> Array:
    """Positions after `n_rounds` rounds in which all speak and then all move.

    Parameters
    ----------
    positions, private
        x and u, arrays (member, run), log-odds.
    pulls, voices
        Arrays (member, 1) or (member, run).
    n_rounds
        Rounds of talk, 0 or more.

    Returns
    -------
    array (member, run)
    """
    anchors = anchored(private, pulls, voices, added_up(voices))
    for _ in range(n_rounds):
        spoken = weighted_sum(voices, positions)
        positions = listen(positions, anchors, pulls, voices, spoken)
    return positions


def talk_in_place(
    positions: Array,
    anchors: Array,
    pulls: Array,
    voices: Array,
    n_rounds: int,
    *,
    said: Array,
    spoken: Array,
) -> None:
    """:func:`talk` without new arrays: the same bits in a fifth of the time.

    Parameters
    ----------
    positions
        x, array (member, run), log-odds; overwritten with the positions after talk.
    anchors
        :func:`anchored` private views, array (member, run).
    pulls, voices
        Arrays (member, 1) or (member, run).
    n_rounds
        Rounds of talk, 0 or more.
    said, spoken
        Room to work in, arrays (member, run) and (run,); overwritten.
    """
    for _ in range(n_rounds):
        np.multiply(voices, positions, out=said)
        np.copyto(spoken, said[0])
        for own in said[1:]:
            np.add(spoken, own, out=spoken)
        np.subtract(spoken, said, out=positions)
        np.multiply(pulls, positions, out=positions)
        np.add(positions, anchors, out=positions)
