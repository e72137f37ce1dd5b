"""Model against history, one bar a crisis: how likely each answer was, and which one came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from foedus.analysis.forecast.history import HistoryTable
from foedus.data.terms import Level
from foedus.plots.bars import draw_bar, draw_key
from foedus.plots.frame import Canvas, Picture, stacked
from foedus.plots.marks import Look, at, say
from foedus.plots.style import HISTORY, INK, MUTED
from foedus.plots.words import DID, n_crises, percent, runs, short_title

GAP = 1.25
"""Room between two groups, in bars."""
NUMBERS = (40, 92)
"""Where the two numbers beside a bar end, points."""
HEADS = ("default", "uncertain")
"""Over the two numbers."""


def order_of(p_levels: ArrayLike, observed: Sequence[int]) -> list[int]:
    """Crises by what happened, the strongest answer first; within, by the probability of it."""
    p = np.asarray(p_levels, dtype=np.float64)
    return sorted(range(len(observed)), key=lambda i: (-observed[i], -p[i, observed[i]], i))


def draw_history(
    ax: Axes,
    labels: Sequence[str],
    p_levels: ArrayLike,
    observed: Sequence[int],
    over_priors: ArrayLike,
) -> Axes:
    """Stacked bars in groups of the same historical answer, which is framed in each bar.

    Parameters
    ----------
    labels
        Names of the crises (crisis,), in the order drawn from the top.
    p_levels
        Probabilities (crisis, level).
    observed
        What happened (crisis,), grouped: the same levels stand together.
    over_priors
        Probability of what happened when the parameters are drawn too (crisis,).
    """
    p = np.asarray(p_levels, dtype=np.float64)
    y = _rows(observed)
    for word, right in zip(HEADS, NUMBERS, strict=True):
        at(ax, (1, -0.85), word, (right, 0), ha="right", annotation_clip=False, color=MUTED)
    for row, (label, happened) in enumerate(zip(labels, observed, strict=True)):
        draw_bar(ax, y[row], p[row], happened)
        say(ax, -0.012, y[row], label, ha="right")
        right = int(np.argmax(p[row])) == happened
        look: Look = {"color": INK, "fontweight": "bold"} if right else {"color": HISTORY}
        drawn = percent(float(np.asarray(over_priors)[row]))
        number = percent(p[row, happened])
        at(ax, (1, y[row]), number, (NUMBERS[0], 0), ha="right", annotation_clip=False, **look)
        muted: Look = {"color": MUTED, "annotation_clip": False}
        at(ax, (1, y[row]), drawn, (NUMBERS[1], 0), ha="right", **muted)
    for level in sorted(set(observed)):
        first, n = list(observed).index(level), list(observed).count(level)
        words = f"In history the alliance {DID[Level(level)]} ({n})"
        say(ax, 0.0, y[first] - 0.85, words, color=MUTED)
    ax.set(xlim=(0, 1), ylim=(max(y, default=0) + 0.6, -1.3), xticks=(), yticks=())
    ax.spines[:].set_visible(False)
    return ax


def _rows(observed: Sequence[int]) -> list[float]:
    rows: list[float] = []
    for k, level in enumerate(observed):
        new = k > 0 and level != observed[k - 1]
        rows.append(rows[-1] + 1 + (GAP if new else 0) if rows else 0.0)
    return rows


def finding(table: HistoryTable) -> str:
    """How often the most probable answer is the one that came, and how likely what came was."""
    n = len(table.rows)
    right = sum(row.summary.most_probable == row.observed for row in table.rows)
    mean = float(np.mean([row.summary.p_levels[row.observed] for row in table.rows]))
    return (
        f"The most probable answer is the historical one in {right} of {n} crises; what happened "
        f"had a probability of {percent(mean)} on average"
    )


def history_picture(table: HistoryTable, changed: str = "default parameters") -> Picture:
    """The figure of a history table.

    Parameters
    ----------
    changed
        What differs from the register, for the source line.
    """
    p = np.array([row.summary.p_levels for row in table.rows])
    observed = [int(row.observed) for row in table.rows]
    order = order_of(p, observed)
    labels = [short_title(table.rows[i].case) for i in order]

    def paint(canvas: Canvas) -> None:
        key, bars = stacked(canvas, 0.25, picture.height - 0.25)
        draw_key(key)
        happened = [observed[i] for i in order]
        averaged = [table.rows[i].over_priors[observed[i]] for i in order]
        draw_history(bars, labels, p[order], happened, averaged)

    one = table.rows[0].ensemble
    groups = len(set(observed))
    picture = Picture(
        finding=finding(table),
        lead=(
            "Probability of each answer in %. On the right, that of what happened: with default "
            "parameters, bold where it was the most probable, and with uncertain parameters."
        ),
        source=(
            f"foedus {one.version} · {n_crises(len(order))}, {runs(one.n_runs)} each, "
            f"seed {one.seed} · {changed}"
        ),
        paint=paint,
        height=0.5 + 0.235 * (len(order) + GAP * groups),
    )
    return picture
