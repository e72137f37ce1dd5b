"""Who listens to whom in an alliance on the date of a case (model, section 2)."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.model.chance import draw_codes
from foedus.model.influence import ears_of, heard_weights
from foedus.model.numbers import Array
from foedus.model.setup import SetupLike, setup_of


@dataclass(frozen=True)
class Listening:
    """The network of influence; arrays in the order of `members`.

    Attributes:
        patron, requester, adversary: Indices of members.
        dependence, susceptibility, capability: d, s and c in [0, 1] (member,).
        influence: ``s_i w_ij``: the share of listener i's position that is speaker j's word
            (listener, speaker); a row adds up to the listener's susceptibility.
    """

    members: tuple[str, ...]
    patron: int
    requester: int
    adversary: int | None
    dependence: Array
    susceptibility: Array
    capability: Array
    influence: Array


def listening(setup: SetupLike) -> Listening:
    """The network of a setup, with the coders' means where they differ."""
    setup = setup_of(setup)
    situation = setup.situation
    codes = draw_codes(situation, 0, 0, 1, drawn=False)
    ears = ears_of(situation, codes, setup.parameters)
    return Listening(
        members=situation.members,
        patron=situation.patron,
        requester=situation.requester,
        adversary=situation.adversary,
        dependence=ears.dependence[:, 0],
        susceptibility=ears.susceptibility[:, 0],
        capability=codes.standing["capability"][:, 0],
        influence=heard_weights(ears, situation.patron),
    )
