"""The command that measures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from foedus.cli.root import app

if TYPE_CHECKING:
    from foedus.benchmark.measurements import Sizes

FoundT = TypeVar("FoundT")


@app.command()
def benchmark(
    quick: Annotated[
        bool, typer.Option("--quick", help="Only see that it runs; the figures mean nothing.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Write the tables into a Markdown page between its markers."),
    ] = None,
) -> None:
    """Measure speed against Mesa and the limit, memory, start-up."""
    from foedus.benchmark import measurements, tables
    from foedus.doc_pages import check_markers, fill

    if into is not None:
        check_markers(into, tables.PARTS)
    sizes = measurements.QUICK if quick else measurements.Sizes()
    compared = _noted("engines", measurements.engines, sizes)
    parts = {
        "machine": tables.of_versions(measurements.versions()),
        "engines": tables.of_engines(compared),
        "limits": tables.of_limits(compared),
        "growth": tables.of_growth(_noted("growth", measurements.growth, sizes)),
        "memory": tables.of_memory(_noted("memory", measurements.memory, sizes)),
        "start-up": tables.of_start_up(_noted("start-up", measurements.start_up, sizes)),
    }
    for name, text in parts.items():
        if into is not None:
            fill(into, name, text)
        else:
            print(f"{name}\n\n{text}\n")
    if into is not None:
        print(f"wrote {into}", file=sys.stderr)


def _noted(what: str, measure: Callable[[Sizes], FoundT], sizes: Sizes) -> FoundT:
    """Measure one thing, and say so meanwhile where a person looks on."""
    if sys.stderr.isatty():
        print(f"measuring {what} ...", file=sys.stderr)
    return measure(sizes)
