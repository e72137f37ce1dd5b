"""What stays the same all through a run: computed once, read by both engines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.model.crisis import drift
from foedus.model.dependence import dependence_of_members
from foedus.model.influence import pull, susceptibility
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.situation import Codes, Situation
from foedus.model.willingness import crisis_terms, member_terms


@dataclass(frozen=True)
class Setting:
    """Quantities fixed over the days; arrays are (member, 1) or (member, run).

    Attributes
    ----------
    shared
        Sum of the crisis terms that all members share, log-odds.
    own
        Sum of each member's own terms, log-odds.
    dependence, susceptibility
        d and s in [0, 1].
    capability, voice
        Share of deployable power; the same without a member that is the adversary.
    pull
        Susceptibility per unit of the others' voice.
    driven, undriven
        Change of intensity a day without help or chance: while the coded trend holds, and after.
    room
        How far below a bar a member may stand aside, log-odds.
    lag_days
        Days from decision to arrival.
    """

    shared: Value
    own: Array
    dependence: Array
    susceptibility: Array
    capability: Array
    voice: Array
    pull: Array
    driven: Value
    undriven: Value
    room: Value
    lag_days: Value


def setting_of(situation: Situation, codes: Codes, p: Parameters) -> Setting:
    """Compute what stays the same for these codes and parameters."""
    capability = codes.standing["capability"]
    voice = capability.copy()
    if situation.adversary is not None:
        voice[situation.adversary] = 0.0
    depends = _dependence(situation, codes, p)
    moved = susceptibility(depends, p["rho"])
    moved[situation.patron] = 0.0
    centre = situation.has_crisis_centre
    return Setting(
        shared=added_up(crisis_terms(codes.crisis, p).values()),
        own=added_up(member_terms(codes.standing, p).values()),
        dependence=depends,
        susceptibility=moved,
        capability=capability,
        voice=voice,
        pull=pull(moved, voice, added_up(voice)),
        driven=drift(codes.crisis["trend"], codes.crisis["capacity"], p),
        undriven=drift(0.0, codes.crisis["capacity"], p),
        room=p["eta"] * situation.abstention,
        lag_days=p["deployment_days_centre"] if centre else p["deployment_days"],
    )


def _dependence(situation: Situation, codes: Codes, p: Parameters) -> Array:
    if situation.indicators is not None:
        depends = dependence_of_members(situation.indicators, situation.patron, p)
    else:
        depends = np.array(codes.standing["dependence"])
        depends[situation.patron] = 0.0
    for index, value in situation.stated_dependence.items():
        width = max(depends.shape[1], np.size(value))
        depends = np.array(np.broadcast_to(depends, (depends.shape[0], width)))
        depends[index] = value
    return depends


def first_sitting(situation: Situation, p: Parameters) -> Value:
    """Day of the first sitting: as scheduled, else some days after onset on its own initiative."""
    if situation.day_first_sitting is not None:
        return situation.day_first_sitting
    return np.maximum(0, p["own_initiative_lag"] - situation.days_since_onset)
