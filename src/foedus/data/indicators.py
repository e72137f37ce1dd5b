"""What is measured of states by year: ``indicators.csv``, and ``panel.csv`` of a chronicle."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

from foedus.data.records import MOST_TROOPS
from foedus.data.register import register
from foedus.data.terms import INDICATORS
from foedus.data.yaml_reader import read_text
from foedus.errors import FileProblems, Problem, did_you_mean, file_problem

Row: TypeAlias = tuple[str, ...]
YEARS = (1800, 2200)
"""Earliest and latest year of a figure."""

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")

PANEL_FILE = "panel.csv"
MEASURES = {"un_distance": 10.0, "arms_share": 1.0, "polyarchy": 1.0, "cinc": 1.0}
"""Distance of UN ideal points to the lead state, its share of arms imports over five years, V-Dem's
polyarchy, and share of the world's material capabilities: each from 0 to the number given."""

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
    first: dict[Row, tuple[int, str]] = {}
    rows = _read_rows(path, COLUMNS, lambda line, row: _faults(line, row, states, first))
    return tuple(map(_indicator, rows))


def _indicator(row: Mapping[str, str]) -> Indicator:
    last = int(row["year_to"]) if row["year_to"] else None
    numbers = {"year_from": int(row["year_from"]), "year_to": last, "value": float(row["value"])}
    return Indicator(**{**row, **numbers})  # type: ignore[arg-type]


def _read_rows(
    path: Path, columns: Row, faults: Callable[[int, Mapping[str, str]], Mapping[str, str]]
) -> list[dict[str, str]]:
    """The rows of a table that stands beside an alliance; `FileProblems` has all problems at once.

    Args:
        faults: What is wrong with a row on a line, by column, or by "" with the row as a whole;
            empty texts count as nothing.
    """
    file = str(path)
    (_, header), *table = _lines(path) or [(1, [])]
    if tuple(header) != columns:
        raise file_problem(path, f"expected the header {','.join(columns)}")
    rows, problems = [], []
    for line, cells in table:
        if len(cells) != len(columns):
            told = f"expected {len(columns)} columns, found {len(cells)}"
            problems.append(Problem(file, line, 1, "", told))
            continue
        row = dict(zip(columns, cells, strict=True))
        starts = accumulate((len(cell) + 1 for cell in cells), initial=1)
        places = {"": 1, **dict(zip(columns, starts, strict=False))}
        problems += [
            Problem(file, line, places[name], name, told)
            for name, told in faults(line, row).items()
            if told
        ]
        rows.append(row)
    if problems:
        raise FileProblems(problems)
    return rows


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Cells of each row, with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        raise file_problem(path, "expected a table of UTF-8 text", line) from None
    return rows


def _faults(
    line: int, row: Mapping[str, str], states: Collection[str], first: dict[Row, tuple[int, str]]
) -> dict[str, str]:
    """What is wrong with a figure; `first` notes where each was given first."""
    from_year, to_year, value = row["year_from"], row["year_to"], row["value"]
    told = {
        "state": _unknown("state", row["state"], states) if states else "",
        "indicator": _unknown("indicator", row["indicator"], INDICATORS),
        "year_from": _year(from_year),
        "year_to": _year(to_year) if to_year else "",
        "origin": _unknown("origin", row["origin"], ORIGINS),
        "source": "" if row["source"].strip() else "expected a source",
    }
    if to_year and not (told["year_from"] or told["year_to"]) and int(to_year) < int(from_year):
        told["year_to"] = f"{to_year} is before {from_year}"
    if not told["indicator"]:
        unit = register()[f"ref_{row['indicator']}"].unit
        most = 100.0 if unit.startswith("%") else 1.0 if unit == "1" else float(MOST_TROOPS)
        if not (_NUMBER.fullmatch(value) and float(value) <= most):
            told["value"] = f"expected a number from 0 to {most:g}, found '{value}'"
        if row["unit"] != unit:
            told["unit"] = f"expected '{unit}', found '{row['unit']}'"
    return told if any(told.values()) else {"": _told_twice(line, row, first)}


def _told_twice(line: int, row: Mapping[str, str], first: dict[Row, tuple[int, str]]) -> str:
    """Figures between which only the order of the rows could decide."""
    what = (row["state"], row["indicator"], row["year_from"])
    keys = ((*what, "until", row["year_to"]), (*what, "origin", row["origin"]))
    before = next((first[key] for key in keys if key in first), None)
    for key in keys:
        first.setdefault(key, (line, row["value"]))
    if before is None:
        return ""
    values = f"{float(before[1]):g} in line {before[0]}, {float(row['value']):g} in line {line}"
    return f"{' '.join(what)}: given twice ({values})"


def _unknown(what: str, word: str, known: Collection[str]) -> str:
    return "" if word in known else f"unknown {what} '{word}'{did_you_mean(word, known)}"


def _year(text: str) -> str:
    first, last = YEARS
    is_year = re.fullmatch("[0-9]{4}", text, re.ASCII) and first <= int(text) <= last
    return "" if is_year else f"expected a year from {first} to {last}, found '{text}'"


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
    seen: set[Row] = set()
    values: dict[tuple[str, str], dict[int, float]] = {}
    columns = ("state", "year", *MEASURES)
    for row in _read_rows(path, columns, lambda _, row: _panel_faults(row, states, seen)):
        for measure in MEASURES:
            if row[measure]:
                series = values.setdefault((row["state"], measure), {})
                series[int(row["year"])] = float(row[measure])
    return YearlyPanel(values)


def _panel_faults(
    row: Mapping[str, str], states: Collection[str], seen: set[Row]
) -> dict[str, str]:
    state, year = row["state"], row["year"]
    is_year = year.isdecimal() and 1800 <= int(year) <= 2100
    told = {
        "state": _unknown("state", state, states) if states else "",
        "year": "" if is_year else f"expected a year, found '{year}'",
        **{measure: _measure_fault(row[measure], most) for measure, most in MEASURES.items()},
    }
    if any(told.values()):
        return told
    is_twice = (state, year) in seen
    seen.add((state, year))
    return {"": f"{state} {year} stands here twice" if is_twice else ""}


def _measure_fault(text: str, most: float) -> str:
    try:
        is_fit = not text or 0 <= float(text) <= most
    except ValueError:
        return f"expected a number, found '{text}'"
    return "" if is_fit else f"expected 0 to {most:g}, found {text}"
