"""The closed sets of the field, each member a term that every layer uses as it stands here."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Labelled(IntEnum):
    """A number with a word of its own."""

    @property
    def label(self) -> str:
        """The word used in files, tables, plots and on the command line."""
        return self.name.lower()


class Level(Labelled):
    """The answer of the alliance, on an ordinal ladder (codebook, "The outcome")."""

    NONE = 0
    CONSULT = 1
    SUPPORT = 2
    DEPLOY = 3


LEVELS: tuple[str, ...] = tuple(level.label for level in Level)
"""The four words in order: none, consult, support, deploy."""


class Rule(StrEnum):
    """How a council turns stances into an answer (model, section 4)."""

    CONSENSUS = "consensus"
    UNANIMITY = "unanimity"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    WEIGHTED = "weighted"
    PATRON = "patron"


class Request(StrEnum):
    """Which request is made in a run (model, section 7.7)."""

    HISTORY = "history"
    TREATY = "treaty"
    NONE = "none"


class Stance(Labelled):
    """What a member says to one level of the answer."""

    OBJECT = -1
    ABSTAIN = 0
    SUPPORT = 1


class Line(Labelled):
    """What a person in a member's seat decides that its government does (role play)."""

    OBJECT = -1
    ASIDE = 0
    CONSULT = 1
    SUPPORT = 2
    DEPLOY = 3


class AdversaryKind(StrEnum):
    """Who stands against the requester (codebook, "The crisis")."""

    DOMESTIC = "domestic"
    NONSTATE = "nonstate"
    STATE = "state"
    MEMBER = "member"


class Ending(Labelled):
    """How a simulated crisis ends."""

    HORIZON = 0
    QUELLED = 1
    LOST = 2


class FileKind(StrEnum):
    """The files that people write and that have a JSON Schema."""

    SCENARIO = "scenario"
    ALLIANCE = "alliance"
    CHRONICLE = "chronicle"


class Mechanism(IntEnum):
    """What a random draw decides; part of the draw's address, so numbers never change meaning."""

    CRISIS_SHOCK = 1
    MEMBER_SHOCK = 2
    INTENSITY = 3
    CODE = 4
    REQUEST = 5
    STUDY = 6
    CONVENING = 7
    FORCE = 8
    STANDING = 8
    STATE_SHOCK = 9
    ANSWER = 10
    CRISIS = 11
    CALL = 12


CRISIS_ATTRIBUTES: tuple[str, ...] = (
    "external",
    "territory",
    "mandate",
    "threat",
    "capacity",
    "escalation",
    "trend",
    "request",
    "asked",
    "institution",
)
"""Attributes of the crisis, in the codebook's order."""

MEMBER_ATTRIBUTES = ("alignment", "stake", "ties", "overextension", "dependence", "capability")
"""Attributes of each member, in the codebook's order."""

ATTRIBUTE_RANGE: dict[str, tuple[float, float]] = {
    **dict.fromkeys(CRISIS_ATTRIBUTES + MEMBER_ATTRIBUTES, (0.0, 1.0)),
    "trend": (-1.0, 1.0),
    "asked": (0.0, 3.0),
}
"""Lowest and highest value of each attribute (codebook)."""

LEAST_CAPABILITY = 1e-9
"""Smallest share of power that is not 0: a billionth; weights of less cannot be divided safely."""

CASE_RANGE: dict[str, tuple[float, float]] = {
    "horizon_days": (1, 365),
    "day_first_sitting": (0, 365),
    "days_since_onset": (0, 36_500),
    "forces_needed": (1, 10_000_000),
}
"""Whole numbers of a case that can be set by hand: days of a run, day of the first sitting, days
since the crisis began, troops that the task needs."""

INDICATORS = ("remittances", "exports", "imports", "arms", "energy", "bases", "bloc", "base_veto")
"""Measured sides of a member's dependence on the lead state (model, section 1)."""
