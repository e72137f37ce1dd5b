"""How large a force is, who sends how many, and when it arrives (7.6).

Size, shares and arrival are distributions estimated from the deployments of the library, with the
crisis at hand left out (:func:`law_of`). Nothing known on the day tells the size of a force well,
so the distributions are wide, and they say so. The noise z has mean 0 and variance 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from foedus.data.terms import Stance
from foedus.model.council import supports
from foedus.model.numbers import Array, Value, added_up
from foedus.model.situation import Situation

LEAST_CAPABILITY = 0.002
"""Capability below which a member counts as having this much; assumed."""
FEWEST = 3
"""Deployments from which a law can be estimated."""
LONGEST_DAYS = 365.0


@dataclass(frozen=True)
class Deployment:
    """A force that an alliance sent in history.

    Attributes:
        total: Troops in all (geometric mean of the lowest and highest figure).
        contingents: Capability and troops of each member whose part is known.
        days: Days from decision to arrival.
    """

    total: float | None
    contingents: tuple[tuple[float, float], ...]
    days: float | None


@dataclass(frozen=True)
class ForceLaw:
    """What past deployments say of a force.

    Attributes:
        size, size_spread: Mean of log troops, and spread of a prediction.
        power, share_spread: Exponent of capability in a contingent's share, and spread about it.
        wait, wait_spread: Mean of log (1 + days to arrival), and spread of a prediction.
        n_cases: Deployments with a total.
    """

    size: float
    size_spread: float
    power: float
    share_spread: float
    wait: float
    wait_spread: float
    n_cases: int


def law_of(deployments: Sequence[Deployment]) -> ForceLaw | None:
    """Estimate size, shares and arrival of a force from past deployments.

    Log size and log of 1 + days are normal, with the spread of a prediction for one more case; a
    contingent's share goes with a power of its capability, found within each case. None where
    fewer than three deployments are known.

    References:
        Olson and Zeckhauser (1966), doi:10.2307/1927082, for shares that grow less than capability.
    """
    sizes = [log(case.total) for case in deployments if case.total]
    waits = [log(1.0 + case.days) for case in deployments if case.days is not None]
    pairs = [within(case) for case in deployments if len(case.contingents) > 1]
    if len(sizes) < FEWEST or len(waits) < FEWEST or not pairs:
        return None
    z, y = (np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
    power = float((z * y).sum() / (z * z).sum())
    freedom = max(1, len(z) - len(pairs) - 1)
    size, size_spread = _predictive(sizes)
    wait, wait_spread = _predictive(waits)
    share_spread = sqrt(float(((y - power * z) ** 2).sum()) / freedom)
    return ForceLaw(size, size_spread, power, share_spread, wait, wait_spread, len(sizes))


def within(case: Deployment) -> tuple[Array, Array]:
    """Log capability and log troops of one case's contingents (contingent,), about their means."""
    capability = np.log([max(c, LEAST_CAPABILITY) for c, _ in case.contingents])
    troops = np.log([n for _, n in case.contingents])
    return capability - capability.mean(), troops - troops.mean()


def _predictive(values: Sequence[float]) -> tuple[float, float]:
    mean, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    return mean, spread * sqrt(1.0 + 1.0 / len(values))


def force_size(situation: Situation, noise: Value) -> Value:
    """Troops of the whole force: ``min(exp(m_T + s_T z), the alliance's pool)``."""
    law = situation.force
    wanted = situation.forces_needed if law is None else np.exp(law.size + law.size_spread * noise)
    return np.minimum(wanted, situation.alliance_pool)


def claim(situation: Situation, capability: Value, noise: Value) -> Value:
    """A sender's claim on the force: ``c^beta exp(s_beta z)``."""
    floored = np.maximum(capability, LEAST_CAPABILITY)
    law = situation.force
    if law is None:
        return floored
    each = law.power + np.zeros_like(floored, dtype=np.float64)  # as in influence.susceptibility
    return np.power(floored, each) * np.exp(law.share_spread * noise)


def contribution(total: Value, claim: Value, claims: Value, pool: Value) -> Value:
    """Troops of one sender, whole: its share of the force, at most its own pool."""
    return np.floor(np.minimum(total * (claim / np.where(claims > 0, claims, 1.0)), pool))


def lag(situation: Situation, noise: Value) -> Value:
    """Whole days from decision to arrival: ``round(exp(m_D + s_D z) - 1)``, 0 to 365."""
    law = situation.force
    if law is None:
        return np.ones_like(noise)
    days = np.rint(np.exp(law.wait + law.wait_spread * noise) - 1.0)
    return np.minimum(np.maximum(days, 0.0), LONGEST_DAYS)


def pledges(
    situation: Situation,
    positions: Array,
    bar: Value,
    capability: Array,
    size_noise: Value,
    share_noise: Array,
) -> Array:
    """Troops that each member sends where the alliance deploys (member, run).

    Every supporter of a force sends, other than the requester and an adversary. `bar` is the
    threshold of deployment, log-odds; size_noise is (run,), share_noise (member, run).
    """
    sends = supports(positions, bar)
    for i, stance in situation.stances.items():
        sends[i] = stance == Stance.SUPPORT
    sends[[i for i in (situation.requester, situation.adversary) if i is not None]] = False
    claims = claim(situation, capability, share_noise) * sends
    total = force_size(situation, size_noise)
    pools = np.array(situation.pools)[:, None]
    troops: Array = contribution(total, claims, added_up(claims), pools) * sends
    return troops


def share_in_place(troops: Value, forces_needed: float) -> Value:
    """Forces in place as a share of the forces needed, at most 1."""
    return np.minimum(troops / forces_needed, 1.0)
