"""The record of an alliance over decades: who came and went, who called, and what was answered.

A file ``chronicle.yaml`` stands in the folder of its alliance. It holds events, calls, rival
protectors and the dates on which membership had to be renewed, each with its sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from foedus.data.record_reader import Finding, record_from
from foedus.data.records import (
    Day,
    Identifier,
    Iso3,
    Ladder,
    Period,
    Record,
    SourceKeys,
    Text,
    Unit,
    Version,
)
from foedus.data.terms import AdversaryKind, Level
from foedus.data.validation import check_citations
from foedus.data.yaml_reader import read_tree
from foedus.errors import did_you_mean, named

CHRONICLE_FILE = "chronicle.yaml"
MOST_YEARS = 300
"""Years that one file may cover."""

GRACE = timedelta(days=31)
"""A state that joins within a month may call before it does."""

EventKind = Literal["found", "join", "leave", "freeze", "suspend", "return", "dissolve"]
STARTS = ("found", "join", "return")
"""Kinds of event after which a state is a member in good standing."""

INSIDE = ("member", "frozen", "suspended")
"""Where a state stands that is a member, if only in name."""

STEPS = {
    "found": ("member", {"outside"}),
    "join": ("member", {"outside", "left"}),
    "leave": ("left", {"member", "frozen", "suspended"}),
    "freeze": ("frozen", {"member", "suspended"}),
    "suspend": ("suspended", {"member", "frozen"}),
    "return": ("member", {"frozen", "left", "suspended"}),
}
"""Where a state stands after an event of each kind, and where it may have stood before it."""


class Event(Record):
    """One change of membership."""

    date: Day
    kind: EventKind
    state: Iso3 | None = None
    states: tuple[Iso3, ...] = ()
    why: Text
    source: SourceKeys

    @property
    def who(self) -> tuple[str, ...]:
        """The states that it concerns; none for a dissolution."""
        return self.states or ((self.state,) if self.state else ())

    @model_validator(mode="after")
    def _names_states(self) -> Self:
        if self.kind == "dissolve" and self.who:
            raise ValueError("a dissolution concerns all members; leave `state` out")
        if self.kind != "dissolve" and bool(self.state) == bool(self.states):
            raise ValueError("expected either `state` or `states`")
        return self


class Call(Record):
    """One crisis of a member, and what the alliance answered."""

    date: Day
    state: Iso3
    kind: AdversaryKind
    asked: Ladder
    answer: Literal["none", "consult", "support", "deploy"]
    crisis: Identifier | None = None
    threat: Unit | None = None
    why: Text | None = None
    source: SourceKeys

    @property
    def name(self) -> str:
        """What the call is known by."""
        return self.crisis or f"{self.state.lower()}-{self.date.year}"

    @property
    def level(self) -> Level:
        """The answer on the ladder."""
        return Level[self.answer.upper()]


class Renewal(Record):
    """A day on which membership ended unless the member renewed it."""

    date: Day
    why: Text
    source: SourceKeys


class Rival(Period):
    """Another protector of a state, for some time."""

    state: Iso3
    name: Text
    pact: Unit
    source: SourceKeys


class PanelSource(Record):
    """Where the yearly table beside the file comes from."""

    source: SourceKeys
    note: Text


class Chronicle(Record):
    """An alliance over decades."""

    schema_version: Version
    alliance: Identifier
    name: Text | None = None
    names: dict[Iso3, Text] = Field(default_factory=dict)
    lead_state: Iso3 | None = None
    until: Day | None = None
    events: tuple[Event, ...] = Field(min_length=1)
    calls: tuple[Call, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    rivals: tuple[Rival, ...] = ()
    outsiders: tuple[Iso3, ...] = ()
    panel: PanelSource | None = None
    sources: dict[str, Text] = Field(default_factory=dict)

    @property
    def first_year(self) -> int:
        """Year of the founding."""
        return min(event.date for event in self.events).year

    @property
    def last_year(self) -> int:
        """Last year that the file covers."""
        days = [event.date for event in self.events] + [call.date for call in self.calls]
        return (self.until or max(days)).year

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that was or could have been a member, sorted."""
        named = {state for event in self.events for state in event.who}
        return tuple(sorted({*named, *self.outsiders}))

    def call(self, name: str) -> Call:
        """The call of that name.

        Raises:
            UsageError: If there is none.
        """
        return named("crisis", name, {call.name: call for call in self.calls})


