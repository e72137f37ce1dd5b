"""Measured indicators of the members' dependence, by year, each with its source."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TypeVar

from foedus.data.terms import INDICATORS
from foedus.data.yaml_reader import MAX_BYTES
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
NumberT = TypeVar("NumberT", int, float)

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


def read_indicators(path: Path, states: Collection[str] = ()) -> tuple[Indicator, ...]:
    """Read an alliance's ``indicators.csv``.

    Parameters
    ----------
    states
        ISO codes the table may name; any if none are given.

    Raises
    ------
    FileProblems
        If the header or any row is not what it should be; all problems at once.
    """
    (_, header), *table = _lines(path) or [(1, [])]
    if tuple(header) != COLUMNS:
        expected = ",".join(COLUMNS)
        raise FileProblems([Problem(str(path), 1, 1, "", f"expected the header {expected}")])
    rows: list[Indicator] = []
    problems: list[Problem] = []
    for line, cells in table:
        try:
            rows.append(_row(cells, states))
        except ValueError as error:
            problems.append(Problem(str(path), line, 1, "", str(error)))
    if problems:
        raise FileProblems(problems)
    return tuple(rows)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Cells of each row, with the number of its line."""
    if path.stat().st_size > MAX_BYTES:
        message = f"expected at most {MAX_BYTES // 1000} kB"
        raise FileProblems([Problem(str(path), 1, 1, "", message)])
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        try:
            return [(reader.line_num, cells) for cells in reader]
        except (UnicodeDecodeError, csv.Error):
            message = "expected a table of UTF-8 text"
            raise FileProblems([Problem(str(path), reader.line_num + 1, 1, "", message)]) from None


def _row(cells: Sequence[str], states: Collection[str]) -> Indicator:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"expected {len(COLUMNS)} columns, found {len(cells)}")
    state, name, first, last, value, unit, origin, source, note = cells
    if states and state not in states:
        raise ValueError(f"unknown state '{state}'{did_you_mean(state, states)}")
    if name not in INDICATORS:
        raise ValueError(f"unknown indicator '{name}'{did_you_mean(name, INDICATORS)}")
    if origin not in ORIGINS:
        raise ValueError(f"unknown origin '{origin}'{did_you_mean(origin, ORIGINS)}")
    if not source:
        raise ValueError("expected a source")
    number = _number(float, value, "a value of 0 or more")
    if not isfinite(number) or number < 0:
        raise ValueError(f"expected a value of 0 or more, found {value}")
    year_from = _number(int, first, "a year")
    year_to = _number(int, last, "a year") if last else None
    return Indicator(state, name, year_from, year_to, number, unit, origin, source, note)


def _number(kind: type[NumberT], text: str, expected: str) -> NumberT:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"expected {expected}, found '{text}'") from None
