"""Measured indicators of the members' dependence, by year, each with its source."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from foedus.data.terms import INDICATORS
from foedus.errors import FileProblems, Problem, did_you_mean

COLUMNS = (
    "state",
    "indicator",
    "year_from",
    "year_to",
    "value",
    "unit",
    "origin",
    "source",
    "note",
)
ORIGINS = ("document", "page", "derived", "memory", "assumed")
"""Where a figure comes from, most trusted first."""


@dataclass(frozen=True)
class Indicator:
    """One figure: a value that held from one year to another (open where `year_to` is None)."""

    state: str
    indicator: str
    year_from: int
    year_to: int | None
    value: float
    unit: str
    origin: str
    source: str
    note: str

    def distance(self, year: int) -> int:
        """Years between `year` and the period of the figure."""
        if year < self.year_from:
            return self.year_from - year
        if self.year_to is not None and year > self.year_to:
            return year - self.year_to
        return 0


def nearest(rows: Iterable[Indicator], state: str, year: int, reach: float) -> dict[str, Indicator]:
    """The figure nearest to `year` for each indicator known of `state`.

    Ties go to the more trusted origin, then to the earlier figure.

    Parameters
    ----------
    reach
        Years beyond which a figure is not used.
    """
    found: dict[str, Indicator] = {}
    own = [row for row in rows if row.state == state]
    for name in INDICATORS:
        within = [row for row in own if row.indicator == name and row.distance(year) <= reach]
        if within:
            found[name] = min(
                within, key=lambda r: (r.distance(year), ORIGINS.index(r.origin), r.year_from)
            )
    return found


def read_indicators(path: Path) -> tuple[Indicator, ...]:
    """Read an alliance's ``indicators.csv``.

    Raises
    ------
    FileProblems
        If the header or any row is not what it should be; all problems at once.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            expected = ",".join(COLUMNS)
            raise FileProblems([Problem(str(path), 1, 1, "", f"expected the header {expected}")])
        rows: list[Indicator] = []
        problems: list[Problem] = []
        for cells in reader:
            line = reader.line_num
            try:
                rows.append(_row(cells))
            except ValueError as error:
                problems.append(Problem(str(path), line, 1, "", str(error)))
    if problems:
        raise FileProblems(problems)
    return tuple(rows)


def _row(cells: Sequence[str]) -> Indicator:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"expected {len(COLUMNS)} columns, found {len(cells)}")
    state, name, first, last, value, unit, origin, source, note = cells
    if name not in INDICATORS:
        raise ValueError(f"unknown indicator '{name}'{did_you_mean(name, INDICATORS)}")
    if origin not in ORIGINS:
        raise ValueError(f"unknown origin '{origin}'{did_you_mean(origin, ORIGINS)}")
    if not source:
        raise ValueError("expected a source")
    number = float(value)
    if not isfinite(number) or number < 0:
        raise ValueError(f"expected a value of 0 or more, found {value}")
    return Indicator(
        state, name, int(first), int(last) if last else None, number, unit, origin, source, note
    )
