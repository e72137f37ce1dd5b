"""The words of the field: how every table, figure, page and file says one thing.

They stand in ``vocabulary.csv``, one row for each thing. Who adds a thing from outside the package
(a council rule, a term) adds its row with :func:`add`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from foedus.errors import UsageError, named


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

    @property
    def whole(self) -> str:
        """The description with the scale, if it has one: ``"Question: 0 this; 1 that."``."""
        points = "; ".join(f"{value} {meaning}" for value, meaning in self.scale)
        return f"{self.description}: {points}." if points else self.description


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
    return named("rule", name, entries("rule")).name


@cache
def _table() -> Mapping[str, Mapping[str, Entry]]:
    text = Path(__file__).with_name("vocabulary.csv").read_text(encoding="utf-8")
    table: dict[str, dict[str, Entry]] = {}
    for row in csv.DictReader(text.splitlines()):
        steps = tuple(filter(None, row["steps"].split("|")))
        points = (point.partition(" ") for point in row["scale"].split("; ") if point)
        scale = tuple((value, meaning) for value, _, meaning in points)
        known = Entry(**{**row, "steps": steps, "scale": scale})  # type: ignore[arg-type]
        table.setdefault(known.kind, {})[known.name] = known
    return table
