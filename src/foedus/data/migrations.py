"""Older file formats to the present one, one step a version.

To change the format: raise ``SCHEMA_VERSION`` in :mod:`foedus.data.schema`, add the step from
the version before, and keep a file of that version among the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from foedus.data.schema import SCHEMA_VERSION
from foedus.data.yaml_tree import Tree
from foedus.errors import FileProblems

Values: TypeAlias = dict[str, Any]


def migrate(tree: Tree) -> Values:
    """The values of a tree in the present format.

    Raises
    ------
    FileProblems
        If the file names a version that this foedus does not know.
    """
    values: Values = tree.values
    version = values.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool):
        return values
    if not 0 <= version <= SCHEMA_VERSION:
        message = f"expected 0 to {SCHEMA_VERSION}, found {version}; a newer foedus wrote this file"
        raise FileProblems([tree.problem(("schema_version",), message)])
    for step in range(version, SCHEMA_VERSION):
        values = STEPS[step](values)
    return values


def _from_0(values: Values) -> Values:
    """Version 0 knew one coder: `value` where `coders` stands now."""
    new = {**values, "schema_version": 1}
    if isinstance(values.get("crisis"), dict):
        new["crisis"] = {name: _code_from_0(code) for name, code in values["crisis"].items()}
    return new


def _code_from_0(code: Any) -> Any:
    if not (isinstance(code, dict) and "value" in code):
        return code
    return {**{k: v for k, v in code.items() if k != "value"}, "coders": [code["value"]]}


STEPS: dict[int, Callable[[Values], Values]] = {0: _from_0}
"""How to get from each version to the next."""
