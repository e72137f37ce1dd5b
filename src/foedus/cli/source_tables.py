"""Tables on what the numbers rest on, and on what nobody measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.tables import percent, titled
from foedus.data.coverage import Backing, Measured
from foedus.data.indicators import ORIGINS
from foedus.data.sources import Grounds, Stated
from foedus.data.terms import INDICATORS

STYLES = {Grounds.SOURCED: "", Grounds.PARTLY: "yellow", Grounds.ASSUMED: "red"}


def stated_record(stated: Stated) -> dict[str, Any]:
    """One number as plain values."""
    return {
        "case": stated.case or None,
        "number": stated.where,
        "values": list(stated.values),
        "grounds": stated.grounds.value,
        "sources": list(stated.sources),
        "pages": list(stated.pages),
        "is_used": stated.is_used,
    }


def of_numbers(numbers: Sequence[Stated]) -> Iterator[RenderableType]:
    """Numbers beside what they rest on."""
    table = titled(
        f"{len(numbers):,} numbers and what they rest on",
        "case",
        "number",
        "value",
        "rests on",
        "sources",
    )
    for one in numbers:
        table.add_row(
            one.case,
            one.where + ("" if one.is_used else " (not read by the model)"),
            ", ".join(f"{value:g}" for value in one.values),
            Text(one.grounds, style=STYLES[one.grounds]),
            Text(", ".join(one.sources)),
        )
    yield table
    yield Text(_shares(Counter(one.grounds for one in numbers)))


def coverage_record(
    measured: Sequence[Measured], backings: Sequence[Backing]
) -> dict[str, list[dict[str, Any]]]:
    """Coverage as plain values."""
    return {
        "indicators": [
            {
                "case": row.case,
                "member": row.state,
                "year": row.year,
                "used": {
                    name: {
                        "value": figure.value,
                        "unit": figure.unit,
                        "origin": figure.origin,
                        "years_away": figure.distance(row.year),
                        "source": figure.source,
                    }
                    for name, figure in row.used.items()
                },
                "missing": list(row.missing),
            }
            for row in measured
        ],
        "backing": [
            {
                "alliance": row.alliance,
                "crises": row.n_crises,
                "numbers": {grounds.value: row.numbers.get(grounds, 0) for grounds in Grounds},
                "citations": row.n_citations,
                "assumed_citations": row.n_assumed,
            }
            for row in backings
        ],
    }


def of_coverage(
    measured: Sequence[Measured], backings: Sequence[Backing]
) -> Iterator[RenderableType]:
    """What is measured, what is missing, and how the library is backed."""
    yield of_measured(measured)
    yield of_origins(measured)
    yield of_backing(backings)


def of_measured(measured: Sequence[Measured]) -> Table:
    """Origin of every indicator used, member by member."""
    table = titled(
        "Indicators by member and year: the origin of the figure used, or what is missing",
        "crisis",
        "member",
        "year#",
        *INDICATORS,
        caption="+n: the figure lies n years off; -: none within reach, left out of the mean",
    )
    for row in measured:
        cells = [_origin(row, name) for name in INDICATORS]
        table.add_row(row.case, row.state, str(row.year), *cells)
    return table


def _origin(row: Measured, name: str) -> Text:
    figure = row.used.get(name)
    if figure is None:
        return Text("-", style="red")
    away = figure.distance(row.year)
    unseen = figure.origin in ("memory", "assumed")
    return Text(figure.origin + (f" +{away}" if away else ""), style="yellow" if unseen else "")


def of_origins(measured: Sequence[Measured]) -> Table:
    """How often each origin stands behind each indicator."""
    table = titled(
        "Indicators by origin: times used", "indicator", *(f"{o}#" for o in ORIGINS), "missing#"
    )
    for name in INDICATORS:
        used = Counter(row.used[name].origin for row in measured if name in row.used)
        missing = sum(name in row.missing for row in measured)
        table.add_row(name, *(str(used[origin]) for origin in ORIGINS), str(missing))
    return table


def of_backing(backings: Sequence[Backing]) -> Table:
    """Numbers by their grounds, and citations, alliance by alliance."""
    table = titled(
        "Codes and figures in the files, counterfactuals apart",
        "alliance",
        "crises#",
        "numbers#",
        *(f"{grounds.value} %" for grounds in Grounds),
        "citations#",
        "of them assumed %",
    )
    for row in [*backings, _all(backings)]:
        n = sum(row.numbers.values())
        shares = [percent(row.numbers.get(g, 0) / n) if n else "" for g in Grounds]
        assumed = percent(row.n_assumed / row.n_citations) if row.n_citations else ""
        table.add_row(
            row.alliance, str(row.n_crises), f"{n:,}", *shares, f"{row.n_citations:,}", assumed
        )
    return table


def _all(backings: Sequence[Backing]) -> Backing:
    numbers: Counter[Grounds] = Counter()
    for row in backings:
        numbers.update(row.numbers)
    return Backing(
        "all",
        sum(row.n_crises for row in backings),
        numbers,
        sum(row.n_citations for row in backings),
        sum(row.n_assumed for row in backings),
    )


def _shares(counts: Mapping[Grounds, int]) -> str:
    n = sum(counts.values()) or 1
    parts = [f"{grounds.value} {percent(counts.get(grounds, 0) / n)} %" for grounds in Grounds]
    return ", ".join(parts)
