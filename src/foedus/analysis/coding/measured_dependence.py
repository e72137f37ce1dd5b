"""Dependence computed from indicators, with what it rests on, held against the coders'.

The computed figure is an equally weighted mean of the indicators known of a member near a year
(model, section 1). Two coders judged the same members from the same dossiers without it. Here
the two are set side by side: a check on both, and proof of neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from foedus.data.indicators import Indicator, nearest
from foedus.data.library import Case
from foedus.data.schema import Alliance, mean
from foedus.data.terms import INDICATORS
from foedus.errors import InputError
from foedus.model.dependence import dependence, score
from foedus.model.numbers import Parameters


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


def of_case(case: Case, parameters: Parameters) -> list[Depends]:
    """Dependence of every member but the lead state, as of the day the case is coded."""
    scenario = case.scenario
    states = [state for state in sorted(scenario.members) if state != case.patron]
    rows = []
    for state in states:
        coders = scenario.members[state].dependence
        coded = mean(coders) if coders else None
        year = scenario.dates.coded.year
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


def as_records(rows: Iterable[Depends]) -> list[dict[str, object]]:
    """Plain records, for JSON."""
    return [
        {
            "occasion": row.occasion,
            "state": row.state,
            "year": row.year,
            "computed": row.computed if row.sides else None,
            "coded": row.coded,
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
