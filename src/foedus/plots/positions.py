"""Where every member stood: its own view, and how far influence moved it, against the bars."""

from __future__ import annotations

from matplotlib.axes import Axes

from foedus.analysis.explain.decomposition import Explanation
from foedus.data.library import Case
from foedus.data.terms import Level
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import Look, name_rows
from foedus.plots.style import FAINT, HISTORY, INK, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.why import draw_bars, reached
from foedus.plots.words import listed, percent, run_said, short_title

SEEN = 0.045
"""A move shorter than this share of the axis has no room for an arrow."""

ARROW = {
    **{"arrowstyle": "-|>,head_width=.22,head_length=.5", "color": MUTED},
    **{"linewidth": 1.6, "shrinkA": 4, "shrinkB": 5.5},
}
MOST_NAMED = 5
"""Members that a title names; more it counts."""


def draw_positions(ax: Axes, explanation: Explanation, case: Case) -> Axes:
    """One row a member, the warmest first: a ring for its own view, a disc for its position."""
    accounts = sorted(explanation.members, key=lambda m: (-m.position, m.state))
    every = [v for m in accounts for v in (m.private, m.position)] + list(explanation.bars)
    pad = 0.06 * (max(every) - min(every))
    low, high = min(every) - pad, max(every) + pad
    draw_bars(ax, explanation.bars, -1.0)
    for y, member in enumerate(accounts):
        colour = LEVEL_COLOURS[reached(member.position, explanation.bars)]
        ax.plot([low, high], [y, y], color=FAINT, linewidth=0.6, zorder=1)
        if abs(member.moved) >= SEEN * (high - low):
            ends: Look = {"xy": (member.position, y), "xytext": (member.private, y)}
            ax.annotate("", arrowprops=ARROW, zorder=3, **ends)
        ax.plot([member.private], [y], "o", markersize=7, mfc=PAPER, mec=INK, mew=1.1, zorder=4)
        ax.plot([member.position], [y], "o", markersize=10, mfc=colour, mec=INK, mew=1.1, zorder=5)
    labels = [f"{case.name_of(m.state)} ({percent(m.susceptibility)})" for m in accounts]
    name_rows(ax, labels)
    for label, member in zip(ax.get_yticklabels(), accounts, strict=True):
        if member.state == case.patron:
            label.set_fontweight("bold")
        if member.state == case.scenario.requester:
            label.set_color(HISTORY)
    ax.set(xlim=(low, high), ylim=(len(accounts) - 0.5, -1.5), xlabel="position, log-odds")
    ax.spines["left"].set_visible(False)
    return ax


def finding(explanation: Explanation, case: Case) -> str:
    """Whom influence carries over a bar, and to which answer; how many, where they are many."""
    carried: dict[str, list[str]] = {}
    for member in explanation.members:
        alone = reached(member.private, explanation.bars)
        now = reached(member.position, explanation.bars)
        name = case.name_of(member.state)
        if now > alone:
            carried.setdefault(f"lifts {{}} to {now.label}", []).append(name)
        elif now < alone:
            carried.setdefault(f"holds {{}} below {Level(now + 1).label}", []).append(name)
    if not carried:
        return "influence carries nobody over a bar"
    n = sum(map(len, carried.values()))
    if n > MOST_NAMED:
        return f"influence carries {n} of {len(explanation.members)} members over a bar"
    return f"influence {listed([said.format(listed(who)) for said, who in carried.items()])}"


def positions_picture(explanation: Explanation, case: Case, source: str) -> Picture:
    """All members of one run as a figure."""
    run = run_said(explanation.run)
    return Picture(
        finding=f"{short_title(case)}: {finding(explanation, case)}",
        lead=f"Day {explanation.day} of {run}. Ring: a member's own view; disc: where talk moved "
        "it, in the colour of the answer it speaks for. In brackets: how far it listens. Bold: the "
        "lead state; orange: who asks.",
        source=source,
        paint=on_axes(lambda ax: draw_positions(ax, explanation, case)),
        height=1.15 + 0.36 * len(explanation.members),
    )
