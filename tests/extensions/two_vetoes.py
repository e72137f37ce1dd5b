"""A council rule of one's own: more than half must agree, and two named members can each say no.

Use it with ``foedus --extension two_vetoes.py run kazakhstan-2022 --rule two-vetoes``.
"""

from __future__ import annotations

import numpy as np

from foedus.extensions import Ballot, council_rule
from foedus.model.council import majority

VETOES = ("BLR", "RUS")


@council_rule("two-vetoes", "An answer passes if more than half agree, Belarus and Russia too.")
def two_vetoes(ballot: Ballot):
    """A member that is not in the room, or that asks for help itself, has no veto."""
    passes = majority(ballot)
    for state, agrees in zip(ballot.members, ballot.supports, strict=True):
        if state in VETOES:
            passes = np.logical_and(passes, agrees)
    return passes
