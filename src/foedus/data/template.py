"""A scenario to fill in: every key with what it means, and neutral codes so that it runs at once.

The comments are the descriptions of the records; nothing about a key is written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap
from typing import Any, get_origin

from pydantic import BaseModel

from foedus.data.record_reader import put_over, record_within
from foedus.data.records import says
from foedus.data.schema import Alliance, Scenario
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES
from foedus.data.vocabulary import question_and_scale
from foedus.errors import UsageError, did_you_mean

WIDTH = 96
_PLAIN = re.compile(r"[A-Za-z][\w ,.()/¶'-]*")
"""Text that needs no quotation marks, unless it is one of these."""

NO_TEXT = ("null", "Null", "true", "True", "false", "False")

NOT_JUDGED = "Not yet judged; the middle of the scale."
FORCE_AGAINST_CROWDS = 2500
"""Troops assumed to be needed where nothing better is known and the adversary is domestic."""

PREAMBLE = """\
To code this crisis: read what was known up to the day `coded`, never what came after; replace
each value below and say why and on what source; then run

  foedus validate {file}
  foedus run {file} --runs 1000

All codes below are the middle of their scale and marked `assumed`: they say nothing yet. The
members are those that sat on {day}; delete the ones that did not matter and set their shares
of power anew. Scales run in steps of .25; two coders who worked apart both stand in the brackets,
such as [.5, .75]. A key with a # in the first column may be left out; to use it, take that # away.
"""


@dataclass(frozen=True)
class LeftOut:
    """An example for a key that may be left out."""

    example: Any


@dataclass
class _Page:
    """Lines written so far, and the records whose keys have been explained."""

    names: Mapping[str, str]
    explained: set[tuple[str, ...]] = field(default_factory=set)

    def entries(self, kind: type[BaseModel], values: Mapping[str, Any], at: str) -> Iterator[str]:
        keys = tuple(kind.model_fields)
        is_new = keys not in self.explained
        self.explained.add(keys)
        for name, entry in kind.model_fields.items():
            record, value = record_within(entry.annotation), values[name]
            if is_new:
                yield from _comment(says(kind, name) or (record and record.__doc__) or name, at)
            by_name = get_origin(entry.annotation) is dict
            if isinstance(value, LeftOut):
                lines = self._entry(name, value.example, record, at, by_name=by_name)
                yield from (f"#{line}" for line in lines)
            else:
                yield from self._entry(name, value, record, at, by_name=by_name)

    def _entry(
        self, name: str, value: Any, record: type[BaseModel] | None, at: str, *, by_name: bool
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}{name}: {_scalar(value)}"
            return
        yield f"{at}{name}:" + (f"  # {self.names[name]}" if name in self.names else "")
        if record is None or by_name:
            for key, row in value.items():
                yield from self._entry(key, row, record, f"{at}  ", by_name=False)
        else:
            yield from self.entries(record, value, f"{at}  ")


def scenario_template(
    alliance: Alliance,
    scenario_id: str,
    day: date,
    requester: str | None = None,
    schema: str = "scenario.schema.json",
    shares: Mapping[str, float] | None = None,
    like: Scenario | None = None,
) -> str:
    """A commented scenario that can be run as it stands.

    Args:
        day: The day the codes will describe; the members that sat on it are listed.
        requester: ISO code of the member in trouble; by default the first that does not lead.
        schema: Where the editor finds the JSON Schema, seen from the new file.
        shares: Capability of each member in an earlier crisis, where known.
        like: A crisis of the same alliance to start from: its codes, members and sources are taken
            over, its outcome is not; its days move with the day coded.

    Raises:
        UsageError: If the alliance could not sit on that day, or the requester was no member.
    """
    if like is None:
        members = _sitting(alliance, day, requester)
        values = _values(alliance, scenario_id, day, requester or members[1], members)
        for state, share in _of_one(shares or {}, members).items():
            values["members"][state]["capability"] = [share]
    else:
        values = _like(alliance, scenario_id, day, like)
    preamble = PREAMBLE.format(file=f"{scenario_id}.yaml", day=day)
    head = [f"# yaml-language-server: $schema={schema}"]
    head += [f"# {line}".rstrip() for line in preamble.splitlines()]
    page = _Page({state: alliance.states.get(state, state) for state in values["members"]})
    return "\n".join([*head, "", *page.entries(Scenario, values, "")]) + "\n"


def _sitting(alliance: Alliance, day: date, requester: str | None) -> tuple[str, ...]:
    """The members on a day: the lead state, the requester, the others."""
    leads = [entry.state for entry in alliance.lead_state if entry.holds_on(day)]
    others = [state for state in alliance.members_on(day) if state not in leads[:1]]
    if not leads or not others:
        raise UsageError(f"{alliance.id} had no members on {day}; choose another --date")
    requester = requester or others[0]
    if requester not in (leads[0], *others):
        known = did_you_mean(requester, (leads[0], *others))
        raise UsageError(f"{requester} was no member of {alliance.id} on {day}{known}")
    return tuple(dict.fromkeys((leads[0], requester, *others)))


def _of_one(known: Mapping[str, float], members: tuple[str, ...]) -> dict[str, float]:
    """Shares of the members that add up to 1; one of which none is known has the smallest."""
    least = min((share for share in known.values() if share > 0), default=1.0)
    own = {state: known.get(state, least) for state in members}
    total = sum(own.values())
    return {state: round(share / total, 3) for state, share in own.items()}


def _like(alliance: Alliance, scenario_id: str, day: date, like: Scenario) -> dict[str, Any]:
    """What a shipped crisis says, under another name and moved to another day."""
    told = like.model_dump(
        exclude={"id", "title", "extends", "held_out", "history"}, exclude_none=True
    )
    moved = day - like.dates.coded
    told["dates"] = {name: when + moved for name, when in told["dates"].items()}
    stated = {name: value for name, value in told.items() if value not in ({}, ())}
    start = _values(alliance, scenario_id, day, like.requester, tuple(like.members))
    return put_over(start, stated)  # type: ignore[no-any-return]


def _values(
    alliance: Alliance, scenario_id: str, day: date, requester: str, members: tuple[str, ...]
) -> dict[str, Any]:
    """What the template says, in the shape of a scenario."""
    judged = {"why": NOT_JUDGED, "source": "assumed"}
    day_given = LeftOut(day)
    return {
        "schema_version": 1,
        "id": scenario_id,
        "title": scenario_id.replace("-", " ").capitalize(),
        "question": "Will the alliance answer, and how?",
        "alliance": alliance.id,
        "extends": LeftOut("another-scenario"),
        "quality": "C",
        "held_out": LeftOut(True),
        "summary": "Not yet written.",
        "dates": {"onset": day, "requested": day, "coded": day, "council": day_given},
        "horizon_days": Scenario.model_fields["horizon_days"].default,
        "requester": requester,
        "patron": LeftOut(members[0]),
        "adversary": {
            "kind": "domestic",
            "name": "Not yet named",
            "iso3": LeftOut("XXX"),
            "backer": LeftOut("a state"),
        },
        "crisis": {name: {"coders": [_middle(name)], **judged} for name in CRISIS_ATTRIBUTES},
        "members": {state: _member(alliance, state, members) for state in members},
        "admits": LeftOut({"XXX": "Why it sits here."}),
        "council_rule": LeftOut("consensus"),
        "abstention": LeftOut(1),
        "base_veto": LeftOut(False),
        "dependence_from": LeftOut("codes"),
        "forces_needed": {
            "value": FORCE_AGAINST_CROWDS,
            "low": LeftOut(FORCE_AGAINST_CROWDS),
            "high": LeftOut(FORCE_AGAINST_CROWDS),
            "why": "Not yet judged; what is assumed against a domestic adversary.",
            "source": "assumed",
        },
        "history": LeftOut(
            {
                "level": "none",
                "decided": day,
                "arrived": day,
                "withdrawn": day,
                "troops": {members[0]: [0, 0], "total": [0, 0]},
                "stances": {members[0]: "support"},
                "unilateral": "What one member did alone.",
                "why": "What was decided.",
                "source": "assumed",
            }
        ),
        "sources": LeftOut({"a-key": "https://example.org/the-page"}),
    }


def _member(alliance: Alliance, state: str, members: tuple[str, ...]) -> dict[str, Any]:
    coded = {name: [_middle(name)] for name in MEMBER_ATTRIBUTES}
    dependence: Any = [0] if state == members[0] else coded["dependence"]
    is_coded = alliance.dependence_from == "codes"
    return {
        **coded,
        "dependence": dependence if is_coded else LeftOut(dependence),
        "capability": [round(1 / len(members), 3)],
        "pool": LeftOut(1000),
        "why": NOT_JUDGED,
        "source": "assumed",
    }


def _middle(attribute: str) -> float:
    return sum(ATTRIBUTE_RANGE[attribute]) / 2


def _comment(told: str, indent: str) -> Iterator[str]:
    question, points = question_and_scale(told)
    question += ":" if points else ""
    yield from (f"{indent}# {line}" for line in wrap(question, WIDTH - len(indent)))
    for value, meaning in points:
        yield f"{indent}#   {value:<4} {meaning}"


def _scalar(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and (value in NO_TEXT or not _PLAIN.fullmatch(value)):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)
