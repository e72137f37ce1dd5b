"""A crisis as the model in JavaScript takes it: the situation, its codes, and draws for tests."""

from __future__ import annotations

from dataclasses import asdict
from math import isinf
from typing import Any

from foedus.model.situation import Situation


def situation_data(situation: Situation) -> dict[str, Any]:
    """A compiled crisis as plain data; a pool that is not known is null."""
    return {
        "members": list(situation.members),
        "crisis": {name: asdict(span) for name, span in situation.crisis.items()},
        "standing": {
            name: [asdict(span) for span in row] for name, row in situation.standing.items()
        },
        "indicators": None
        if situation.indicators is None
        else [dict(row) for row in situation.indicators],
        "requester": situation.requester,
        "patron": situation.patron,
        "adversary": situation.adversary,
        "voters": list(situation.voters),
        "addressees": list(situation.addressees),
        "rule": str(situation.rule),
        "abstention": situation.abstention,
        "dayFirstSitting": situation.day_first_sitting,
        "daysSinceOnset": situation.days_since_onset,
        "horizonDays": situation.horizon_days,
        "pools": [None if isinf(pool) else pool for pool in situation.pools],
        "alliancePool": None if isinf(situation.alliance_pool) else situation.alliance_pool,
        "forcesNeeded": situation.forces_needed,
        "isUnrest": situation.is_unrest,
        "force": None if situation.force is None else asdict(situation.force),
        "stated": {situation.members[i]: v for i, v in situation.stated_dependence.items()},
    }
