"""Does a well-formed scenario fit the alliance it names, and does every citation resolve?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from foedus.data.schema import Alliance, Scenario
from foedus.data.yaml_tree import Path_
from foedus.errors import did_you_mean

_BUILT_IN = re.compile(r"^(assumed|document ¶\d+)$")

Finding = tuple[Path_, str]


def check_scenario(scenario: Scenario, alliance: Alliance) -> Iterator[Finding]:
    """What does not fit, as (path, what was expected)."""
    yield from _states(scenario, alliance)
    yield from _council(scenario, alliance)
    yield from _history(scenario)
    yield from check_citations(scenario, scenario.sources)


def check_alliance(alliance: Alliance) -> Iterator[Finding]:
    """What does not fit within an alliance file."""
    for name in ("lead_state", "members"):
        for index, entry in enumerate(getattr(alliance, name)):
            if entry.state not in alliance.states:
                yield (name, index, "state"), _unknown(entry.state, alliance)
    for index, pool in enumerate(alliance.pools):
        for state in pool.by_state:
            if state not in alliance.states:
                yield ("pools", index, "by_state", state), _unknown(state, alliance)
    yield from check_citations(alliance, alliance.sources)


def check_citations(record: BaseModel, sources: dict[str, str]) -> Iterator[Finding]:
    """Citations that no entry of `sources` explains."""
    for path, key in citations(record):
        if key not in sources and not _BUILT_IN.match(key):
            yield (
                path,
                (
                    f"unknown source '{key}'{did_you_mean(key, sources) if sources else ''}; "
                    "expected a key of `sources`, 'document ¶n' or 'assumed'"
                ),
            )


def citations(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every citation in a record, with its path."""
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            value = getattr(node, name)
            if name == "source":
                for index, key in enumerate(value):
                    yield (*path, "source", index), key
            else:
                yield from citations(value, (*path, name))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from citations(value, (*path, key))
    elif isinstance(node, tuple):
        for index, value in enumerate(node):
            yield from citations(value, (*path, index))


def _unknown(state: str, alliance: Alliance) -> str:
    return f"unknown state '{state}'{did_you_mean(state, alliance.states)}"


def _states(scenario: Scenario, alliance: Alliance) -> Iterator[Finding]:
    day = scenario.dates.coded
    sitting = alliance.members_on(day)
    for state in scenario.members:
        if state not in alliance.states:
            yield ("members", state), _unknown(state, alliance)
        elif state not in sitting and state not in scenario.admits:
            yield (
                ("members", state),
                f"{state} was no member of {alliance.id} on {day} (members: {', '.join(sitting)})",
            )
    adversary = scenario.adversary
    if adversary.kind == "member" and adversary.iso3 is None:
        yield ("adversary",), "expected the key 'iso3' for an adversary that is a member"
    if adversary.iso3 is not None and adversary.iso3 not in alliance.states:
        yield ("adversary", "iso3"), _unknown(adversary.iso3, alliance)


def _council(scenario: Scenario, alliance: Alliance) -> Iterator[Finding]:
    day = scenario.dates.coded
    if not any(entry.holds_on(day) for entry in alliance.council):
        yield ("dates", "coded"), f"{alliance.id} has no council rule for {day}"
    leads = [entry.state for entry in alliance.lead_state if entry.holds_on(day)]
    if scenario.patron is None and not leads:
        yield ("dates", "coded"), f"{alliance.id} has no lead state on {day}; state a `patron`"
    elif scenario.patron is None and leads[0] not in scenario.members:
        yield ("members",), f"expected the lead state {leads[0]} among the members"
    if (scenario.dependence_from or alliance.dependence_from) == "codes":
        for state, member in scenario.members.items():
            if member.dependence is None:
                yield ("members", state), "expected the key 'dependence'"
    if not any(sum(m.capability) > 0 for m in scenario.members.values()):
        yield ("members",), "expected some member with a capability above 0"
    if scenario.forces_needed.value <= 0:
        yield ("forces_needed", "value"), "expected more than 0 men"


def _history(scenario: Scenario) -> Iterator[Finding]:
    if scenario.history is None:
        return
    for name, known in (("stances", set()), ("troops", {"total"})):
        for state in getattr(scenario.history, name):
            if state not in scenario.members and state not in known:
                yield ("history", name, state), f"{state} is not among the members"
