"""How likely each answer is as one parameter or attribute moves."""

from __future__ import annotations

from math import isfinite

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from foedus.analysis.explain.response import Response
from foedus.data.terms import LEVELS, Level
from foedus.model.numbers import Array
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import DASHED, Look, in_percent, say
from foedus.plots.spacing import spread_out
from foedus.plots.style import INK, LEVEL_COLOURS, MUTED, TYPE
from foedus.plots.words import meaning_of, percent

HARDLY = 0.05
"""A probability that moves by less over all values hardly changes."""

MARKS = ("o", "s", "D", "^")
"""A mark for each level, so that lines differ without their colour."""


def draw_response(
    ax: Axes,
    values: ArrayLike,
    p_levels: ArrayLike,
    errors: ArrayLike,
    label: str,
    now: float | None = None,
) -> Axes:
    """One line a level with a band of two standard errors.

    Parameters
    ----------
    values
        Values of the parameter or attribute (value,).
    p_levels, errors
        Probabilities and their standard errors (value, level).
    label
        As printed below the axis.
    now
        The value of the scenario or register, marked with a line.
    """
    x = np.asarray(values, dtype=np.float64)
    p, e = np.asarray(p_levels, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    casing = [patheffects.Stroke(linewidth=3.6, foreground=INK), patheffects.Normal()]
    if now is not None:
        ax.axvline(now, color=MUTED, zorder=1, **DASHED)
        look: Look = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "bottom"}
        say(ax, now, 1.015, f"now {now:g}", color=MUTED, **look)
    for level, colour in enumerate(LEVEL_COLOURS):
        y, band = p[:, level], 2 * e[:, level]
        low, high = np.clip(y - band, 0, 1), np.clip(y + band, 0, 1)
        ax.fill_between(x, low, high, color=colour, alpha=0.45, linewidth=0, zorder=2)
        line: Look = {"color": colour, "clip_on": False}
        ax.plot(x, y, linewidth=2.4, path_effects=casing, zorder=3, **line)
        mark: Look = {"marker": MARKS[level], "mec": INK, "mew": 0.7, "markersize": 5}
        ax.plot(x, y, ls="", zorder=4, **mark, **line)
    _name_lines(ax, p[-1])
    ax.set(xlim=(x.min(), x.max()), ylim=(0, 1), xlabel=label)
    in_percent(ax.yaxis)
    ax.grid(axis="y")
    return ax


def _name_lines(ax: Axes, last: Array) -> None:
    for level, y in enumerate(spread_out(list(last), 0.062, 0.02, 0.98)):
        ax.annotate(
            f"{LEVELS[level]} {percent(float(last[level]))}",
            xy=(1.0, last[level]),
            xycoords=ax.get_yaxis_transform(),
            xytext=(1.035, y),
            textcoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=TYPE["small"],
            arrowprops={
                "arrowstyle": "-",
                "color": LEVEL_COLOURS[level],
                "linewidth": 1.6,
                "relpos": (0, 0.5),
                "shrinkA": 1,
                "shrinkB": 4,
            },
            annotation_clip=False,
        )


def finding(values: ArrayLike, p_levels: ArrayLike, name: str) -> str:
    """How `deploy`, or what moves most, and the most probable answer change along the values."""
    x, p = np.asarray(values, dtype=np.float64), np.asarray(p_levels, dtype=np.float64)
    likeliest = p.argmax(axis=1)
    turns = np.flatnonzero(np.diff(likeliest)) + 1
    first = LEVELS[likeliest[0]]
    along = f"as {name} goes from {x[0]:g} to {x[-1]:g}"
    reach = np.ptp(p, axis=0)
    if reach.max() < HARDLY and len(turns) == 0:
        same = p[:, likeliest[0]]
        ends = dict.fromkeys(percent(float(end)) for end in (same.min(), same.max()))
        return f"hardly anything changes {along}; {first} stays at {' to '.join(ends)}"
    most = Level.DEPLOY if reach[Level.DEPLOY] >= HARDLY else int(np.argmax(reach))
    start, stop = (percent(float(p[k, most])) for k in (0, -1))
    moved = f"{LEVELS[most]} goes from {start} to {stop} {along}"
    if len(turns) == 0:
        return f"{moved}; {first} is the most probable answer throughout"
    steps = ", ".join(f"{LEVELS[likeliest[k]]} from {x[k]:.3g}" for k in turns)
    return f"{moved}; the most probable answer is {first} at first, {steps}"


def response_picture(title: str, curve: Response, source: str) -> Picture:
    """A response curve as a figure."""
    name, label = curve.name, f"{curve.name}: {meaning_of(curve.name)}"
    now = curve.now if isfinite(curve.now) else None
    values, p, errors = curve.values, curve.p_levels, curve.errors
    return Picture(
        finding=f"{title}: {finding(values, p, name)}",
        lead="Probability of each answer under the same chance at every value; bands are two "
        "standard errors of the runs.",
        source=source,
        paint=on_axes(lambda ax: draw_response(ax, values, p, errors, label, now)),
        height=4.2,
    )
