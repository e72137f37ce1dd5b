"""Files to records: merge what a counterfactual extends, validate, and locate every problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, Generic, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from foedus.data.yaml_reader import Path_, Places, Tree
from foedus.errors import FileProblems, Problem, did_you_mean

RecordT = TypeVar("RecordT", bound=BaseModel)

FAULTY: Final = object()
"""Stands for a value that is malformed; its own problem has been said already."""

NOT_INHERITED = ("id", "history")
"""Keys that a counterfactual must state itself if it is to have them."""

WANTED = {
    "{ge:.10g} or more": ("greater_than_equal",),
    "{le:.10g} or less": ("less_than_equal",),
    "a number": ("float_type", "float_parsing"),
    "a finite number": ("finite_number",),
    "a whole number": ("int_type", "int_from_float"),
    "true or false": ("bool_type", "bool_parsing"),
    "text": ("string_type",),
    "1": ("version_type",),
    "keys and values": ("model_type", "dict_type"),
    "a list": ("tuple_type",),
    "a date such as 2022-01-05": ("date_type",),
    "a day of the calendar": ("no_such_day",),
}
"""What was expected, and pydantic's names of the error; what was found is told after it."""

PATTERNS = {"^[A-Z]{3}$": "a three-letter state code such as KAZ"}
PLAIN_ID = "lower-case words joined by hyphens"

EXPECTED = {
    "string_too_short": "expected some text",
    "string_unicode": "expected text, found half a character",
    "too_short": "expected at least {min_length} entries",
    "too_long": "expected at most {max_length} entries, found {actual_length}",
    "value_error": "{error}",
}
"""The whole message, where what was found is not told or is in the error."""


def stated(node: Any, *path: str | int) -> Any:
    """What stands at a path of plain values; None where nothing does, or it is malformed."""
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return None if node is FAULTY else node


class Finding(NamedTuple):
    """What does not fit: where, what was expected, and whether the key there is at fault."""

    path: Path_
    message: str
    at_key: bool = False


@dataclass(frozen=True)
class Reading(Generic[RecordT]):
    """A file as far as it could be understood.

    Attributes:
        tree: What stands in the file.
        record: The record, where the file is well-formed.
        values: Its plain values, what is malformed replaced by `FAULTY`.
        problems: What is malformed, each at its line and column.
    """

    tree: Tree
    record: RecordT | None
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()

    def checked(self, findings: Iterable[Finding], others: Iterable[Problem] = ()) -> RecordT:
        """The record, where nothing is malformed and no check found anything.

        Raises:
            FileProblems: With every problem, each at its line and column.
        """
        problems = [*self.problems, *others, *(self.tree.problem(*found) for found in findings)]
        if problems or self.record is None:
            raise FileProblems(problems)
        return self.record


def read_as(tree: Tree, kind: type[RecordT]) -> Reading[RecordT]:
    """Read the values of a tree as one record.

    Raises:
        FileProblems: If the file holds no keys and values.
    """
    values = tree.values
    if not isinstance(values, dict):
        raise FileProblems([tree.problem((), "expected keys and values")])
    try:
        return Reading(tree, kind.model_validate(values), values)
    except ValidationError as error:
        entries = [dict(entry) for entry in error.errors(include_url=False)]
    problems = [_problem(tree, kind, e) for e in entries if not _only_follows(e, entries)]
    return Reading(tree, None, _sound(values, entries), tuple(problems))


def record_from(
    tree: Tree,
    kind: type[RecordT],
    check: Callable[[RecordT], Iterable[Finding]] = lambda _record: (),
) -> RecordT:
    """Read the values of a tree as one record, and check it once it is well-formed.

    Raises:
        FileProblems: With every problem found, each at its line and column.
    """
    reading = read_as(tree, kind)
    return reading.checked(check(reading.record) if reading.record else ())


def merged(base: Tree, child: Tree) -> Tree:
    """The base with what the child states put over it; mappings merge, all else replaces.

    A problem in what is taken over stands where it is written, in the base.
    """
    inherited = {k: v for k, v in base.values.items() if k not in NOT_INHERITED}
    gone = {*((key,) for key in NOT_INHERITED), *_replaced(inherited, child.values)}

    def whole(of_base: Places, own: Places) -> Places:
        upward = ((path, {path[:n] for n in range(len(path) + 1)}) for path in of_base)
        return {path: of_base[path] for path, above in upward if gone.isdisjoint(above)} | own

    keys, places = whole(base.keys, child.keys), whole(base.places, child.places)
    return Tree(child.file, put_over(inherited, child.values), keys, places)


