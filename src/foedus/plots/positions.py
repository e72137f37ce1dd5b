"""Where members stood and why: own views, what influence moved, one member's terms, the bars."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from foedus.analysis.explain.decomposition import Explanation, MemberAccount
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.data.vocabulary import words
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import DASHED, Look, at, ground, name_rows, say
from foedus.plots.style import (
    FAINT,
    HISTORY,
    INK,
    LEVEL_COLOURS,
    LOWERS,
    MUTED,
    PAPER,
    RAISES,
    TOTALS,
)
from foedus.plots.words import listed, percent, run_said, short_title, signed

SEEN = 0.045
"""A move shorter than this share of the axis has no room for an arrow."""

ARROW = {
    **{"arrowstyle": "-|>,head_width=.22,head_length=.5", "color": MUTED},
    **{"linewidth": 1.6, "shrinkA": 4, "shrinkB": 5.5},
}
MOST_NAMED = 5
"""Members that a title names; more it counts."""

NOTHING = 0.005
"""Terms smaller than this are not drawn; they would show as 0.00."""


@dataclass(frozen=True)
class Step:
    """One row of the waterfall: where it starts, and how far it goes, log-odds."""

    label: str
    start: float
    change: float
    is_sum: bool = False

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.start + self.change


def steps_of(account: MemberAccount) -> list[Step]:
    """Rows of the waterfall."""
    rows, at = [], 0.0
    for name, value in account.terms.items():
        if abs(value) >= NOTHING:
            rows.append(Step(words("term", name), at, value))
        at += value
    rows.append(Step("its own view", 0.0, account.private, is_sum=True))
    heard = f"influence (listens {percent(account.susceptibility)})"
    rows.append(Step(heard, account.private, account.moved))
    rows.append(Step("its position", 0.0, account.position, is_sum=True))
    return rows


def draw_why(ax: Axes, account: MemberAccount, bars: tuple[float, float, float]) -> Axes:
    """Waterfall of one member's position, log-odds, with the bars as lines.

    Args:
        bars: Of consult, support and deploy.
    """
    rows = steps_of(account)
    draw_bars(ax, bars, -0.78)
    for y, row in enumerate(rows):
        colour = TOTALS if row.is_sum else RAISES if row.change >= 0 else LOWERS
        ax.barh(y, row.change, 0.62, row.start, color=colour, linewidth=0, zorder=3)
        if y + 1 < len(rows):
            ax.plot([row.end] * 2, [y + 0.31, y + 0.69], color=MUTED, linewidth=0.7, zorder=2)
        _value(ax, y, row)
    name_rows(ax, [row.label for row in rows])
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row.is_sum else "normal")
    reach = [0.0, *bars, *(end for row in rows for end in (row.start, row.end))]
    pad = 0.09 * (max(reach) - min(reach))
    ends = (min(reach) - pad, max(reach) + pad)
    ax.set(xlim=ends, ylim=(len(rows) - 0.4, -1.25), xlabel="log-odds")
    ax.axvline(0, color=FAINT, linewidth=0.9, zorder=1)
    ax.spines["left"].set_visible(False)
    return ax


def _value(ax: Axes, y: float, row: Step) -> None:
    rises = row.change >= 0
    at(
        ax,
        (row.end, y),
        signed(row.change),
        (4 if rises else -4, 0),
        ha="left" if rises else "right",
        fontweight="bold" if row.is_sum else "normal",
        zorder=5,
        bbox=ground(0.6, 0.75),
    )


def draw_bars(ax: Axes, bars: tuple[float, float, float], y: float) -> None:
    """The three bars as dashed lines, named at height `y`."""
    for word, bar in zip(LEVELS[1:], bars, strict=True):
        ax.axvline(bar, color=INK, zorder=2, **DASHED)
        words = f"{word}\n{signed(bar)}"
        say(ax, bar, y, words, ha="center", linespacing=1.1, bbox=ground(1.0))


def reached(x: float, bars: tuple[float, float, float]) -> Level:
    """The highest bar that a position reaches."""
    return Level(max((k + 1 for k, bar in enumerate(bars) if x >= bar), default=0))


def most_moved(explanation: Explanation) -> MemberAccount:
    """The member that influence moved the farthest."""
    return max(explanation.members, key=lambda account: abs(account.moved))


def moved_how(account: MemberAccount, explanation: Explanation, case: Case) -> str:
    """Where its own view would have left the member, and where influence took it."""
    name = case.name_of(account.state)
    alone, now = (reached(x, explanation.bars) for x in (account.private, account.position))
    if abs(account.moved) < NOTHING:
        return f"{name} {_speaks(now)} on its own view; influence moves it by nothing"
    way = "up" if account.moved > 0 else "down"
    moved = f"influence moves it {way} by {abs(account.moved):.2f}"
    if alone == now:
        return f"{name} {_speaks(now)} with influence or without; {moved}"
    return f"{name} {_speaks(alone)} on its own view; {moved}, and it {_speaks(now)}"


def _speaks(level: Level) -> str:
    return "speaks for nothing" if level == Level.NONE else f"speaks for {level.label}"


def stances_said(stances: tuple[Stance, Stance, Stance]) -> str:
    """``speaks for consult and support, objects to deploy``."""
    verbs = {
        Stance.SUPPORT: "speaks for",
        Stance.ABSTAIN: "stands aside on",
        Stance.OBJECT: "objects to",
    }
    parts = []
    for stance, verb in verbs.items():
        words = [word for word, said in zip(LEVELS[1:], stances, strict=True) if said == stance]
        if words:
            parts.append(f"{verb} {listed(words)}")
    return ", ".join(parts)


def why_picture(
    account: MemberAccount, explanation: Explanation, case: Case, source: str
) -> Picture:
    """One member's position as a figure."""
    run = run_said(explanation.run)
    return Picture(
        finding=f"{short_title(case)}: {moved_how(account, explanation, case)}",
        lead=f"Position on day {explanation.day} of {run}, as a sum; dashed, the thresholds. "
        f"In council it {stances_said(account.stances)}.",
        source=source,
        paint=on_axes(lambda ax: draw_why(ax, account, explanation.bars)),
        height=0.75 + 0.33 * len(steps_of(account)),
    )


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
