"""How likely a force is as two parameters or attributes move together."""

from __future__ import annotations

from importlib.metadata import version as installed_version

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import ArrayLike

from foedus.analysis.explain.response import Surface
from foedus.data.terms import Level
from foedus.model.setup import Setup
from foedus.plots.frame import Picture, on_axes
from foedus.plots.style import INK, LEVEL_COLOURS, PAPER
from foedus.plots.words import percent, short_title, source_of

RAMP = LinearSegmentedColormap.from_list("deploy", [PAPER, *LEVEL_COLOURS[1:]])
"""From never (paper) to always (the colour of `deploy`)."""


def draw_surface(
    ax: Axes, first: ArrayLike, second: ArrayLike, share: ArrayLike, names: tuple[str, str]
) -> Axes:
    """Shares as bands of colour with lines every 10 %, the even chance drawn bold.

    Parameters
    ----------
    first, second
        Values along the vertical (first,) and the horizontal (second,).
    share
        Probabilities (first, second).
    names
        Of the two, for the axes.
    """
    y, x, z = (np.asarray(values, dtype=np.float64) for values in (first, second, share))
    steps = np.linspace(0, 1, 11)
    ax.contourf(x, y, z, levels=steps, cmap=RAMP, vmin=0, vmax=1)
    inside = [step for step in steps if z.min() < step < z.max()]
    if inside:
        widths = [2.4 if np.isclose(step, 0.5) else 0.8 for step in inside]
        lines = ax.contour(x, y, z, levels=inside, colors=INK, linewidths=widths)
        ax.clabel(lines, fmt=lambda level: percent(level), fontsize=8.5)
    ax.set(xlabel=names[1], ylabel=names[0])
    return ax


def surface_picture(surface: Surface, setup: Setup) -> Picture:
    """A response surface of `deploy` as a figure."""
    share = surface.p_levels[:, :, Level.DEPLOY]
    low, high = percent(float(share.min())), percent(float(share.max()))
    values = (surface.first, surface.second)
    first, second = surface.names
    return Picture(
        finding=f"{short_title(setup.case)}: a force is between {low} and {high} likely as {first} "
        f"and {second} move together",
        lead="Probability of deploy under the same chance everywhere; along a line what one "
        "number takes away the other makes up for. Bold: even chance.",
        source=source_of(setup, surface.seed, surface.n_runs, installed_version("foedus")),
        paint=on_axes(lambda ax: draw_surface(ax, *values, share, surface.names)),
        height=4.4,
    )
