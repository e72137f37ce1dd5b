"""The codebook's scales, read from the descriptions of the records: their one source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from foedus.data.schema import Crisis, Member
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES

_ANCHORS = re.compile(r"^(?P<question>[^:]+): (?P<points>-?\d*\.?\d+ .+)\.$")


@dataclass(frozen=True)
class Scale:
    """What a key asks, and what some of its values mean.

    Attributes
    ----------
    question
        What is judged.
    points
        Values as written (``.25``) and their meaning, lowest first; empty where there are none.
    """

    question: str
    points: tuple[tuple[str, str], ...]


def scale_of(description: str) -> Scale:
    """Read ``"Question: 0 this; .5 that; 1 more."``; any other text is all question."""
    found = _ANCHORS.match(description)
    if found is None:
        return Scale(description, ())
    points = [point.partition(" ") for point in found["points"].split("; ")]
    return Scale(found["question"], tuple((value, meaning) for value, _, meaning in points))


@cache
def scales() -> Mapping[str, Scale]:
    """The scale of every attribute, the crisis first, in the codebook's order."""
    return {
        name: scale_of(str(record.model_fields[name].description))
        for record, names in ((Crisis, CRISIS_ATTRIBUTES), (Member, MEMBER_ATTRIBUTES))
        for name in names
    }
