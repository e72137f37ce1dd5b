"""The frozen records behind every scenario and alliance file, and the rules they must keep.

A record knows what a well-formed file says; whether a file fits the alliance it names
(members at that date, known states) is checked in :mod:`foedus.data.consistency`.
Field descriptions reach the reader's editor through the JSON Schema.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from foedus.data.terms import AdversaryKind, Rule

SCHEMA_VERSION = 1
"""The version of the file format that this code writes and reads."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Unit = Annotated[Number, Field(ge=0, le=1)]
Signed = Annotated[Number, Field(ge=-1, le=1)]
Ladder = Annotated[Number, Field(ge=0, le=3)]
Count = Annotated[int, Field(strict=True, ge=0)]
LevelWord = Literal["none", "consult", "support", "deploy"]
StanceWord = Literal["support", "abstain", "object"]


def _as_list(value: Any) -> Any:
    """Let one value stand for a list of one."""
    return value if isinstance(value, list | tuple) else [value]


SourceKeys = Annotated[tuple[Text, ...], BeforeValidator(_as_list), Field(min_length=1)]
Scale = TypeVar("Scale")


class Record(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Code(Record, Generic[Scale]):
    """One judgement: what each coder wrote, why, and on what grounds."""

    coders: tuple[Scale, ...] = Field(
        min_length=1,
        max_length=9,
        description="One value per coder who worked apart; their mean is the value, "
        "their difference the uncertainty.",
    )
    why: Text = Field(description="The reason, in one line.")
    source: SourceKeys = Field(
        description="Keys of `sources` below, 'document ¶n', or 'assumed'.",
    )

    @property
    def value(self) -> float:
        """Mean of the coders."""
        return mean(self.coders)  # type: ignore[arg-type]

    @property
    def range(self) -> float:
        """Difference between the highest and the lowest coder."""
        return spread(self.coders)  # type: ignore[arg-type]


def mean(coders: tuple[float, ...]) -> float:
    """Mean of the coders' values."""
    return float(sum(coders) / len(coders))


def spread(coders: tuple[float, ...]) -> float:
    """Difference between the highest and the lowest of the coders' values."""
    return float(max(coders) - min(coders))


class Crisis(Record):
    """The crisis as a well-informed observer could judge it on the day it is coded."""

    external: Code[Unit] = Field(
        description="Who attacks the requester's forces or soil: 0 nobody from outside, "
        ".25 foreign backing alleged, .5 armed groups from abroad, .75 groups with a state's "
        "support, 1 a foreign state's forces."
    )
    territory: Code[Unit] = Field(
        description="Where the help would operate: 0 outside the treaty's area, .5 disputed or "
        "partly, 1 the requester's recognised soil."
    )
    mandate: Code[Unit] = Field(
        description="Do the rules in force foresee collective force in this kind of crisis: "
        "0 excluded, .25 consultation only, .5 arguable, .75 named with conditions, 1 plainly."
    )
    threat: Code[Unit] = Field(
        description="Danger to the requester's government or state: 0 local, .25 serious but "
        "local, .5 a region lost, .75 the government may fall, 1 imminent collapse or conquest."
    )
    capacity: Code[Unit] = Field(
        description="Could the requester hold for 30 days without help: 0 no, .5 partly, 1 yes."
    )
    escalation: Code[Unit] = Field(
        description="Risk of a wider war or quagmire from the help asked for: 0 negligible, .5 "
        "protracted low intensity, .75 civil war or a strong army, 1 war with a great power."
    )
    trend: Code[Signed] = Field(
        description="The next three days as seen then: -1 ebbing, 0 steady, 1 growing."
    )
    request: Code[Unit] = Field(
        description="Channel of the request: 0 none, .25 reported, .5 bilateral or informal, "
        ".75 formal to the lead state, 1 formal to the alliance."
    )
    asked: Code[Ladder] = Field(
        description="The highest help asked for: 0 nothing, 1 consultation, 2 material or "
        "technical help, 3 a force; halves where unclear."
    )
    institution: Code[Unit] = Field(
        description="The alliance's crisis machinery: 0 paper, .25 never used, .5 meets "
        "irregularly, .75 written procedure and practice, 1 permanent council within days."
    )


UnitCoders = Annotated[
    tuple[Unit, ...], BeforeValidator(_as_list), Field(min_length=1, max_length=9)
]


class Member(Record):
    """One member state that mattered, as it stood toward this crisis."""

    alignment: UnitCoders = Field(
        description="Political warmth toward the government that asks: 0 hostile, .25 cool, "
        ".5 pragmatic, .75 friendly, 1 patron or client."
    )
    stake: UnitCoders = Field(
        description="What the member itself loses if the crisis goes badly: 0 none, 1 vital."
    )
    ties: UnitCoders = Field(
        description="Relation with the adversary: 0 none or hostile, .25 weak, .5 working "
        "partners, .75 close partners, 1 allies."
    )
    overextension: UnitCoders = Field(
        description="Share of forces and attention taken by other wars or crises."
    )
    dependence: UnitCoders | None = Field(
        default=None,
        description="Dependence on the lead state as the coders judged it; used where the "
        "alliance has no measured indicators.",
    )
    capability: UnitCoders = Field(
        description="Share of the listed members' deployable military power."
    )
    pool: Count | None = Field(
        default=None,
        description="Most men this state could send; overrides the alliance's force pools.",
    )
    why: Text = Field(description="The reasons for this row, in one line.")
    source: SourceKeys = Field(description="Keys of `sources`, 'document ¶n', or 'assumed'.")


class Adversary(Record):
    """Who stands against the requester."""

    kind: AdversaryKind = Field(
        description="domestic: crowds, coups, mutinies; nonstate: armed movements; state; "
        "member: a member of the same alliance."
    )
    name: Text
    iso3: Iso3 | None = Field(default=None, description="The adversary, where it is a state.")
    backer: Text | None = Field(default=None, description="A state behind a non-state group.")


class Dates(Record):
    """Days that matter; day 0 of a run is `coded`."""

    onset: date = Field(description="The day the crisis began.")
    requested: date | None = Field(
        default=None, description="The day help was asked for, if it was."
    )
    coded: date = Field(description="The day the codes describe; day 0 of every run.")
    council: date | None = Field(
        default=None,
        description="The day the council first sits, if not the day after the request.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.coded < self.onset:
            raise ValueError("`coded` must not be before `onset`")
        return self


class Figure(Record):
    """A number with its origin."""

    value: Number
    low: Number | None = None
    high: Number | None = None
    why: Text
    source: SourceKeys


class History(Record):
    """What the alliance did; never read while coding the crisis."""

    level: LevelWord = Field(description="The collective answer.")
    decided: date | None = None
    arrived: date | None = Field(default=None, description="First men of the force in place.")
    withdrawn: date | None = Field(default=None, description="Last men of the force home.")
    troops: dict[str, tuple[Count, Count]] = Field(
        default_factory=dict,
        description="Men by state (and `total`), as [lowest, highest] figure found.",
    )
    stances: dict[Iso3, StanceWord] = Field(default_factory=dict)
    unilateral: Text | None = Field(
        default=None, description="What a member did alone, outside the alliance."
    )
    why: Text
    source: SourceKeys


class Scenario(Record):
    """One crisis of one alliance."""

    schema_version: Literal[1]
    id: Identifier
    title: Text
    question: Text = Field(description="What this crisis asks of the alliance, in one sentence.")
    alliance: Identifier
    extends: Identifier | None = Field(
        default=None, description="The scenario this one changes; it states only what differs."
    )
    quality: Literal["A", "B", "C"] = Field(
        description="How well sourced: A primary or several agreeing sources, B press and "
        "mirrors, C mostly from memory."
    )
    summary: Text
    dates: Dates
    horizon_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 30
    requester: Iso3
    patron: Iso3 | None = Field(
        default=None, description="The lead state, if not the alliance's own at that date."
    )
    adversary: Adversary
    crisis: Crisis
    members: dict[Iso3, Member] = Field(min_length=1, max_length=60)
    admits: dict[Iso3, Text] = Field(
        default_factory=dict,
        description="States that sit here though they were no members then, each with the reason.",
    )
    council_rule: Rule | None = Field(
        default=None, description="Overrides the alliance's rule (counterfactuals)."
    )
    abstention: Unit | None = Field(
        default=None, description="Overrides the alliance's room to stand aside (counterfactuals)."
    )
    base_veto: bool | None = Field(
        default=None, description="Overrides whether the base veto binds (counterfactuals)."
    )
    dependence_from: Literal["indicators", "codes"] | None = Field(
        default=None, description="Overrides where the alliance takes dependence from."
    )
    forces_needed: Figure
    history: History | None = None
    sources: dict[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _parties_sit(self) -> Self:
        if self.requester not in self.members:
            raise ValueError(f"the requester {self.requester} must be listed under `members`")
        if self.patron is not None and self.patron not in self.members:
            raise ValueError(f"the patron {self.patron} must be listed under `members`")
        if self.adversary.iso3 == self.requester:
            raise ValueError("the requester cannot be its own adversary")
        return self


class Period(Record):
    """Something that held from one date to another (both included, open when absent)."""

    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it held on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


class TreatyClause(Period):
    """One article of the treaty as it stood in a period."""

    article: Text
    says: Text
    source: SourceKeys


class CouncilRule(Period):
    """How the council decided in a period."""

    rule: Rule
    abstention: Unit = Field(
        description="Room to stand aside without blocking, as a share of the parameter eta."
    )
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
    """Men the alliance could call on in a period."""

    name: Text
    total: Count
    by_state: dict[Iso3, Count] = Field(default_factory=dict)
    note: Text | None = None
    source: SourceKeys


class Institution(Period):
    """A rule or body that changes what the alliance can do."""

    name: Literal["base_veto", "crisis_response_centre", "limited_format"]
    says: Text
    source: SourceKeys


class Alliance(Record):
    """A treaty, its members and its council, by date."""

    schema_version: Literal[1]
    id: Identifier
    name: Text
    summary: Text
    states: dict[Iso3, Text] = Field(
        min_length=1, description="Every state the files of this alliance may name."
    )
    dependence_from: Literal["indicators", "codes"] = Field(
        description="`indicators`: computed from indicators.csv; `codes`: stated by the coders."
    )
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

    def has(self, institution: str, day: date) -> bool:
        """Whether the named institution existed on `day`."""
        return any(e.name == institution and e.holds_on(day) for e in self.institutions)
