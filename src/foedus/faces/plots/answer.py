"""The point in five seconds: one row a crisis, one column an answer, and where history fell."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from foedus.analysis.history import HistoryTable
from foedus.data.library import Case
from foedus.data.terms import LEVELS
from foedus.faces.plots.bars import draw_frame
from foedus.faces.plots.frame import Picture
from foedus.faces.plots.history import n_crises
from foedus.faces.plots.style import FAINT, INK, LEVEL_COLOURS, MUTED, TYPE, WASH
from foedus.faces.plots.words import listed, percent, runs, short_title

DOCUMENT = (
    "kazakhstan-2022",
    "kyrgyzstan-2010",
    "tajikistan-2010",
    "armenia-2020",
    "ukraine-2022",
)
"""The crises of the document that the project started from, in the order of its argument."""

BELOW = {0: "silence", 1: "talks", 2: "aid, no troops", 3: "troops"}
"""What each level means to somebody who sees it for the first time."""

ASKED = (
    "nothing asked",
    "perhaps talks asked",
    "talks asked",
    "talks or aid asked",
    "aid asked",
    "aid or troops asked",
    "troops asked",
)
"""What was asked for, by half levels."""


def draw_answer(
    ax: Axes, labels: Sequence[str], p_levels: ArrayLike, observed: Sequence[int]
) -> Axes:
    """Draw a grid of bars (crisis by level), each as high as its probability.

    Parameters
    ----------
    labels
        Names of the crises (crisis,), from the top; a line break splits a name.
    p_levels
        Probabilities (crisis, level).
    observed
        What happened (crisis,).
    """
    p = np.asarray(p_levels, dtype=np.float64)
    for level, word in enumerate(LEVELS):
        ax.text(level + 0.5, -0.34, word, ha="center", fontweight="bold", fontsize=11)
        ax.text(level + 0.5, -0.12, BELOW[level], ha="center", color=MUTED, fontsize=TYPE["small"])
    for row, label in enumerate(labels):
        name, _, when = label.partition("\n")
        ax.text(-0.08, row + 0.46, name, ha="right", va="center", fontweight="bold", fontsize=11)
        ax.text(
            -0.08, row + 0.72, when, ha="right", va="center", color=MUTED, fontsize=TYPE["small"]
        )
        for level in range(len(LEVELS)):
            _cell(ax, row, level, float(p[row, level]), observed[row] == level)
    ax.set(xlim=(-1.6, 4.02), ylim=(len(labels) + 0.05, -0.62))
    ax.set_axis_off()
    return ax


def _cell(ax: Axes, row: int, level: int, share: float, happened: bool) -> None:
    x, floor, width, most = level + 0.06, row + 0.94, 0.88, 0.58
    ax.add_patch(Rectangle((x, row + 0.08), width, 0.86, color=WASH, linewidth=0))
    ax.add_patch(
        Rectangle(
            (x, floor), width, -most * share, color=LEVEL_COLOURS[level], linewidth=0, zorder=2
        )
    )
    ax.text(
        x + width / 2,
        floor - most * share - 0.035,
        percent(share),
        ha="center",
        va="bottom",
        fontsize=TYPE["text"],
        color=INK if share >= 0.1 or happened else MUTED,
        fontweight="bold" if happened else "normal",
        zorder=3,
    )
    ax.plot([x, x + width], [floor, floor], color=FAINT, linewidth=0.8, zorder=3)
    if happened:
        draw_frame(ax, x, row + 0.08, width, 0.86)


def finding(table: HistoryTable) -> str:
    """In how many crises the most probable answer came, and which it misses."""
    wrong = [
        _state(short_title(row.case))
        for row in table.rows
        if row.summary.most_probable != row.observed
    ]
    n = len(table.rows)
    missed = f"; it misses {listed(wrong)}" if wrong else ""
    return (
        f"When an ally calls for help, who answers? In {n - len(wrong)} of {n_crises(n)} the "
        f"model's most probable answer is what history did{missed}"
    )


def _state(title: str) -> str:
    return title.partition(",")[0]


def _label(case: Case) -> str:
    """Who, when, and what was asked for, on two lines."""
    who, _, when = short_title(case).partition(", ")
    return f"{who}\n{when} · {ASKED[ceil(2 * case.scenario.crisis.asked.value)]}"


def answer_picture(table: HistoryTable, changed: str = "default parameters") -> Picture:
    """The README's opening figure: the crises of the document."""
    one = table.rows[0].ensemble
    labels = [_label(row.case) for row in table.rows]

    def paint(canvas: Figure | SubFigure) -> None:
        draw_answer(
            canvas.subplots(),
            labels,
            [row.summary.p_levels for row in table.rows],
            [int(row.observed) for row in table.rows],
        )

    return Picture(
        finding=finding(table),
        lead="How likely each answer of the alliance was, simulated from what was known on the "
        f"day; the frame is what happened. {n_crises(len(labels))} prove nothing; foedus history "
        "shows every crisis.",
        source=f"{runs(one.n_runs)} a crisis, seed {one.seed} · {changed} · foedus {one.version}",
        paint=paint,
        height=0.55 + 0.72 * len(labels),
    )
