"""The parameter register: every number of the model, read from ``register.csv``.

Code, documentation, validation, priors and sensitivity studies all read this one table.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Literal

from foedus.errors import UsageError, named


@dataclass(frozen=True)
class Parameter:
    """One row of the register.

    Attributes:
        name, symbol: As used in files and code, and in the equations.
        default: The prior's median; never tuned to a single crisis.
        prior, spread: ``lognormal`` (spread: standard deviation of the logarithm), ``normal``
            (standard deviation), or ``fixed``.
        low, high: Closed range of values accepted.
        unit, role, description, source: For people; a source that holds the word ``assumed`` says
            that the number is.
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
        """Return `value` if it is in range (:func:`in_range`).

        Raises:
            UsageError: If it is not.
        """
        return in_range(self.name, value, self.low, self.high)


def in_range(name: str, value: float, low: float, high: float) -> float:
    """Return `value` if it is a finite number between `low` and `high`.

    Raises:
        UsageError: If it is not; `name` says whose value it is.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise UsageError(f"{name}: expected a number, found {value!r}")
    if not (isfinite(value) and low <= value <= high):
        raise UsageError(f"{name}: {value:g} is out of range, expected {low:g} to {high:g}")
    return float(value)


_added: dict[str, Parameter] = {}


def add(row: Parameter) -> None:
    """Add a parameter from outside the package, such as the weight of a new term.

    Raises:
        UsageError: If another parameter has that name.
    """
    if register().get(row.name, row) != row:
        raise UsageError(f"another parameter is called '{row.name}'; choose another name")
    _added[row.name] = row


def register() -> Mapping[str, Parameter]:
    """All parameters by name, in the order of the table; those of extensions last."""
    return {**_table(), **_added} if _added else _table()


@cache
def _table() -> Mapping[str, Parameter]:
    text = Path(__file__).with_name("register.csv").read_text(encoding="utf-8")
    table = {}
    for row in csv.DictReader(text.splitlines()):
        numbers = {key: float(row[key] or 0.0) for key in ("default", "spread", "low", "high")}
        table[row["name"]] = Parameter(**{**row, **numbers})  # type: ignore[arg-type]
    return table


def is_own(name: str) -> bool:
    """Whether a parameter is of the package, and not of an extension."""
    return name in _table()


def defaults() -> dict[str, float]:
    """The default of every parameter."""
    return {name: row.default for name, row in register().items()}


def parameters(overrides: Mapping[str, float] | None = None) -> dict[str, float]:
    """Defaults with some values replaced.

    Raises:
        UsageError: If a name is unknown or a value out of range.
    """
    changed = {name: known(name).accept(value) for name, value in (overrides or {}).items()}
    return defaults() | changed


def known(name: str) -> Parameter:
    """The parameter of that name.

    Raises:
        UsageError: If there is none.
    """
    return named("parameter", name, register())


OF_YEARS = "chronicle"
"""Role of the parameters that bear on decades; a single crisis does not read them."""


def free(*, of_years: bool = False) -> tuple[Parameter, ...]:
    """Parameters with a prior of a crisis, or of a chronicle, in the order of the table."""
    rows = register().values()
    return tuple(row for row in rows if row.is_free and (row.role == OF_YEARS) == of_years)
