"""An alliance over decades in one figure: members as ribbons, calls as marks, relevance above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from foedus.chronicle.ribbons import CallMark, Ribbons
from foedus.plots.frame import Canvas, Picture, stacked
from foedus.plots.marks import Look, at, ground, name_rows
from foedus.plots.style import HISTORY, LEVEL_COLOURS, MUTED, PAPER

TRUST = LinearSegmentedColormap.from_list("trust", ["#e39a5e", "#eeeae0", "#1f8069"])
"""From no help expected (orange) to help expected (green)."""

TRUST_SPAN = Normalize(0.25, 0.75)
"""Trust at which the colours end."""

GOT = ("", "got talks", "got aid", "got a force")
SHORT_OF = ("got nothing", "only talks", "only aid")
"""What a caller got, by answer: as it asked, or less."""

BIG = 2.0
"""Calls that asked for this much are named on the ribbon."""

APART = 0.11
"""Share of the years that two such names need between them."""

HALF = 0.32
"""Half the height of a full ribbon, in rows."""

LATE = 4
"""An exit in the last years is named at the right of the ribbons."""

MARGIN = 3.4
"""Years of room at the right for such names."""


def draw_ribbons(ax: Axes, data: Ribbons) -> ScalarMappable:
    """A row a state: as high as the share of runs in which it is in, as green as its trust."""
    for i in range(len(data.states)):
        _ribbon(ax, data, i)
    _leaving(ax, data)
    for mark in data.calls:
        _call(ax, mark)
    for mark in _named(data):
        _call_word(ax, mark, data.years[0] + 0.45 * APART * len(data.years))
    ax.set(ylim=(len(data.states) - 0.4, -0.7), xlim=(data.years[0], data.years[-1] + MARGIN))
    name_rows(ax, data.states)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.grid(visible=True, axis="x")
    return ScalarMappable(TRUST_SPAN, TRUST)


def _ribbon(ax: Axes, data: Ribbons, i: int) -> None:
    whole, cold, colours = [], [], []
    for y, year in enumerate(data.years):
        inside, frozen = data.member[y, i], data.frozen[y, i]
        if inside > 0:
            whole.append(_box(year, i, HALF * inside))
            colours.append(TRUST(TRUST_SPAN(data.trust[y, i])))
        if frozen > 0:
            cold.append(_box(year, i, HALF * frozen))
    ax.add_collection(PolyCollection(whole, facecolors=colours, edgecolors="none", zorder=2))
    hatched = PolyCollection(cold, facecolors=PAPER, edgecolors=MUTED, hatch="////", linewidth=0.4)
    hatched.set_zorder(1.5)
    ax.add_collection(hatched)


def _box(year: int, row: int, half: float) -> list[tuple[float, float]]:
    left, right = year, year + 1.02
    return [(left, row - half), (right, row - half), (right, row + half), (left, row + half)]


def _leaving(ax: Axes, data: Ribbons) -> None:
    words = {"leave": "left", "freeze": "froze"}
    for when, row, kind in data.exits:
        if kind not in words:  # stripes show who was suspended
            continue
        if kind == "leave":
            ax.plot(when, row, marker="x", color=HISTORY, markersize=8, markeredgewidth=2, zorder=6)
        is_late = when > data.years[-1] - LATE
        if is_late and any(r == row and w > when for w, r, _ in data.exits):
            continue  # the later words stand at the same place
        place, away = ((data.years[-1] + 1.0, row), 6) if is_late else ((when, row), 9)
        look: Look = {"ha": "left", "color": HISTORY, "zorder": 7, "bbox": ground(0.8, 0.85)}
        at(ax, place, f"{words[kind]} {int(when)}", (away, 0), **look)


def _call(ax: Axes, mark: CallMark) -> None:
    if mark.asked <= 0:
        ax.plot(mark.place, mark.state, "o", color=MUTED, markersize=3, zorder=4)
        return
    face, edge = (LEVEL_COLOURS[3], PAPER) if mark.kept else (PAPER, HISTORY)
    size = 5 + 2 * mark.asked
    look: Look = {"mfc": face, "mec": edge, "mew": 1 if mark.kept else 2}
    ax.plot(mark.place, mark.state, "o", markersize=size, zorder=5, **look)


def _named(data: Ribbons) -> Iterator[CallMark]:
    """The big calls, where there is room for a word on each."""
    room = APART * len(data.years)
    taken: dict[int, float] = {}
    for mark in data.calls:
        if mark.asked >= BIG and mark.place - taken.get(mark.state, -np.inf) >= room:
            taken[mark.state] = mark.place
            yield mark


def _call_word(ax: Axes, mark: CallMark, least: float) -> None:
    words = (GOT if mark.kept else SHORT_OF)[mark.answer]
    colour = LEVEL_COLOURS[3] if mark.kept else HISTORY
    place = (max(mark.place, least), mark.state - HALF)
    at(ax, place, words, (0, 1.5), color=colour, va="bottom", ha="center", zorder=7)


def draw_relevance(ax: Axes, data: Ribbons) -> Axes:
    """The index and its band."""
    x = np.array(data.years) + 1.0
    ax.fill_between(x, data.low, data.high, color=LEVEL_COLOURS[1], alpha=0.45, linewidth=0)
    ax.plot(x, data.relevance, color=LEVEL_COLOURS[3], linewidth=2)
    ax.set(ylim=(0, 1), yticks=(0, 0.5, 1), xlim=(data.years[0], data.years[-1] + MARGIN))
    last = (x[-1], data.relevance[-1])
    at(ax, last, f"{data.relevance[-1]:.2f}", (6, 0), color=LEVEL_COLOURS[3], weight="bold")
    ax.set_title("Relevance to its members, 0 to 1")
    ax.grid(visible=True)
    return ax


def _key(ax: Axes, scale: ScalarMappable, rows: int) -> None:
    red: dict[str, Any] = {"markeredgecolor": HISTORY, "markersize": 9.0, "markeredgewidth": 2.0}
    handles = [
        _dot(markersize=9.0, markerfacecolor=LEVEL_COLOURS[3], markeredgecolor=PAPER),
        _dot(markerfacecolor=PAPER, **red),
        _dot(markersize=3.0, markerfacecolor=MUTED, markeredgecolor=MUTED),
        Patch(facecolor=_colour(scale, 0.7)),
        Patch(facecolor=_colour(scale, 0.3)),
        Patch(facecolor=PAPER, edgecolor=MUTED, hatch="////"),
        _dot("x", **red),
    ]
    words = (
        "called, and got what it asked for", "called, and got less", "crisis without a call",
        "member that expects help", "member that expects little", "frozen or suspended",
        "left",
    )  # fmt: skip
    ax.legend(handles, words, ncols=4, loc="upper center", bbox_to_anchor=(0.44, -0.5 / rows))


def _dot(marker: str = "o", **look: Any) -> Line2D:
    return Line2D([], [], marker=marker, linestyle="", **look)


def _colour(scale: ScalarMappable, trust: float) -> tuple[float, float, float, float]:
    red, green, blue, alpha = (float(part) for part in scale.to_rgba(np.array([trust]))[0])
    return red, green, blue, alpha


def finding(data: Ribbons) -> str:
    """Calls, answers and members in one sentence."""
    calls = [mark for mark in data.calls if mark.asked > 0]
    kept, ever = sum(mark.kept for mark in calls), len(data.states)
    if not data.is_history:
        still = float(data.member[-1].sum())
        who = f"{ever} allies of {_named_state(data.lead_state)}"
        return f"Simulated: on average {still:.1f} of {who} are in good standing"
    answered = f"{kept} of {len(calls)} calls for help were met" if calls else ""
    return "; ".join(filter(None, (answered or "Nobody called for help", _remaining(data))))


def _remaining(data: Ribbons) -> str:
    ever, still = len(data.states), round(float(data.member[-1].sum()))
    if not still:
        return f"none of the {ever} allies of {_named_state(data.lead_state)} remains"
    many = "all" if still == ever else f"{still} of"
    return f"{many} {ever} allies of {_named_state(data.lead_state)} are in good standing"


def _named_state(name: str) -> str:
    return f"the {name}" if name.startswith("United ") or name.endswith(" Union") else name


def chronicle_picture(data: Ribbons, source: str) -> Picture:
    """The chronicle as a figure."""

    def paint(canvas: Canvas) -> None:
        rows = len(data.states)
        top, below = stacked(canvas, 1.1, 0.4 * rows, sharex=True)
        draw_relevance(top, data)
        _key(below, draw_ribbons(below, data), rows)

    return Picture(
        finding=finding(data),
        lead=f"{data.name}, {data.years[0]} to {data.years[-1]}. A ribbon is a member: green where "
        "it expects help when it calls, orange where it expects little.",
        source=source,
        paint=paint,
        height=1.9 + 0.4 * len(data.states),
    )
