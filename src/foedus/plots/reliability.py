"""Whether a stated probability comes true as often as it says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import at, in_percent, say
from foedus.plots.style import FAINT, INK, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.words import percent


def draw_reliability(
    ax: Axes, forecast: ArrayLike, frequency: ArrayLike, interval: ArrayLike, counts: ArrayLike
) -> Axes:
    """Mean forecast against frequency by class of forecast, with the diagonal of the honest.

    Parameters
    ----------
    forecast
        Mean probability stated in each class (class,).
    frequency
        How often it came true (class,).
    interval
        Bounds of the frequency that chance alone would allow (class, 2).
    counts
        Forecasts in each class (class,).
    """
    x, y = np.asarray(forecast, dtype=np.float64), np.asarray(frequency, dtype=np.float64)
    bounds, n = np.asarray(interval, dtype=np.float64), np.asarray(counts)
    ax.plot([0, 1], [0, 1], color=FAINT, linewidth=1.4, zorder=1)
    say(ax, 0.03, 0.97, "more came than was said", va="top", color=MUTED)
    say(ax, 0.97, 0.03, "less came than was said", ha="right", va="baseline", color=MUTED)
    for k in range(len(x)):
        ax.plot([x[k], x[k]], bounds[k], color=LEVEL_COLOURS[2], linewidth=1.8, zorder=2)
    ax.plot(x, y, color=LEVEL_COLOURS[3], linewidth=1.0, zorder=2)
    ax.scatter(x, y, s=26 + 10 * n, color=LEVEL_COLOURS[3], edgecolor=PAPER, linewidth=1, zorder=3)
    for k in range(len(x)):
        at(ax, (x[k], y[k]), f"{int(n[k])}", (9, -9), color=INK, ha="left", zorder=4)
    ax.set(
        xlim=(-0.02, 1.02),
        ylim=(-0.04, 1.04),
        xlabel="stated probability",
        ylabel="how often it came true",
    )
    for axis in (ax.xaxis, ax.yaxis):
        in_percent(axis)
    ax.set_aspect("equal")
    ax.grid(visible=True)
    return ax


def finding(forecast: ArrayLike, frequency: ArrayLike, interval: ArrayLike) -> str:
    """In how many classes the truth lies where chance allows, and the worst miss."""
    x, y = np.asarray(forecast, dtype=np.float64), np.asarray(frequency, dtype=np.float64)
    bounds = np.asarray(interval, dtype=np.float64)
    inside = (bounds[:, 0] <= x) & (x <= bounds[:, 1])
    said = f"What was said is compatible with what came in {inside.sum()} of {len(x)} classes"
    if inside.all():
        return said
    worst = int(np.argmax(np.abs(x - y)))
    return (
        f"{said}; at worst {percent(float(x[worst]))} was said and {percent(float(y[worst]))} came"
    )


def reliability_picture(
    classes: Sequence[tuple[float, float, int]], intervals: ArrayLike, source: str
) -> Picture:
    """A reliability diagram as a figure.

    Parameters
    ----------
    classes
        Mean probability stated, how often it came true, and number of forecasts, by class.
    intervals
        Bounds of the frequency (class, 2).
    """
    said, came, counts = zip(*classes, strict=True)
    return Picture(
        finding=finding(said, came, intervals),
        lead="All levels of all crises, in classes of stated probability; bars are 90 % intervals "
        "of the frequency, numbers count the forecasts. Levels of one crisis hang together.",
        source=source,
        paint=on_axes(lambda ax: draw_reliability(ax, said, came, intervals, counts)),
        height=5.0,
    )
