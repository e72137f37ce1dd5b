"""Bars of the four answers, and all crises with a known answer as such bars, the model's above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from foedus.analysis.forecast.history import HistoryTable, Row
from foedus.data.terms import LEVELS
from foedus.model.numbers import Array
from foedus.plots.frame import Picture, panels
from foedus.plots.marks import Look, at, say
from foedus.plots.style import HISTORY, INK, LEVEL_COLOURS, MUTED, ON_LEVEL, PAPER
from foedus.plots.words import DID, n_crises, percent, runs, set_by_hand, short_title

HIGH = 0.74
"""Height of a bar, in rows."""
GAP = 1.25
"""Room between two groups, in bars."""
DEFAULT, UNCERTAIN = 40, 92
"""Where the two numbers beside a bar end, points."""


def draw_bar(ax: Axes, y: float, p: Sequence[float] | Array, happened: int) -> None:
    """One stacked bar from 0 to 1 with the share of each level, and a frame round what happened.

    A share too small to frame still shows as a stroke.
    """
    starts = [float(np.sum(p[:level])) for level in range(len(p))]
    ax.barh(y, p, HIGH, starts, color=LEVEL_COLOURS, edgecolor=PAPER, linewidth=0.8)
    for level, (start, share) in enumerate(zip(starts, p, strict=True)):
        if share >= 0.075:
            middle, colour = start + share / 2, ON_LEVEL[level]
            say(ax, middle, y, f"{100 * share:.0f}", ha="center", color=colour)
    look: Look = {"fill": False, "joinstyle": "miter", "clip_on": False, "zorder": 4}
    for colour, width in ((PAPER, 4.0), (HISTORY, 2.0)):
        corner = (starts[happened], y - HIGH / 2)
        frame = Rectangle(corner, max(float(p[happened]), 0.002), HIGH, **look)
        frame.set(edgecolor=colour, linewidth=width)
        ax.add_patch(frame)


def draw_key(ax: Axes, *, framed: bool = True) -> Axes:
    """The four levels, and the frame, in one line at the right, where names leave room."""
    ax.set_axis_off()
    levels = zip(LEVELS, LEVEL_COLOURS, strict=True)
    handles = [Patch(facecolor=colour, label=word) for word, colour in levels]
    if framed:
        handles.append(Patch(fill=False, edgecolor=HISTORY, linewidth=2, label="what happened"))
    close: Look = {"borderaxespad": 0, "borderpad": 0, "columnspacing": 1.8}
    size: Look = {"handlelength": 1.3, "handleheight": 1.1}
    ax.legend(handles=handles, ncols=len(handles), loc="center right", **close, **size)
    return ax


def order_of(rows: Sequence[Row]) -> list[Row]:
    """Crises by what happened, the strongest answer first; within, by the probability of it."""
    return sorted(rows, key=lambda row: (-row.observed, -row.summary.p_levels[row.observed]))


def draw_history(ax: Axes, rows: Sequence[Row]) -> Axes:
    """Stacked bars in groups of the same historical answer, which is framed in each bar.

    Args:
        rows: In the order drawn from the top: the same historical answers stand together.
    """

    def beside(y: float, end: float, words: str, **look: Any) -> None:
        at(ax, (1, y), words, (end, 0), ha="right", annotation_clip=False, **look)

    beside(-0.85, DEFAULT, "default", color=MUTED)
    beside(-0.85, UNCERTAIN, "uncertain", color=MUTED)
    observed = [row.observed for row in rows]
    groups = list(dict.fromkeys(observed))
    places = [k + GAP * groups.index(level) for k, level in enumerate(observed)]
    for y, row in zip(places, rows, strict=True):
        happened, p = row.observed, row.summary.p_levels
        draw_bar(ax, y, p, happened)
        say(ax, -0.012, y, short_title(row.case), ha="right")
        right = row.summary.most_probable == happened
        look: Look = {"color": INK, "fontweight": "bold"} if right else {"color": HISTORY}
        beside(y, DEFAULT, percent(p[happened]), **look)
        beside(y, UNCERTAIN, percent(float(row.over_priors[happened])), color=MUTED)
    for level in sorted(groups):
        words = f"In history the alliance {DID[level]} ({observed.count(level)})"
        say(ax, 0.0, places[observed.index(level)] - 0.85, words, color=MUTED)
    ax.set(xlim=(0, 1), ylim=(max(places) + 0.6, -1.3), xticks=(), yticks=())
    ax.spines[:].set_visible(False)
    return ax


def finding(table: HistoryTable) -> str:
    """How often the most probable answer is the one that came, and how likely what came was."""
    n = len(table.rows)
    right = sum(row.summary.most_probable == row.observed for row in table.rows)
    mean = float(np.mean([row.summary.p_levels[row.observed] for row in table.rows]))
    return (
        f"The most probable answer is the historical one in {right} of {n} crises; what happened "
        f"had a probability of {percent(mean)} on average"
    )


def history_picture(table: HistoryTable) -> Picture:
    """The figure of a history table."""
    rows, one = order_of(table.rows), table.rows[0].ensemble
    groups = len({row.observed for row in rows})
    height = 0.5 + 0.235 * (len(rows) + GAP * groups)
    return Picture(
        finding=finding(table),
        lead="Probability of each answer in %. On the right, that of what happened: with default "
        "parameters, bold where it was the most probable, and with uncertain parameters.",
        source=f"foedus {one.version} · {n_crises(len(rows))}, {runs(one.n_runs)} each, "
        f"seed {one.seed} · {set_by_hand(one.setup)}",
        paint=panels(draw_key, lambda ax: draw_history(ax, rows), heights=(0.25, height - 0.25)),
        height=height,
    )
