"""What a member would do if it heard nobody: private willingness on the log-odds scale (7.3).

Every term is kept apart under the name of its attribute, so that any position can be explained
exactly as a sum. All weights b are 0 or more; the sign of each term stands here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.model import own_terms
from foedus.model.council import bars
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.situation import Chance, Codes, Situation


def crisis_terms(crisis: Mapping[str, Value], p: Parameters) -> dict[str, Value]:
    """Terms that all members share and that do not move from day to day.

    Parameters
    ----------
    crisis
        Attributes of the crisis by name, codebook scales.
    p
        Weights of the register, log-odds.

    Returns
    -------
    dict
        Log-odds by name of the attribute, in the order in which they are added.
    """
    return {
        "baseline": p["b_baseline"],
        "mandate": p["b_mandate"] * crisis["mandate"],
        "external": p["b_external"] * crisis["external"],
        "territory": -p["b_territory"] * (1.0 - crisis["territory"]),
        "escalation": -p["b_escalation"] * crisis["escalation"],
        "institution": p["b_institution"] * crisis["institution"],
    }


def member_terms(standing: Mapping[str, Value], p: Parameters) -> dict[str, Value]:
    """Terms of one member (or of all, on the first axis), log-odds by attribute."""
    return {
        "alignment": p["b_alignment"] * standing["alignment"],
        "stake": p["b_stake"] * standing["stake"],
        "ties": -p["b_ties"] * standing["ties"],
        "overextension": -p["b_overextension"] * standing["overextension"],
        **own_terms.weighed(standing, p),
    }


def need(intensity: Value, capacity: Value, b_need: Value) -> Value:
    """Pull of a danger that the requester cannot meet alone: ``b_need I_t (1 - capacity)``."""
    return b_need * (intensity * (1.0 - capacity))


def informality(request: Value, b_request: Value) -> Value:
    """Cost of the lack of a formal request: ``-b_request (1 - request)``."""
    return -b_request * (1.0 - request)


def insistence(asked: Value, thresholds: tuple[Value, Value, Value]) -> Value:
    """The bar of what the requester asks: its own view is never below it.

    A half between two levels counts as the higher: whoever may want a force would take one.

    Parameters
    ----------
    asked
        Level asked for, 0 to 3.
    thresholds
        Positions needed for consult, support and deploy, log-odds.

    Returns
    -------
    value
        Log-odds; minus infinity where it asks for nothing.
    """
    return np.select(
        [asked > 2, asked > 1, asked > 0], [thresholds[2], thresholds[1], thresholds[0]], -np.inf
    )


def steady_view(codes: Codes, chance: Chance, p: Parameters) -> Array:
    """What does not move from day to day: crisis terms, own terms, and what nobody measured.

    Returns
    -------
    array (member, run)
        Log-odds; ``(crisis terms + sigma_crisis e) + (own terms + sigma_member e_i)``.
    """
    noise = chance.members.reshape(chance.members.shape[0], -1)  # (member, run), or one run
    shared = added_up(crisis_terms(codes.crisis, p).values()) + p["sigma_crisis"] * chance.crisis
    own = added_up(member_terms(codes.standing, p).values()) + p["sigma_member"] * noise
    return shared + own  # type: ignore[no-any-return]


def pressing(intensity: Value, capacity: Value, channel: Value, p: Parameters) -> Value:
    """What the danger of the day and the channel of the request add to every view, log-odds."""
    return need(intensity, capacity, p["b_need"]) + informality(channel, p["b_request"])


def private_view(
    steady: Value, pressing: Value, *, insists: Value = -np.inf, out: Array | None = None
) -> Value:
    """A private view u of the day (7.3), the one place where it is summed.

    Parameters
    ----------
    steady
        :func:`steady_view`, of one member or of all (member, run).
    pressing
        :func:`pressing` of the day.
    insists
        The threshold that the view is never below: :func:`insistence` for the requester.
    out
        Room for the result.
    """
    view = np.add(steady, pressing, out=out)
    return np.maximum(view, insists, out=out)


def quiet_views(situation: Situation, codes: Codes, p: Parameters) -> Array:
    """Private views of day 0 without noise (member, run), the requester standing by its request."""
    crisis = codes.crisis
    steady = added_up(crisis_terms(crisis, p).values()) + added_up(
        member_terms(codes.standing, p).values()
    )
    pressed = pressing(crisis["threat"], crisis["capacity"], crisis["request"], p)
    views: Array = private_view(steady, pressed)
    insists = insistence(crisis["asked"], bars(crisis["asked"], p))
    views[situation.requester] = np.maximum(views[situation.requester], insists)
    return views
