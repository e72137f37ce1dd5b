"""The columns of a collected table: what each holds, its type and its unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from foedus.data.register import register
from foedus.data.schema import Crisis, Member
from foedus.data.terms import ATTRIBUTE_RANGE, LEVELS, Ending

Type = Literal["int64", "float64", "string"]


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    type
        ``int64``, ``float64`` or ``string``.
    unit
        Unit or range; empty for words.
    description
        What a value says, and when it is missing.
    """

    name: str
    type: Type
    unit: str
    description: str


IDENTITY = (
    Column("point", "int64", "", "Number of the point in the sweep, from 0."),
    Column("key", "string", "", "SHA-256 of all that decides the point, the code included."),
    Column("scenario", "string", "", "Id of the scenario."),
    Column("alliance", "string", "", "Id of the alliance."),
    Column("history", "string", "", "Answer that history gave; missing for counterfactuals."),
    Column("theory", "string", "", "Theory; missing where none was chosen (the full model)."),
    Column("rule", "string", "", "Council rule under which the point was computed."),
)
"""Columns that say which point a row is."""

_QUANTILES = (
    ("median", "Median"),
    ("low", "5 % quantile of the"),
    ("high", "95 % quantile of the"),
)
_SPREAD = (
    ("decision_day", "days", "day of the answer, over runs with one; missing where none has"),
    ("days_to_end", "days", "day on which the crisis ended (the horizon where it did not)"),
    ("troops", "men", "number of men sent, over runs that deploy; missing where none does"),
)

RESULTS = (
    Column("runs", "int64", "runs", "Runs of the point."),
    Column("seed", "int64", "", "Seed of its ensemble."),
    *(Column(f"p_{w}", "float64", "0 to 1", f"Probability of the answer {w}.") for w in LEVELS),
    *(
        Column(f"se_{w}", "float64", "0 to 1", f"Standard error of p_{w} over runs.")
        for w in LEVELS
    ),
    Column("expected_level", "float64", "0 to 3", "Mean answer, counting none 0 to deploy 3."),
    Column("se_expected_level", "float64", "0 to 3", "Standard error of expected_level over runs."),
    Column("p_quelled", "float64", "0 to 1", "Probability that the crisis is quelled."),
    Column("p_lost", "float64", "0 to 1", "Probability that the requester is lost."),
    *(
        Column(f"{name}_{which}", "float64", unit, f"{share} {what}.")
        for name, unit, what in _SPREAD
        for which, share in _QUANTILES
    ),
)
"""Columns that say what came out."""

RUNS = (
    Column("point", "int64", "", "Number of the point in the sweep."),
    Column("run", "int64", "", "Number of the run, from 0; the same number, the same chance."),
    Column("level", "int64", "0 to 3", "Answer: none 0, consult 1, support 2, deploy 3."),
    Column("day_decided", "int64", "days", "Day of the answer; -1 where it is none."),
    Column(
        "day_ended", "int64", "days", "Day on which the crisis ended; the horizon if it did not."
    ),
    Column("ending", "string", "", f"How it ended: {', '.join(e.name.lower() for e in Ending)}."),
    Column("troops", "int64", "men", "Men sent by all members together."),
)
"""Columns of the table of runs."""


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """All columns of the table of points.

    Parameters
    ----------
    names
        Parameters and attributes that the plan sets or varies.
    """
    return (*IDENTITY, *(_of_setting(name) for name in names), *RESULTS)


def _of_setting(name: str) -> Column:
    if name in register():
        row = register()[name]
        return Column(name, "float64", row.unit, f"{row.description}.")
    state, dot, attribute = name.rpartition(".")
    fields = Member.model_fields if dot else Crisis.model_fields
    low, high = ATTRIBUTE_RANGE[attribute]
    whose = f"{attribute} of {state}" if dot else f"{attribute} of the crisis"
    meaning = (fields[attribute].description or "").rstrip(".")
    return Column(
        name,
        "float64",
        f"{low:g} to {high:g}",
        f"{whose[0].upper()}{whose[1:]}; missing where the point leaves it as coded. {meaning}.",
    )


def dictionary(described: Iterable[Column]) -> list[dict[str, str]]:
    """Columns as plain values, for JSON."""
    return [asdict(column) for column in described]


def as_markdown(described: Iterable[Column], title: str) -> str:
    """Columns as a page for people."""
    lines = [f"# {title}", "", "| column | type | unit | meaning |", "|---|---|---|---|"]
    for column in described:
        cells = (f"`{column.name}`", column.type, column.unit, column.description)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
