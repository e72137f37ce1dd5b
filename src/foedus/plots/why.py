"""Why one member stood where it stood: its terms, what influence moved, and the bars."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from foedus.analysis.explain.decomposition import Explanation, MemberAccount
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.data.vocabulary import words
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import DASHED, at, ground, name_rows, say
from foedus.plots.style import FAINT, INK, LOWERS, MUTED, RAISES, TOTALS
from foedus.plots.words import listed, percent, run_said, short_title, signed

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

    Parameters
    ----------
    bars
        Of consult, support and deploy.
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


def finding(account: MemberAccount, explanation: Explanation, case: Case) -> str:
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
        finding=f"{short_title(case)}: {finding(account, explanation, case)}",
        lead=f"Position on day {explanation.day} of {run}, as a sum; dashed, the thresholds. "
        f"In council it {stances_said(account.stances)}.",
        source=source,
        paint=on_axes(lambda ax: draw_why(ax, account, explanation.bars)),
        height=0.75 + 0.33 * len(steps_of(account)),
    )
