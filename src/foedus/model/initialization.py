"""What stays the same all through a run: computed once, read by both engines."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.model.crisis import drift
from foedus.model.dependence import dependence_in
from foedus.model.influence import pull, susceptibility, voice_in
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.situation import Codes, Situation


@dataclass(frozen=True)
class Fixed:
    """Quantities fixed over the days; arrays are (member, 1) or (member, run).

    Attributes
    ----------
    dependence, susceptibility
        d and s in [0, 1].
    capability, voice
        Share of deployable power; the same without a member that is the adversary.
    pull
        Susceptibility per unit of the others' voice.
    driven, undriven
        Change of intensity a day without help or chance: while the coded trend holds, and after.
    room
        How far below a threshold a member may stand aside, log-odds.
    lag_days
        Days from decision to arrival.
    """

    dependence: Array
    susceptibility: Array
    capability: Array
    voice: Array
    pull: Array
    driven: Value
    undriven: Value
    room: Value
    lag_days: Value


def fixed_of(situation: Situation, codes: Codes, p: Parameters) -> Fixed:
    """Compute what stays the same for these codes and parameters."""
    capability = codes.standing["capability"]
    voice = voice_in(situation, capability)
    depends = dependence_in(situation, codes, p)
    moved = susceptibility(depends, p["rho"])
    moved[situation.patron] = 0.0
    centre = situation.has_crisis_centre
    return Fixed(
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
