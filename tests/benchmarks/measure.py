"""Write the tables of speed, memory and start-up: ``python tests/benchmarks/measure.py``.

They go into ``docs/performance.md``; with ``--quick`` they are printed and mean nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import measurements, tables
from doc_pages import check_markers, fill

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def measured(sizes):
    """Each part of the page by its marker."""
    compared = measurements.engines(sizes)
    yield "machine", tables.of_versions(measurements.versions())
    yield "engines", tables.of_engines(compared)
    yield "limits", tables.of_limits(compared)
    yield "growth", tables.of_growth(measurements.growth(sizes))
    yield "memory", tables.of_memory(measurements.memory(sizes))
    yield "start-up", tables.of_start_up(measurements.start_up(sizes))


def main(words):
    """Measure, and fill the page."""
    if words == ["--quick"]:
        for name, text in measured(measurements.QUICK):
            print(f"{name}\n\n{text}\n")
        return
    check_markers(PAGE, tables.PARTS)
    for name, text in measured(measurements.Sizes()):
        fill(PAGE, name, text)


if __name__ == "__main__":
    main(sys.argv[1:])
