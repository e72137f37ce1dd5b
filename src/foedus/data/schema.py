"""The frozen records behind every scenario and alliance file.

A record knows what a well-formed file says; whether its parts fit each other and the alliance it
names (members at that date, known states) is checked in :mod:`foedus.data.validation`.
Field descriptions reach the reader's editor through the JSON Schema.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator

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
from foedus.data.vocabulary import coding_rule

LevelWord = Literal["none", "consult", "support", "deploy"]
StanceWord = Literal["support", "abstain", "object"]


class Crisis(Record):
    """The crisis as a well-informed observer could judge it on the day it is coded."""

    external: UnitCode = Field(description=coding_rule("external"))
    territory: UnitCode = Field(description=coding_rule("territory"))
    mandate: UnitCode = Field(description=coding_rule("mandate"))
    threat: UnitCode = Field(description=coding_rule("threat"))
    capacity: UnitCode = Field(description=coding_rule("capacity"))
    escalation: UnitCode = Field(description=coding_rule("escalation"))
    trend: SignedCode = Field(description=coding_rule("trend"))
    request: UnitCode = Field(description=coding_rule("request"))
    asked: LadderCode = Field(description=coding_rule("asked"))
    institution: UnitCode = Field(description=coding_rule("institution"))


class Member(Record):
    """One member state that mattered, as it stood toward this crisis."""

    alignment: UnitCoders = Field(description=coding_rule("alignment"))
    stake: UnitCoders = Field(description=coding_rule("stake"))
    ties: UnitCoders = Field(description=coding_rule("ties"))
    overextension: UnitCoders = Field(description=coding_rule("overextension"))
    dependence: UnitCoders | None = Field(default=None, description=coding_rule("dependence"))
    capability: UnitCoders = Field(description=coding_rule("capability"))
    pool: Troops | None = Field(
        default=None,
        description="Most troops this state could send; overrides the alliance's force pools.",
    )
    why: Text = Field(description="The reasons for this row, in one line.")
    source: SourceKeys

    @field_validator("capability")
    @classmethod
    def _no_dust(cls, coders: tuple[float, ...]) -> tuple[float, ...]:
        if any(0 < value < LEAST_CAPABILITY for value in coders):
            raise ValueError(f"expected 0 or {LEAST_CAPABILITY:g} to 1")
        return coders


class Adversary(Record):
    """The adversary of the requester."""

    kind: AdversaryKind = Field(
        description="domestic (crowds, coups, mutinies), nonstate (armed movements), state, or "
        "member (of the same alliance; then state its iso3)."
    )
    name: Text = Field(description="Who they are, in a few words.")
    iso3: Iso3 | None = Field(default=None, description="The adversary, where it is a state.")
    backer: Text | None = Field(default=None, description="A state behind a non-state group.")


class Dates(Record):
    """Days that matter; day 0 of a run is `coded`."""

    onset: Day = Field(description="The day the crisis began.")
    requested: Day | None = Field(
        default=None, description="The day help was asked for, if it was."
    )
    coded: Day = Field(description="The day the codes describe; day 0 of every run.")
    council: Day | None = Field(
        default=None,
        description="The day the council first sits, if not the day after the request.",
    )


class Figure(Record):
    """A number with its origin."""

    value: Number = Field(description="The best estimate.")
    low: Number | None = Field(default=None, description="The lowest figure found.")
    high: Number | None = Field(default=None, description="The highest figure found.")
    why: Text = Field(description="Where the figure comes from, in one line.")
    source: SourceKeys


class History(Record):
    """What the alliance did; never read while coding the crisis."""

    level: LevelWord = Field(
        description="The collective answer: none (silence), consult (a meeting, statement, "
        "mediation or sanctions), support (material or technical help, monitors), deploy (a "
        "collective force)."
    )
    decided: Day | None = Field(default=None, description="The day it was decided.")
    arrived: Day | None = Field(default=None, description="First troops of the force in place.")
    withdrawn: Day | None = Field(default=None, description="Last troops of the force home.")
    troops: dict[str, tuple[Troops, Troops]] = Field(
        default_factory=dict,
        description="Troops by state (and `total`), as [lowest, highest] figure found.",
    )
    stances: dict[Iso3, StanceWord] = Field(
        default_factory=dict,
        description="How members voted on the answer: support, abstain or object.",
    )
    unilateral: Text | None = Field(
        default=None, description="What a member did alone, outside the alliance."
    )
    why: Text = Field(description="What was decided, in a line or two.")
    source: SourceKeys


class Scenario(Record):
    """One crisis of one alliance."""

    schema_version: Version = Field(description="The version of this file format: 1.")
    id: Identifier = Field(
        description="Lower-case words joined by hyphens; the file is named for it."
    )
    title: Text = Field(description="Place and time, as a heading.")
    question: Text = Field(description="What this crisis asks of the alliance, in one sentence.")
    alliance: Identifier = Field(
        description="Id of the alliance: one that foedus ships, or that of the alliance.yaml in "
        "this folder or above it."
    )
    extends: Identifier | None = Field(
        default=None, description="The scenario this one changes; it states only what differs."
    )
    quality: Literal["A", "B", "C"] = Field(
        description="How well sourced: A primary or several agreeing sources, B press and "
        "mirrors, C mostly from memory."
    )
    held_out: Flag = Field(
        default=False,
        description="Coded before the model was built and kept apart until version 1 was scored.",
    )
    summary: Text = Field(
        description="What was known up to the coded day, in a few sentences; never the outcome."
    )
    dates: Dates
    horizon_days: Annotated[int, Field(strict=True, ge=1, le=365)] = Field(
        default=30, description="Days that are simulated."
    )
    requester: Iso3 = Field(description="The member that asks, or would have to: ISO 3166 code.")
    patron: Iso3 | None = Field(
        default=None, description="The lead state, if not the alliance's own at that date."
    )
    adversary: Adversary
    crisis: Crisis
    members: dict[Iso3, Member] = Field(
        min_length=1,
        max_length=60,
        description="The members that mattered, by ISO 3166 code, the lead state first.",
    )
    admits: dict[Iso3, Text] = Field(
        default_factory=dict,
        description="States that sit here though they were no members then, each with the reason.",
    )
    council_rule: RuleName | None = Field(
        default=None, description="Overrides the alliance's rule (counterfactuals)."
    )
    abstention: Unit | None = Field(
        default=None, description="Overrides the alliance's room to abstain (counterfactuals)."
    )
    base_veto: Flag | None = Field(
        default=None, description="Overrides whether the base veto binds (counterfactuals)."
    )
    dependence_from: Literal["indicators", "codes"] | None = Field(
        default=None, description="Overrides where the alliance takes dependence from."
    )
    forces_needed: Figure = Field(
        description="Troops that the task needs, as known or judged before the answer."
    )
    history: History | None = None
    sources: dict[str, Text] = Field(
        default_factory=dict, description="Where each cited key can be looked up."
    )

    @property
    def answer(self) -> Level | None:
        """What the alliance did, where that is known."""
        return Level(LEVELS.index(self.history.level)) if self.history else None


class TreatyClause(Period):
    """One article of the treaty as it stood in a period."""

    article: Text = Field(description="Number of the article, in quotes, or name of the text.")
    says: Text = Field(description="What it provides, in one's own words.")
    source: SourceKeys


class CouncilRule(Period):
    """How the council decided in a period."""

    rule: RuleName = Field(
        description="consensus (nobody objects and the weighted mean passes), unanimity, "
        "majority, two_thirds, weighted (by capability), or patron (the lead state decides)."
    )
    abstention: Unit = Field(
        description="Room to abstain without blocking, as a share of the parameter eta: "
        "0 none; 1 all of it."
    )
    why: Text = Field(description="What the rule rests on, in one line.")
    source: SourceKeys


class LeadState(Period):
    """Who led the alliance in a period."""

    state: Iso3 = Field(description="ISO 3166 code.")
    why: Text = Field(description="Why it counts as the lead state, in one line.")
    source: SourceKeys


class Membership(Period):
    """One state's membership in a period."""

    state: Iso3 = Field(description="ISO 3166 code.")
    note: Text | None = Field(default=None, description="What a reader should know.")
    source: SourceKeys


