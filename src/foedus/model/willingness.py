"""What a member would do if it heard nobody: private willingness on the log-odds scale (section 3).

Every term is kept apart under the name of its attribute, so that any position can be explained
exactly as a sum. All weights b are 0 or more; the sign of each term stands here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.model.numbers import Parameters, Value


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
    }


def need(intensity: Value, capacity: Value, b_need: Value) -> Value:
    """Pull of a danger that the requester cannot meet alone: ``b_need I_t (1 - capacity)``."""
    return b_need * (intensity * (1.0 - capacity))


def informality(request: Value, b_request: Value) -> Value:
    """Cost of the lack of a formal request: ``-b_request (1 - request)``."""
    return -b_request * (1.0 - request)


def insistence(asked: Value, bars: tuple[Value, Value, Value]) -> Value:
    """The bar of what the requester asks: its own view is never below it.

    A half between two levels counts as the higher: whoever may want a force would take one.

    Parameters
    ----------
    asked
        Level asked for, 0 to 3.
    bars
        Bars of consult, support and deploy, log-odds.

    Returns
    -------
    value
        Log-odds; minus infinity where it asks for nothing.
    """
    return np.select([asked > 2, asked > 1, asked > 0], [bars[2], bars[1], bars[0]], -np.inf)


def insisting(private: Value, asked: Value, bars: tuple[Value, Value, Value]) -> Value:
    """The requester's own view: at least the bar of what it asks (:func:`insistence`).

    Parameters
    ----------
    private
        The requester's u, log-odds.
    """
    return np.maximum(private, insistence(asked, bars))
