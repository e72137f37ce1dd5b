"""Bars of the four levels, the frame round what happened, and their key."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from foedus.data.terms import LEVELS
from foedus.model.numbers import Array
from foedus.plots.marks import Look, say
from foedus.plots.style import HISTORY, LEVEL_COLOURS, ON_LEVEL, PAPER


def draw_bar(ax: Axes, y: float, p: Array, happened: int | None, height: float = 0.74) -> None:
    """One stacked bar from 0 to 1 with the share of each level, and a frame round one of them."""
    left = 0.0
    for level, share in enumerate(p):
        ax.barh(y, share, height, left, color=LEVEL_COLOURS[level], edgecolor=PAPER, linewidth=0.8)
        if share >= 0.075:
            middle = left + share / 2
            say(ax, middle, y, f"{100 * share:.0f}", ha="center", color=ON_LEVEL[level])
        left += share
    if happened is not None:
        start = float(np.sum(p[:happened]))
        draw_frame(ax, start, y - height / 2, float(p[happened]), height)


def draw_frame(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    """Frame what happened; a share too small to frame still shows as a stroke."""
    look: Look = {"fill": False, "joinstyle": "miter", "clip_on": False, "zorder": 4}
    for colour, line in ((PAPER, 4.0), (HISTORY, 2.0)):
        frame = Rectangle((x, y), max(width, 0.002), height, **look)
        frame.set(edgecolor=colour, linewidth=line)
        ax.add_patch(frame)


def draw_key(ax: Axes, framed: str | None = "what happened") -> Axes:
    """The four levels, and the frame, in one line."""
    ax.set_axis_off()
    handles = [
        Patch(facecolor=colour, label=word)
        for colour, word in zip(LEVEL_COLOURS, LEVELS, strict=True)
    ]
    if framed is not None:
        handles.append(Patch(fill=False, edgecolor=HISTORY, linewidth=2, label=framed))
    close: Look = {"borderaxespad": 0, "borderpad": 0, "columnspacing": 1.8}
    size: Look = {"handlelength": 1.3, "handleheight": 1.1}
    close["loc"] = "center right"  # where names of crises leave room
    ax.legend(handles=handles, ncols=len(handles), **close, **size)
    return ax
