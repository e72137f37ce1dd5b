"""From a case (files) to a situation (numbers)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from math import inf, sqrt

from foedus.data.indicators import nearest
from foedus.data.library import Case, load_all
from foedus.data.schema import ForcePool, Member
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, AdversaryKind, Request
from foedus.model.forces import Deployment, ForceLaw, law_of
from foedus.model.situation import Situation, Span


def situation_of(case: Case, indicator_reach: float = 10.0) -> Situation:
    """Compile a case: members in the order of their ISO codes, dates as days since day 0.

    Args:
        indicator_reach: In years; of older or later indicators none is used (register).
    """
    scenario, alliance = case.scenario, case.alliance
    day = scenario.dates.coded
    members = tuple(sorted(scenario.members))
    records = [scenario.members[state] for state in members]
    pools = [pool for pool in alliance.pools if pool.holds_on(day)]
    adversary = scenario.adversary.iso3
    council = next(entry for entry in alliance.council if entry.holds_on(day))
    return Situation(
        members=members,
        crisis={name: _span(getattr(scenario.crisis, name).coders) for name in CRISIS_ATTRIBUTES},
        standing=_standing(records),
        indicators=_indicators(case, members, indicator_reach),
        requester=members.index(scenario.requester),
        patron=members.index(case.patron),
        adversary=members.index(adversary) if adversary in members else None,
        rule=scenario.council_rule or council.rule,
        abstention=council.abstention if scenario.abstention is None else scenario.abstention,
        day_first_sitting=_day_first_sitting(case),
        days_since_onset=(day - scenario.dates.onset).days,
        horizon_days=scenario.horizon_days,
        pools=tuple(_pool(scenario.members[state], state, pools) for state in members),
        alliance_pool=_limit([pool.total for pool in pools]),
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
    day = situation.day_first_sitting
    if request is Request.TREATY:
        codes, day = {"request": 1.0, "asked": 3.0}, 1 if day is None else day
    else:
        codes = {"request": 0.0, "asked": 0.0}
        day = None if case.scenario.dates.council is None else day
    return replace(situation.with_attributes(codes), day_first_sitting=day)


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


def _day_first_sitting(case: Case) -> int | None:
    dates = case.scenario.dates
    if dates.council is not None:
        return max(0, (dates.council - dates.coded).days)
    if dates.requested is not None:
        return max(0, (dates.requested - dates.coded).days + 1)
    return None


def _pool(member: Member, state: str, pools: list[ForcePool]) -> float:
    if member.pool is not None:
        return float(member.pool)
    return _limit([pool.by_state[state] for pool in pools if state in pool.by_state])


def _limit(figures: list[int]) -> float:
    """Their sum; what nobody knows sets no limit."""
    return float(sum(figures)) if figures else inf
