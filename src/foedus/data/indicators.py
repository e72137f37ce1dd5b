"""What is measured of states by year: ``indicators.csv``, and ``panel.csv`` of a chronicle."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from foedus.data.records import MOST_TROOPS
from foedus.data.register import register
from foedus.data.terms import INDICATORS
from foedus.data.yaml_reader import read_text
from foedus.errors import FileProblems, Problem, did_you_mean

Row = TypeVar("Row")
YEARS = (1800, 2200)
"""Earliest and latest year of a figure."""

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")

PANEL_FILE = "panel.csv"
MEASURES = {"un_distance": 10.0, "arms_share": 1.0, "polyarchy": 1.0, "cinc": 1.0}
"""Distance of UN ideal points to the lead state, its share of arms imports over five years, V-Dem's
polyarchy, and share of the world's material capabilities: each from 0 to the number given."""

PANEL_COLUMNS = ("state", "year", *MEASURES)

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


COLUMNS = tuple(column.name for column in fields(Indicator))


def nearest(rows: Iterable[Indicator], state: str, year: int, reach: float) -> dict[str, Indicator]:
    """The figure nearest to `year` for each indicator known of `state`.

    Ties go to the more trusted origin, then to the earlier figure; one that is more than `reach`
    years off is not used.
    """
    found: dict[str, Indicator] = {}
    own = [row for row in rows if row.state == state and row.distance(year) <= reach]
    for name in INDICATORS:
        if within := [row for row in own if row.indicator == name]:
            found[name] = min(
                within, key=lambda r: (r.distance(year), ORIGINS.index(r.origin), r.year_from)
            )
    return found


def read_indicators(path: Path, states: Collection[str] = ()) -> tuple[Indicator, ...]:
    """Read an alliance's ``indicators.csv``.

    Args:
        states: ISO codes the table may name; any if none are given.

    Raises:
        FileProblems: If the header or any row is not what it should be, or a figure is given twice;
            all problems at once, each with line and column.
    """
    return read_rows(path, COLUMNS, lambda row: _faults(row, states), _row, _told_twice)


def read_rows(
    path: Path,
    columns: tuple[str, ...],
    faults: Callable[[Mapping[str, str]], Mapping[str, str]],
    made: Callable[[Mapping[str, str]], Row],
    faults_of_all: Callable[[Sequence[tuple[int, Row]]], Iterable[tuple[int, str]]],
) -> tuple[Row, ...]:
    """Read a table that stands beside an alliance.

    Args:
        faults: What is wrong with a row, by column; empty texts count as nothing.
        made: What a row without fault is made into.
        faults_of_all: What is wrong with rows together, by the line of each.

    Raises:
        FileProblems: If the header or any row is not what it should be; all problems at once.
    """
    file = str(path)
    (_, header), *table = _lines(path) or [(1, [])]
    if tuple(header) != columns:
        raise FileProblems([Problem(file, 1, 1, "", f"expected the header {','.join(columns)}")])
    rows, problems = [], []
    for line, cells in table:
        if len(cells) != len(columns):
            told = f"expected {len(columns)} columns, found {len(cells)}"
            problems.append(Problem(file, line, 1, "", told))
            continue
        row = dict(zip(columns, cells, strict=True))
        found = [(name, told) for name, told in faults(row).items() if told]
        places = dict(
            zip(columns, accumulate((len(c) + 1 for c in cells[:-1]), initial=1), strict=True)
        )
        problems += [Problem(file, line, places[name], name, told) for name, told in found]
        if not found:
            rows.append((line, made(row)))
    problems += [Problem(file, line, 1, "", told) for line, told in faults_of_all(rows)]
    if problems:
        raise FileProblems(problems)
    return tuple(row for _, row in rows)


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


def highest(indicator: str) -> float:
    """The highest value an indicator can have: 100 %, 1 for yes, or the largest force."""
    unit = register()[f"ref_{indicator}"].unit
    return 100.0 if unit.startswith("%") else 1.0 if unit == "1" else float(MOST_TROOPS)


