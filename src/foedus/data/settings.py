"""What a person sets: ``name=value`` words, sliders, and files of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from foedus.data.record_reader import Finding, record_from
from foedus.data.records import Number, Record, Version
from foedus.data.register import in_range, known, register
from foedus.data.terms import (
    ATTRIBUTE_RANGE,
    CASE_RANGE,
    CRISIS_ATTRIBUTES,
    LEAST_CAPABILITY,
    MEMBER_ATTRIBUTES,
)
from foedus.data.yaml_reader import read_tree
from foedus.errors import UsageError, did_you_mean


@dataclass(frozen=True)
class Settings:
    """Values that differ from the register and from the file, by name.

    An attribute is named ``threat`` for the crisis, ``KAZ.stake`` for a member, and
    ``horizon_days`` for the case.
    """

    parameters: Mapping[str, float] = field(default_factory=dict)
    attributes: Mapping[str, float] = field(default_factory=dict)


def settings_from(
    values: Mapping[str, float], members: Iterable[str] = (), *, of_case: bool = False
) -> Settings:
    """Sort values into parameters and attributes, and check each.

    Args:
        members: ISO codes of the members whose attributes may be set.
        of_case: Whether numbers of the case, such as ``horizon_days``, may be set too.

    Raises:
        UsageError: If a name is unknown or a value out of range.
    """
    names = attribute_names(members)
    parameters: dict[str, float] = {}
    attributes: dict[str, float] = {}
    for name, value in values.items():
        if name in register():
            parameters[name] = known(name).accept(value)
        elif of_case and name in CASE_RANGE:
            attributes[name] = in_range(name, value, *CASE_RANGE[name])
            if not attributes[name].is_integer():
                raise UsageError(f"{name}: expected a whole number, found {value:g}")
        elif name in names:
            attributes[name] = in_range(name, value, *ATTRIBUTE_RANGE[name.rpartition(".")[2]])
            if name.endswith(".capability") and 0 < value < LEAST_CAPABILITY:
                wanted = f"expected 0 or {LEAST_CAPABILITY:g} to 1"
                raise UsageError(f"{name}: {value:g} is too small, {wanted}")
        else:
            raise UsageError(f"unknown name '{name}'{did_you_mean(name, (*register(), *names))}")
    return Settings(parameters, attributes)


def parse_settings(words: Iterable[str], members: Iterable[str] = ()) -> Settings:
    """Read ``name=value`` words; see :func:`settings_from`.

    Raises:
        UsageError: If a word is not of that form, its name unknown or its value no number in range.
    """
    values: dict[str, float] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageError(f"--set {word}: expected name=value")
        name = name.strip()
        if name in values:
            raise UsageError(f"--set {name}: given twice")
        if name in ("rule", "theory"):
            raise UsageError(f"--set {word}: use --{name} {text}")
        try:
            values[name] = float(text)
        except ValueError:
            raise UsageError(f"--set {word}: '{text}' is not a number") from None
    return settings_from(values, members, of_case=bool(members))


def parse_parameters(words: Iterable[str]) -> Mapping[str, float]:
    """:func:`parse_settings` where no single crisis is meant, so that only parameters fit.

    Raises:
        UsageError: As :func:`parse_settings`, and for an attribute.
    """
    found = parse_settings(words)
    for name in found.attributes:
        raise UsageError(f"--set {name}: each crisis has its own; only parameters can be set here")
    return found.parameters


def attribute_names(members: Iterable[str]) -> tuple[str, ...]:
    """Every attribute that can be set where these members sit."""
    own = tuple(f"{state}.{name}" for state in members for name in MEMBER_ATTRIBUTES)
    return CRISIS_ATTRIBUTES + own


class ParameterFile(Record):
    """Parameters with their provenance, as a calibration writes them."""

    schema_version: Version
    made_by: dict[str, Any] = Field(default_factory=dict)
    diagnostics: dict[str, dict[str, float]] = Field(default_factory=dict)
    parameters: dict[str, Number]
    interval_90: dict[str, tuple[Number, Number]] = Field(default_factory=dict)


def read_parameters(path: Path) -> dict[str, float]:
    """Read a parameter file.

    Raises:
        FileProblems: If it is not one, or a name or value does not fit the register.
    """
    found = record_from(read_tree(path), ParameterFile, lambda f: parameter_faults(f.parameters))
    return found.parameters


def parameter_faults(values: Mapping[str, float]) -> Iterator[Finding]:
    """Names under `parameters` that the register does not have, and values out of range."""
    for name, value in values.items():
        try:
            known(name).accept(value)
        except UsageError as error:
            yield Finding(("parameters", name), str(error), at_key=name not in register())
