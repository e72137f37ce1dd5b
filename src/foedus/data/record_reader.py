"""Files to records: merge what a counterfactual extends, validate, and locate every problem."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from foedus.data.validation import FAULTY
from foedus.data.yaml_reader import Path_, Tree
from foedus.errors import FileProblems, Problem, did_you_mean

RecordT = TypeVar("RecordT", bound=BaseModel)


NOT_INHERITED = ("id", "history")
"""Keys that a counterfactual must state itself if it is to have them."""


@dataclass(frozen=True)
class Reading(Generic[RecordT]):
    """A file as far as it could be understood.

    Attributes
    ----------
    record
        The record, where the file is well-formed.
    values
        Its plain values in the present format, what is malformed replaced by `FAULTY`.
    problems
        What is malformed, each at its line and column.
    """

    record: RecordT | None
    values: dict[str, Any]
    problems: frozenset[Problem]


def read_as(tree: Tree, kind: type[RecordT]) -> Reading[RecordT]:
    """Read the values of a tree as one record.

    Raises
    ------
    FileProblems
        If the file holds no keys and values.
    """
    if not isinstance(tree.values, dict):
        raise FileProblems([tree.problem((), "expected keys and values")])
    values: dict[str, Any] = tree.values
    try:
        return Reading(kind.model_validate(values), values, frozenset())
    except ValidationError as error:
        entries = [dict(entry) for entry in error.errors(include_url=False)]
    problems = {_problem(tree, kind, e) for e in entries if not _only_follows(e, entries)}
    return Reading(None, _sound(values, entries), frozenset(problems))


def record_from(tree: Tree, kind: type[RecordT]) -> RecordT:
    """Validate the values of a tree as one record.

    Raises
    ------
    FileProblems
        With every problem found, each at its line and column.
    """
    reading = read_as(tree, kind)
    if reading.record is None:
        raise FileProblems(reading.problems)
    return reading.record


def merged(base: Tree, child: Tree) -> Tree:
    """The base with what the child states put over it; mappings merge, all else replaces.

    A problem in what is taken over stands where it is written, in the base.
    """
    inherited = {k: v for k, v in base.values.items() if k not in NOT_INHERITED}
    changes = child.values
    hidden = [*((key,) for key in NOT_INHERITED), *_replaced(inherited, changes)]
    return Tree(
        child.file, _over(inherited, changes), child.keys, child.places, base.without(hidden)
    )


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
        faults_a_value = entry["type"] not in ("missing", "value_error")
        if faults_a_value and entry["loc"]:  # a key that is no text faults the whole: no place
            _spoil(copy, tuple(entry["loc"]), drop=entry["type"] == "extra_forbidden")
    return copy


def _spoil(node: Any, path: Path_, *, drop: bool) -> None:
    step, *rest = path
    if rest == ["[key]"]:
        rest, drop = [], True
    within = node.get(step) if isinstance(node, dict) else node[int(step)]
    if rest and isinstance(within, dict | list):
        _spoil(within, tuple(rest), drop=drop)
    elif drop:
        node.pop(step, None)
    else:
        node[step] = FAULTY


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


def _over(base: Any, change: Any) -> Any:
    if isinstance(base, dict) and isinstance(change, dict):
        return {**base, **{k: _over(base.get(k), v) for k, v in change.items()}}
    return change


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
    context = entry.get("ctx") or {}
    found = _shown(entry.get("input"))
    templates: dict[str, Callable[[], str]] = {
        "greater_than_equal": lambda: f"expected {context['ge']:.10g} or more, found {found}",
        "less_than_equal": lambda: f"expected {context['le']:.10g} or less, found {found}",
        "float_type": lambda: f"expected a number, found {found}",
        "finite_number": lambda: f"expected a finite number, found {found}",
        "int_type": lambda: f"expected a whole number, found {found}",
        "int_from_float": lambda: f"expected a whole number, found {found}",
        "bool_type": lambda: f"expected true or false, found {found}",
        "bool_parsing": lambda: f"expected true or false, found {found}",
        "string_type": lambda: f"expected text, found {found}",
        "string_too_short": lambda: "expected some text",
        "too_short": lambda: f"expected at least {context['min_length']} entries",
        "string_pattern_mismatch": lambda: f"expected {_pattern(context)}, found {found}",
        "float_parsing": lambda: f"expected a number, found {found}",
        "string_unicode": lambda: "expected text, found half a character",
        "too_long": lambda: (
            f"expected at most {context['max_length']} entries, found {context['actual_length']}"
        ),
        "version_type": lambda: f"expected 1, found {found}",
        "literal_error": lambda: _one_of(context["expected"], entry.get("input")),
        "enum": lambda: _one_of(context["expected"], entry.get("input")),
        "value_error": lambda: str(context["error"]),
        "model_type": lambda: f"expected keys and values, found {found}",
        "dict_type": lambda: f"expected keys and values, found {found}",
        "tuple_type": lambda: f"expected a list, found {found}",
        "date_type": lambda: f"expected a date such as 2022-01-05, found {found}",
        "no_such_day": lambda: f"expected a day of the calendar, found {found}",
    }
    template = templates.get(entry["type"])
    return template() if template else f"{entry['msg']}, found {found}"


def _pattern(context: Mapping[str, Any]) -> str:
    if context.get("pattern") == "^[A-Z]{3}$":
        return "a three-letter state code such as KAZ"
    return "lower-case words joined by hyphens"


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
    """The keys a record knows at a path."""
    annotation: Any = kind
    for step in path:
        annotation = _inside(annotation, step)
    model = _model(annotation)
    return tuple(model.model_fields) if model else ()


def _inside(annotation: Any, step: str | int) -> Any:
    model = _model(annotation)
    if model is not None:
        entry = model.model_fields.get(str(step))
        return entry.annotation if entry else None
    for part in _parts(annotation):
        if get_origin(part) is dict:
            return get_args(part)[1]
        if get_origin(part) in (tuple, list):
            return get_args(part)[0]
    return None


def _parts(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def _model(annotation: Any) -> type[BaseModel] | None:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None
