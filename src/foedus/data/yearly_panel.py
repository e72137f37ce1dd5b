"""What is measured of each state of an alliance by year: ``panel.csv`` beside its chronicle.

Blank cells are missing values. :meth:`YearlyPanel.known` gives the nearest year that has one, and
how far off it is, so that nothing is carried in silence.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from foedus.data.yaml_reader import read_text
from foedus.errors import FileProblems, Problem, did_you_mean

PANEL_FILE = "panel.csv"
MEASURES = ("un_distance", "arms_share", "polyarchy", "cinc")
"""Distance of UN ideal points to the lead state; its share of arms imports over five years, 0 to 1;
V-Dem's polyarchy, 0 to 1; share of the world's material capabilities."""

COLUMNS = ("state", "year", *MEASURES)
HIGHEST = {"un_distance": 10.0, "arms_share": 1.0, "polyarchy": 1.0, "cinc": 1.0}


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

    Raises
    ------
    FileProblems
        If header or rows are not what they should be; all problems, each at its line.
    """
    if not path.is_file():
        return YearlyPanel({})
    lines = list(csv.reader(read_text(path).splitlines()))
    if not lines or tuple(lines[0]) != COLUMNS:
        told = f"expected the header {','.join(COLUMNS)}"
        raise FileProblems([Problem(str(path), 1, 1, "", told)])
    values: dict[tuple[str, str], dict[int, float]] = {}
    problems = []
    for number, cells in enumerate(lines[1:], start=2):
        try:
            _take(values, cells, states)
        except ValueError as error:
            problems.append(Problem(str(path), number, 1, "", str(error)))
    if problems:
        raise FileProblems(problems)
    return YearlyPanel(values)


def _take(
    values: dict[tuple[str, str], dict[int, float]], cells: list[str], states: Collection[str]
) -> None:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"expected {len(COLUMNS)} columns, found {len(cells)}")
    state, year = cells[0], cells[1]
    if states and state not in states:
        raise ValueError(f"unknown state '{state}'{did_you_mean(state, states)}")
    if not (year.isdecimal() and 1800 <= int(year) <= 2100):
        raise ValueError(f"expected a year, found '{year}'")
    for measure, text in zip(MEASURES, cells[2:], strict=True):
        if text:
            series = values.setdefault((state, measure), {})
            if int(year) in series:
                raise ValueError(f"{state} {year} stands here twice")
            series[int(year)] = _number(measure, text)


def _number(measure: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{measure}: expected a number, found '{text}'") from None
    if not (isfinite(number) and 0 <= number <= HIGHEST[measure]):
        raise ValueError(f"{measure}: expected 0 to {HIGHEST[measure]:g}, found {text}")
    return number
