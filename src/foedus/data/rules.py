"""Council rules by name: those of the model, and those that an extension has added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError, core_schema

from foedus.data.vocabulary import entries
from foedus.errors import UsageError, did_you_mean


def rules() -> tuple[str, ...]:
    """The names of all council rules, those of extensions last."""
    return tuple(entries("rule"))


def rule_named(name: str) -> str:
    """The name of a council rule, once it is known.

    Raises
    ------
    UsageError
        If no rule is called that.
    """
    if not isinstance(name, str):
        raise UsageError(f"expected the name of a council rule, found a {type(name).__name__}")
    if name not in rules():
        raise UsageError(f"unknown rule '{name}'{did_you_mean(name, rules())}")
    return str(name)


@dataclass(frozen=True)
class OneOfTheRules:
    """Marks a field that takes the name of a rule; its JSON Schema lists the names known then."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(_checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "enum": list(rules())}


def _checked(name: str) -> str:
    if name not in rules():
        raise PydanticKnownError("enum", {"expected": ", ".join(rules())})
    return str(name)


RuleName = Annotated[str, OneOfTheRules()]
