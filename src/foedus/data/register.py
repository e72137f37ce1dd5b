"""The parameter register: every number of the model, read from ``register.csv``.

Code, documentation, validation, priors and sensitivity studies all read this one table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isfinite
from typing import Literal

from foedus.errors import UsageError, did_you_mean


@dataclass(frozen=True)
class Parameter:
    """One row of the register.

    Attributes
    ----------
    name, symbol
        As used in files and code, and in the equations.
    default
        The prior's median; never tuned to a single crisis.
    prior, spread
        ``lognormal`` (spread: standard deviation of the logarithm), ``normal`` (standard
        deviation), or ``fixed``.
    low, high
        Closed range of values accepted.
    unit, role, description, source
        For people; a source that holds the word ``assumed`` says that the number is.
    """

    name: str
    symbol: str
    default: float
    prior: Literal["lognormal", "normal", "fixed"]
    spread: float
    low: float
    high: float
    unit: str
    role: str
    description: str
    source: str

    @property
    def is_free(self) -> bool:
        """Whether it has a prior to be calibrated or varied under."""
        return self.prior != "fixed"

    @property
    def is_assumed(self) -> bool:
        """Whether its size rests on no source."""
        return "assumed" in self.source

    def accept(self, value: float) -> float:
        """Return `value` if it is finite and in range.

        Raises
        ------
        UsageError
            If it is not.
        """
        if not (isfinite(value) and self.low <= value <= self.high):
            raise UsageError(
                f"{self.name}: {value:g} is out of range, expected {self.low:g} to {self.high:g}"
            )
        return float(value)


@cache
def register() -> Mapping[str, Parameter]:
    """All parameters by name, in the order of the table."""
    table = resources.files("foedus.data").joinpath("register.csv")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = [_parameter(row) for row in csv.DictReader(lines)]
    return {row.name: row for row in rows}


def _parameter(row: Mapping[str, str]) -> Parameter:
    numbers = {key: float(row[key] or 0.0) for key in ("default", "spread", "low", "high")}
    return Parameter(**{**row, **numbers})  # type: ignore[arg-type]


def defaults() -> dict[str, float]:
    """The default of every parameter."""
    return {name: row.default for name, row in register().items()}


def parameters(overrides: Mapping[str, float] | None = None) -> dict[str, float]:
    """Defaults with some values replaced.

    Raises
    ------
    UsageError
        If a name is unknown or a value out of range.
    """
    values = defaults()
    for name, value in (overrides or {}).items():
        values[name] = known(name).accept(value)
    return values


def known(name: str) -> Parameter:
    """The parameter of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    try:
        return register()[name]
    except KeyError:
        raise UsageError(
            f"unknown parameter '{name}'{did_you_mean(name, register())}"
        ) from None


def free() -> tuple[Parameter, ...]:
    """Parameters with a prior, in the order of the table."""
    return tuple(row for row in register().values() if row.is_free)


def parse_settings(settings: Iterable[str]) -> dict[str, float]:
    """Read ``name=value`` words.

    Raises
    ------
    UsageError
        If a word is not of that form, its name unknown or its value no number in range.
    """
    values: dict[str, float] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UsageError(f"--set {setting}: expected name=value")
        try:
            number = float(text)
        except ValueError:
            raise UsageError(f"--set {setting}: '{text}' is not a number") from None
        values[name.strip()] = known(name.strip()).accept(number)
    return values
