"""What records are made of: kinds of text and number, the coders' judgement, a period."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from foedus.data.vocabulary import Entry, entries, rules

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Unit = Annotated[Number, Field(ge=0, le=1)]
Signed = Annotated[Number, Field(ge=-1, le=1)]
Ladder = Annotated[Number, Field(ge=0, le=3)]
Count = Annotated[int, Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]

MOST_TROOPS = 10_000_000
"""More than any force ever sent; keeps counts of troops within their arrays."""

Troops = Annotated[int, Field(strict=True, ge=0, le=MOST_TROOPS)]

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _as_version(value: Any) -> Any:
    """Refuse what only equals the number: true, 1.0."""
    if type(value) is not int:
        raise PydanticCustomError("version_type", "expected the number of a version")
    return value


def _as_day(value: Any) -> date:
    """Refuse what is no day as written: a number would be taken for seconds since 1970."""
    if type(value) is date:
        return value
    if not (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        raise PydanticCustomError("date_type", "expected a date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_such_day", "expected a day of the calendar") from None


def _as_rule(name: str) -> str:
    if name not in rules():
        raise PydanticKnownError("enum", {"expected": ", ".join(rules())})
    return name


Version = Annotated[Literal[1], BeforeValidator(_as_version)]
Day = Annotated[date, BeforeValidator(_as_day)]

RuleName = Annotated[
    str,
    AfterValidator(_as_rule),
    Field(json_schema_extra=lambda schema: schema.update(enum=list(rules()))),
]
"""The name of a council rule; its JSON Schema lists the names known then."""


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _one_or_many(schema: dict[str, Any]) -> None:
    """The JSON Schema of a list in whose place one value may stand."""
    many = dict(schema)
    schema.clear()
    schema["anyOf"] = [many["items"], many]


SourceKeys = Annotated[
    tuple[Text, ...], Field(min_length=1, json_schema_extra=_one_or_many), BeforeValidator(_as_list)
]
CODERS = Field(min_length=1, max_length=9, json_schema_extra=_one_or_many)
Scale = TypeVar("Scale")


def meaning_of(kind: type[BaseModel], key: str) -> Entry | None:
    """The words for a key of a record: a row for it and its record, or that of an attribute."""
    owners = (owner.__name__.partition("[")[0] for owner in kind.__mro__)
    rows = (entries("key").get(f"{owner}.{key}") for owner in owners)
    return next(filter(None, rows), entries("attribute").get(key))


def _told(schema: dict[str, Any], kind: type[BaseModel]) -> None:
    """Give each key of a JSON Schema its words."""
    for key, entry in schema.get("properties", {}).items():
        if row := meaning_of(kind, key):
            entry["description"] = row.whole


class Record(BaseModel):
    """A frozen record that refuses keys it does not know; the vocabulary says what each means."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, json_schema_extra=_told
    )


class Code(Record, Generic[Scale]):
    """One judgement: what each coder wrote, why, and on what grounds."""

    coders: Annotated[tuple[Scale, ...], CODERS, BeforeValidator(_as_list)]
    why: Text
    source: SourceKeys

    @property
    def value(self) -> float:
        """Mean of the coders."""
        return mean(self.coders)  # type: ignore[arg-type]

    @property
    def range(self) -> float:
        """Difference between the highest and the lowest coder."""
        return spread(self.coders)  # type: ignore[arg-type]


def mean(coders: tuple[float, ...]) -> float:
    """Mean of the coders' values."""
    return float(sum(coders) / len(coders))


def spread(coders: tuple[float, ...]) -> float:
    """Difference between the highest and the lowest of the coders' values."""
    return float(max(coders) - min(coders))


class UnitCode(Code[Unit]):
    """A judgement on a scale from 0 to 1."""


class SignedCode(Code[Signed]):
    """A judgement on a scale from -1 to 1."""


class LadderCode(Code[Ladder]):
    """A judgement on the ladder of answers, from 0 to 3."""


UnitCoders = Annotated[tuple[Unit, ...], CODERS, BeforeValidator(_as_list)]
"""A judgement of which only the numbers are stated, the reason being given for a whole row."""


class Period(Record):
    """Something that held from one date to another (both included, open when absent)."""

    since: Day
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("`until` must not be before `since`")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it held on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)