def put_over(base: Any, change: Any) -> Any:
    """A mapping with another put over it; mappings within merge, all else replaces."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {**base, **{k: put_over(base.get(k), v) for k, v in change.items()}}
    return change


def _replaced(base: Any, change: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Paths at which the child's value takes the place of the base's."""
    if isinstance(base, dict) and isinstance(change, dict):
        for key in base.keys() & change.keys():
            yield from _replaced(base[key], change[key], (*path, key))
    else:
        yield path


def _sound(values: dict[str, Any], entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A copy of the values with `FAULTY` for what is malformed and without unknown keys."""
    copy = deepcopy(values)
    for entry in entries:
        path = [step for step in entry["loc"] if step != "[key]"]
        if entry["type"] in ("missing", "value_error") or not path:
            continue  # nothing to mark, or a key that is no text: it faults the whole
        node: Any = copy
        while len(path) > 1 and isinstance(within := stated(node, path[0]), dict | list):
            node, path = within, path[1:]
        if entry["type"] == "extra_forbidden" or entry["loc"][-1] == "[key]":
            node.pop(path[0], None)
        else:
            node[path[0]] = FAULTY
    return copy


def _only_follows(entry: Mapping[str, Any], entries: list[dict[str, Any]]) -> bool:
    """Whether a problem is gone once another is mended.

    A list may count as too short because its bad values were left out, and a key as missing
    because it is misspelt.
    """
    here = entry["loc"]
    if entry["type"] == "too_short":
        return any(len(e["loc"]) > len(here) and e["loc"][: len(here)] == here for e in entries)
    unknown = [e["loc"] for e in entries if e["type"] == "extra_forbidden"]
    beside = [str(loc[-1]) for loc in unknown if loc[:-1] == here[:-1]]
    return entry["type"] == "missing" and bool(get_close_matches(str(here[-1]), beside, n=1))


def _problem(tree: Tree, kind: type[BaseModel], entry: Mapping[str, Any]) -> Problem:
    path = tuple(entry["loc"])
    if entry["type"] == "extra_forbidden":
        known = _keys_at(kind, path[:-1])
        message = f"unknown key '{path[-1]}'{did_you_mean(str(path[-1]), known)}"
        return tree.problem(path, message, at_key=True)
    if entry["type"] == "missing":
        wanted = f"the key '{path[-1]}'" if isinstance(path[-1], str) else "another entry"
        return tree.problem(path[:-1], f"expected {wanted}")
    at_key = path[-1:] == ("[key]",)
    path = path[:-1] if at_key else path
    return tree.problem(path, _expected(entry), at_key=at_key)


def _expected(entry: Mapping[str, Any]) -> str:
    """Say what was expected and what was found, in one line."""
    kind, context, found = entry["type"], entry.get("ctx") or {}, _shown(entry.get("input"))
    if kind in ("literal_error", "enum"):
        return _one_of(context["expected"], entry.get("input"))
    if kind == "string_pattern_mismatch":
        return f"expected {PATTERNS.get(context['pattern'], PLAIN_ID)}, found {found}"
    if kind in EXPECTED:
        return EXPECTED[kind].format(**context)
    wanted = [words for words, kinds in WANTED.items() if kind in kinds]
    told = f"expected {wanted[0].format(**context)}" if wanted else entry["msg"]
    return f"{told}, found {found}"


def _one_of(expected: str, found: Any) -> str:
    words = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    near = did_you_mean(found, words) if isinstance(found, str) else ""
    if len(words) == 1:
        return f"expected {words[0]}, found {_shown(found)}"
    told = f"expected one of {', '.join(words)}; found {_shown(found)}"
    return told + (near if "mean" in near else "")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list | tuple):
        return "a list"
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _keys_at(kind: type[BaseModel], path: Path_) -> tuple[str, ...]:
    """The keys a record knows at a path; steps into lists and mappings stay with their record."""
    for step in path:
        if step in kind.model_fields:
            kind = record_within(kind.model_fields[str(step)].annotation) or kind
    return tuple(kind.model_fields)


def record_within(annotation: Any) -> type[BaseModel] | None:
    """The kind of record that a field holds: alone, as a list, by name, or where it is stated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(record_within, get_args(annotation))), None)