class ForcePool(Period):
    """Troops the alliance could call on in a period."""

    name: Text = Field(description="What the force is called.")
    total: Troops = Field(description="Troops in all; pools of one day add up.")
    by_state: dict[Iso3, Troops] = Field(
        default_factory=dict, description="Troops by state, where known."
    )
    note: Text | None = Field(default=None, description="What a reader should know.")
    source: SourceKeys


class Institution(Period):
    """A rule or body that changes what the alliance can do."""

    name: Literal["base_veto", "crisis_response_centre", "limited_format"] = Field(
        description="base_veto: members may refuse each other foreign bases; "
        "crisis_response_centre: forces arrive sooner; limited_format: some may act alone."
    )
    says: Text = Field(description="What it provides, in one's own words.")
    source: SourceKeys


class Alliance(Record):
    """A treaty, its members and its council, by date."""

    schema_version: Version = Field(description="The version of this file format: 1.")
    id: Identifier = Field(
        description="Lower-case words joined by hyphens; what scenarios name as `alliance`."
    )
    name: Text = Field(description="The full name.")
    summary: Text = Field(description="What it is and how it decides, in a few sentences.")
    states: dict[Iso3, Text] = Field(
        min_length=1, description="Every state the files of this alliance may name."
    )
    dependence_from: Literal["indicators", "codes"] = Field(
        description="`indicators`: computed from indicators.csv; `codes`: stated by the coders."
    )
    treaty: tuple[TreatyClause, ...] = Field(
        min_length=1, description="What the treaty says, article by article, by date."
    )
    council: tuple[CouncilRule, ...] = Field(
        min_length=1, description="How the council decides, by date."
    )
    lead_state: tuple[LeadState, ...] = Field(
        min_length=1, description="Who leads the alliance, by date."
    )
    members: tuple[Membership, ...] = Field(
        min_length=1, description="Who belongs, by date; a state may come back."
    )
    pools: tuple[ForcePool, ...] = Field(
        default=(), description="Troops the alliance can call on, by date; none means no limit."
    )
    institutions: tuple[Institution, ...] = Field(
        default=(), description="Rules and bodies that change what the alliance can do, by date."
    )
    sources: dict[str, Text] = Field(
        default_factory=dict, description="Where each cited key can be looked up."
    )

    def members_on(self, day: date) -> tuple[str, ...]:
        """States that were members on `day`, sorted."""
        return tuple(sorted({entry.state for entry in self.members if entry.holds_on(day)}))

    def has(self, institution: str, day: date) -> bool:
        """Whether the named institution existed on `day`."""
        return any(e.name == institution and e.holds_on(day) for e in self.institutions)
