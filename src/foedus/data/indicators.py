"""Measured indicators of the members' dependence, by year, each with its source."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from foedus.data.records import MOST_TROOPS
from foedus.data.register import register
from foedus.data.terms import INDICATORS
from foedus.data.yaml_reader import read_text
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
YEARS = (1800, 2200)
"""Earliest and latest year of a figure."""

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")

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
        If the header or any row is not what it should be, or a figure is given twice; all
        problems at once, each with line and column.
    """
    (_, header), *table = _lines(path) or [(1, [])]
    if tuple(header) != COLUMNS:
        expected = ",".join(COLUMNS)
        raise FileProblems([Problem(str(path), 1, 1, "", f"expected the header {expected}")])
    rows: list[tuple[int, Indicator]] = []
    problems: list[Problem] = []
    for line, cells in table:
        found = [Problem(str(path), line, *rest) for rest in _faults(cells, states)]
        problems += found
        if not found:
            rows.append((line, _row(dict(zip(COLUMNS, cells, strict=True)))))
    problems += _given_twice(path, rows)
    if problems:
        raise FileProblems(problems)
    return tuple(row for _, row in rows)


def unit_of(indicator: str) -> str:
    """The unit in which an indicator is measured (register)."""
    return register()[f"ref_{indicator}"].unit


def highest(indicator: str) -> float:
    """The highest value an indicator can have: 100 %, 1 for yes, or the largest force."""
    unit = unit_of(indicator)
    return 100.0 if unit.startswith("%") else 1.0 if unit == "1" else float(MOST_TROOPS)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Cells of each row, with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        message = "expected a table of UTF-8 text"
        raise FileProblems([Problem(str(path), line, 1, "", message)]) from None
    return rows


def _faults(cells: list[str], states: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Column, name and message of each cell that is not what it should be."""
    if len(cells) != len(COLUMNS):
        yield 1, "", f"expected {len(COLUMNS)} columns, found {len(cells)}"
        return
    row = dict(zip(COLUMNS, cells, strict=True))
    told = {
        "state": _unknown("state", row["state"], states) if states else "",
        "indicator": _unknown("indicator", row["indicator"], INDICATORS),
        "year_from": _year(row["year_from"]),
        "year_to": _year(row["year_to"]) if row["year_to"] else "",
        "origin": _unknown("origin", row["origin"], ORIGINS),
        "source": "" if row["source"].strip() else "expected a source",
    }
    if not told["year_from"] and not told["year_to"] and row["year_to"]:
        is_reversed = int(row["year_to"]) < int(row["year_from"])
        told["year_to"] = f"{row['year_to']} is before {row['year_from']}" if is_reversed else ""
    if not told["indicator"]:
        told |= _value(row)
    for k, name in enumerate(COLUMNS):
        if told.get(name):
            yield 1 + sum(len(cell) + 1 for cell in cells[:k]), name, told[name]


def _unknown(what: str, word: str, known: Collection[str]) -> str:
    return "" if word in known else f"unknown {what} '{word}'{did_you_mean(word, known)}"


def _year(text: str) -> str:
    first, last = YEARS
    is_year = re.fullmatch("[0-9]{4}", text, re.ASCII) and first <= int(text) <= last
    return "" if is_year else f"expected a year from {first} to {last}, found '{text}'"


def _value(row: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the value and the unit of a known indicator."""
    unit, most = unit_of(row["indicator"]), highest(row["indicator"])
    is_fit = _NUMBER.fullmatch(row["value"]) and float(row["value"]) <= most
    return {
        "value": "" if is_fit else f"expected a number from 0 to {most:g}, found '{row['value']}'",
        "unit": "" if row["unit"] == unit else f"expected '{unit}', found '{row['unit']}'",
    }


def _row(row: Mapping[str, str]) -> Indicator:
    return Indicator(
        state=row["state"],
        indicator=row["indicator"],
        year_from=int(row["year_from"]),
        year_to=int(row["year_to"]) if row["year_to"] else None,
        value=float(row["value"]),
        unit=row["unit"],
        origin=row["origin"],
        source=row["source"],
        note=row["note"],
    )


def _given_twice(path: Path, rows: Iterable[tuple[int, Indicator]]) -> Iterator[Problem]:
    """Figures between which only the order of the rows could decide."""
    first: dict[tuple[object, ...], tuple[int, Indicator]] = {}
    for line, row in rows:
        what = (row.state, row.indicator, row.year_from)
        keys = ((*what, "until", row.year_to), (*what, "origin", row.origin))
        before = next((first[key] for key in keys if key in first), None)
        if before is not None:
            name = f"{row.state} {row.indicator} {row.year_from}"
            both = f"{before[1].value:g} in line {before[0]}, {row.value:g} in line {line}"
            yield Problem(str(path), line, 1, "", f"{name}: given twice ({both})")
        first.update({key: (line, row) for key in keys if key not in first})
