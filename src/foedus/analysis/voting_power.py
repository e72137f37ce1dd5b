"""Voting power in an alliance on a day: under its own rule then, and under every other.

What the indices of :mod:`foedus.analysis.power_indices` say of a real council: who sat, which
rule held, and whose armies would count where votes are weighted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.analysis.power_indices import (
    Swings,
    banzhaf,
    by_capability,
    can_block,
    game_of,
    penrose,
    shapley_shubik,
    swings,
    swings_under,
)
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Alliance
from foedus.data.terms import Rule
from foedus.data.vocabulary import rules as all_rules
from foedus.errors import InputError


@dataclass(frozen=True)
class Power:
    """The indices of one rule, each (member,) in the order of the council's members.

    Attributes:
        shapley_shubik, banzhaf: Power to carry a motion: shares in [0, 1], each adding up to 1.
        penrose: Probability that the member decides when all others toss a coin, in [0, 1].
        can_block: Whether what all others want fails if the member objects.
    """

    shapley_shubik: tuple[float, ...]
    banzhaf: tuple[float, ...]
    penrose: tuple[float, ...]
    can_block: tuple[bool, ...]


@dataclass(frozen=True)
class Council:
    """An alliance's council on a day.

    Attributes:
        members: ISO codes of the voters, sorted: all members but the requester.
        room: Whether a member that is not for a motion may stand aside.
        patron: The lead state on that day; None where it had none that votes.
        capability: Share of power by member, as far as known.
        capability_from: Id of the case it is taken from; None where no case is early enough.
    """

    alliance: Alliance
    day: date
    members: tuple[str, ...]
    own_rule: str | None
    room: bool
    patron: str | None
    capability: dict[str, float]
    capability_from: str | None


@dataclass(frozen=True)
class PowerTable:
    """Voting power by rule, None where it cannot be worked out; `missing` says why, a line each."""

    council: Council
    powers: dict[str, Power | None]
    missing: tuple[str, ...]


def council_on(
    alliance: Alliance, day: date, cases: Iterable[Case], requester: str | None = None
) -> Council:
    """Who voted on `day`, under which rule, and with what power, taken from the latest case.

    The `requester` asks for help, and does not vote on it.

    Raises:
        InputError: If the alliance had no members on that day, or the requester was none of them.
    """
    members = alliance.members_on(day)
    if not members:
        first = min(entry.since for entry in alliance.members)
        raise InputError(f"{alliance.id} had no members on {day} (the first joined on {first})")
    if requester is not None and requester not in members:
        raise InputError(f"{requester} was no member of {alliance.id} on {day}")
    members = tuple(state for state in members if state != requester) or members
    rules = [entry for entry in alliance.council if entry.holds_on(day)]
    leads = [entry.state for entry in alliance.lead_state if entry.holds_on(day)]
    source = latest_case(alliance.id, day, cases)
    coded = source.scenario.members if source else {}
    return Council(
        alliance=alliance,
        day=day,
        members=members,
        own_rule=rules[0].rule if rules else None,
        room=bool(rules) and rules[0].abstention > 0,
        patron=leads[0] if leads and leads[0] in members else None,
        capability={state: mean(coded[state].capability) for state in members if state in coded},
        capability_from=source.id if source else None,
    )


def latest_case(alliance: str, day: date, cases: Iterable[Case]) -> Case | None:
    """The latest case of an alliance coded on `day` or before it, counterfactuals aside."""
    earlier = [
        case
        for case in cases
        if case.scenario.alliance == alliance
        and case.scenario.extends is None
        and case.scenario.dates.coded <= day
    ]
    return max(earlier, key=lambda case: (case.scenario.dates.coded, case.id), default=None)


def power_table(council: Council, rules: Iterable[str] | None = None) -> PowerTable:
    """Voting power of every member under each of `rules`, those of extensions included."""
    powers: dict[str, Power | None] = {}
    missing: list[str] = []
    for rule in all_rules() if rules is None else rules:
        try:
            powers[rule] = power_under(council, rule)
        except InputError as error:
            powers[rule] = None
            missing.append(f"{rule}: {error}")
    return PowerTable(council, powers, tuple(missing))


def power_under(council: Council, rule: str) -> Power:
    """The indices under one rule; an InputError where they cannot be worked out."""
    counts = _swings(council, rule)
    carry, share, tossed = (
        tuple(float(value) for value in index(counts))
        for index in (shapley_shubik, banzhaf, penrose)
    )
    # under consensus every voter can block, by objecting
    blocks = (True,) * len(counts) if rule == Rule.CONSENSUS else can_block(counts)
    return Power(carry, share, tossed, blocks)


def _swings(council: Council, rule: str) -> Swings:
    if rule == Rule.PATRON and council.patron is None:
        raise InputError(f"no lead state had a vote in {council.alliance.id} on {council.day}")
    if by_capability(rule, council.room):
        _check_capability(council)
    if rule not in set(Rule):
        return swings_under(rule, council.members, council.capability, council.patron)
    capability = np.array([council.capability.get(state, 0.0) for state in council.members])
    patron = council.members.index(council.patron) if council.patron else None
    return swings(*game_of(rule, capability, patron, council.room))


def _check_capability(council: Council) -> None:
    """Refuse a council of which some case does not state the power of every member."""
    unknown = [state for state in council.members if state not in council.capability]
    if unknown and council.capability_from is None:
        name, day = council.alliance.id, council.day
        raise InputError(f"no case of {name} by {day} states the members' capability")
    if unknown:
        raise InputError(f"{council.capability_from} states no capability for {', '.join(unknown)}")


def as_record(table: PowerTable) -> dict[str, object]:
    """A table as plain values, for JSON."""
    council = table.council
    return {
        "alliance": council.alliance.id,
        "date": council.day.isoformat(),
        "members": list(council.members),
        "own_rule": council.own_rule,
        "room": council.room,
        "patron": council.patron,
        "capability": council.capability,
        "capability_from": council.capability_from,
        "rules": {
            rule: power
            and {
                name: dict(zip(council.members, shares, strict=True))
                for name, shares in vars(power).items()
            }
            for rule, power in table.powers.items()
        },
        "missing": list(table.missing),
    }