def _faults(row: Mapping[str, str], states: Collection[str]) -> dict[str, str]:
    first, last, value, name = (row[k] for k in ("year_from", "year_to", "value", "indicator"))
    told = {
        "state": _unknown("state", row["state"], states) if states else "",
        "indicator": _unknown("indicator", name, INDICATORS),
        "year_from": _year(first),
        "year_to": _year(last) if last else "",
        "origin": _unknown("origin", row["origin"], ORIGINS),
        "source": "" if row["source"].strip() else "expected a source",
    }
    if last and not (told["year_from"] or told["year_to"]) and int(last) < int(first):
        told["year_to"] = f"{last} is before {first}"
    if not told["indicator"]:
        unit, most = register()[f"ref_{name}"].unit, highest(name)
        if not (_NUMBER.fullmatch(value) and float(value) <= most):
            told["value"] = f"expected a number from 0 to {most:g}, found '{value}'"
        if row["unit"] != unit:
            told["unit"] = f"expected '{unit}', found '{row['unit']}'"
    return told


def _unknown(what: str, word: str, known: Collection[str]) -> str:
    return "" if word in known else f"unknown {what} '{word}'{did_you_mean(word, known)}"


def _year(text: str) -> str:
    first, last = YEARS
    is_year = re.fullmatch("[0-9]{4}", text, re.ASCII) and first <= int(text) <= last
    return "" if is_year else f"expected a year from {first} to {last}, found '{text}'"


def _row(row: Mapping[str, str]) -> Indicator:
    last = int(row["year_to"]) if row["year_to"] else None
    numbers = {"year_from": int(row["year_from"]), "year_to": last, "value": float(row["value"])}
    return Indicator(**{**row, **numbers})  # type: ignore[arg-type]


def _told_twice(rows: Iterable[tuple[int, Indicator]]) -> Iterator[tuple[int, str]]:
    """Figures between which only the order of the rows could decide."""
    first: dict[tuple[object, ...], tuple[int, float]] = {}
    for line, row in rows:
        what = (row.state, row.indicator, row.year_from)
        keys = ((*what, "until", row.year_to), (*what, "origin", row.origin))
        if before := next((first[key] for key in keys if key in first), None):
            name = f"{row.state} {row.indicator} {row.year_from}"
            both = f"{before[1]:g} in line {before[0]}, {row.value:g} in line {line}"
            yield line, f"{name}: given twice ({both})"
        for key in keys:
            first.setdefault(key, (line, row.value))


@dataclass(frozen=True)
class YearlyPanel:
    """Measures by state, year and name; what is missing is absent."""

    values: Mapping[tuple[str, str], Mapping[int, float]]

    def known(self, state: str, measure: str, year: int, reach: float) -> tuple[float, int] | None:
        """The value of the nearest year and its distance in years; ties go to the earlier year."""
        series = self.values.get((state, measure), {})
        within = [(abs(year - y), y) for y in series if abs(year - y) <= reach]
        if not within:
            return None
        distance, nearest = min(within)
        return series[nearest], distance


def read_panel(path: Path, states: Collection[str] = ()) -> YearlyPanel:
    """Read a table; a folder without one has no measures.

    Raises:
        FileProblems: If header or rows are not what they should be; all problems, each at its line.
    """
    if not path.is_file():
        return YearlyPanel({})
    rows = read_rows(path, PANEL_COLUMNS, lambda row: _panel_faults(row, states), dict, _year_twice)
    values: dict[tuple[str, str], dict[int, float]] = {}
    for row in rows:
        for measure in MEASURES:
            if row[measure]:
                series = values.setdefault((row["state"], measure), {})
                series[int(row["year"])] = float(row[measure])
    return YearlyPanel(values)


def _panel_faults(row: Mapping[str, str], states: Collection[str]) -> dict[str, str]:
    year = row["year"]
    is_year = year.isdecimal() and 1800 <= int(year) <= 2100
    return {
        "state": _unknown("state", row["state"], states) if states else "",
        "year": "" if is_year else f"expected a year, found '{year}'",
        **{measure: _measure_fault(row[measure], most) for measure, most in MEASURES.items()},
    }


def _measure_fault(text: str, most: float) -> str:
    try:
        is_fit = not text or 0 <= float(text) <= most
    except ValueError:
        return f"expected a number, found '{text}'"
    return "" if is_fit else f"expected 0 to {most:g}, found {text}"


def _year_twice(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[tuple[int, str]]:
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        place = (row["state"], row["year"])
        if place in seen:
            yield line, f"{row['state']} {row['year']} stands here twice"
        seen.add(place)
