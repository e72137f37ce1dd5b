"""Dependence computed from indicators, with what it rests on, held against the coders'.

The computed figure is an equally weighted mean of the indicators known of a member near a year
(model, section 1). Two coders judged the same members from the same dossiers without it. Here
the two are set side by side: a check on both, and proof of neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.analysis.frames import plain
from foedus.analysis.intervals import Groups, spearman, spearman_interval
from foedus.data.indicators import Indicator, nearest
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Alliance
from foedus.data.terms import INDICATORS
from foedus.errors import InputError
from foedus.model.dependence import dependence, score
from foedus.model.numbers import Array, Parameters

LEFT_OUT: tuple[tuple[str, ...], ...] = (*((name,) for name in INDICATORS), ("bloc", "base_veto"))
"""Indicators left out to see what the correlation owes to them: each alone, and the two that
depend on a date alone together."""


@dataclass(frozen=True)
class Side:
    """One indicator of one member near a year.

    Attributes
    ----------
    score
        Share of full dependence that it shows, in [0, 1].
    years_off
        Years between the figure's period and the year asked for.
    """

    figure: Indicator
    score: float
    years_off: int


@dataclass(frozen=True)
class Depends:
    """How far one member depends on the lead state in one year.

    Attributes
    ----------
    occasion
        Id of the case, or the day asked for.
    computed
        From the indicators, in [0, 1]; nan where none is known.
    coded
        Mean of the coders, in [0, 1]; None where they wrote nothing.
    sides
        What is known, by indicator.
    """

    occasion: str
    state: str
    year: int
    computed: float
    coded: float | None
    sides: dict[str, Side]

    @property
    def missing(self) -> tuple[str, ...]:
        """Indicators that are not known near that year, and so drop out."""
        return tuple(name for name in INDICATORS if name not in self.sides)


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


def of_case(case: Case, parameters: Parameters) -> list[Depends]:
    """Dependence of every member but the lead state, as of the day the case is coded."""
    scenario, year = case.scenario, case.scenario.dates.coded.year
    rows = []
    for state in sorted(set(scenario.members) - {case.patron}):
        coders = scenario.members[state].dependence
        coded = mean(coders) if coders else None
        rows.append(_depends(case.id, state, year, case.indicators, parameters, coded))
    return rows


def on_day(
    alliance: Alliance, indicators: Sequence[Indicator], day: date, parameters: Parameters
) -> list[Depends]:
    """Dependence of every member on a day; the lead state of that day is left out.

    Raises
    ------
    InputError
        If the alliance had no members on that day.
    """
    members = alliance.members_on(day)
    if not members:
        raise InputError(f"{alliance.id} had no members on {day}")
    leads = {entry.state for entry in alliance.lead_state if entry.holds_on(day)}
    return [
        _depends(day.isoformat(), state, day.year, indicators, parameters, None)
        for state in members
        if state not in leads
    ]


def _depends(
    occasion: str,
    state: str,
    year: int,
    indicators: Iterable[Indicator],
    p: Parameters,
    coded: float | None,
) -> Depends:
    figures = nearest(indicators, state, year, p["indicator_reach"])
    sides = {
        name: Side(figure, float(score(figure.value, p[f"ref_{name}"])), figure.distance(year))
        for name, figure in figures.items()
    }
    return Depends(occasion, state, year, computed_from(sides, p), coded, sides)


def computed_from(sides: dict[str, Side], p: Parameters) -> float:
    """Dependence by what is known of it, in [0, 1]; nan where nothing is."""
    if not sides:
        return float("nan")
    return float(dependence({name: side.figure.value for name, side in sides.items()}, p))


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
    crises, states = (
        np.unique([getattr(row, name) for row in judged], return_inverse=True)[1]
        for name in ("occasion", "state")
    )
    return Accord(
        n_units=len(judged),
        n_crises=int(crises.max()) + 1,
        n_states=int(states.max()) + 1,
        rho=spearman(computed, coded),
        over_crises=spearman_interval(computed, coded, crises),
        over_states=spearman_interval(computed, coded, states),
        within_crises=_within(computed, coded, crises),
        bias=float((computed - coded).mean()),
        by_state=_by_state(judged),
        without={" and ".join(out): _without(out, judged, coded, parameters) for out in LEFT_OUT},
    )


def _by_state(rows: Sequence[Depends]) -> dict[str, tuple[int, float, float]]:
    found = {}
    for state in sorted({row.state for row in rows}):
        own = [row for row in rows if row.state == state]
        computed, coded = ([getattr(row, name) for row in own] for name in ("computed", "coded"))
        found[state] = (len(own), float(np.mean(computed)), float(np.mean(coded)))
    return found


def _within(computed: Array, coded: Array, crises: Groups) -> float:
    found = [spearman(computed[crises == c], coded[crises == c]) for c in range(crises.max() + 1)]
    known = [rho for rho in found if not np.isnan(rho)]
    return float(np.mean(known)) if known else float("nan")


def _without(names: Collection[str], rows: Sequence[Depends], coded: Array, p: Parameters) -> float:
    fewer = [{k: side for k, side in row.sides.items() if k not in names} for row in rows]
    left = np.array([computed_from(sides, p) for sides in fewer])
    known = ~np.isnan(left)
    return spearman(left[known], coded[known])


def accord_record(found: Accord) -> dict[str, object]:
    """The comparison as plain values, for JSON; what is unknown is null."""
    record: dict[str, object] = plain(found)
    return record


def as_records(rows: Iterable[Depends]) -> list[dict[str, object]]:
    """Plain records, for JSON."""
    return [
        {
            **{k: v for k, v in plain(row).items() if k != "sides"},
            "indicators": {
                name: {
                    "value": side.figure.value,
                    "unit": side.figure.unit,
                    "score": side.score,
                    "years_off": side.years_off,
                    "origin": side.figure.origin,
                    "source": side.figure.source,
                }
                for name, side in row.sides.items()
            },
            "missing": list(row.missing),
        }
        for row in rows
    ]
