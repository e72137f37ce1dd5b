"""Does what a file says fit its alliance and itself, and does every citation resolve?

The checks read plain values, not records, so that a file with malformed parts gets all its
problems at once: each check looks at what it needs and passes over what is absent or `FAULTY`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeAlias, TypeGuard

from pydantic import TypeAdapter, ValidationError

from foedus.data.record_reader import FAULTY, Finding
from foedus.data.records import MOST_TROOPS, Day
from foedus.data.schema import Alliance
from foedus.data.yaml_reader import Path_
from foedus.errors import did_you_mean

Values: TypeAlias = Mapping[str, Any]


CAPABILITIES_SUM = (0.75, 1.25)
"""Between these the shares of the members may add up; coders round them."""

_BUILT_IN = re.compile(r"assumed|document ¶(1?[1-9]|10|2[0-3])")
"""The source document has 23 paragraphs."""

_DAY: TypeAdapter[date] = TypeAdapter(Day)


def check_scenario(values: Values, alliance: Alliance | None) -> Iterator[Finding]:
    """What does not fit.

    Parameters
    ----------
    values
        The plain values of a scenario, what is malformed replaced by `FAULTY`.
    alliance
        The alliance it names; None where it could not be read.
    """
    yield from _parties(values)
    if alliance is not None:
        yield from _states(values, alliance)
        yield from _council(values, alliance)
    yield from _need(values)
    yield from _history(values)
    yield from _orders(values)
    yield from check_citations(values)


def check_alliance(values: Values) -> Iterator[Finding]:
    """What does not fit within the plain values of an alliance file."""
    known = values.get("states")
    if isinstance(known, Mapping):
        for name in ("lead_state", "members"):
            for index, entry in _entries(values, name):
                if _is_unknown(entry.get("state"), known):
                    yield Finding((name, index, "state"), _unknown(entry["state"], known))
        for index, pool in _entries(values, "pools"):
            for state in _mapping(pool.get("by_state")):
                if state not in known:
                    path = ("pools", index, "by_state", state)
                    yield Finding(path, _unknown(state, known), at_key=True)
    yield from _one_at_a_time(values)
    yield from _lead_states_belong(values)
    yield from check_citations(values)


def check_citations(values: Values) -> Iterator[Finding]:
    """Citations that no entry of `sources` explains."""
    sources = values.get("sources", {})
    if not isinstance(sources, Mapping):
        return
    for path, key in citations(values):
        if key not in sources and not _BUILT_IN.fullmatch(key):
            yield Finding(
                path,
                f"unknown source '{key}'{did_you_mean(key, sources) if sources else ''}; "
                "expected a key of `sources`, 'document ¶n' or 'assumed'",
            )


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
    members = values.get("members")
    requester, patron = _text(values.get("requester")), _text(values.get("patron"))
    if isinstance(members, Mapping):
        for role, state in (("requester", requester), ("patron", patron)):
            if state is not None and state not in members:
                yield Finding((role,), f"the {role} {state} must be listed under `members`")
    adversary = _mapping(values.get("adversary"))
    if requester is not None and adversary.get("iso3") == requester:
        yield Finding(("adversary", "iso3"), "the requester cannot be its own adversary")
    if adversary.get("kind") == "member" and adversary.get("iso3") is None:
        message = "expected the key 'iso3' for an adversary that is a member"
        yield Finding(("adversary",), message)


def _states(values: Values, alliance: Alliance) -> Iterator[Finding]:
    day = _day(values)
    sitting = alliance.members_on(day) if day else ()
    admitted = values.get("admits") or {}
    for state in _mapping(values.get("members")):
        if state not in alliance.states:
            message = _outsider(state, sitting, alliance, day) if day else ""
            near = _unknown(state, alliance.states)
            message = near if "did you mean" in near or not day else message
            yield Finding(("members", state), message, at_key=True)
        elif day and state not in sitting and admitted is not FAULTY and state not in admitted:
            yield Finding(("members", state), _outsider(state, sitting, alliance, day), at_key=True)
    adversary = _mapping(values.get("adversary")).get("iso3")
    if _is_unknown(adversary, alliance.states):
        message = f"{_unknown(adversary, alliance.states)}; without iso3 any `name` will do"
        yield Finding(("adversary", "iso3"), message)


def _outsider(state: str, sitting: Collection[str], alliance: Alliance, day: date) -> str:
    told = f"{state} was not a member of {alliance.id} on {day}; members: {' '.join(sitting)}"
    return f"{told}; an outsider needs an alliance of its own, or a reason under `admits`"


def _council(values: Values, alliance: Alliance) -> Iterator[Finding]:
    day, members = _day(values), values.get("members")
    leads = [entry.state for entry in alliance.lead_state if day and entry.holds_on(day)]
    if day and not any(entry.holds_on(day) for entry in alliance.council):
        yield Finding(("dates", "coded"), f"{alliance.id} has no council rule for {day}")
    if values.get("patron") is None:
        if day and not leads:
            message = f"{alliance.id} has no lead state on {day}; state a `patron`"
            yield Finding(("dates", "coded"), message)
        elif leads and isinstance(members, Mapping) and leads[0] not in members:
            message = f"expected the lead state {leads[0]} among the members"
            yield Finding(("members",), message)
    if (values.get("dependence_from") or alliance.dependence_from) == "codes":
        for state, member in _mapping(members).items():
            if isinstance(member, Mapping) and member.get("dependence") is None:
                yield Finding(("members", state), "expected the key 'dependence'")


def _need(values: Values) -> Iterator[Finding]:
    members = _mapping(values.get("members"))
    shares = [_mapping(member).get("capability", FAULTY) for member in members.values()]
    if shares and all(_is_zero(share) for share in shares):
        yield Finding(("members",), "expected some member with a capability above 0")
    total = sum(filter(None, map(_mean, shares)))
    low, high = CAPABILITIES_SUM
    if FAULTY not in shares and not low <= total <= high and total > 0:
        message = f"the capabilities add up to {total:.3g}, expected about 1 ({low} to {high})"
        yield Finding(("members",), message)
    for name in ("value", "low", "high"):
        troops = _number(_mapping(values.get("forces_needed")).get(name))
        if troops is not None and (message := _bad_count(troops, least=name == "value")):
            yield Finding(("forces_needed", name), message)


def _bad_count(troops: float, *, least: int) -> str:
    """What is wrong with a number of troops."""
    if troops < least:
        return f"expected {'more than 0 troops' if least else '0 troops or more'}"
    if troops > MOST_TROOPS:
        return f"expected at most {MOST_TROOPS} troops, found {troops:g}"
    is_whole = float(troops).is_integer()
    return "" if is_whole else f"expected a whole number of troops, found {troops:g}"


def _mean(share: Any) -> float | None:
    """Mean of the coders, where all of them are numbers."""
    coders = [_number(coder) for coder in (share if isinstance(share, list) else [share])]
    known = [coder for coder in coders if coder is not None]
    return sum(known) / len(known) if known and len(known) == len(coders) else None


def _history(values: Values) -> Iterator[Finding]:
    members = values.get("members")
    if not isinstance(members, Mapping):
        return
    for name, known in (("stances", set()), ("troops", {"total"})):
        for state in _mapping(_mapping(values.get("history")).get(name)):
            if state not in members and state not in known:
                message = f"{state} is not among the members"
                yield Finding(("history", name, state), message, at_key=True)


def _orders(values: Values) -> Iterator[Finding]:
    """Days and figures that cannot follow each other as they stand."""
    dates, history = _mapping(values.get("dates")), _mapping(values.get("history"))
    needed, troops = _mapping(values.get("forces_needed")), _mapping(history.get("troops"))
    day = {name: _as_day(dates.get(name)) for name in ("onset", "requested", "coded", "council")}
    for names in (("onset", "requested", "coded"), ("coded", "council")):
        yield from _rising([(("dates", name), day[name]) for name in names])
    done = ("decided", "arrived", "withdrawn")
    acted = [(("history", name), _as_day(history.get(name))) for name in done]
    yield from _rising([(("dates", "coded"), day["coded"]), *acted])
    yield from _request(values, day["requested"])
    figures = [(("forces_needed", n), _number(needed.get(n))) for n in ("low", "value", "high")]
    yield from _rising(figures)
    for state, span in troops.items():
        if isinstance(span, list):
            path = ("history", "troops", state)
            yield from _rising([((*path, i), _number(troops)) for i, troops in enumerate(span)])
    yield from _total(troops)


def _total(troops: Values) -> Iterator[Finding]:
    """A total that is less than the members sent together; not every member need be listed."""
    spans = {state: span for state, span in troops.items() if isinstance(span, list) and span}
    least = [_number(span[0]) for state, span in spans.items() if state != "total"]
    most = _number(spans["total"][-1]) if "total" in spans else None
    if most is not None and most < (together := sum(n for n in least if n is not None)):
        message = f"{most:g} is less than what the members sent, at least {together:g}"
        yield Finding(("history", "troops", "total", len(spans["total"]) - 1), message)


def _request(values: Values, requested: date | None) -> Iterator[Finding]:
    """A day of a request that the codes do not know."""
    code = _mapping(_mapping(values.get("crisis")).get("request")).get("coders", FAULTY)
    if requested is not None and _is_zero(code):
        message = "the code `request` is 0: expected no day of a request"
        yield Finding(("dates", "requested"), message)


def _rising(stated: Iterable[tuple[Path_, date | float | None]]) -> Iterator[Finding]:
    """Whatever is less than what was stated before it; None stands for what is not stated."""
    known = [(path, value) for path, value in stated if value is not None]
    for (before, least), (path, value) in pairwise(known):
        if value < least:  # type: ignore[operator]
            less = "an earlier day" if isinstance(value, date) else "less"
            than = f"`{before[-1]}` ({least})" if isinstance(before[-1], str) else f"{least}"
            yield Finding(path, f"{value} is {less} than {than}")


def _one_at_a_time(values: Values) -> Iterator[Finding]:
    """Two council rules, lead states, or memberships of one state, on one day."""
    for name, key in (("council", None), ("lead_state", None), ("members", "state")):
        spans: dict[Any, list[tuple[date, date, int]]] = {}
        for index, since, until, entry in _spans(values, name):
            spans.setdefault(entry.get(key) if key else None, []).append((since, until, index))
        for of, listed in spans.items():
            for (_, until, _), (since, _, index) in pairwise(sorted(listed)):
                if since <= until:
                    message = f"{since} is before the end of another entry"
                    path = (name, index, "since")
                    yield Finding(path, f"{message} of {of}" if of else message)


def _lead_states_belong(values: Values) -> Iterator[Finding]:
    """A lead state must be a member from its first day to its last."""
    belongs = [(e.get("state"), since, until) for _, since, until, e in _spans(values, "members")]
    if any(not isinstance(state, str) for state, _, _ in belongs):
        return
    for index, since, until, entry in _spans(values, "lead_state"):
        state = entry.get("state")
        own = sorted((first, last) for of, first, last in belongs if of == state)
        day: date | None = since
        for first, last in own:
            if day and first <= day <= last:
                day = None if last >= until else last + timedelta(1)
        if day and state in _mapping(values.get("states")):
            yield Finding(
                ("lead_state", index, "state"), f"{state} leads on {day} and is not a member then"
            )


def _spans(values: Values, name: str) -> Iterator[tuple[int, date, date, Mapping[str, Any]]]:
    """The well-formed periods of a list: index, first day, last day, entry."""
    for index, entry in _entries(values, name):
        since, until = _as_day(entry.get("since")), _as_day(entry.get("until") or date.max)
        if since and until:
            yield index, since, until, entry


def _day(values: Values) -> date | None:
    """The coded day, where it is one."""
    return _as_day(_mapping(values.get("dates")).get("coded"))


def _as_day(value: Any) -> date | None:
    try:
        return _DAY.validate_python(value)
    except ValidationError:
        return None


def _entries(values: Values, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    listed = values.get(name)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        yield index, _mapping(entry)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _is_zero(share: Any) -> bool:
    coders = share if isinstance(share, list) else [share]
    return all(isinstance(coder, int | float) and coder == 0 for coder in coders)


def _is_unknown(state: Any, known: Mapping[str, Any]) -> TypeGuard[str]:
    return isinstance(state, str) and state not in known


def _unknown(state: str, known: Mapping[str, Any]) -> str:
    return f"unknown state '{state}'{did_you_mean(state, known)}"
