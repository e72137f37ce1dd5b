"""The measurements as Markdown tables, one for each part of the page on performance."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.measurements import Engines, Growth, Memories
from benchmarks.stopwatch import Started
from doc_pages import markdown_table
from foedus.model.array_engine import CHUNK

PARTS = ("machine", "engines", "limits", "growth", "memory", "start-up")
"""Names of the parts, which are those of the page's markers."""


def of_engines(e: Engines) -> str:
    """Every way to run, and how often it runs while Mesa runs once."""
    ways = [
        ("arrays", e.arrays),
        ("lean Mesa model, `batch_run`", e.lean),
        ("agents of foedus, `batch_run`", e.mesa),
        ("agents of foedus, replay with diary", e.agents),
    ]
    return markdown_table(
        (
            "way to run",
            "µs a run#",
            "runs a second#",
            "times `batch_run`#",
            "times the lean model#",
        ),
        [
            (name, _micro(s), f"{_rounded(1 / s):,}", _times(e.mesa / s), _times(e.lean / s))
            for name, s in ways
        ],
    )


def of_limits(e: Engines) -> str:
    """What the time of the arrays goes to."""
    rows = [("drawing chance and codes, no model", e.drawing), ("days, draws given", e.arrays_loop)]
    return markdown_table(
        ("part", "µs a run#", "share of a run#"),
        [(name, _micro(s), f"{s / e.arrays:.0%}") for name, s in rows],
    )


def of_growth(g: Growth) -> str:
    """Three tables: by runs, by members and by days."""
    by_runs = markdown_table(
        ("runs#", "seconds in all#", "µs a run#"),
        [(f"{n:,}", f"{s:.3g}", _micro(s / n)) for n, s in g.by_runs.items()],
    )
    by_members = _steps("members#", g.by_members)
    return "\n\n".join([by_runs, by_members, _steps("days#", g.by_days)])


def _steps(what: str, by: Mapping[int, float]) -> str:
    name = what.rstrip("#").removesuffix("s")
    return markdown_table(
        (what, "µs a run#", f"ns a run and {name}#"),
        [(str(n), _micro(s), f"{1e9 * s / n:.0f}") for n, s in by.items()],
    )


def of_memory(m: Memories) -> str:
    """What is held, and by what."""
    mega = 1024 * 1024
    working = m.arrays.peak - m.kept * m.n_runs
    return markdown_table(
        ("what", "memory#"),
        [
            ("outcome of the arrays, each run", f"{m.kept:.0f} bytes"),
            (f"work of the arrays, whatever the number of runs (chunks of {CHUNK:,})",
             f"{working / mega:.0f} MB"),
            (f"ensemble of {m.n_runs:,} runs at its height", f"{m.arrays.peak / mega:.0f} MB"),
            (f"ensemble of {2 * m.n_runs:,} runs at its height", f"{m.twice.peak / mega:.0f} MB"),
            ("one replay by agents, with its diary, at its height",
             f"{m.story.peak / 1024:.0f} kB"),
            ("what is left of each run of `batch_run` in Mesa", f"{m.mesa / 1024:.0f} kB"),
        ],
    )  # fmt: skip


def of_start_up(found: Mapping[str, Started]) -> str:
    """Whole processes, from the command to the prompt."""
    return markdown_table(
        ("command", "seconds#", "of the processor#"),
        [
            (_command(name), f"{one.wall:.2f}", f"{one.processor:.2f}")
            for name, one in found.items()
        ],
    )


def _command(name: str) -> str:
    if name == "python":
        return "`python -c pass`"
    command, comma, note = name.partition(",")
    return f"`foedus {command}`{comma}{note}"


def of_versions(found: Mapping[str, str]) -> str:
    """What it was measured with, as one sentence."""
    packages = ", ".join(f"{name} {found[name]}" for name in ("numpy", "mesa") if name in found)
    vectors = f", vectors {found['vectors']}" if found["vectors"] else ""
    load = f" The machine's load was {found['load']} at the start." if found["load"] else ""
    return (
        f"Measured on: {found['processor']}, {found['processors']} processors{vectors}; "
        f"Python {found['python']}, {packages}.{load}"
    )


def _micro(seconds: float) -> str:
    return f"{1e6 * seconds:,.2f}" if seconds < 1e-4 else f"{1e6 * seconds:,.0f}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _rounded(number: float) -> int:
    """To two digits: no more is known."""
    return int(float(f"{number:.2g}"))
