"""What is measured of each state of an alliance by year: ``panel.csv`` beside its chronicle.

Blank cells are missing values. :meth:`YearlyPanel.known` gives the nearest year that has one, and
how far off it is, so that nothing is carried in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from foedus.data.indicators import read_rows, unknown

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
    """Read a table; a folder without one has no measures."""
    if not path.is_file():
        return YearlyPanel({})
    rows = read_rows(path, COLUMNS, lambda row: _faults(row, states), dict, _told_twice)
    values: dict[tuple[str, str], dict[int, float]] = {}
    for row in rows:
        for measure in MEASURES:
            if row[measure]:
                series = values.setdefault((row["state"], measure), {})
                series[int(row["year"])] = float(row[measure])
    return YearlyPanel(values)


def _faults(row: Mapping[str, str], states: Collection[str]) -> dict[str, str]:
    year = row["year"]
    is_year = year.isdecimal() and 1800 <= int(year) <= 2100
    return {
        "state": unknown("state", row["state"], states) if states else "",
        "year": "" if is_year else f"expected a year, found '{year}'",
        **{measure: _number(row[measure], HIGHEST[measure]) for measure in MEASURES},
    }


def _number(text: str, most: float) -> str:
    try:
        is_fit = not text or 0 <= float(text) <= most
    except ValueError:
        return f"expected a number, found '{text}'"
    return "" if is_fit else f"expected 0 to {most:g}, found {text}"


def _told_twice(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[tuple[int, str]]:
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        place = (row["state"], row["year"])
        if place in seen:
            yield line, f"{row['state']} {row['year']} stands here twice"
        seen.add(place)
