"""A chronicle compiled: years, states and calls as arrays, with what is known of each year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle.crisis_list import CrisisList, crisis_list
from foedus.chronicle.membership import ASIDE, MIDDLING, Standing
from foedus.data.chronicle_file import Chronicle, standing_on, suspended_on
from foedus.data.indicators import nearest
from foedus.data.register import parameters
from foedus.model.dependence import dependence
from foedus.model.numbers import Array, Parameters

if TYPE_CHECKING:
    from foedus.chronicle.years import ChronicleSetup


@dataclass(frozen=True)
class Timeline:
    """The years of an alliance without its lead state, which is always a member.

    Attributes:
        alliance: Its id.
        years: Calendar years.
        states: ISO codes in the order of the arrays.
        dependence, alignment, votes, pact: By year and state (year, state), 0 to 1; `votes` is the
            closeness in UN votes alone.
        known: Share of the measures behind dependence and alignment that are known within reach
            (year, state).
        enters, standing, suspended: History's, by year and state: whether the state enters for the
            first time, its standing at the end of the year, and whether the alliance has suspended
            it then.
        renewal: 1 in years in which membership ends unless it is renewed (year,).
        ends: Index of the year of dissolution; the number of years where there is none.
        crises: Of history, in order of date.
        crisis_rate: Chance of a crisis of each state in a year (state,).
    """

    alliance: str
    years: range
    states: tuple[str, ...]
    dependence: Array
    alignment: Array
    votes: Array
    pact: Array
    known: Array
    enters: NDArray[np.bool_]
    standing: NDArray[np.int8]
    suspended: NDArray[np.bool_]
    renewal: Array
    ends: int
    crises: CrisisList
    crisis_rate: Array


def compiled(setup: ChronicleSetup) -> Timeline:
    """The record of a chronicle for its years, with other entries where its plan has any."""
    record, years, p = setup.record, setup.years, parameters(setup.overrides)
    states = tuple(state for state in record.states if state != setup.lead_state)
    renewals = {renewal.date.year: renewal.date for renewal in reversed(record.renewals)}
    chosen_on = {year: renewals.get(year, date(year, 12, 31)) for year in years}
    comings = [event for event in reversed(record.events) if event.kind in ("found", "join")]
    entered = {state: event.date.year for event in comings for state in event.who}
    entered.update(setup.plan.enters)
    ends = [event.date.year for event in record.events if event.kind == "dissolve"]

    def by_year(of: Callable[[str, int], Any]) -> NDArray[Any]:
        return np.array([[of(state, year) for state in states] for year in years])

    def stood(state: str, year: int) -> Standing:
        return Standing[standing_on(record, state, date(year, 12, 31)).upper()]

    measured = by_year(lambda s, y: _measured(setup, s, y, p))
    standing = by_year(stood).astype(np.int8)
    crises = crisis_list(setup, states, chosen_on)
    return Timeline(
        alliance=record.alliance,
        years=years,
        states=states,
        dependence=measured[..., 0],
        alignment=measured[..., 1],
        known=measured[..., 2],
        votes=measured[..., 3],
        pact=by_year(lambda s, y: _pact(record, s, chosen_on[y])),
        enters=by_year(lambda s, y: entered.get(s) == y),
        standing=standing,
        suspended=by_year(lambda s, y: suspended_on(record, s, date(y, 12, 31))),
        renewal=np.array([float(year in renewals) for year in years]),
        ends=min([years.index(y) for y in ends if y in years], default=len(years)),
        crises=crises,
        crisis_rate=_crisis_rate(standing, crises.state, p),
    )


def _crisis_rate(standing: NDArray[np.int8], of_crises: NDArray[np.int64], p: Parameters) -> Array:
    """Chance that a state meets a crisis in a year, its own record drawn to the general rate.

    ``(n + rate K) / (years + K)``; years as a member, if only in name, as no other crisis is on
    record. With ``p_crisis`` and ``crisis_prior_years`` of the register.
    """
    inside = np.isin(standing, (Standing.MEMBER, *ASIDE)).sum(axis=0)
    counts = np.array([np.sum(of_crises == i) for i in range(standing.shape[1])])
    weight = p["crisis_prior_years"]
    return np.asarray(np.minimum((counts + p["p_crisis"] * weight) / (inside + weight), 1.0))


def _measured(setup: ChronicleSetup, state: str, year: int, p: Parameters) -> tuple[float, ...]:
    """Dependence, alignment, the share of three sides of them that is known, and votes.

    Where no indicator is known, dependence is how far capability falls short of the lead state's:
    in asymmetric alliances the weak depend on the strong (Morrow 1991, doi:10.2307/2111499).
    """

    def known(measure: str, of: str = state) -> float | None:
        found = setup.panel.known(of, measure, year, p["panel_reach"])
        return None if found is None else found[0]

    near = nearest(setup.indicators, state, year, float(p["indicator_reach"]))
    figures = {name: row.value for name, row in near.items()}
    arms = known("arms_share")
    if arms is not None:
        figures["arms"] = 100.0 * arms
    size, of_lead = known("cinc"), known("cinc", setup.lead_state)
    gap = None if size is None or not of_lead else _short_of(size, of_lead)
    depends = float(dependence(figures, p)) if figures else MIDDLING if gap is None else gap
    distance, own = known("un_distance"), known("polyarchy")
    theirs = known("polyarchy", setup.lead_state)
    close = [] if distance is None else [_short_of(distance, p["un_reference"])]
    votes = close[0] if close else MIDDLING
    if own is not None and theirs is not None:
        close.append(_short_of(abs(own - theirs), p["regime_reference"]))
    aligned = sum(close) / len(close) if close else MIDDLING
    return depends, aligned, (bool(figures or gap is not None) + len(close)) / 3.0, votes


def _short_of(value: float, reference: float) -> float:
    """How far a value falls short of a reference, 0 to 1: ``1 - min(value / reference, 1)``."""
    return 1.0 - min(value / reference, 1.0)


def _pact(record: Chronicle, state: str, day: date) -> float:
    """The strongest rival protector of a state on a day, 0 where there is none."""
    pacts = [r.pact for r in record.rivals if r.state == state and r.holds_on(day)]
    return max(pacts, default=0.0)
