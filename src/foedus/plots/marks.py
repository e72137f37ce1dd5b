"""Words and lines that figures set alike: texts in the house sizes, labels, thresholds, shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import PercentFormatter

from foedus.model.numbers import Array
from foedus.plots.style import INK, PAPER, TYPE

Look = dict[str, Any]
Place = tuple[float, float]

DASHED: Look = {"linewidth": 0.9, "linestyle": (0, (4, 3))}
"""Lines at a threshold, or at a value that holds now."""

LEADER: Look = {"arrowstyle": "-", "relpos": (0, 0.5), "shrinkA": 1}
"""The line from the end of a curve to its name."""


def say(ax: Axes, x: float, y: float, text: str, size: str = "small", **look: Any) -> None:
    """Write a text in a size of the house; its middle stands at the height `y`."""
    ax.text(x, y, text, **{"fontsize": TYPE[size], "va": "center", **look})


def beside(ax: Axes, y: float, text: str, x: float = 1.02, **look: Any) -> None:
    """Write a text to the right of the axes, at the height `y` of the data."""
    say(ax, x, y, text, transform=ax.get_yaxis_transform(), **look)


def name_end(ax: Axes, text: str, end: Place, y: float, line: Look, **look: Any) -> None:
    """Write the name of a curve to the right of the axes at the height `y`, led to its end."""
    beyond: Look = {"xytext": (1.035, y), "textcoords": ax.get_yaxis_transform()}
    leader: Look = {"arrowprops": LEADER | line, "annotation_clip": False}
    ax.annotate(text, end, va="center", fontsize=TYPE["small"], **beyond, **leader, **look)


def at(ax: Axes, place: Place, text: str, points: Place, **look: Any) -> None:
    """Write a text so many points away from a place in the data."""
    away: Look = {"xytext": points, "textcoords": "offset points"}
    ax.annotate(text, place, **{"fontsize": TYPE["small"], "va": "center", **away, **look})


def ground(pad: float, alpha: float | None = None) -> Look:
    """A patch of paper below a text that stands on lines."""
    box: Look = {"facecolor": PAPER, "edgecolor": "none", "pad": pad}
    return box if alpha is None else box | {"alpha": alpha}


def layers(
    ax: Axes, first: float, tops: Array, colours: Sequence[str], floor: float = 0.0, **look: Any
) -> tuple[Array, Array]:
    """Fill the layers below each top, one on the other, a step as wide as each day about its noon.

    Args:
        first: The first day.
        tops: Upper ends of the layers from below (day, layer).

    Returns:
        tuple: Edges of the days (day + 1,), and the tops there, the last day's twice.
    """
    edges = np.arange(len(tops) + 1, dtype=np.float64) + (first - 0.5)
    steps = np.vstack([tops, tops[-1:]])
    below = np.full(len(edges), floor)
    for top, colour in zip(steps.T, colours, strict=True):
        ax.fill_between(edges, below, top, step="post", color=colour, linewidth=0, **look)
        below = top
    return edges, steps


def name_rows(ax: Axes, names: Sequence[str], size: str = "text") -> None:
    """A name at the left of each row, from the top."""
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", labelcolor=INK, labelsize=TYPE[size])


def in_percent(*axes: Axis) -> None:
    """Shares on an axis as percentages."""
    for axis in axes:
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))


def spread_out(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Places as near as can be to the wanted ones, at least `gap` apart.

    Least squares under the order of the wanted places (isotonic regression after taking the
    gaps out), then moved inside the interval. Where the interval is too short the gap shrinks.

    Args:
        wanted: Places in any order.
        gap: Smallest distance between two.
        low, high: The interval to stay in.

    Returns:
        Places in the order of `wanted`; equal ones keep their order.
    """
    n = len(wanted)
    if n > 1:
        gap = min(gap, (high - low) / (n - 1))
    order = sorted(range(n), key=lambda i: (wanted[i], i))
    blocks: list[tuple[float, int]] = []
    for k, i in enumerate(order):
        blocks.append((wanted[i] - k * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, other) = blocks[-2:]
            blocks[-2:] = [((a * m + b * other) / (m + other), m + other)]
    level = [mean for mean, size in blocks for _ in range(size)]
    top = high - (n - 1) * gap
    placed = {i: min(max(level[k], low), top) + k * gap for k, i in enumerate(order)}
    return tuple(placed[i] for i in range(n))
