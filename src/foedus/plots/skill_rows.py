"""Scores of theories and baselines with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from foedus.analysis.forecast.tournament import Tournament
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import beside, name_rows
from foedus.plots.style import INK, LEVEL_COLOURS, MUTED
from foedus.plots.words import signed

LOOKS = {
    "baseline": ("s", MUTED, "baseline"),
    "prior": ("o", LEVEL_COLOURS[1], "theory, nothing fitted"),
    "calibrated": ("D", LEVEL_COLOURS[3], "theory, calibrated on the other crises"),
    "mixture": ("v", LEVEL_COLOURS[2], "all theories mixed"),
    "given": ("^", LEVEL_COLOURS[2], "parameters given"),
}
"""Mark, colour and words for each kind of forecaster."""


def draw_scores(
    ax: Axes, names: Sequence[str], kinds: Sequence[str], skill: ArrayLike, interval: ArrayLike
) -> Axes:
    """One row a forecaster, the best first: skill against the base rate and its interval.

    Parameters
    ----------
    names, kinds
        What each is called, and of which kind: a key of :data:`LOOKS` (forecaster,).
    skill
        Ranked-probability skill (forecaster,).
    interval
        Its bounds (forecaster, 2).
    """
    value = np.asarray(skill, dtype=np.float64)
    bounds = np.asarray(interval, dtype=np.float64)
    order = np.argsort(-value, kind="stable")
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for y, k in enumerate(order):
        mark, colour, _ = LOOKS.get(kinds[k], LOOKS["prior"])
        ax.plot(bounds[k], [y, y], color=colour, linewidth=2.2, zorder=2)
        ax.plot([value[k]], [y], mark, color=colour, mec=INK, mew=0.8, markersize=8, zorder=3)
        beside(ax, y, signed(value[k]))
    name_rows(ax, [names[k] for k in order], "small")
    for kind, (mark, colour, words) in LOOKS.items():
        if kind in kinds:
            ax.plot([], [], mark, color=colour, mec=INK, mew=0.8, label=words)
    above = (0.4, 1.0 + 0.5 / max(1, len(order)))
    ax.legend(loc="upper center", bbox_to_anchor=above, ncols=4, borderpad=0, handletextpad=0.3)
    low = min(float(bounds.min()), 0.0)
    ax.set(
        xlim=(max(low, -1.0) - 0.05, 1.0),
        ylim=(len(order) - 0.4, -1.0),
        xlabel="skill against the base rate: 1 is perfect, 0 no better, below 0 worse",
    )
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def finding(
    names: Sequence[str], kinds: Sequence[str], skill: ArrayLike, interval: ArrayLike
) -> str:
    """Who forecasts best, and whether it can be told from the best baseline."""
    value, bounds = np.asarray(skill), np.asarray(interval)
    best = int(np.argmax(value))
    kind = {"prior": ", nothing fitted,", "calibrated": ", calibrated,"}.get(kinds[best], "")
    said = f"'{names[best]}'{kind} forecasts best (skill {signed(float(value[best]))})"
    rivals = [k for k, kind in enumerate(kinds) if kind == "baseline" and k != best]
    if not rivals or kinds[best] == "baseline":
        return said
    rival = max(rivals, key=lambda k: value[k])
    overlaps = bounds[best, 0] <= bounds[rival, 1]
    apart = "their intervals overlap" if overlaps else "their intervals do not overlap"
    return f"{said}; the best baseline is '{names[rival]}' ({signed(float(value[rival]))}), {apart}"


def tournament_picture(held: Tournament, source: str) -> Picture:
    """Scores as a figure."""
    entries = held.entries
    names, kinds = [one.name for one in entries], [one.kind for one in entries]
    skill, interval = [one.skill for one in entries], [one.interval for one in entries]
    return Picture(
        finding=finding(names, kinds, skill, interval),
        lead=f"Ranked-probability skill on {len(held.panel)} crises, each forecast without itself "
        "where anything was learned; lines hold 90 % of bootstrap samples of crises.",
        source=source,
        paint=on_axes(lambda ax: draw_scores(ax, names, kinds, skill, interval)),
        height=0.95 + 0.34 * len(names),
    )
