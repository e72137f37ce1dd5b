"""What one setup has otherwise than another, said in lines that a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp, isinf

from foedus.data.terms import MEMBER_ATTRIBUTES
from foedus.model.setup import Setup
from foedus.model.situation import Situation, Span

PLAIN: tuple[str, ...] = (
    "rule",
    "abstention",
    "day_first_sitting",
    "days_since_onset",
    "horizon_days",
    "forces_needed",
    "alliance_pool",
    "is_unrest",
)
"""Fields of a situation that are compared as they stand."""


def changes(first: Setup, second: Setup) -> Iterator[str]:
    """What `second` has otherwise than `first`, one line each."""
    yield from situation_changes(first.situation, second.situation)
    for name, value in first.parameters.items():
        yield from _moved(name, _said(value), _said(second.parameters[name]))
    for name in ("drawn_codes", "endogenous"):
        yield from _moved(name, _said(getattr(first, name)), _said(getattr(second, name)))


def situation_changes(a: Situation, b: Situation) -> Iterator[str]:
    """What `b` has otherwise than `a`, one line each.

    Members that only one of them has are named, and nothing else is said of them.
    """
    yield from _seats(a, b)
    for name in a.crisis:
        yield from _moved(name, _code(a.crisis[name]), _code(b.crisis[name]))
    for state in (state for state in a.members if state in b.members):
        yield from _member(a, b, state)
    for name in PLAIN:
        yield from _moved(name, _said(getattr(a, name)), _said(getattr(b, name)))
    yield from _moved("size and pace of a force", _law(a), _law(b))


def _law(situation: Situation) -> str:
    """What past deployments say of a force, in a clause; each crisis leaves its own out."""
    law = situation.force
    if law is None:
        return "as needed"
    return f"about {exp(law.size):,.0f} troops from {law.n_cases} deployments"


def _moved(name: str, was: str, becomes: str) -> Iterator[str]:
    if was != becomes:
        yield f"{name} {was} -> {becomes}"


def _seats(a: Situation, b: Situation) -> Iterator[str]:
    joins = [state for state in b.members if state not in a.members]
    leaves = [state for state in a.members if state not in b.members]
    if joins:
        yield f"{', '.join(joins)} sit too" if len(joins) > 1 else f"{joins[0]} sits too"
    if leaves:
        yield f"without {', '.join(leaves)}"
    for role in ("requester", "patron", "adversary"):
        yield from _moved(role, _who(a, role), _who(b, role))


def _who(situation: Situation, role: str) -> str:
    index = getattr(situation, role)
    return "nobody" if index is None else situation.members[index]


def _member(a: Situation, b: Situation, state: str) -> Iterator[str]:
    i, j = a.members.index(state), b.members.index(state)
    for name in MEMBER_ATTRIBUTES:
        if name in a.standing and name in b.standing and not _is_idle(name, a, b):
            was, becomes = a.standing[name][i], b.standing[name][j]
            yield from _moved(f"{state}.{name}", _code(was), _code(becomes))
    yield from _moved(f"{state}.dependence", _stated(a, i), _stated(b, j))
    yield from _moved(f"{state}'s stance", _fixed(a, i), _fixed(b, j))
    yield from _measured(state, _known(a, i), _known(b, j))
    yield from _moved(f"{state}.pool", _said(a.pools[i]), _said(b.pools[j]))


def _is_idle(name: str, a: Situation, b: Situation) -> bool:
    """Whether codes of this attribute are read by neither: indicators stand in their place."""
    return name == "dependence" and a.indicators is not None and b.indicators is not None


def _stated(situation: Situation, index: int) -> str:
    stated = situation.stated_dependence
    return f"{stated[index]:g}" if index in stated else "as measured or coded"


def _fixed(situation: Situation, index: int) -> str:
    said = situation.stances.get(index)
    return "as it decides" if said is None else said.label


def _known(situation: Situation, index: int) -> Mapping[str, float]:
    return situation.indicators[index] if situation.indicators else {}


def _measured(state: str, was: Mapping[str, float], becomes: Mapping[str, float]) -> Iterator[str]:
    for name in sorted({*was, *becomes}):
        yield from _moved(f"{state}.{name}", _said(was.get(name)), _said(becomes.get(name)))


def _code(span: Span) -> str:
    return f"{span.low:g} to {span.high:g}" if span.is_open else f"{span.mode:g}"


def _said(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "no limit" if isinf(value) else f"{value:g}"
    return str(value)
