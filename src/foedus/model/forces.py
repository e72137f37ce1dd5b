"""Who sends how many (7.6)."""

from __future__ import annotations

import numpy as np

from foedus.model.council import supports
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.situation import Situation

FAR = 700.0
"""Distance below the bar, in omegas, beyond which a claim is nothing (keeps exp finite)."""


def eagerness(position: Value, bar: Value, capability: Value, omega: Value) -> Value:
    """A supporter's claim on the bulk of the force: ``capability logistic((x - bar_3) / omega)``.

    Parameters
    ----------
    position, bar
        x_i and the bar of deployment, log-odds.
    capability
        Share of the members' deployable power.
    omega
        Log-odds over which the claim grows.
    """
    return capability / (1.0 + np.exp(np.minimum((bar - position) / omega, FAR)))


def company(token: Value, n_senders: Value, alliance_pool: float) -> Value:
    """Men of each token company: `token`, or less where the alliance has too few for all.

    Parameters
    ----------
    token
        Men of a full token company.
    n_senders
        Supporters that send one each.
    alliance_pool
        Most men of the alliance (inf: not known).
    """
    return np.minimum(token, alliance_pool / np.maximum(n_senders, 1))


def contribution(claim: Value, claims: Value, token: Value, rest: Value, pool: Value) -> Value:
    """Men sent by one supporter: a token company, and its share of the rest.

    Parameters
    ----------
    claim, claims
        Its :func:`eagerness` and the sum over all supporters.
    token
        Men of the token company.
    rest
        Men needed beyond all token companies, 0 or more.
    pool
        Most men it can send.

    Returns
    -------
    whole men, as a float value

    References
    ----------
    Libman and Davidzon (2023) read the force of 2022 as symbolic for all but the lead state.
    """
    share = claim / np.where(claims > 0, claims, 1.0)  # where nobody claims, no claim is above 0
    return np.floor(np.minimum(token + rest * share, pool))


def rest_of_force(situation: Situation, n_senders: Value, token: Value) -> Value:
    """Troops needed beyond all token companies, 0 or more."""
    wanted = min(situation.forces_needed, situation.alliance_pool)
    return np.maximum(0.0, wanted - n_senders * token)


def pledges(
    situation: Situation,
    positions: Array,
    bar: Value,
    capability: Array,
    p: Parameters,
) -> Array:
    """Troops that each member sends where the alliance deploys (member, run).

    Parameters
    ----------
    positions, capability
        x and c of all members, (member, run) or (member, 1).
    bar
        Threshold of deployment, log-odds.
    """
    sends = supports(positions, bar)
    sends[[i for i in (situation.requester, situation.adversary) if i is not None]] = False
    claims = eagerness(positions, bar, capability, p["omega"]) * sends
    n_senders = added_up(sends * 1.0)
    token = company(p["token_company"], n_senders, situation.alliance_pool)
    rest = rest_of_force(situation, n_senders, token)
    pools = np.array(situation.pools)[:, None]
    troops: Array = contribution(claims, added_up(claims), token, rest, pools) * sends
    return troops


def share_in_place(troops: Value, forces_needed: float) -> Value:
    """Forces in place as a share of the forces needed, at most 1."""
    return np.minimum(troops / forces_needed, 1.0)
