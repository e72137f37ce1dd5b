"""Dependence computed from indicators, with what it rests on, held against the coders'.

The computed figure is an equally weighted mean of the indicators known of a member near a year
(model, section 1). Two coders judged the same members from the same dossiers without it: a check
on both, and proof of neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.analysis.frames import plain
from foedus.analysis.intervals import Interval, spearman, spearman_interval
from foedus.data.indicators import Indicator, nearest
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Alliance
from foedus.data.terms import INDICATORS
from foedus.errors import InputError
from foedus.model.dependence import dependence, score
from foedus.model.numbers import Parameters

LEFT_OUT: tuple[tuple[str, ...], ...] = (*((name,) for name in INDICATORS), ("bloc", "base_veto"))
"""Indicators left out to see what the correlation owes to them: each alone, and the two that
depend on a date alone together."""


@dataclass(frozen=True)
class Side:
    """One indicator of one member near a year.

    Attributes:
        score: Share of full dependence that it shows, in [0, 1].
        years_off: Years between the figure's period and the year asked for.
    """

    value: float
    unit: str
    score: float
    years_off: int
    origin: str
    source: str


@dataclass(frozen=True)
class Depends:
    """How far one member depends on the lead state in one year.

    Attributes:
        occasion: Id of the case, or the day asked for.
        computed: From the indicators, in [0, 1]; nan where none is known.
        coded: Mean of the coders, in [0, 1]; None where they wrote nothing.
        indicators: What is known near that year, by indicator; what is not drops out.
    """

    occasion: str
    state: str
    year: int
    computed: float
    coded: float | None
    indicators: dict[str, Side]

    @property
    def missing(self) -> tuple[str, ...]:
        """Indicators that are not known near that year."""
        return tuple(name for name in INDICATORS if name not in self.indicators)


@dataclass(frozen=True)
class Accord:
    """How far the computed dependence ranks members as the coders do.

    Attributes:
        n_units: Rows compared: one a member and crisis, the lead state aside.
        rho, over_crises, over_states: Spearman's correlation over all rows, and its 95 % bootstrap
            intervals when crises, or states, are drawn again whole.
        within_crises: Mean of the correlations within each crisis; nan where none varies.
        bias: Mean of computed less coded.
        by_state: Rows, mean computed and mean coded dependence by state.
        without: The correlation when some indicators are left out (:data:`LEFT_OUT`).
    """

    n_units: int
    n_crises: int
    n_states: int
    rho: float
    over_crises: Interval
    over_states: Interval
    within_crises: float
    bias: float
    by_state: dict[str, tuple[int, float, float]]
    without: dict[str, float]


def of_case(case: Case, parameters: Parameters) -> list[Depends]:
    """Dependence of every member but the lead state, as of the day the case is coded."""
    members, year = case.scenario.members, case.scenario.dates.coded.year
    return [
        _depends(case.id, state, year, case.indicators, parameters, members[state].dependence)
        for state in sorted(set(members) - {case.patron})
    ]


def on_day(
    alliance: Alliance, indicators: Sequence[Indicator], day: date, parameters: Parameters
) -> list[Depends]:
    """Dependence of every member on a day; the lead state of that day is left out.

    Raises:
        InputError: If the alliance had no members on that day.
    """
    members = alliance.members_on(day)
    if not members:
        raise InputError(f"{alliance.id} had no members on {day}")
    leads = {entry.state for entry in alliance.lead_state if entry.holds_on(day)}
    return [
        _depends(day.isoformat(), state, day.year, indicators, parameters)
        for state in members
        if state not in leads
    ]


def _depends(
    occasion: str,
    state: str,
    year: int,
    indicators: Iterable[Indicator],
    p: Parameters,
    coders: tuple[float, ...] | None = None,
) -> Depends:
    sides = {
        name: Side(
            value=figure.value,
            unit=figure.unit,
            score=float(score(figure.value, p[f"ref_{name}"])),
            years_off=figure.distance(year),
            origin=figure.origin,
            source=figure.source,
        )
        for name, figure in nearest(indicators, state, year, p["indicator_reach"]).items()
    }
    coded = mean(coders) if coders else None
    return Depends(occasion, state, year, _computed(sides, p), coded, sides)


def _computed(sides: dict[str, Side], p: Parameters, without: Collection[str] = ()) -> float:
    """Dependence by what is known of it, in [0, 1]; nan where nothing is."""
    known = {name: side.value for name, side in sides.items() if name not in without}
    return float(dependence(known, p)) if known else float("nan")


def accord(rows: Iterable[Depends], parameters: Parameters) -> Accord:
    """Hold the computed dependence against the coders', where both are known.

    Raises:
        InputError: If they are for fewer than two of the rows.
    """
    judged = [row for row in rows if row.coded is not None and row.indicators]
    if len(judged) < 2:
        raise InputError("fewer than two members with a computed and a coded dependence")
    computed = np.array([row.computed for row in judged])
    coded = np.array([row.coded for row in judged], dtype=np.float64)
    occasions, crises = np.unique([row.occasion for row in judged], return_inverse=True)
    members, states = np.unique([row.state for row in judged], return_inverse=True)
    within = [spearman(computed[crises == k], coded[crises == k]) for k in range(len(occasions))]
    known = [rho for rho in within if not np.isnan(rho)]
    return Accord(
        n_units=len(judged),
        n_crises=len(occasions),
        n_states=len(members),
        rho=spearman(computed, coded),
        over_crises=spearman_interval(computed, coded, crises),
        over_states=spearman_interval(computed, coded, states),
        within_crises=float(np.mean(known)) if known else float("nan"),
        bias=float((computed - coded).mean()),
        by_state={
            str(state): (int(own.sum()), float(computed[own].mean()), float(coded[own].mean()))
            for state, own in zip(members, np.eye(len(members), dtype=bool)[states].T, strict=True)
        },
        without={" and ".join(some): _rho_without(some, judged, parameters) for some in LEFT_OUT},
    )


def _rho_without(names: Collection[str], rows: Iterable[Depends], p: Parameters) -> float:
    pairs = np.array([(_computed(row.indicators, p, names), row.coded) for row in rows])
    return spearman(*pairs[~np.isnan(pairs[:, 0])].T)


def as_records(rows: Iterable[Depends]) -> list[dict[str, object]]:
    """Plain records, for JSON; what is unknown is null."""
    return [{**plain(row), "missing": list(row.missing)} for row in rows]
