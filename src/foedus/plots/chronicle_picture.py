"""An alliance over decades in one figure: members as ribbons, calls as marks, relevance above."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from foedus.chronicle.year_summary import CallMark, Ribbons
from foedus.data.terms import Level
from foedus.model.numbers import Array
from foedus.plots.frame import Picture, panels
from foedus.plots.marks import Look, at, ground, name_rows
from foedus.plots.style import HISTORY, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.words import HELP

TRUST = LinearSegmentedColormap.from_list("trust", ["#e39a5e", "#eeeae0", "#1f8069"])
"""From no help expected (orange) to help expected (green)."""
TRUST_SPAN = Normalize(0.25, 0.75)
"""Trust at which the colours end."""
APART = 0.11
"""Share of the years that the names of two calls on a ribbon need between them."""
HALF = 0.32
"""Half the height of a full ribbon, in rows."""
MARGIN = 3.4
"""Years of room at the right, for the names of late exits."""


def draw_ribbons(ax: Axes, data: Ribbons) -> Axes:
    """A row a state: as high as the share of runs in which it is in, as green as its trust."""
    for i in range(len(data.states)):
        _ribbon(ax, data, i)
    for leaving in data.exits:
        _leaving(ax, data, *leaving)
    for mark in data.calls:
        _call(ax, mark)
    for mark in _named(data):
        _answer(ax, data, mark)
    ax.set(ylim=(len(data.states) - 0.4, -0.7), xlim=(data.years[0], data.years[-1] + MARGIN))
    name_rows(ax, data.states)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.grid(visible=True, axis="x")
    _key(ax, len(data.states))
    return ax


def _ribbon(ax: Axes, data: Ribbons, i: int) -> None:
    def boxes(shares: Array) -> list[list[tuple[float, float]]]:
        """One a year of some share, as high as that is."""
        high = zip(data.years, HALF * shares, strict=True)
        return [
            [(x, i - half), (x + 1.02, i - half), (x + 1.02, i + half), (x, i + half)]
            for x, half in high
            if half > 0
        ]

    colours = TRUST(TRUST_SPAN(data.trust.mean[data.member[:, i] > 0, i]))
    whole = PolyCollection(boxes(data.member[:, i]), facecolors=colours, edgecolors="none")
    whole.set_zorder(2)
    cold: Look = {"facecolors": PAPER, "edgecolors": MUTED, "hatch": "////", "linewidth": 0.4}
    ax.add_collection(whole)
    ax.add_collection(PolyCollection(boxes(data.frozen[:, i]), zorder=1.5, **cold))


def _leaving(ax: Axes, data: Ribbons, when: float, row: int, kind: str) -> None:
    """A cross where a state left, and when; stripes show who was suspended."""
    if kind == "leave":
        ax.plot(when, row, marker="x", color=HISTORY, markersize=8, markeredgewidth=2, zorder=6)
    words = {"leave": "left", "freeze": "froze"}
    is_late = when > data.years[-1] - 4
    later = any(r == row and w > when for w, r, _ in data.exits)
    if kind in words and not (is_late and later):  # the later words stand at the same place
        place, away = ((data.years[-1] + 1.0, row), 6) if is_late else ((when, row), 9)
        look: Look = {"ha": "left", "color": HISTORY, "zorder": 7, "bbox": ground(0.8, 0.85)}
        at(ax, place, f"{words[kind]} {int(when)}", (away, 0), **look)


def _call(ax: Axes, mark: CallMark) -> None:
    look: Look = {"color": MUTED, "markersize": 3, "zorder": 4}
    if mark.asked > 0:
        kept: Look = {"mfc": LEVEL_COLOURS[3], "mec": PAPER, "mew": 1}
        less: Look = {"mfc": PAPER, "mec": HISTORY, "mew": 2}
        look = {"markersize": 5 + 2 * mark.asked, "zorder": 5, **(kept if mark.kept else less)}
    ax.plot(mark.place, mark.state, "o", **look)


def _named(data: Ribbons) -> Iterator[CallMark]:
    """The calls for support or more, where there is room for a word on each."""
    taken: dict[int, float] = {}
    for mark in data.calls:
        room = mark.place - taken.get(mark.state, -np.inf)
        if mark.asked >= Level.SUPPORT and room >= APART * len(data.years):
            taken[mark.state] = mark.place
            yield mark


def _answer(ax: Axes, data: Ribbons, mark: CallMark) -> None:
    """What a call got, above it."""
    got = "got" if mark.kept or not mark.answer else "only"
    x = max(mark.place, data.years[0] + 0.45 * APART * len(data.years))
    look: Look = {"color": LEVEL_COLOURS[3] if mark.kept else HISTORY, "va": "bottom"}
    words = f"{got} {HELP[mark.answer]}"
    at(ax, (x, mark.state - HALF), words, (0, 1.5), ha="center", zorder=7, **look)


def draw_relevance(ax: Axes, data: Ribbons) -> Axes:
    """The index and its band."""
    x = np.array(data.years) + 1.0
    mean, low, high = data.relevance
    ax.fill_between(x, low, high, color=LEVEL_COLOURS[1], alpha=0.45, linewidth=0)
    ax.plot(x, mean, color=LEVEL_COLOURS[3], linewidth=2)
    ax.set(ylim=(0, 1), yticks=(0, 0.5, 1), xlim=(data.years[0], data.years[-1] + MARGIN))
    last = (x[-1], mean[-1])
    at(ax, last, f"{mean[-1]:.2f}", (6, 0), color=LEVEL_COLOURS[3], weight="bold")
    ax.set_title("Relevance to its members, 0 to 1")
    ax.grid(visible=True)
    return ax


def _key(ax: Axes, rows: int) -> None:
    red: Look = {"mec": HISTORY, "markersize": 9.0, "mew": 2.0, "ls": ""}
    blue: Look = {"mfc": LEVEL_COLOURS[3], "mec": PAPER, "markersize": 9.0, "ls": ""}
    grey: Look = {"mfc": MUTED, "mec": MUTED, "markersize": 3.0, "ls": ""}
    friend, cool = (TRUST(TRUST_SPAN(trust)) for trust in (0.7, 0.3))
    key = {
        "called, and got what it asked for": Line2D([], [], marker="o", **blue),
        "called, and got less": Line2D([], [], marker="o", mfc=PAPER, **red),
        "crisis without a call": Line2D([], [], marker="o", **grey),
        "member that expects help": Patch(facecolor=friend),
        "member that expects little": Patch(facecolor=cool),
        "frozen or suspended": Patch(facecolor=PAPER, edgecolor=MUTED, hatch="////"),
        "left": Line2D([], [], marker="x", **red),
    }
    place: Look = {"loc": "upper center", "bbox_to_anchor": (0.44, -0.5 / rows)}
    ax.legend(key.values(), key.keys(), ncols=4, **place)


def finding(data: Ribbons) -> str:
    """Calls, answers and members in one sentence."""
    ever, still = len(data.states), float(data.member[-1].sum())
    lead = data.lead_state
    the = "the " if lead.startswith("United ") or lead.endswith(" Union") else ""
    who = f"{ever} allies of {the}{lead}"
    if not data.is_history:
        return f"Simulated: on average {still:.1f} of {who} are in good standing"
    kept = [mark.kept for mark in data.calls if mark.asked > 0]
    answered = f"{sum(kept)} of {len(kept)} calls for help were met"
    if not kept:
        answered = "Nobody called for help"
    if round(still) == 0:
        return f"{answered}; none of the {who} remains"
    many = "all" if round(still) == ever else f"{round(still)} of"
    return f"{answered}; {many} {who} are in good standing"


def chronicle_picture(data: Ribbons, source: str) -> Picture:
    """The chronicle as a figure."""
    rows = len(data.states)
    return Picture(
        finding=finding(data),
        lead=f"{data.name}, {data.years[0]} to {data.years[-1]}. A ribbon is a member: green where "
        "it expects help when it calls, orange where it expects little.",
        source=source,
        paint=panels(
            lambda ax: draw_relevance(ax, data),
            lambda ax: draw_ribbons(ax, data),
            heights=(1.1, 0.4 * rows),
            sharex=True,
        ),
        height=1.9 + 0.4 * rows,
    )
