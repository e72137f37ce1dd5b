"""Does what a file says fit its alliance and itself, and does every citation resolve?

The checks read plain values, not records, so that a file with malformed parts gets all its
problems at once. Each value is well-formed, absent or `FAULTY`: a check looks at what it needs and
passes over the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from foedus.data.record_reader import FAULTY, Finding, stated
from foedus.data.records import MOST_TROOPS
from foedus.data.schema import Alliance
from foedus.data.yaml_reader import Path_
from foedus.errors import did_you_mean

Values: TypeAlias = Mapping[str, Any]

CAPABILITIES_SUM = (0.75, 1.25)
"""Between these the shares of the members may add up; coders round them."""

_BUILT_IN = re.compile(r"assumed|document ¶(1?[1-9]|10|2[0-3])")
"""The source document has 23 paragraphs."""

RISING: tuple[tuple[Path_, ...], ...] = (
    (("dates", "onset"), ("dates", "requested"), ("dates", "coded")),
    (("dates", "coded"), ("dates", "council")),
    (("dates", "coded"), ("history", "decided"), ("history", "arrived"), ("history", "withdrawn")),
    (("forces_needed", "low"), ("forces_needed", "value"), ("forces_needed", "high")),
)
"""Days and figures of which each is at least that before it."""


def check_scenario(values: Values, alliance: Alliance | None) -> Iterator[Finding]:
    """What does not fit within the values of a scenario, and with its alliance if that is known."""
    yield from _parties(values)
    if alliance is not None:
        yield from _states(values, alliance)
        yield from _council(values, alliance)
    yield from _need(values)
    yield from _orders(values)
    yield from check_citations(values)


def check_alliance(values: Values) -> Iterator[Finding]:
    """What does not fit within the plain values of an alliance file."""
    known = stated(values, "states") or {}
    for name in ("lead_state", "members") if known else ():
        for index, entry in _entries(values, name):
            state = stated(entry, "state")
            if state and state not in known:
                yield Finding((name, index, "state"), _unknown(state, known))
    for index, pool in _entries(values, "pools") if known else ():
        for state in (stated(pool, "by_state") or {}).keys() - known:
            path = ("pools", index, "by_state", state)
            yield Finding(path, _unknown(state, known), at_key=True)
    yield from _one_at_a_time(values)
    yield from _lead_states_belong(values)
    yield from check_citations(values)


def check_citations(values: Values) -> Iterator[Finding]:
    """Citations that no entry of `sources` explains."""
    sources = values.get("sources", {})
    for path, key in citations(values) if sources is not FAULTY else ():
        if key not in sources and not _BUILT_IN.fullmatch(key):
            near = did_you_mean(key, sources) if sources else ""
            expected = "expected a key of `sources`, 'document ¶n' or 'assumed'"
            yield Finding(path, f"unknown source '{key}'{near}; {expected}")


def citations(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every citation in plain values, with its path."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "source" and path != ("sources",):
                cited = value if isinstance(value, list | tuple) else [value]
                texts = ((i, text) for i, text in enumerate(cited) if isinstance(text, str))
                yield from (((*path, key, index), text.strip()) for index, text in texts)
            else:
                yield from citations(value, (*path, key))
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from citations(value, (*path, index))


def _parties(values: Values) -> Iterator[Finding]:
    """The parties must sit, and stand apart."""
    members = stated(values, "members")
    if members is not None:
        for role in ("requester", "patron"):
            state = stated(values, role)
            if state and state not in members:
                yield Finding((role,), f"the {role} {state} must be listed under `members`")
        for name, known in (("stances", {*members}), ("troops", {*members, "total"})):
            for state in (stated(values, "history", name) or {}).keys() - known:
                path = ("history", name, state)
                yield Finding(path, f"{state} is not among the members", at_key=True)
    adversary = stated(values, "adversary") or {}
    enemy = adversary.get("iso3")
    if enemy and enemy == values.get("requester") and enemy is not FAULTY:
        yield Finding(("adversary", "iso3"), "the requester cannot be its own adversary")
    if enemy is None and stated(adversary, "kind") == "member":
        message = "expected the key 'iso3' for an adversary that is a member"
        yield Finding(("adversary",), message)


def _states(values: Values, alliance: Alliance) -> Iterator[Finding]:
    day = _day(stated(values, "dates", "coded"))
    sitting = alliance.members_on(day) if day else ()
    admitted = values.get("admits", {})
    told = f"was not a member of {alliance.id} on {day}; members: {' '.join(sitting)}; an outsider"
    told += " needs an alliance of its own, or a reason under `admits`"
    for state in stated(values, "members") or ():
        if state not in alliance.states:
            near = _unknown(state, alliance.states)
            is_typing_error = "did you mean" in near or not day
            message = near if is_typing_error else f"{state} {told}"
            yield Finding(("members", state), message, at_key=True)
        elif day and state not in sitting and admitted is not FAULTY and state not in admitted:
            yield Finding(("members", state), f"{state} {told}", at_key=True)
    enemy = stated(values, "adversary", "iso3")
    if enemy and enemy not in alliance.states:
        message = f"{_unknown(enemy, alliance.states)}; without iso3 any `name` will do"
        yield Finding(("adversary", "iso3"), message)


def _council(values: Values, alliance: Alliance) -> Iterator[Finding]:
    day, members = _day(stated(values, "dates", "coded")), stated(values, "members")
    leads = [entry.state for entry in alliance.lead_state if day and entry.holds_on(day)]
    if day and not any(entry.holds_on(day) for entry in alliance.council):
        yield Finding(("dates", "coded"), f"{alliance.id} has no council rule for {day}")
    if values.get("patron") is None:
        if day and not leads:
            message = f"{alliance.id} has no lead state on {day}; state a `patron`"
            yield Finding(("dates", "coded"), message)
        elif leads and members is not None and leads[0] not in members:
            message = f"expected the lead state {leads[0]} among the members"
            yield Finding(("members",), message)
    if (values.get("dependence_from") or alliance.dependence_from) == "codes":
        for state, member in (members or {}).items():
            if member is not FAULTY and member.get("dependence") is None:
                yield Finding(("members", state), "expected the key 'dependence'")


def _need(values: Values) -> Iterator[Finding]:
    """Shares of power that add up, and troops that can be counted."""
    members = stated(values, "members") or {}
    shares = [_mean(stated(member, "capability")) for member in members.values()]
    total, (low, high) = sum(filter(None, shares)), CAPABILITIES_SUM
    if shares and None not in shares and not low <= total <= high:
        told = f"the capabilities add up to {total:.3g}, expected about 1 ({low} to {high})"
        wanted = "expected some member with a capability above 0"
        yield Finding(("members",), told if total else wanted)
    for name, least, wanted in (
        ("value", 1, "more than 0 troops"),
        ("low", 0, "0 troops or more"),
        ("high", 0, "0 troops or more"),
    ):
        troops = stated(values, "forces_needed", name)
        if troops is None or (least <= troops <= MOST_TROOPS and float(troops).is_integer()):
            continue
        if troops > MOST_TROOPS:
            wanted = f"at most {MOST_TROOPS} troops, found {troops:g}"
        elif troops >= least:
            wanted = f"a whole number of troops, found {troops:g}"
        yield Finding(("forces_needed", name), f"expected {wanted}")


def _orders(values: Values) -> Iterator[Finding]:
    """Days and figures that cannot follow each other as they stand."""
    for paths in RISING:
        yield from _rising(values, paths)
    asked = _mean(stated(values, "crisis", "request", "coders"))
    if stated(values, "dates", "requested") and asked == 0:
        message = "the code `request` is 0: expected no day of a request"
        yield Finding(("dates", "requested"), message)
    troops = stated(values, "history", "troops") or {}
    for state in troops:
        yield from _rising(values, [("history", "troops", state, i) for i in (0, 1)])
    least = (stated(span, 0) for state, span in troops.items() if state != "total")
    most, together = stated(troops, "total", 1), sum(filter(None, least))
    if most is not None and most < together:  # not every member need be listed, so never more
        message = f"{most:g} is less than what the members sent, at least {together:g}"
        yield Finding(("history", "troops", "total", 1), message)


def _rising(values: Values, paths: Iterable[Path_]) -> Iterator[Finding]:
    """Whatever is less than what was stated before it."""
    found = ((path, stated(values, *path)) for path in paths)
    known = [(path, _day(value) or value) for path, value in found if value is not None]
    for (before, least), (path, value) in pairwise(known):
        if value < least:
            less = "an earlier day" if isinstance(value, date) else "less"
            than = f"`{before[-1]}` ({least})" if isinstance(before[-1], str) else f"{least}"
            yield Finding(path, f"{value} is {less} than {than}")


def _one_at_a_time(values: Values) -> Iterator[Finding]:
    """Two council rules, lead states, or memberships of one state, on one day."""
    for name, key in (("council", ""), ("lead_state", ""), ("members", "state")):
        spans: dict[Any, list[tuple[date, date, int]]] = {}
        for index, since, until, entry in _spans(values, name):
            spans.setdefault(stated(entry, key), []).append((since, until, index))
        for of, listed in spans.items():
            for (_, until, _), (since, _, index) in pairwise(sorted(listed)):
                if since <= until:
                    message = f"{since} is before the end of another entry"
                    path = (name, index, "since")
                    yield Finding(path, f"{message} of {of}" if of else message)


def _lead_states_belong(values: Values) -> Iterator[Finding]:
    """A lead state must be a member from its first day to its last."""
    belongs = [(stated(e, "state"), *days) for _, *days, e in _spans(values, "members")]
    if any(state is None for state, *_ in belongs):
        return
    for index, since, until, entry in _spans(values, "lead_state"):
        state = stated(entry, "state")
        day: date | None = since
        for of, first, last in sorted(belongs):
            if day and of == state and first <= day <= last:
                day = None if last >= until else last + timedelta(1)
        if day and state in (stated(values, "states") or ()):
            message = f"{state} leads on {day} and is not a member then"
            yield Finding(("lead_state", index, "state"), message)


def _spans(values: Values, name: str) -> Iterator[tuple[int, date, date, Values]]:
    """The well-formed periods of a list: index, first day, last day, entry."""
    for index, entry in _entries(values, name):
        since, until = _day(entry.get("since")), _day(entry.get("until") or date.max)
        if since and until:
            yield index, since, until, entry


def _entries(values: Values, name: str) -> Iterator[tuple[int, Values]]:
    listed = stated(values, name) or ()
    return ((index, entry) for index, entry in enumerate(listed) if entry is not FAULTY)


def _day(value: Any) -> date | None:
    """The day that a well-formed value says, if it says one."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return day if isinstance(day, date) else None


def _mean(coders: Any) -> float | None:
    """Mean of the coders, where all of them are well-formed."""
    listed = coders if isinstance(coders, list) else [coders]
    return None if None in listed or FAULTY in listed else sum(listed) / len(listed)


def _unknown(state: str, known: Iterable[str]) -> str:
    return f"unknown state '{state}'{did_you_mean(state, known)}"
