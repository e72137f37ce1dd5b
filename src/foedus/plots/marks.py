"""Words and lines that figures set alike: texts in the house sizes, thresholds, axes of shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import PercentFormatter

from foedus.plots.style import INK, PAPER, TYPE

Look = dict[str, Any]

DASHED: Look = {"linewidth": 0.9, "linestyle": (0, (4, 3))}
"""Lines at a threshold, or at a value that holds now."""


def say(ax: Axes, x: float, y: float, text: str, size: str = "small", **look: Any) -> None:
    """Write a text in a size of the house; its middle stands at the height `y`."""
    ax.text(x, y, text, **{"fontsize": TYPE[size], "va": "center", **look})


def beside(ax: Axes, y: float, text: str, x: float = 1.02, **look: Any) -> None:
    """Write a text to the right of the axes, at the height `y` of the data."""
    say(ax, x, y, text, transform=ax.get_yaxis_transform(), **look)


def at(ax: Axes, place: tuple[float, float], text: str, points: tuple[float, float],
       **look: Any) -> None:  # fmt: skip
    """Write a text so many points away from a place in the data."""
    ax.annotate(text, place, xytext=points, textcoords="offset points",
                **{"fontsize": TYPE["small"], "va": "center", **look})  # fmt: skip


def ground(pad: float, alpha: float | None = None) -> Look:
    """A patch of paper below a text that stands on lines."""
    box: Look = {"facecolor": PAPER, "edgecolor": "none", "pad": pad}
    return box if alpha is None else box | {"alpha": alpha}


def name_rows(ax: Axes, names: Sequence[str], size: str | None = "text") -> None:
    """A name at the left of each row, from the top."""
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", labelcolor=INK, **({} if size is None else {"labelsize": TYPE[size]}))


def in_percent(axis: Axis) -> None:
    """Shares on an axis as percentages."""
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