def read_chronicle(path: Path) -> Chronicle:
    """Read one file.

    Raises:
        FileProblems: With every problem found, each at its line and column.
    """
    return record_from(read_tree(path), Chronicle, _faults)


def _faults(record: Chronicle) -> Iterator[Finding]:
    yield from _order(record)
    yield from _membership(record)
    yield from _names(record)
    yield from check_citations(record.model_dump())


def _order(record: Chronicle) -> Iterator[Finding]:
    first, last, until = record.first_year, record.first_year + MOST_YEARS, record.until
    too_far = f"expected a year from {first} up to {last}: {MOST_YEARS} years at most"
    if until and not first <= until.year <= last:
        yield Finding(("until",), too_far)
    for part in ("events", "calls", "renewals"):
        days = [entry.date for entry in getattr(record, part)]
        for k, (before, day) in enumerate(pairwise([*days[:1], *days])):
            where = (part, k, "date")
            if day < before:
                yield Finding(where, f"expected a day not before {before}: order of dates")
            if not first <= day.year <= last:
                yield Finding(where, too_far)
            if until and day > until:
                yield Finding(where, f"expected a day up to `until`, {until}")


def _membership(record: Chronicle) -> Iterator[Finding]:
    """Events that cannot follow on those before them, and calls of states that are outside."""
    for k, event in enumerate(record.events):
        for n, state in enumerate(event.who):
            twice = state in event.who[:n]
            now = STEPS[event.kind][0] if twice else _standing(record.events[:k], state)
            if now not in STEPS[event.kind][1]:
                where = ("events", k, "state" if event.state else "states")
                yield Finding(where, f"{state} is {now} then, so it cannot {event.kind}")
    for k, call in enumerate(record.calls):
        days = (call.date, call.date + GRACE)
        if not any(standing_on(record, call.state, day) in INSIDE for day in days):
            yield Finding(("calls", k, "state"), f"{call.state} is no member on {call.date}")


def standing_on(record: Chronicle, state: str, day: date) -> str:
    """Where a state stood at the end of a day: outside, member, frozen, suspended or left."""
    return _standing((event for event in record.events if event.date <= day), state)


def _standing(events: Iterable[Event], state: str) -> str:
    """Where a state stands after some events."""
    now = "outside"
    for event in events:
        if event.kind == "dissolve":
            now = "left" if now in INSIDE else now
        elif state in event.who:
            now = STEPS[event.kind][0]
    return now


def suspended_on(record: Chronicle, state: str, day: date) -> bool:
    """Whether the alliance held a state suspended at the end of a day.

    Only a return ends it: a state that freezes or leaves while it is suspended does not.
    """
    acts = [e.kind for e in record.events if state in e.who and e.date <= day]
    return next((a == "suspend" for a in acts[::-1] if a in ("suspend", *STARTS)), False)


def _names(record: Chronicle) -> Iterator[Finding]:
    lead = record.lead_state
    if lead and lead not in record.states:
        near = did_you_mean(lead, record.states)
        yield Finding(("lead_state",), f"no event names {lead}{near}")
    if lead and set(record.states) == {lead}:
        yield Finding(("events",), f"expected a state besides the lead state, {lead}")
    seen: set[str] = set()
    for k, call in enumerate(record.calls):
        if call.name in seen:
            where = ("calls", k, "crisis" if call.crisis else "state")
            yield Finding(where, f"'{call.name}' stands here twice; name it with `crisis`")
        seen.add(call.name)
    for k, rival in enumerate(record.rivals):
        if rival.state not in record.states:
            yield Finding(("rivals", k, "state"), f"no event names {rival.state}")
