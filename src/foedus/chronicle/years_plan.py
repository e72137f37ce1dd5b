"""What is asked of a chronicle: whose answers, calls, crises and members, and what is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from foedus.data.terms import Level

Origin = Literal["history", "simulated"]


@dataclass(frozen=True)
class Plan:
    """Where each part of a chronicle comes from.

    Attributes
    ----------
    answers
        ``history``: as given; ``simulated``: by the crisis model where the library has the crisis.
    calls
        ``history``: who called called; ``simulated``: by trust and danger.
    crises
        ``history``: in their order; ``drawn``: at the rates of the record.
    members
        ``simulated``, or ``history``: standing as it was, for evidence and the relevance of the
        past.
    fixed
        Answers set by hand, by name of the crisis.
    without
        Names of crises that never happen.
    since
        Calendar year from which standing is simulated; before it standing is history's.
    enters
        Calendar year in which a state joins, by ISO code, instead of history's.
    """

    answers: Origin = "history"
    calls: Origin = "history"
    crises: Literal["history", "drawn"] = "history"
    members: Origin = "simulated"
    fixed: Mapping[str, Level] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    since: int = 0
    enters: Mapping[str, int] = field(default_factory=dict)

    def holds_members(self, year: int) -> bool:
        """Whether standing is history's in a calendar year."""
        return self.members == "history" or year < self.since

    @property
    def keeps_calls(self) -> bool:
        """Whether who called is history's."""
        return self.calls == "history" and self.crises == "history"

    @property
    def needs_tables(self) -> bool:
        """Whether the crisis model has to be run."""
        return self.answers == "simulated" or self.crises == "drawn"
