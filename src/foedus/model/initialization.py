"""What stays the same all through a run: computed once, read by both engines."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.model.crisis import drift
from foedus.model.dependence import dependence_in
from foedus.model.influence import Ears, ears_of
from foedus.model.numbers import Array, Parameters, Value
from foedus.model.situation import Codes, Situation


@dataclass(frozen=True)
class Fixed:
    """Quantities fixed over the days; arrays are (member, 1) or (member, run).

    Attributes
    ----------
    ears
        Whom each member hears, and how far it is moved.
    capability
        Share of deployable power.
    driven, undriven
        Change of intensity a day without help or chance: while the coded trend holds, and after.
    room
        How far below a threshold a member may stand aside, log-odds.
    """

    ears: Ears
    capability: Array
    driven: Value
    undriven: Value
    room: Value


def fixed_of(situation: Situation, codes: Codes, p: Parameters) -> Fixed:
    """Compute what stays the same for these codes and parameters."""
    capability = codes.standing["capability"]
    return Fixed(
        ears=ears_of(situation, dependence_in(situation, codes, p), capability, p["rho"]),
        capability=capability,
        driven=drift(codes.crisis["trend"], codes.crisis["capacity"], p),
        undriven=drift(0.0, codes.crisis["capacity"], p),
        room=p["eta"] * situation.abstention,
    )
