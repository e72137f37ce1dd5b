"""The pages of the documentation: what they show below a command, and what the command prints."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from importlib import import_module
from pathlib import Path
from unittest import mock

from rich.console import Console
from typer.main import get_command

import foedus
from foedus.cli import output, run
from foedus.cli.history_commands import plain_name
from foedus.cli.output import percent
from foedus.cli.root import CONTENTS, app
from foedus.data.theory import theories
from foedus.notebook import answers

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
LESSON = ROOT / "notebooks" / "06-a-lesson.ipynb"
KEY = "## The key of the lesson in the notebook"
"""Heading in the teaching guide."""

COLUMNS = 120
"""Width of the terminal that the pages show."""

FENCE = re.compile(r"(<!-- slow -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OWN = (
    "../README.md",
    "first-steps.md",
    "teaching.md",
    "how-to/tune-and-explain.md",
    "how-to/compare-theories.md",
)
"""Pages whose console blocks hold all that the commands print, or dots for what is left out."""

BOARD = ("kazakhstan-2022", "kyrgyzstan-2010", "armenia-2020")
"""Crises on the board of the lesson on theories."""

README_ROWS = {
    ("hegemon", "calibrated"): "only the lead state's view counts, calibrated on the other crises",
    ("hegemon", "prior"): "the same, nothing fitted",
    ("full", "prior"): "the full model, nothing fitted",
    ("ordered regression, all attributes", "baseline"): "ordered regression on the same attributes",
    (
        "past answers to the same kind of request",
        "baseline",
    ): "what was asked, learned from the other crises",
    ("answer = request", "baseline"): "what was asked",
}
"""Forecasts that the README shows, by name and kind as the page of evidence has them."""


def every_command():
    """All commands below the root, by name."""
    for line in CONTENTS.values():
        import_module(f"foedus.cli.{line['file']}")
    return get_command(app).commands


def text_of(page):
    return (DOCS / page).read_text(encoding="utf-8")


def shown(text):
    """Each command in the console blocks of a page, the lines below it, and whether it is slow."""
    for slow, kind, block in FENCE.findall(text):
        if kind == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, lines = part.partition("\n")
                if lines.strip():
                    yield command, lines, bool(slow)


def printed(command):
    """What a command prints on a terminal of :data:`COLUMNS` columns; it must succeed."""
    typed, pipe, words = command.rpartition(" | ")
    keys = shlex.split(typed)[1].encode().decode("unicode_escape") if pipe else ""
    out, aside = io.StringIO(), io.StringIO()
    wide = Console(width=COLUMNS, highlight=False, color_system=None, file=out)
    with (
        mock.patch.object(output, "show", lambda part: output.put(part, wide)),
        mock.patch.object(sys, "stdin", io.StringIO(keys)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(aside),
    ):
        code = run(shlex.split(words)[1:])
    assert code == 0, f"{command} ends with {code}: {aside.getvalue()}"
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def board():
    """The board of the lesson on theories: per cent of each answer, by theory and crisis."""
    return {
        name: [", ".join(percent(p) for p in _levels(crisis, name)) for crisis in BOARD]
        for name in theories()
    }


def _levels(crisis, theory):
    result = foedus.ensemble(foedus.prepare(crisis, theory=theory), n_runs=1000, seed=1)
    return foedus.summarise(result).p_levels


def readme_scores():
    """The README's table of skill, from the page of evidence."""
    rows = re.findall(r"^\| (.*) \|$", text_of("evidence.md"), re.MULTILINE)
    found = {}
    for cells in (plain_name(row).split(" | ") for row in rows):
        if tuple(cells[:2]) in README_ROWS and len(cells) == 9:
            found.setdefault(tuple(cells[:2]), (float(cells[5]), cells[6]))
    lines = [
        f"| {label} | {found[key][0]:+.2f} | {found[key][1]} |"
        for key, label in README_ROWS.items()
    ]
    return "\n".join(
        ["| forecast | skill | 90 % interval (alliances resampled) |", "|---|---:|---|", *lines]
    )


def between(text, name):
    """What stands between two markers of a page."""
    _, _, rest = text.partition(f"<!-- {name} -->\n")
    inside, closing, _ = rest.partition(f"<!-- /{name} -->")
    assert closing, f"no markers {name}"
    return inside.strip()


def key_of(lesson, guide):
    """What the key in the teaching guide says, by setup, and what the lesson prints."""
    names = {"foedus": foedus}
    start = lesson.index("kazakhstan, armenia =")
    exec(lesson[start : lesson.index("\n", start)], names)
    exec(lesson[lesson.index("changed = {") : lesson.index("answers(changed")], names)
    table = answers(names["changed"], n_runs=5000)
    key = guide[guide.index(KEY) :]
    said = dict(re.findall(r"^\| ([A-Z][^|]*) \| ([\d.]+) \|$", key, re.MULTILINE))
    return said, {name: f"{p:.1f}" for name, p in table["deploy"].items()}
