"""A chronicle compiled: years, states and calls as arrays, with what is known of each year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle.answer_table import AnswerTable
from foedus.chronicle.membership import Standing
from foedus.data.chronicle_file import Call, Chronicle, standing_on, suspended_on
from foedus.data.indicators import Indicator, YearlyPanel, nearest
from foedus.data.terms import AdversaryKind
from foedus.model.dependence import dependence
from foedus.model.numbers import Array, Parameters

KINDS: tuple[str, ...] = tuple(kind.value for kind in AdversaryKind)
"""Kinds of crisis in the order of their indices."""

MIDDLING = 0.5
"""Dependence or alignment of which nothing is known: its term is 0."""


@dataclass(frozen=True)
class CrisisCall:
    """One crisis of history as the engines take it.

    Attributes:
        name: Of the call.
        year, state, kind: Indices; the state is -1 for the lead state, the kind is of `KINDS`.
        asked, answer: Levels, 0 to 3; `asked` 0 where nobody called.
        threat, mandate: Codes, 0 to 1.
        after_choice: Whether it came after the day on which members chose that year.
        table: What the crisis model answers and who wanted what; None where the library has no
            crisis of that name.
    """

    name: str
    year: int
    state: int
    kind: int
    asked: float
    answer: int
    threat: float
    mandate: float
    after_choice: bool
    table: AnswerTable | None


@dataclass(frozen=True)
class Timeline:
    """Years 0 to T - 1 of an alliance without its lead state, which is always a member.

    Attributes:
        alliance, lead_state: Id, and ISO code.
        first_year: Calendar year of index 0.
        states: ISO codes in the order of the arrays.
        dependence, alignment, pact: By year and state (year, state), 0 to 1.
        known: Share of the measures behind dependence and alignment that are known within reach
            (year, state).
        enters, standing, suspended: History's, by year and state: whether the state enters for the
            first time, its standing at the end of the year, and whether the alliance has suspended
            it then.
        renewal: 1 in years in which membership ends unless it is renewed (year,).
        ends: Index of the year of dissolution; the number of years where there is none.
        crises: In order of date.
    """

    alliance: str
    lead_state: str
    first_year: int
    states: tuple[str, ...]
    dependence: Array
    alignment: Array
    pact: Array
    known: Array
    enters: NDArray[np.bool_]
    standing: NDArray[np.int8]
    suspended: NDArray[np.bool_]
    renewal: Array
    ends: int
    crises: tuple[CrisisCall, ...]

    @property
    def n_years(self) -> int:
        """Number of years."""
        return len(self.renewal)

    @property
    def years(self) -> range:
        """Calendar years."""
        return range(self.first_year, self.first_year + self.n_years)


def compiled(
    record: Chronicle,
    lead_state: str,
    panel: YearlyPanel,
    indicators: tuple[Indicator, ...],
    tables: Mapping[str, AnswerTable],
    p: Parameters,
    years: range,
) -> Timeline:
    """Compile a record for some years.

    Args:
        lead_state: ISO code.
        panel, indicators: What is measured of the states.
        tables: Of the library's crises, by name.
        p: Register values; the references and weights of 7.1 and of the yearly table.
        years: Calendar years, from the founding on.
    """
    states = tuple(state for state in record.states if state != lead_state)

    def by_year(of: Callable[[str, int], Any]) -> NDArray[Any]:
        return np.array([[of(state, year) for state in states] for year in years])

    measured = by_year(lambda s, y: _measured(s, lead_state, y, panel, indicators, p))
    ends = [e.date.year for e in record.events if e.kind == "dissolve"]
    return Timeline(
        alliance=record.alliance,
        lead_state=lead_state,
        first_year=years[0],
        states=states,
        dependence=measured[..., 0],
        alignment=measured[..., 1],
        known=measured[..., 2],
        pact=by_year(lambda s, y: _pact(record, s, y)),
        enters=by_year(lambda s, y: _first_entry(record, s) == y),
        standing=by_year(
            lambda s, y: Standing[standing_on(record, s, date(y, 12, 31)).upper()]
        ).astype(np.int8),
        suspended=by_year(lambda s, y: suspended_on(record, s, date(y, 12, 31))),
        renewal=np.array([float(any(r.date.year == y for r in record.renewals)) for y in years]),
        ends=min([years.index(y) for y in ends if y in years], default=len(years)),
        crises=tuple(
            _crisis(record, call, states, tables.get(call.name), years)
            for call in record.calls
            if call.date.year in years
        ),
    )


def _measured(
    state: str,
    lead: str,
    year: int,
    panel: YearlyPanel,
    indicators: tuple[Indicator, ...],
    p: Parameters,
) -> tuple[float, float, float]:
    """Dependence, alignment, and the share of three sides of them that is known."""

    def known(measure: str, of: str = state) -> float | None:
        found = panel.known(of, measure, year, p["panel_reach"])
        return None if found is None else found[0]

    near = nearest(indicators, state, year, float(p["indicator_reach"]))
    figures = {name: row.value for name, row in near.items()}
    arms = known("arms_share")
    if arms is not None:
        figures["arms"] = 100.0 * arms
    gap = _gap(known("cinc"), known("cinc", lead))
    depends = float(dependence(figures, p)) if figures else MIDDLING if gap is None else gap
    votes, own, theirs = known("un_distance"), known("polyarchy"), known("polyarchy", lead)
    close = [] if votes is None else [closeness(votes, p["un_reference"])]
    if own is not None and theirs is not None:
        close.append(closeness(abs(own - theirs), p["regime_reference"]))
    aligned = sum(close) / len(close) if close else MIDDLING
    return depends, float(aligned), (bool(figures or gap is not None) + len(close)) / 3.0


def _gap(size: float | None, size_of_lead: float | None) -> float | None:
    """Dependence where no indicator is known: how far capability falls short of the lead state's.

    ``1 - min(c_i / c_p, 1)``: in asymmetric alliances the weak depend on the strong (Morrow 1991,
    doi:10.2307/2111499).
    """
    return None if size is None or not size_of_lead else 1.0 - min(size / size_of_lead, 1.0)


def closeness(distance: float, reference: float) -> float:
    """How near two states stand, 0 to 1: ``1 - min(distance / reference, 1)``."""
    return 1.0 - min(distance / reference, 1.0)


def _choice_day(record: Chronicle, year: int) -> date:
    """When members choose: on the day of renewal, else at the end of the year."""
    return min([r.date for r in record.renewals if r.date.year == year], default=date(year, 12, 31))


def _pact(record: Chronicle, state: str, year: int) -> float:
    """The strongest rival protector on the day of the choice, 0 where there is none."""
    day = _choice_day(record, year)
    pacts = [
        rival.pact
        for rival in record.rivals
        if rival.state == state and rival.since <= day <= (rival.until or date.max)
    ]
    return max(pacts, default=0.0)


def _first_entry(record: Chronicle, state: str) -> int | None:
    entries = [e.date.year for e in record.events if state in e.who and e.kind in ("found", "join")]
    return min(entries, default=None)


def _crisis(
    record: Chronicle,
    call: Call,
    states: tuple[str, ...],
    table: AnswerTable | None,
    years: range,
) -> CrisisCall:
    coded = table.threat if table else MIDDLING
    return CrisisCall(
        name=call.name,
        year=years.index(call.date.year),
        state=states.index(call.state) if call.state in states else -1,
        kind=KINDS.index(call.kind),
        asked=float(call.asked),
        answer=int(call.level),
        threat=float(coded if call.threat is None else call.threat),
        mandate=table.mandate if table else MIDDLING,
        after_choice=call.date > _choice_day(record, call.date.year),
        table=table,
    )
