"""A plan: which crises, which designs over what points, how many runs. One YAML file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, model_validator

from foedus.data.json_schema import DIALECT, tidied
from foedus.data.records import Identifier, Iso3, Number, Record, Text, Version
from foedus.data.register import register
from foedus.data.schema import StanceWord
from foedus.data.terms import ATTRIBUTE_RANGE, CASE_RANGE
from foedus.data.theory import Theory, theory

if TYPE_CHECKING:
    from foedus.model.numbers import Array

SMALLEST = 1e-12
"""Distance that a sampled probability keeps from 0 and 1, where a prior has no quantile."""

MAX_POINTS = 100_000
"""Points of one sweep; a larger one is split into several plans."""

MAX_NAMES = 100
"""Parameters and attributes that one plan may set or vary."""

COLUMNS_PER_TASK = 32 * 1024
"""Runs in one task where the plan does not say how many points it holds."""

OWN = "own"
"""Stands in `rules` for the alliance's (or the theory's) own rule."""

Kind = Literal["grid", "list", "latin_hypercube", "sobol"]
RequestWord = Literal["history", "treaty", "none"]
Entry = TypeVar("Entry")
Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Seed = Annotated[int, Field(strict=True, ge=0, le=2**32 - 1)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]


def _each_once(values: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Refuse a value that is stated twice: its points would be the same."""
    for index, value in enumerate(values):
        if value in values[:index]:
            shown = f"{value:g}" if isinstance(value, float) else f"'{value}'"
            raise ValueError(f"{shown} stands here twice")
    return values


Values = Annotated[tuple[Number, ...], Field(min_length=1), AfterValidator(_each_once)]
Words = Annotated[tuple[Text, ...], AfterValidator(_each_once)]

TAKES: dict[str, tuple[str, ...]] = {
    "grid": ("values",),
    "list": ("rows",),
    "latin_hypercube": ("over", "points", "seed"),
    "sobol": ("over", "points", "seed"),
}
"""Keys of each kind of design; a seed may be left out."""


class Interval(Record):
    """Where a sampled value may lie."""

    low: Number | None = None
    high: Number | None = None
    prior: StrictBool = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("expected both `low` and `high`, or neither (the whole range)")
        if self.low is not None and self.prior:
            raise ValueError("expected a range or `prior: true`, not both")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"expected `low` below `high`, found {self.low:g} and {self.high:g}")
        return self

    def quantiles(self, name: str, shares: Array) -> Array:
        """Values of a name at shares of its distribution, whole where the name counts something.

        That is uniform within a range, the register's prior, or uniform in the whole range.

        Args:
            shares: In [0, 1], any shape.
        """
        import numpy as np

        if self.prior:
            from scipy.special import ndtri

            from foedus.analysis.inference.priors import from_standard

            row, deviates = register()[name], ndtri(np.clip(shares, SMALLEST, 1.0 - SMALLEST))
            return np.clip(from_standard(row, deviates), row.low, row.high)
        low, high = limits(name)
        if self.low is not None and self.high is not None:
            low, high = self.low, self.high
        values = np.minimum(low + (high - low) * shares, high)
        return np.rint(values) if name in CASE_RANGE else values


class Row(Record):
    """One point of a list."""

    settings: dict[Name, Number] = Field(default_factory=dict)
    theory: Text | None = None
    rule: Text | None = None


