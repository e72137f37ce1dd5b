"""Who decides: how far the lead state and the others can move p(deploy), by rho."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from foedus.analysis.explain.control import LEAD_STATE, OTHERS, Turn
from foedus.data.library import Case
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import in_percent, say
from foedus.plots.style import INK, LEVEL_COLOURS, MUTED
from foedus.plots.words import percent, short_title

OFFSET = {LEAD_STATE: -0.16, OTHERS: 0.16}
COLOUR = {LEAD_STATE: LEVEL_COLOURS[3], OTHERS: LEVEL_COLOURS[1]}


def draw_turns(ax: Axes, turns: Sequence[Turn], lead_state: str) -> Axes:
    """A bar from worst to best for each group, side by side at each rho."""
    rhos = sorted({turn.rho for turn in turns})
    for turn in turns:
        x = rhos.index(turn.rho) + OFFSET[turn.group]
        low, high = sorted((turn.p_worst, turn.p_best))
        ax.bar(x, max(high - low, 0.006), 0.26, low, color=COLOUR[turn.group])
        say(ax, x, high + 0.04, f"{100 * high:.0f}", ha="center", color=INK)
        say(ax, x, low - 0.04, f"{100 * low:.0f}", ha="center", color=MUTED)
    ax.set(ylim=(-0.08, 1.08), xticks=range(len(rhos)), ylabel="probability of a force")
    ax.set_xticklabels([f"ρ = {rho:g}" for rho in rhos])
    in_percent(ax.yaxis)
    ax.set_yticks([0, 0.5, 1])
    labels = {LEAD_STATE: f"{lead_state}'s own attributes", OTHERS: "those of all others"}
    for group, label in labels.items():
        ax.bar(0, 0, color=COLOUR[group], label=label)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return ax


def finding(turns: Sequence[Turn], lead_state: str) -> str:
    """How far each can move the answer at the highest rho."""
    most = max(turn.rho for turn in turns)
    spans = {turn.group: (turn.p_worst, turn.p_best) for turn in turns if turn.rho == most}
    (a, b), (c, d) = (map(percent, spans[group]) for group in (LEAD_STATE, OTHERS))
    others = f"leave it at {c}" if c == d else f"from {c} to {d}"
    return (
        f"At ρ = {most:g} {lead_state} moves the chance of a force from {a} to {b}; "
        f"all others together {others}"
    )


def control_picture(turns: Sequence[Turn], case: Case, source: str) -> Picture:
    """Who can turn the answer of one crisis, as a figure."""
    lead_state = case.alliance.states[case.patron]
    return Picture(
        finding=finding(turns, lead_state),
        lead=f"{short_title(case)}. Bars: from all attributes (alignment, stake, ties, "
        "overextension) at their worst for a force to all at their best. ρ is the strength of "
        "influence; at 0 nobody listens to anybody.",
        source=source,
        paint=on_axes(lambda ax: draw_turns(ax, turns, lead_state)),
        height=3.4,
    )
