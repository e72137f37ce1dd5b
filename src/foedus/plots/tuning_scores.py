"""Scores on the crises tuned to against scores on the others: the trap in tuning, made visible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from foedus.analysis.forecast.overfitting import Fits
from foedus.model.numbers import Array
from foedus.plots.answer_bars import draw_bar, draw_key
from foedus.plots.frame import Canvas, Picture, on_axes
from foedus.plots.marks import DASHED, at, beside, ground, say
from foedus.plots.style import FAINT, HISTORY, INK, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.words import number, percent

Score = Array
"""Mean ranked probability score on the crises tuned to, and on the others (2,)."""

ROOM = 0.06
"""Room for words below and above the dots, in points of the score."""


def draw_fits(
    ax: Axes,
    tried: Sequence[Score] | Array,
    marked: Sequence[tuple[str, Score]],
    fits: Fits,
) -> Axes:
    """A dot a setting: how well it fits the crises tuned to, and how well it does elsewhere.

    Args:
        tried: Of every setting (setting, 2).
        marked: Settings with a name, the last one of them stressed.
        fits: Of the same crises, for their numbers and for the base rate, which is a line.
    """
    x, y = np.asarray(tried).T
    base_rate, n_crises = fits.base_rate, fits.n_crises
    ax.scatter(x, y, s=16, color=LEVEL_COLOURS[1], edgecolor=LEVEL_COLOURS[2], linewidth=0.5)
    ax.axhline(base_rate[1], color=MUTED, zorder=1, **DASHED)
    beside(ax, base_rate[1], "the base rate", 0.99, ha="right", va="bottom", color=MUTED)
    for k, (name, score) in enumerate(marked):
        _mark(ax, name, score, stressed=k == len(marked) - 1, above=k % 2 == 0)
    ax.set(
        xlim=(0, max(x.max(), base_rate[0]) * 1.03),
        ylim=(min(y.min(), base_rate[1]) - ROOM, max(y.max(), base_rate[1]) + ROOM),
        xlabel=f"score on the {n_crises[0]} tuned to (left is better)",
        ylabel=f"score on the {n_crises[1]} others (down is better)",
    )
    ax.grid(visible=True)
    return ax


def _mark(ax: Axes, name: str, score: Score, *, stressed: bool, above: bool) -> None:
    colour = LEVEL_COLOURS[3] if stressed else PAPER
    ax.plot(*score, "D", color=colour, mec=INK, mew=1.0, markersize=8, zorder=4)
    at(
        ax,
        (score[0], score[1]),
        name,
        (7, 24 if above else -24),
        ha="left",
        fontweight="bold" if stressed else "normal",
        color=INK,
        bbox=ground(1.5, 0.85),
        arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.7, "shrinkB": 5},
        zorder=5,
    )


def finding(fits: Fits) -> str:
    """How much the best fit is worth on the crises it was not fitted to."""
    tuned, others = fits.n_crises
    return (
        f"The best of {len(fits.rps):,} settings on {tuned} crises does better than "
        f"{percent(fits.share_beaten)} of the others on the {others} it was not fitted to"
    )


def overfitting_picture(fits: Fits, defaults: Score, source: str) -> Picture:
    """A blind search as a figure, beside the scores of the register's defaults."""
    best = fits.rps[fits.best]
    marked = [("defaults", defaults), (f"best on the {fits.n_crises[0]}", best)]
    return Picture(
        finding=finding(fits),
        lead="Mean ranked probability score of settings drawn blindly from the priors; 50 % of the "
        "others is what picking any setting would give.",
        source=source,
        paint=on_axes(lambda ax: draw_fits(ax, fits.rps, marked, fits)),
        height=4.4,
    )


def tuning_picture(
    bars: Sequence[tuple[str, Array, int]], tried: Sequence[Score], fits: Fits, source: str
) -> Picture:
    """What the sliders do: the crises tuned to on the left, and what it is worth on the right.

    Args:
        bars: The crises tuned to: name, probabilities (level,), and what happened.
        tried: Scores of every setting so far: the defaults first, the present one last.
    """
    first, now = tried[0], tried[-1]
    marked = [("defaults", first), ("now", now)] if len(tried) > 1 else [("defaults", first)]

    def paint(canvas: Canvas) -> None:
        left, right = canvas.subplots(1, 2, width_ratios=(1.15, 1))
        _draw_bars(left, bars)
        draw_fits(right, tried, marked, fits)
        right.plot(*np.transpose(tried), color=FAINT, linewidth=1.0, zorder=1)

    tuned, others = fits.n_crises
    return Picture(
        finding=f"{_moved(f'On the {tuned} crises you look at', first[0], now[0])}; "
        f"{_moved(f'on the {others} others', first[1], now[1])}",
        lead="Left: probability of each answer in %, what happened framed. Right: every setting "
        "you tried leaves a dot. Scores are ranked probability scores, lower is better.",
        source=source,
        paint=paint,
        height=3.3,
    )


def _draw_bars(ax: Axes, bars: Sequence[tuple[str, Array, int]]) -> None:
    for row, (label, p, happened) in enumerate(bars):
        draw_bar(ax, row, p, happened)
        right = int(np.argmax(p)) == happened
        say(ax, -0.02, row, label, ha="right", color=INK if right else HISTORY)
    ax.set(xlim=(0, 1), ylim=(len(bars) - 0.4, -0.6))
    ax.set_axis_off()
    draw_key(ax.inset_axes((0.0, 1.0, 1.0, 0.1)), framed=False)


def _moved(where: str, before: float, after: float) -> str:
    if f"{before:.3f}" == f"{after:.3f}":
        return f"{where}: {number(after, 3)}, as at the defaults"
    word = "better" if after < before else "worse"
    return f"{where}: {number(after, 3)}, {word} than the defaults ({number(before, 3)})"
