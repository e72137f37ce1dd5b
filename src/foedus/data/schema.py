"""The frozen records behind every scenario and alliance file.

A record knows what a well-formed file says; whether its parts fit each other and the alliance it
names (members at that date, known states) is checked in :mod:`foedus.data.validation`.
Field descriptions reach the reader's editor through the JSON Schema.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from foedus.data.records import (
    Day,
    Flag,
    Identifier,
    Iso3,
    LadderCode,
    Number,
    Period,
    Record,
    RuleName,
    SignedCode,
    SourceKeys,
    Text,
    Troops,
    Unit,
    UnitCode,
    UnitCoders,
    Version,
)
from foedus.data.terms import LEAST_CAPABILITY, LEVELS, AdversaryKind, Level

LevelWord = Literal["none", "consult", "support", "deploy"]
StanceWord = Literal["support", "abstain", "object"]


class Crisis(Record):
    """The crisis as a well-informed observer could judge it on the day it is coded."""

    external: UnitCode
    territory: UnitCode
    mandate: UnitCode
    threat: UnitCode
    capacity: UnitCode
    escalation: UnitCode
    trend: SignedCode
    request: UnitCode
    asked: LadderCode
    institution: UnitCode


def _without_dust(coders: tuple[float, ...]) -> tuple[float, ...]:
    if any(0 < value < LEAST_CAPABILITY for value in coders):
        raise ValueError(f"expected 0 or {LEAST_CAPABILITY:g} to 1")
    return coders


class Member(Record):
    """One member state that mattered, as it stood toward this crisis."""

    alignment: UnitCoders
    stake: UnitCoders
    ties: UnitCoders
    overextension: UnitCoders
    dependence: UnitCoders | None = None
    capability: Annotated[UnitCoders, AfterValidator(_without_dust)]
    pool: Troops | None = None
    why: Text
    source: SourceKeys


class Adversary(Record):
    """The adversary of the requester."""

    kind: AdversaryKind
    name: Text
    iso3: Iso3 | None = None
    backer: Text | None = None


class Dates(Record):
    """Days that matter; day 0 of a run is `coded`."""

    onset: Day
    requested: Day | None = None
    coded: Day
    council: Day | None = None


class Figure(Record):
    """A number with its origin."""

    value: Number
    low: Number | None = None
    high: Number | None = None
    why: Text
    source: SourceKeys


class History(Record):
    """What the alliance did; never read while coding the crisis."""

    level: LevelWord
    decided: Day | None = None
    arrived: Day | None = None
    withdrawn: Day | None = None
    troops: dict[str, tuple[Troops, Troops]] = Field(default_factory=dict)
    stances: dict[Iso3, StanceWord] = Field(default_factory=dict)
    unilateral: Text | None = None
    why: Text
    source: SourceKeys


class Scenario(Record):
    """One crisis of one alliance."""

    schema_version: Version
    id: Identifier
    title: Text
    question: Text
    alliance: Identifier
    extends: Identifier | None = None
    quality: Literal["A", "B", "C"]
    held_out: Flag = False
    summary: Text
    dates: Dates
    horizon_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 30
    requester: Iso3
    patron: Iso3 | None = None
    adversary: Adversary
    crisis: Crisis
    members: dict[Iso3, Member] = Field(min_length=1, max_length=60)
    admits: dict[Iso3, Text] = Field(default_factory=dict)
    council_rule: RuleName | None = None
    abstention: Unit | None = None
    base_veto: Flag | None = None
    dependence_from: Literal["indicators", "codes"] | None = None
    forces_needed: Figure
    history: History | None = None
    sources: dict[str, Text] = Field(default_factory=dict)

    @property
    def answer(self) -> Level | None:
        """What the alliance did, where that is known."""
        return Level(LEVELS.index(self.history.level)) if self.history else None


class TreatyClause(Period):
    """One article of the treaty as it stood in a period."""

    article: Text
    says: Text
    source: SourceKeys


class CouncilRule(Period):
    """How the council decided in a period."""

    rule: RuleName
    abstention: Unit
    why: Text
    source: SourceKeys


class LeadState(Period):
    """Who led the alliance in a period."""

    state: Iso3
    why: Text
    source: SourceKeys


class Membership(Period):
    """One state's membership in a period."""

    state: Iso3
    note: Text | None = None
    source: SourceKeys


class ForcePool(Period):
    """Troops the alliance could call on in a period."""

    name: Text
    total: Troops
    by_state: dict[Iso3, Troops] = Field(default_factory=dict)
    note: Text | None = None
    source: SourceKeys


class Institution(Period):
    """A rule or body that changes what the alliance can do."""

    name: Literal["base_veto", "crisis_response_centre", "limited_format"]
    says: Text
    source: SourceKeys


class Alliance(Record):
    """A treaty, its members and its council, by date."""

    schema_version: Version
    id: Identifier
    name: Text
    summary: Text
    states: dict[Iso3, Text] = Field(min_length=1)
    dependence_from: Literal["indicators", "codes"]
    treaty: tuple[TreatyClause, ...] = Field(min_length=1)
    council: tuple[CouncilRule, ...] = Field(min_length=1)
    lead_state: tuple[LeadState, ...] = Field(min_length=1)
    members: tuple[Membership, ...] = Field(min_length=1)
    pools: tuple[ForcePool, ...] = ()
    institutions: tuple[Institution, ...] = ()
    sources: dict[str, Text] = Field(default_factory=dict)

    def members_on(self, day: date) -> tuple[str, ...]:
        """States that were members on `day`, sorted."""
        return tuple(sorted({entry.state for entry in self.members if entry.holds_on(day)}))
