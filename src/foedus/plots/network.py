"""Who listens to whom: the lead state in the centre; the nearer, the more a member follows it."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch, Rectangle

from foedus.analysis.explain.decomposition import Listening
from foedus.data.library import Case
from foedus.plots.frame import Picture, panels
from foedus.plots.marks import Look, ground, say
from foedus.plots.style import DEPENDENCE, FAINT, HISTORY, INK, MUTED, ON_DEPENDENCE, PAPER
from foedus.plots.wanted import Wanted
from foedus.plots.words import listed, of, percent, short_title

STRETCH = 1.55
"""The orbits are ellipses this much wider than high."""
NEAREST, FARTHEST = 0.42, 1.0
"""Distance from the lead state of who follows it wholly, and not at all."""
LARGEST, SMALLEST = 0.2, 0.055
"""Radius of the strongest member, and of any."""
THINNEST = 0.02
"""Shares of a position below this are not drawn."""
WIDEST = 11.0
"""Width in points of an arrow that carries a whole position."""


def layout_of(listening: Listening) -> dict[int, tuple[float, float]]:
    """Place of each member: clockwise from the top by how much it follows the lead state."""
    patron = listening.patron
    follows = listening.influence[:, patron]
    others = [i for i in range(len(listening.members)) if i != patron]
    others.sort(key=lambda i: (-follows[i], listening.members[i]))
    places = {patron: (0.0, 0.0)}
    for k, i in enumerate(others):
        angle = pi / 2 - 2 * pi * (k + 0.5) / len(others)
        r = _orbit(float(follows[i]))
        places[i] = (STRETCH * r * cos(angle), r * sin(angle))
    return places


def _orbit(follows: float) -> float:
    """Distance from the lead state of a member that follows it so far."""
    return FARTHEST - (FARTHEST - NEAREST) * follows


def draw_network(ax: Axes, listening: Listening, case: Case) -> Axes:
    """Draw members as circles and influence as arrows from speaker to listener."""
    places = layout_of(listening)
    for share in (0.25, 0.5, 0.75):
        r = _orbit(share)
        look: Look = {"edgecolor": FAINT, "linewidth": 0.7, "linestyle": (0, (2, 4))}
        ax.add_patch(Ellipse((0, 0), 2 * STRETCH * r, 2 * r, fill=False, zorder=0, **look))
        words: Look = {"ha": "center", "color": MUTED, "zorder": 0.5, "bbox": ground(0.8)}
        say(ax, 0, r, percent(share), "source", **words)
    nodes = {i: _node(ax, listening, i, place) for i, place in places.items()}
    for listener, speaker in np.argwhere(listening.influence >= THINNEST):
        share = float(listening.influence[listener, speaker])
        _arrow(ax, nodes[speaker], nodes[listener], share, loud=speaker == listening.patron)
    for i, place in places.items():
        name, edge = case.name_of(listening.members[i]), _radius(listening, i) + 0.05
        if i == listening.patron:
            _patron_label(ax, name, edge)
        else:
            _label(ax, f"{name}\n{_says(listening, i)}", place, edge)
    wide = max(abs(x) for x, _ in places.values()) + 0.62  # room for names
    high = max(_orbit(0.25), *(abs(y) + 0.12 for _, y in places.values())) + 0.08
    ax.set(xlim=(-wide, wide), ylim=(-high, high), aspect="equal")
    ax.set_axis_off()
    return ax


def _radius(listening: Listening, i: int) -> float:
    most = float(listening.capability.max())
    share = float(listening.capability[i]) / most if most > 0 else 0.0
    return max(SMALLEST, LARGEST * sqrt(share))


def _node(ax: Axes, listening: Listening, i: int, place: tuple[float, float]) -> Circle:
    """Draw a member; returns its outermost circle, where arrows end."""
    radius, face = _radius(listening, i), DEPENDENCE(float(listening.dependence[i]))
    node = Circle(place, radius, facecolor=face, edgecolor=INK, linewidth=0.9, zorder=5)
    ax.add_patch(node)
    looks: dict[int | None, Look] = {
        listening.adversary: {"edgecolor": INK, "linewidth": 1.4, "linestyle": (0, (1.5, 1.5))},
        listening.requester: {"edgecolor": HISTORY, "linewidth": 2.2},
    }
    if i in looks:
        node = Circle(place, radius + 0.028, fill=False, zorder=5, **looks[i])
        ax.add_patch(node)
    return node


def _arrow(ax: Axes, speaker: Circle, listener: Circle, share: float, *, loud: bool) -> None:
    """An arrow as wide as the share of the listener's position; `loud` is the lead state's."""
    width = WIDEST * share
    head = f"head_length={4 + 0.9 * width},head_width={3 + 1.7 * width}"
    shape: Look = {
        "arrowstyle": f"simple,{head},tail_width={max(0.7, width)}",
        "connectionstyle": f"arc3,rad={0.0 if loud else 0.16}",
        **{"patchA": speaker, "patchB": listener, "shrinkA": 1.5, "shrinkB": 2.5},
    }
    look: Look = {"facecolor": INK if loud else MUTED, "edgecolor": PAPER, "linewidth": 0.4}
    arrow = FancyArrowPatch(speaker.center, listener.center, mutation_scale=1, **shape, **look)
    arrow.set_zorder(4 if loud else 3)
    ax.add_patch(arrow)


def _label(ax: Axes, text: str, place: tuple[float, float], edge: float) -> None:
    """Outward of a member, as arrows come from within: beside it, or above and below it."""
    x, y = place
    va, ha = "bottom" if y > 0 else "top", "center"
    if abs(x) > 0.12:
        ha = "left" if x > 0 else "right"
        va = va if abs(y) > 0.5 else "center"
        x += edge if x > 0 else -edge
    else:
        y += edge if y > 0 else -edge
    say(ax, x, y, text, ha=ha, va=va, linespacing=1.25, zorder=6)


def _patron_label(ax: Axes, name: str, edge: float) -> None:
    """Inside the circle where it fits, else below."""
    look: Look = {"ha": "center", "fontweight": "bold", "linespacing": 1.1, "zorder": 6}
    text, size = name.replace(" ", "\n"), "text" if len(name) < 10 else "small"
    if edge > 0.17:
        say(ax, 0, 0, text, size, color=ON_DEPENDENCE, **look)
    else:
        say(ax, 0, -edge - 0.02, text, size, va="top", color=INK, **look)


def _says(listening: Listening, i: int) -> str:
    asks = "asks, " if i == listening.requester else ""
    role = "is the adversary, " if i == listening.adversary else ""
    return f"{asks}{role}listens {percent(float(listening.susceptibility[i]))}"


def draw_network_key(ax: Axes) -> Axes:
    """What colour, width and size mean."""
    ax.set(xlim=(0, 9), ylim=(0, 1))
    ax.set_axis_off()
    for k in range(16):
        face = DEPENDENCE((k + 0.5) / 16)
        ax.add_patch(Rectangle((0.15 + 0.1 * k, 0.32), 0.1, 0.36, facecolor=face, linewidth=0))
    say(ax, 0.05, 0.5, "0", ha="right", color=MUTED)
    say(ax, 1.85, 0.5, "1  dependence on the lead state", color=MUTED)
    for x, share in ((4.2, 0.1), (4.54, 0.4), (4.88, 0.8)):
        line: Look = {"linewidth": WIDEST * share, "solid_capstyle": "butt"}
        ax.plot([x, x + 0.22], [0.5, 0.5], color=INK, **line)
    say(ax, 5.3, 0.5, "10, 40, 80 % of a position", color=MUTED)
    for x, size in ((7.6, 4), (7.76, 7), (7.98, 12)):
        ax.plot([x], [0.5], "o", mfc="none", mec=INK, mew=0.8, ms=size)
    say(ax, 8.14, 0.5, "capability", color=MUTED)
    return ax


def finding(listening: Listening, case: Case) -> str:
    """Who follows the lead state most and least."""
    patron = case.name_of(listening.members[listening.patron])
    follows = {
        case.name_of(state): float(listening.influence[i, listening.patron])
        for i, state in enumerate(listening.members)
        if i != listening.patron
    }
    if not follows or max(follows.values()) < 0.005:
        return f"Nobody listens to {patron}: influence is switched off or nobody depends on it"
    most, least = max(follows, key=follows.__getitem__), min(follows, key=follows.__getitem__)
    said = f"{of(patron)} word makes up {percent(follows[most])} of {of(most)} position"
    if len(follows) == 1:
        return said
    return f"{said} and {percent(follows[least])} of {of(least)}"


def network_picture(wanted: Wanted) -> Picture:
    """The network of an alliance on a case's date."""
    listening, case = wanted.network, wanted.case.case
    quiet = np.any((listening.influence > 0) & (listening.influence < THINNEST))
    left_out = f" Arrows below {percent(THINNEST)} are left out." if quiet else ""
    circled = ["the orange ring marks who asks"]
    if listening.adversary is not None:
        circled.append("the dotted one the adversary, which is not heard")
    title = f"{case.alliance.name}, {case.scenario.dates.coded:%B %Y}"
    if case.scenario.history is None:
        title = short_title(case)
    return Picture(
        finding=f"{title}: {finding(listening, case)}",
        lead="Arrows run from speaker to listener; the nearer a member, the more of its position "
        f"is the lead state's word; it listens as far as others move it; {listed(circled)}."
        f"{left_out}",
        source=wanted.source(),
        paint=panels(
            lambda ax: draw_network(ax, listening, case), draw_network_key, heights=(5.2, 0.3)
        ),
        height=5.5,
    )
