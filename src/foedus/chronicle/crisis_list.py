"""The crises of a timeline side by side as arrays, so that a run may meet any of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle.answer_table import GRID
from foedus.chronicle.legitimacy import imposition
from foedus.chronicle.timeline import CrisisCall, Timeline
from foedus.chronicle.years_plan import Plan
from foedus.data.terms import Level
from foedus.model.numbers import Array, Parameters

N_LEVELS = len(Level)


@dataclass(frozen=True)
class CrisisList:
    """Crises by index (crisis,).

    Attributes
    ----------
    names
        In order of date.
    kind, answer
        Index of the kind; history's answer or the one set by hand.
    asked, would_ask, threat, mandate
        What was asked, what would be asked if it were, and codes.
    has_model
        Whether the crisis model answers it.
    reach
        Its chances (crisis, mandate, level).
    judged, imposed
        Whether views are known, and the imposition of each answer (crisis, level of the answer).
    templates
        Indices of crises of states other than the lead state, for drawn crises.
    rate
        Chance of a crisis of each state in a year (state,).
    """

    names: tuple[str, ...]
    kind: NDArray[np.int64]
    answer: NDArray[np.int64]
    asked: Array
    would_ask: Array
    threat: Array
    mandate: Array
    has_model: NDArray[np.bool_]
    reach: Array
    judged: Array
    imposed: Array
    templates: NDArray[np.int64]
    rate: Array


def crisis_list(timeline: Timeline, plan: Plan, p: Parameters) -> CrisisList:
    """Put the crises of a timeline side by side, with the answers that a plan sets."""
    crises = timeline.crises
    modelled = [_is_modelled(crisis, plan) for crisis in crises]
    return CrisisList(
        names=tuple(c.name for c in crises),
        kind=np.array([c.kind for c in crises], np.int64),
        answer=np.array([int(plan.fixed.get(c.name, c.answer)) for c in crises], np.int64),
        asked=np.array([c.asked for c in crises]),
        would_ask=np.array([_would_ask(c, p) for c in crises]),
        threat=np.array([c.threat for c in crises]),
        mandate=np.array([c.mandate for c in crises]),
        has_model=np.array(modelled, np.bool_),
        reach=np.array([_reach(c) for c in crises]).reshape(-1, len(GRID), N_LEVELS - 1),
        judged=np.array([float(_is_judged(c)) for c in crises]),
        imposed=np.array([_imposed(c) for c in crises]).reshape(-1, N_LEVELS),
        templates=np.array([k for k, c in enumerate(crises) if c.state >= 0], np.int64),
        rate=crisis_rates(timeline, p),
    )


def crisis_rates(timeline: Timeline, p: Parameters) -> Array:
    """Chance that a state meets a crisis in a year, its own record drawn to the general rate.

    ``(n + rate K) / (years + K)``, with ``p_crisis`` and ``crisis_prior_years`` of the register.
    """
    inside = timeline.standing > 0
    counts = [sum(c.state == i for c in timeline.crises) for i in range(len(timeline.states))]
    weight = p["crisis_prior_years"]
    rates = (np.array(counts) + p["p_crisis"] * weight) / (inside.sum(axis=0) + weight)
    return np.asarray(np.minimum(rates, 1.0))


def _is_modelled(crisis: CrisisCall, plan: Plan) -> bool:
    known = crisis.table is not None and crisis.table.reach is not None
    return known and plan.needs_tables and crisis.name not in plan.fixed


def _would_ask(crisis: CrisisCall, p: Parameters) -> float:
    """What is asked for if a call is made: as in history, else by danger (section 7.7)."""
    if crisis.asked > 0:
        return crisis.asked
    more = crisis.threat >= p["ask_support_at"], crisis.threat >= p["ask_force_at"]
    return float(1 + sum(more))


def _reach(crisis: CrisisCall) -> Array:
    if crisis.table is None or crisis.table.reach is None:
        return np.zeros((len(GRID), N_LEVELS - 1))
    return crisis.table.reach


def _is_judged(crisis: CrisisCall) -> bool:
    return crisis.table is not None and bool(crisis.table.others_want)


def _imposed(crisis: CrisisCall) -> list[float]:
    if crisis.table is None or not crisis.table.others_want:
        return [0.0] * N_LEVELS
    table = crisis.table
    return [
        float(imposition(k, table.lead_wants, tuple(table.others_want))) for k in range(N_LEVELS)
    ]
