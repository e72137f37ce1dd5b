"""How likely each answer is as one number moves, or two, or all attributes of one side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from foedus.analysis.explain.control import LEAD_STATE, OTHERS, Turn, turns_of
from foedus.analysis.explain.response import Response, Surface, response_curve
from foedus.data.terms import LEVELS, Level
from foedus.errors import UsageError
from foedus.model.numbers import Array
from foedus.model.setup import Setup
from foedus.plots.frame import Picture, panels
from foedus.plots.marks import DASHED, Look, in_percent, name_end, say, spread_out
from foedus.plots.style import INK, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.wanted import Wanted
from foedus.plots.words import meaning_of, percent, short_title

HARDLY = 0.05
"""A probability that moves by less over all values hardly changes."""
RAMP = LinearSegmentedColormap.from_list("deploy", [PAPER, *LEVEL_COLOURS[1:]])
"""From never (paper) to always (the colour of `deploy`)."""


def draw_response(ax: Axes, curve: Response) -> Axes:
    """One line a level with a band of two standard errors; the value in force is marked."""
    x, p, now = curve.values, curve.p_levels, curve.now
    marks = ("o", "s", "D", "^")  # lines differ without their colour
    casing = [patheffects.Stroke(linewidth=3.6, foreground=INK), patheffects.Normal()]
    if isfinite(now):
        ax.axvline(now, color=MUTED, zorder=1, **DASHED)
        look: Look = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "bottom"}
        say(ax, now, 1.015, f"now {now:g}", color=MUTED, **look)
    for level, colour in enumerate(LEVEL_COLOURS):
        y, band = p[:, level], 2 * curve.errors[:, level]
        low, high = np.clip(y - band, 0, 1), np.clip(y + band, 0, 1)
        ax.fill_between(x, low, high, color=colour, alpha=0.45, linewidth=0, zorder=2)
        line: Look = {"color": colour, "clip_on": False}
        ax.plot(x, y, linewidth=2.4, path_effects=casing, zorder=3, **line)
        mark: Look = {"marker": marks[level], "mec": INK, "mew": 0.7, "markersize": 5}
        ax.plot(x, y, ls="", zorder=4, **mark, **line)
    for level, place in enumerate(spread_out(list(p[-1]), 0.062, 0.02, 0.98)):
        last = float(p[-1, level])
        leader: Look = {"color": LEVEL_COLOURS[level], "linewidth": 1.6, "shrinkB": 4}
        across: Look = {"xycoords": ax.get_yaxis_transform()}
        name_end(ax, f"{LEVELS[level]} {percent(last)}", (1.0, last), place, leader, **across)
    ax.set(xlim=(x.min(), x.max()), ylim=(0, 1), xlabel=f"{curve.name}: {meaning_of(curve.name)}")
    in_percent(ax.yaxis)
    ax.grid(axis="y")
    return ax


def finding(curve: Response) -> str:
    """How `deploy`, or what moves most, and the most probable answer change along the values."""
    x, p = curve.values, curve.p_levels
    likeliest = p.argmax(axis=1)
    turns = np.flatnonzero(np.diff(likeliest)) + 1
    first = LEVELS[likeliest[0]]
    along = f"as {curve.name} goes from {x[0]:g} to {x[-1]:g}"
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


def response_picture(wanted: Wanted) -> Picture:
    """A response curve as a figure.

    Raises:
        UsageError: If it is not said what it follows.
    """
    if wanted.along is None:
        raise UsageError("plot response needs --along NAME, e.g. --along rho or --along threat")
    setup = wanted.case
    curve = response_curve(setup, wanted.along, n_runs=wanted.n_runs, seed=wanted.seed)
    return Picture(
        finding=f"{short_title(setup.case)}: {finding(curve)}",
        lead="Probability of each answer under the same chance at every value; bands are two "
        "standard errors of the runs.",
        source=wanted.source(wanted.n_runs),
        paint=panels(lambda ax: draw_response(ax, curve)),
        height=4.2,
    )


def draw_surface(ax: Axes, surface: Surface) -> Axes:
    """Shares of `deploy` as bands of colour with lines every 10 %, the even chance drawn bold."""
    y, x, z = surface.first, surface.second, surface.p_levels[:, :, Level.DEPLOY]
    steps = np.linspace(0, 1, 11)
    ax.contourf(x, y, z, levels=steps, cmap=RAMP, vmin=0, vmax=1)
    inside = [step for step in steps if z.min() < step < z.max()]
    if inside:
        widths = [2.4 if np.isclose(step, 0.5) else 0.8 for step in inside]
        lines = ax.contour(x, y, z, levels=inside, colors=INK, linewidths=widths)
        places = [place for level in lines.allsegs for place in _middles(level, x, y)]
        ax.clabel(lines, fmt=lambda level: percent(level), fontsize=8.5, manual=places)
    ax.set(xlabel=surface.names[1], ylabel=surface.names[0])
    return ax


def _middles(segments: Iterable[Array], x: Array, y: Array) -> Iterator[tuple[float, float]]:
    """The middle of each line, where it is far enough from the frame for its words."""
    low, size = np.array([x[0], y[0]]), np.array([np.ptp(x), np.ptp(y)])
    for points in segments:
        share = (points - low) / size
        along = np.concatenate([[0.0], np.hypot(*np.diff(share, axis=0).T).cumsum()])
        middle = [np.interp(along[-1] / 2, along, column) for column in share.T]
        if all(0.045 <= part <= 0.955 for part in middle):
            yield tuple(low + size * middle)


def surface_picture(surface: Surface, setup: Setup) -> Picture:
    """How likely a force is as two parameters or attributes move together, as a figure."""
    share = surface.p_levels[:, :, Level.DEPLOY]
    low, high = percent(float(share.min())), percent(float(share.max()))
    first, second = surface.names
    return Picture(
        finding=f"{short_title(setup.case)}: a force is between {low} and {high} likely as {first} "
        f"and {second} move together",
        lead="Probability of deploy under the same chance everywhere; along a line what one "
        "number takes away the other makes up for. Bold: even chance.",
        source=Wanted(setup, seed=surface.seed).source(surface.n_runs),
        paint=panels(lambda ax: draw_surface(ax, surface)),
        height=4.4,
    )


def draw_turns(ax: Axes, turns: Sequence[Turn], lead_state: str) -> Axes:
    """A bar from worst to best for each group, side by side at each rho."""
    sides = {
        LEAD_STATE: (-0.16, LEVEL_COLOURS[3], f"{lead_state}'s own attributes"),
        OTHERS: (0.16, LEVEL_COLOURS[1], "those of all others"),
    }
    rhos = sorted({turn.rho for turn in turns})
    for turn in turns:
        offset, colour, _ = sides[turn.group]
        x = rhos.index(turn.rho) + offset
        low, high = sorted((turn.p_worst, turn.p_best))
        ax.bar(x, max(high - low, 0.006), 0.26, low, color=colour)
        say(ax, x, high + 0.04, f"{100 * high:.0f}", ha="center", color=INK)
        say(ax, x, low - 0.04, f"{100 * low:.0f}", ha="center", color=MUTED)
    for _, colour, label in sides.values():
        ax.bar(0, 0, color=colour, label=label)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    ax.set(ylim=(-0.08, 1.08), yticks=(0, 0.5, 1), ylabel="probability of a force")
    ax.set_xticks(range(len(rhos)), [f"ρ = {rho:g}" for rho in rhos])
    in_percent(ax.yaxis)
    return ax


def turns_said(turns: Sequence[Turn], lead_state: str) -> str:
    """How far each can move the answer at the highest rho."""
    most = max(turn.rho for turn in turns)
    spans = {turn.group: (turn.p_worst, turn.p_best) for turn in turns if turn.rho == most}
    (a, b), (c, d) = (map(percent, spans[group]) for group in (LEAD_STATE, OTHERS))
    others = f"leave it at {c}" if c == d else f"from {c} to {d}"
    return (
        f"At ρ = {most:g} {lead_state} moves the chance of a force from {a} to {b}; "
        f"all others together {others}"
    )


def control_picture(wanted: Wanted) -> Picture:
    """Who can turn the answer of one crisis, as a figure."""
    case = wanted.case.case
    turns = turns_of(wanted.case, wanted.n_runs, wanted.seed)
    lead_state = case.alliance.states[case.patron]
    return Picture(
        finding=turns_said(turns, lead_state),
        lead=f"{short_title(case)}. Bars: from all attributes (alignment, stake, ties, "
        "overextension) at their worst for a force to all at their best. ρ is the strength of "
        "influence; at 0 nobody listens to anybody.",
        source=wanted.source(wanted.n_runs),
        paint=panels(lambda ax: draw_turns(ax, turns, lead_state)),
        height=3.4,
    )
