"""Voting power in an alliance on a day: under its own rule then, and under every other.

What the indices of :mod:`foedus.analysis.power_indices` say of a real council: who sat, which
rule held, and whose armies would count where votes are weighted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from foedus.analysis import power_indices
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
    date: datetime.date
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
    alliance: Alliance, day: datetime.date, cases: Iterable[Case], requester: str | None = None
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
    own = next((entry for entry in alliance.council if entry.holds_on(day)), None)
    lead = next((entry.state for entry in alliance.lead_state if entry.holds_on(day)), None)
    source = latest_case(alliance.id, day, cases)
    coded = source.scenario.members if source else {}
    return Council(
        alliance=alliance,
        date=day,
        members=members,
        own_rule=own.rule if own else None,
        room=own is not None and own.abstention > 0,
        patron=lead if lead in members else None,
        capability={state: mean(coded[state].capability) for state in members if state in coded},
        capability_from=source.id if source else None,
    )


def latest_case(alliance: str, day: datetime.date, cases: Iterable[Case]) -> Case | None:
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
    indices = (power_indices.shapley_shubik, power_indices.banzhaf, power_indices.penrose)
    carry, share, tossed = (tuple(map(float, index(counts))) for index in indices)
    # under consensus every voter can block, by objecting
    all_can = rule == Rule.CONSENSUS
    blocks = (True,) * len(counts) if all_can else power_indices.can_block(counts)
    return Power(carry, share, tossed, blocks)


def _swings(council: Council, rule: str) -> power_indices.Swings:
    """The game of a council; refused where it needs a lead state or a power that nobody states."""
    name, members, held = council.alliance.id, council.members, council.capability
    if rule == Rule.PATRON and council.patron is None:
        raise InputError(f"no lead state had a vote in {name} on {council.date}")
    unknown = [state for state in members if state not in held]
    if unknown and power_indices.by_capability(rule, council.room):
        if council.capability_from is None:
            raise InputError(f"no case of {name} by {council.date} states the members' capability")
        raise InputError(f"{council.capability_from} states no capability for {', '.join(unknown)}")
    if rule not in set(Rule):
        return power_indices.swings_under(rule, members, held, council.patron)
    patron = members.index(council.patron) if council.patron else None
    capability = np.array([held.get(state, 0.0) for state in members])
    game = power_indices.game_of(rule, capability, patron, council.room)
    return power_indices.swings(*game)


def as_record(table: PowerTable) -> dict[str, object]:
    """A table as plain values, for JSON."""
    council = table.council

    def by_member(power: Power) -> dict[str, dict[str, object]]:
        return {n: dict(zip(council.members, row, strict=True)) for n, row in vars(power).items()}

    return {
        **vars(council),
        "alliance": council.alliance.id,
        "date": council.date.isoformat(),
        "members": list(council.members),
        "rules": {rule: power and by_member(power) for rule, power in table.powers.items()},
        "missing": list(table.missing),
    }
