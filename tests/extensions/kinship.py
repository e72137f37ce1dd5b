"""A term of one's own: a member is more willing where its own aims and its alignment agree.

Use it with ``foedus --extension kinship.py run kazakhstan-2022 --set b_kinship=2``, or in a theory.
"""

from __future__ import annotations

from foedus.extensions import Codes, Situation, term


@term("kinship", "b_kin", "close to the requester, and with a stake", 1)
def kinship(situation: Situation, codes: Codes):
    """Values in [0, 1], a row a member; the requester is no kin of itself."""
    values = codes.standing["alignment"] * codes.standing["stake"]
    own = values.copy()
    own[situation.requester] = 0.0
    return own
