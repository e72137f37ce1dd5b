"""How far the dependence computed from indicators ranks members as the coders do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.analysis.coding.measured_dependence import Depends, computed_from
from foedus.analysis.forecast.ranks import spearman, spearman_interval
from foedus.data.terms import INDICATORS, Mechanism
from foedus.errors import InputError
from foedus.model.draws import uniforms
from foedus.model.numbers import Parameters

LEFT_OUT: tuple[tuple[str, ...], ...] = (*((name,) for name in INDICATORS), ("bloc", "base_veto"))
"""Indicators left out to see what the correlation owes to them: each alone, and the two that
depend on a date alone together."""


@dataclass(frozen=True)
class Accord:
    """How far the computed dependence ranks members as the coders do.

    Attributes
    ----------
    n_units, n_crises, n_states
        Rows compared (one a member and crisis, the lead state aside), and what they come from.
    rho
        Spearman's correlation over all rows.
    over_crises, over_states
        Its 95 % bootstrap intervals when crises, or states, are drawn again whole.
    within_crises
        Mean of the correlations within each crisis; nan where none varies.
    bias
        Mean of computed less coded.
    by_state
        Rows, mean computed and mean coded dependence by state.
    without
        The correlation when some indicators are left out, by their names (:data:`LEFT_OUT`).
    """

    n_units: int
    n_crises: int
    n_states: int
    rho: float
    over_crises: tuple[float, float]
    over_states: tuple[float, float]
    within_crises: float
    bias: float
    by_state: dict[str, tuple[int, float, float]]
    without: dict[str, float]


def accord(rows: Iterable[Depends], parameters: Parameters) -> Accord:
    """Hold the computed dependence against the coders', where both are known.

    Raises
    ------
    InputError
        If they are for fewer than two of the rows.
    """
    judged = [row for row in rows if row.coded is not None and row.sides]
    if len(judged) < 2:
        raise InputError("fewer than two members with a computed and a coded dependence")
    computed = np.array([row.computed for row in judged])
    coded = np.array([row.coded for row in judged], dtype=np.float64)
    crises, states = (_groups(judged, name) for name in ("occasion", "state"))
    return Accord(
        n_units=len(judged),
        n_crises=int(crises.max()) + 1,
        n_states=int(states.max()) + 1,
        rho=spearman(computed, coded),
        over_crises=spearman_interval(computed, coded, crises, _draws(crises)),
        over_states=spearman_interval(computed, coded, states, _draws(states)),
        within_crises=_within(computed, coded, crises),
        bias=float((computed - coded).mean()),
        by_state=_by_state(judged),
        without={
            " and ".join(names): _without(names, judged, coded, parameters) for names in LEFT_OUT
        },
    )


def _groups(rows: Sequence[Depends], name: str) -> np.ndarray:
    _, place = np.unique([getattr(row, name) for row in rows], return_inverse=True)
    return place


def _by_state(rows: Sequence[Depends]) -> dict[str, tuple[int, float, float]]:
    found = {}
    for state in sorted({row.state for row in rows}):
        own = [row for row in rows if row.state == state]
        computed, coded = ([getattr(row, name) for row in own] for name in ("computed", "coded"))
        found[state] = (len(own), float(np.mean(computed)), float(np.mean(coded)))
    return found


def _draws(groups: np.ndarray) -> np.ndarray:
    return uniforms(0, Mechanism.STUDY, 0, 0, n_days=int(groups.max()) + 1).T


def _within(computed: np.ndarray, coded: np.ndarray, crises: np.ndarray) -> float:
    own = (crises == crisis for crisis in range(int(crises.max()) + 1))
    found = np.array([spearman(computed[here], coded[here]) for here in own])
    known = found[~np.isnan(found)]
    return float(known.mean()) if known.size else float("nan")


def _without(
    names: Collection[str], rows: Sequence[Depends], coded: np.ndarray, p: Parameters
) -> float:
    fewer = [{k: side for k, side in row.sides.items() if k not in names} for row in rows]
    left = np.array([computed_from(sides, p) for sides in fewer])
    known = ~np.isnan(left)
    return spearman(left[known], coded[known])


def accord_record(found: Accord) -> dict[str, object]:
    """The comparison as plain values, for JSON; what is unknown is null."""
    plain = {**vars(found), "over_crises": list(found.over_crises)}
    plain["over_states"] = list(found.over_states)
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in plain.items()
    }
