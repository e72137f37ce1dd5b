"""The members as tiles: who says what to each answer. Equal tiles, no map, no borders."""

from __future__ import annotations

from math import ceil, sqrt

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from foedus.analysis.explain.decomposition import Explanation, MemberAccount
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.plots.frame import Canvas, Picture, stacked
from foedus.plots.marks import Look, say
from foedus.plots.style import FAINT, HISTORY, INK, MUTED, PAPER, STANCE_COLOURS, TYPE, WASH
from foedus.plots.words import listed, role_of, run_said, short_title, signed

SIGNS = {Stance.SUPPORT: "✓", Stance.ABSTAIN: "–", Stance.OBJECT: "✗"}

SIGNS_SAY = {
    Stance.SUPPORT: "speaks for it",
    Stance.ABSTAIN: "stands aside",
    Stance.OBJECT: "objects",
}
ROOM = 800.0
"""A name of n signs fits a tile of one of m columns at ``ROOM / (m n)`` points."""
SMALLEST = 6.5
"""Points of the longest name."""


def columns_for(n: int) -> int:
    """Columns of a layout twice as wide as high."""
    return min(n, max(3, round(sqrt(1.7 * n))))


def draw_tiles(ax: Axes, explanation: Explanation, case: Case) -> Axes:
    """One tile a member, the lead state first and then from the warmest to the coldest.

    Each tile holds the member's position and three fields: what it says to consult, support and
    deploy.
    """
    accounts = sorted(
        explanation.members, key=lambda m: (m.state != case.patron, -m.position, m.state)
    )
    columns = columns_for(len(accounts))
    for k, account in enumerate(accounts):
        _tile(ax, (k % columns, k // columns), account, case, ROOM / columns)
    ax.set(xlim=(-0.02, columns + 0.02), ylim=(ceil(len(accounts) / columns) + 0.02, -0.02))
    ax.set_axis_off()
    return ax


def _tile(
    ax: Axes, place: tuple[int, int], account: MemberAccount, case: Case, room: float
) -> None:
    x, y = place
    name, role = case.name_of(account.state), role_of(account.state, case)
    edge: Look = {"edgecolor": FAINT, "linewidth": 0.8}
    if account.state == case.scenario.requester:
        edge = {"edgecolor": HISTORY, "linewidth": 2}
    box = ((x + 0.04, y + 0.05), 0.92, 0.9, "square,pad=0")
    ax.add_patch(FancyBboxPatch(*box, facecolor=WASH, **edge))
    size = max(SMALLEST, min(TYPE["large"], room / len(name)))
    say(ax, x + 0.09, y + 0.21, name, fontweight="bold", fontsize=size)
    stands = f"at {signed(account.position)}" + (f" · {role}" if role else "")
    say(ax, x + 0.09, y + 0.38, stands, color=MUTED)
    for k, stance in enumerate(account.stances):
        left = x + 0.09 + 0.285 * k
        ax.add_patch(
            Rectangle((left, y + 0.51), 0.25, 0.22, color=STANCE_COLOURS[stance], linewidth=0)
        )
        middle, ink = left + 0.125, INK if stance == Stance.ABSTAIN else PAPER
        sign: Look = {"ha": "center", "color": ink, "fontweight": "bold"}
        say(ax, middle, y + 0.62, SIGNS[stance], "text", **sign)
        say(ax, middle, y + 0.83, LEVELS[k + 1], "source", ha="center", color=MUTED)


def draw_tiles_key(ax: Axes) -> Axes:
    """What the signs mean."""
    ax.set_axis_off()
    handles = [
        Rectangle((0, 0), 1, 1, color=STANCE_COLOURS[stance], label=f"{SIGNS[stance]} {words}")
        for stance, words in SIGNS_SAY.items()
    ]
    ax.legend(handles=handles, ncols=3, loc="center left", borderaxespad=0, borderpad=0)
    return ax


def finding(explanation: Explanation, case: Case) -> str:
    """Who speaks for the highest answer anybody wants, and who stands in its way."""
    asks = case.scenario.requester
    voters = [m for m in explanation.members if m.state != asks] or list(explanation.members)
    for level in (Level.DEPLOY, Level.SUPPORT, Level.CONSULT):
        says = {
            stance: [case.name_of(m.state) for m in voters if m.stances[level - 1] == stance]
            for stance in Stance
        }
        aside, against = sorted(says[Stance.ABSTAIN]), sorted(says[Stance.OBJECT])
        if n := len(says[Stance.SUPPORT]):
            speak = "speaks" if n == 1 else "speak"
            parts = [f"{n} of {len(voters)} voters {speak} for {level.label}"]
            if aside:
                parts.append(f"{listed(aside)} aside")
            if against:
                parts.append(f"{listed(against)} against")
            elif aside:
                parts.append("nobody objects")
            return "; ".join(parts)
    return f"None of the {len(voters)} voters speaks even for consult"


def tiles_picture(explanation: Explanation, case: Case, source: str) -> Picture:
    """The members of one run as tiles."""
    rows = ceil(len(explanation.members) / columns_for(len(explanation.members)))

    def paint(canvas: Canvas) -> None:
        key, body = stacked(canvas, 0.22, 1.28 * rows)
        draw_tiles_key(key)
        draw_tiles(body, explanation, case)

    return Picture(
        finding=f"{short_title(case)}: {finding(explanation, case)}",
        lead=f"Day {explanation.day} of {run_said(explanation.run)}; the answer is "
        f"{explanation.answer.label}. Tiles are equal and stand in the order of positions: no map. "
        "The orange frame marks who asks.",
        source=source,
        paint=paint,
        height=0.4 + 1.3 * rows,
    )
