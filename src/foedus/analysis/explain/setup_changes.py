"""What one setup has otherwise than another, said in lines that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, isinf

from foedus.data.terms import MEMBER_ATTRIBUTES, Stance
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
        yield from _moved(name, value, second.parameters[name])
    for name in ("drawn_codes", "endogenous"):
        yield from _moved(name, getattr(first, name), getattr(second, name))


def situation_changes(a: Situation, b: Situation) -> Iterator[str]:
    """What `b` has otherwise than `a`, one line each.

    Members that only one of them has are named, and nothing else is said of them.
    """
    yield from _seats(a, b)
    for name in a.crisis:
        yield from _moved(name, a.crisis[name], b.crisis[name])
    for state in (state for state in a.members if state in b.members):
        yield from _member(a, b, state)
    for name in PLAIN:
        yield from _moved(name, getattr(a, name), getattr(b, name))
    yield from _moved("size and pace of a force", _law(a), _law(b))


def _law(situation: Situation) -> str:
    """What past deployments say of a force, in a clause; each crisis leaves its own out."""
    law = situation.force
    if law is None:
        return "as needed"
    return f"about {exp(law.size):,.0f} troops from {law.n_cases} deployments"


def _moved(name: str, was: object, becomes: object) -> Iterator[str]:
    if _said(was) != _said(becomes):
        yield f"{name} {_said(was)} -> {_said(becomes)}"


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
            yield from _moved(f"{state}.{name}", a.standing[name][i], b.standing[name][j])
    yield from _moved(
        f"{state}.dependence",
        a.stated_dependence.get(i, "as measured or coded"),
        b.stated_dependence.get(j, "as measured or coded"),
    )
    yield from _moved(
        f"{state}'s stance",
        a.stances.get(i, "as it decides"),
        b.stances.get(j, "as it decides"),
    )
    was, becomes = (one.indicators[k] if one.indicators else {} for one, k in ((a, i), (b, j)))
    for name in sorted({*was, *becomes}):
        yield from _moved(f"{state}.{name}", was.get(name), becomes.get(name))
    yield from _moved(f"{state}.pool", a.pools[i], b.pools[j])


def _is_idle(name: str, a: Situation, b: Situation) -> bool:
    """Whether codes of this attribute are read by neither: indicators stand in their place."""
    return name == "dependence" and a.indicators is not None and b.indicators is not None


def _said(value: object) -> str:
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case float():
            return "no limit" if isinf(value) else f"{value:g}"
        case Span():
            return f"{value.low:g} to {value.high:g}" if value.is_open else f"{value.mode:g}"
        case Stance():
            return value.label
    return str(value)
