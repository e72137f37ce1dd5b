"""From a case (files) to a situation (numbers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from math import inf, sqrt

from foedus.data.indicators import nearest
from foedus.data.library import Case, load_all
from foedus.data.schema import Member
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, AdversaryKind, Request
from foedus.model.forces import law_of
from foedus.model.situation import Deployment, ForceLaw, Situation, Span


def situation_of(case: Case, indicator_reach: float = 10.0) -> Situation:
    """Compile a case: members in the order of their ISO codes, dates as days since day 0.

    Args:
        indicator_reach: In years; of older or later indicators none is used (register).
    """
    scenario, alliance = case.scenario, case.alliance
    day = scenario.dates.coded
    members = tuple(sorted(scenario.members))
    records = [scenario.members[state] for state in members]
    council = next(entry for entry in alliance.council if entry.holds_on(day))
    return Situation(
        members=members,
        crisis={name: _span(getattr(scenario.crisis, name).coders) for name in CRISIS_ATTRIBUTES},
        standing=_standing(records),
        indicators=_indicators(case, members, indicator_reach),
        requester=members.index(scenario.requester),
        patron=members.index(case.patron),
        adversary=_index(members, scenario.adversary.iso3),
        rule=scenario.council_rule or council.rule,
        abstention=council.abstention if scenario.abstention is None else scenario.abstention,
        day_first_sitting=_day_first_sitting(case),
        days_since_onset=(day - scenario.dates.onset).days,
        horizon_days=scenario.horizon_days,
        pools=tuple(_pool(case, state) for state in members),
        alliance_pool=_alliance_pool(case),
        forces_needed=scenario.forces_needed.value,
        force=force_law(scenario.extends or case.id),
        is_unrest=scenario.adversary.kind in (AdversaryKind.DOMESTIC, AdversaryKind.NONSTATE),
        alliance=scenario.alliance,
        year=scenario.dates.coded.year,
    )


@lru_cache(maxsize=128)
def force_law(left_out: str) -> ForceLaw | None:
    """What the library's deployments say of a force, without the crisis of that id."""
    return law_of([row for name, row in deployments() if name != left_out])


@cache
def deployments() -> tuple[tuple[str, Deployment], ...]:
    """Every force that an alliance of the library sent, with the id of its crisis."""
    return tuple((case.id, _deployment(case)) for case in load_all(answered="deploy"))


def _deployment(case: Case) -> Deployment:
    past = case.scenario.history
    assert past is not None
    sent = {state: sqrt(low * high) for state, (low, high) in past.troops.items() if low and high}
    members = case.scenario.members
    parts = tuple(
        (_span(members[state].capability).mode, sent[state])
        for state in sorted(sent)
        if state in members
    )
    total = sent.get("total") or (sum(n for _, n in parts) or None)
    day = past.decided or case.scenario.dates.council or case.scenario.dates.coded
    days = None if past.arrived is None else float(max(0, (past.arrived - day).days))
    return Deployment(total, parts, days)


def requested(situation: Situation, case: Case, request: Request) -> Situation:
    """The situation under another request than history's.

    Args:
        request: ``treaty``: a formal call for a force, after which the council sits the next day if
            history has no earlier date; ``none``: nobody asks, and the council sits on its own
            initiative or on its scheduled date.
    """
    if request is Request.HISTORY:
        return situation
    if request is Request.TREATY:
        day = situation.day_first_sitting
        asked = situation.with_attributes({"request": 1.0, "asked": 3.0})
        return replace(asked, day_first_sitting=1 if day is None else day)
    scheduled = situation.day_first_sitting if case.scenario.dates.council is not None else None
    silent = situation.with_attributes({"request": 0.0, "asked": 0.0})
    return replace(silent, day_first_sitting=scheduled)


def _span(coders: tuple[float, ...]) -> Span:
    return Span(min(coders), sum(coders) / len(coders), max(coders))


def _standing(records: list[Member]) -> dict[str, tuple[Span, ...]]:
    spans = {}
    for name in MEMBER_ATTRIBUTES:
        coded = [getattr(record, name) for record in records]
        if all(coders is not None for coders in coded):
            spans[name] = tuple(_span(coders) for coders in coded)
    return spans


def _indicators(
    case: Case, members: tuple[str, ...], reach: float
) -> tuple[Mapping[str, float], ...] | None:
    scenario = case.scenario
    if not case.measures_dependence:
        return None
    year = scenario.dates.coded.year
    rows = []
    for state in members:
        found = {name: r.value for name, r in nearest(case.indicators, state, year, reach).items()}
        if scenario.base_veto is not None and state != case.patron:
            found["base_veto"] = float(scenario.base_veto)
        rows.append(found)
    return tuple(rows)


def _index(members: tuple[str, ...], state: str | None) -> int | None:
    return members.index(state) if state in members else None


def _day_first_sitting(case: Case) -> int | None:
    dates = case.scenario.dates
    if dates.council is not None:
        return max(0, (dates.council - dates.coded).days)
    if dates.requested is not None:
        return max(0, (dates.requested - dates.coded).days + 1)
    return None


def _pool(case: Case, state: str) -> float:
    stated = case.scenario.members[state].pool
    if stated is not None:
        return float(stated)
    day = case.scenario.dates.coded
    own = [
        p.by_state[state] for p in case.alliance.pools if p.holds_on(day) and state in p.by_state
    ]
    return float(sum(own)) if own else inf


def _alliance_pool(case: Case) -> float:
    day = case.scenario.dates.coded
    totals = [pool.total for pool in case.alliance.pools if pool.holds_on(day)]
    return float(sum(totals)) if totals else inf
