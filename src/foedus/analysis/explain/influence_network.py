"""Who listens to whom in an alliance on the date of a case (model, section 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.model.chance import draw_codes
from foedus.model.ensemble import Setup
from foedus.model.initialization import fixed_of
from foedus.model.numbers import Array


@dataclass(frozen=True)
class Listening:
    """The network of influence; arrays in the order of `members`.

    Attributes
    ----------
    patron, requester, adversary
        Indices of members; the adversary only where it is one.
    dependence, susceptibility, capability
        d, s and c in [0, 1] (member,).
    influence
        ``s_i w_ij``: the share of listener i's position that is speaker j's word
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


def listening(setup: Setup) -> Listening:
    """The network of a setup, with the coders' means where they differ."""
    situation = setup.situation
    codes = draw_codes(situation, 0, 0, 1, drawn=False)
    setting = fixed_of(situation, codes, setup.parameters)
    influence = setting.pull[:, :1] * setting.voice[:, 0]
    np.fill_diagonal(influence, 0.0)
    return Listening(
        members=situation.members,
        patron=situation.patron,
        requester=situation.requester,
        adversary=situation.adversary,
        dependence=setting.dependence[:, 0],
        susceptibility=setting.susceptibility[:, 0],
        capability=setting.capability[:, 0],
        influence=influence,
    )
