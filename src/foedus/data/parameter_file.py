"""Parameter files: values of the register with their provenance, as a calibration writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from foedus.data.record_reader import record_from
from foedus.data.register import register
from foedus.data.schema import Number, Record, Version
from foedus.data.yaml_reader import Tree, read_tree
from foedus.errors import FileProblems, Problem, UsageError, did_you_mean


class ParameterFile(Record):
    """Values by name, and how they came about."""

    schema_version: Version
    made_by: dict[str, Any] = Field(default_factory=dict)
    diagnostics: dict[str, dict[str, float]] = Field(default_factory=dict)
    parameters: dict[str, Number]
    interval_90: dict[str, tuple[Number, Number]] = Field(default_factory=dict)


def read_parameters(path: Path) -> dict[str, float]:
    """Read a parameter file.

    Raises
    ------
    FileProblems
        If it is not one, or a name or value does not fit the register.
    """
    tree = read_tree(path)
    values = record_from(tree, ParameterFile).parameters
    problems = list(parameter_problems(tree, values))
    if problems:
        raise FileProblems(problems)
    return dict(values)


def parameter_problems(tree: Tree, values: Mapping[str, float]) -> Iterator[Problem]:
    """Names under `parameters` that the register does not have, and values out of range."""
    for name, value in values.items():
        where = ("parameters", name)
        if name not in register():
            message = f"unknown parameter '{name}'{did_you_mean(name, register())}"
            yield tree.problem(where, message, at_key=True)
            continue
        try:
            register()[name].accept(value)
        except UsageError as error:
            yield tree.problem(where, str(error))
