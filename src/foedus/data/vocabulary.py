"""The words of the field: how every table, figure, page and file says one thing.

They stand in ``vocabulary.csv``, one row for each thing. Who adds a thing from outside the package
(a council rule, a term) adds its row with :func:`add`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from foedus.errors import UsageError, did_you_mean

_SCALE = re.compile(r"^(?P<question>[^:]+): (?P<points>-?\d*\.?\d+ .+)\.$")


@dataclass(frozen=True)
class Entry:
    """The words for one thing.

    Attributes:
        kind, name: What it is (``attribute``, ``level``, ``rule``), and its name in files and code.
        label, words: A short heading, and how it is said within a sentence.
        description: One sentence; for an attribute, what the coder judges; for a key of a file,
            what it means.
        steps: Words along its range, lowest first: the two ends, or five steps. May be empty.
        scale: Coded values as written (``.25``) and their meaning, lowest first. May be empty.
    """

    kind: str
    name: str
    label: str
    words: str
    description: str = ""
    steps: tuple[str, ...] = ()
    scale: tuple[tuple[str, str], ...] = ()


_added: dict[tuple[str, str], Entry] = {}


def add(entry: Entry) -> None:
    """Add the words for a thing from outside the package, or replace those added before."""
    _added[entry.kind, entry.name] = entry


def entry(kind: str, name: str) -> Entry:
    """The words for one thing; a name without a row stands for itself."""
    found = _added.get((kind, name)) or _table().get(kind, {}).get(name)
    return found or Entry(kind, name, name, name.replace("_", " "))


def entries(kind: str) -> Mapping[str, Entry]:
    """All things of a kind by name, in the order of the table, those added last."""
    own = {name: row for (of, name), row in _added.items() if of == kind}
    return {**_table().get(kind, {}), **own}


def words(kind: str, name: str) -> str:
    """How a thing is said within a sentence."""
    return entry(kind, name).words


def label(kind: str, name: str) -> str:
    """The short heading of a thing."""
    return entry(kind, name).label


def ends(kind: str, name: str) -> tuple[str, str, str]:
    """The heading of a thing that has a range, and what the lowest and the highest value mean."""
    row = entry(kind, name)
    return row.label, row.steps[0], row.steps[-1]


def rules() -> tuple[str, ...]:
    """The names of all council rules, those of extensions last."""
    return tuple(entries("rule"))


def rule_named(name: str) -> str:
    """The name of a council rule, once it is known.

    Raises:
        UsageError: If no rule is called that.
    """
    if not isinstance(name, str):
        raise UsageError(f"expected the name of a council rule, found a {type(name).__name__}")
    if name not in rules():
        raise UsageError(f"unknown rule '{name}'{did_you_mean(name, rules())}")
    return str(name)


def coding_rule(attribute: str) -> str:
    """What the coder judges and the scale, in one text: ``"Question: 0 this; 1 that."``."""
    row = entry("attribute", attribute)
    return f"{row.description}: {'; '.join(f'{value} {told}' for value, told in row.scale)}."


def question_and_scale(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Read ``"Question: 0 this; 1 that."`` into its parts; any other text is all question."""
    found = _SCALE.match(text)
    return (found["question"], _points(found["points"])) if found else (text, ())


@cache
def _table() -> Mapping[str, Mapping[str, Entry]]:
    text = resources.files("foedus.data").joinpath("vocabulary.csv").read_text(encoding="utf-8")
    table: dict[str, dict[str, Entry]] = {}
    for row in csv.DictReader(text.splitlines()):
        steps = tuple(row["steps"].split("|")) if row["steps"] else ()
        known = Entry(**{**row, "steps": steps, "scale": _points(row["scale"])})  # type: ignore[arg-type]
        table.setdefault(known.kind, {})[known.name] = known
    return table


def _points(text: str) -> tuple[tuple[str, str], ...]:
    parts = (point.partition(" ") for point in text.split("; ") if point)
    return tuple((value, meaning) for value, _, meaning in parts)