class Design(Record):
    """A set of points over parameters and attributes."""

    kind: Kind
    values: dict[Name, Values] = Field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    over: dict[Name, Interval] = Field(default_factory=dict)
    points: Annotated[int, Field(strict=True, ge=1, le=MAX_POINTS)] | None = None
    seed: Seed | None = None

    @property
    def n_points(self) -> int:
        """Number of points, counted without making them."""
        if self.kind == "grid":
            return prod(len(values) for values in self.values.values())
        return len(self.rows) if self.kind == "list" else (self.points or 0)

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters and attributes it varies, in the order in which they first stand."""
        rows = [name for row in self.rows for name in row.settings]
        return tuple(dict.fromkeys([*self.values, *rows, *self.over]))

    def each(self, seed: int) -> Iterator[Row]:
        """Its points in their order; the seed is that of a sample that states none of its own.

        References:
            McKay, Beckman and Conover 1979, doi:10.1080/00401706.1979.10489755 (Latin hypercube);
            Sobol' 1967, doi:10.1016/0041-5553(67)90144-9, scrambled after Owen 1998,
            doi:10.1006/jcom.1998.0487.
        """
        if self.kind == "list":
            yield from self.rows
            return
        is_grid = self.kind == "grid"
        points = product(*self.values.values()) if is_grid else self._sampled(seed)
        for values in points:
            yield Row(settings=dict(zip(self.names, values, strict=True)))

    def _sampled(self, seed: int) -> Iterator[tuple[float, ...]]:
        from scipy.stats import qmc

        sampler: Any = qmc.LatinHypercube if self.kind == "latin_hypercube" else qmc.Sobol
        own_seed = seed if self.seed is None else self.seed
        shares = sampler(d=len(self.over), seed=own_seed).random(self.n_points)
        columns = map(Interval.quantiles, self.over.values(), self.over, shares.T)
        return zip(*(column.tolist() for column in columns), strict=True)

    @model_validator(mode="after")
    def _keys_fit_the_kind(self) -> Self:
        takes = TAKES[self.kind]
        stated = [name for name, value in self if value not in ({}, (), None)]
        for name in stated:
            if name not in ("kind", *takes):
                raise ValueError(f"a {self.kind} design takes {', '.join(takes)}, found `{name}`")
        for name in takes:
            if name not in ("seed", *stated):
                raise ValueError(f"a {self.kind} design needs `{name}`")
        if self.kind == "sobol" and self.n_points & (self.n_points - 1):
            raise ValueError(f"a sobol design needs a power of 2 points, found {self.n_points}")
        return self


class Plan(Record):
    """What a sweep computes."""

    schema_version: Version
    name: Identifier
    title: Text | None = None
    scenarios: tuple[Reference, ...] = Field(min_length=1, max_length=200)
    theories: Words = ()
    rules: Words = ()
    requests: Annotated[tuple[RequestWord, ...], AfterValidator(_each_once)] = ()
    without: Annotated[tuple[Iso3, ...], AfterValidator(_each_once)] = ()
    stances: dict[Iso3, StanceWord] = Field(default_factory=dict)
    claims: dict[str, Theory] = Field(default_factory=dict)
    settings: dict[Name, Number] = Field(default_factory=dict)
    designs: tuple[Design, ...] = ()
    runs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 1000
    seed: Seed = 1
    points_per_task: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    drawn_codes: StrictBool = True
    endogenous: StrictBool = False
    keep_runs: StrictBool = False
    time_limit: Annotated[Number, Field(gt=0, le=86_400)] = 600.0

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it sets or varies, in the order in which it first stands."""
        varied = [name for design in self.designs for name in design.names]
        return tuple(dict.fromkeys([*self.settings, *varied]))

    @property
    def n_points(self) -> int:
        """Most points it may have; equal ones are computed once."""
        designed = sum(design.n_points for design in self.designs) if self.designs else 1
        lists = (self.theories, self.rules, self.requests)
        return designed * len(self.scenarios) * prod(max(1, len(words)) for words in lists)

    def claim(self, name: str) -> Theory:
        """The theory of that name: one of the plan's own, or one that foedus knows."""
        return self.claims[name] if name in self.claims else theory(name)

    @property
    def task_size(self) -> int:
        """Points of one task."""
        return self.points_per_task or max(1, min(1000, COLUMNS_PER_TASK // self.runs))


def limits(name: str) -> tuple[float, float]:
    """Lowest and highest value that a parameter, attribute or number of the case may take."""
    if name in register():
        return register()[name].low, register()[name].high
    if name in CASE_RANGE:
        return CASE_RANGE[name]
    return ATTRIBUTE_RANGE[name.rpartition(".")[2]]


def plan_template(name: str) -> str:
    """A commented plan of that name, which can be run as it stands."""
    template = resources.files("foedus.experiments").joinpath("plan_template.yaml")
    return template.read_text("utf-8").replace("my-plan", name)


def plan_schema() -> str:
    """The JSON Schema of plans as the text of a file, for editors to read."""
    head = {"$schema": DIALECT, "title": "foedus plan"}
    schema = {**head, **tidied(Plan.model_json_schema())}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
