"""Where members stood and why: own views, what influence moved, one member's terms, their votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from foedus.analysis.explain.decomposition import Explanation, MemberAccount
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.data.vocabulary import words
from foedus.errors import named
from foedus.plots.frame import Picture, panels
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
    STANCE_COLOURS,
    TOTALS,
    TYPE,
    WASH,
)
from foedus.plots.wanted import Wanted
from foedus.plots.words import listed, percent, role_of, run_said, short_title, signed

NOTHING = 0.005
"""Terms smaller than this are not drawn; they would show as 0.00."""

STANCES = {
    Stance.SUPPORT: ("✓", "speaks for", "speaks for it"),
    Stance.ABSTAIN: ("–", "stands aside on", "stands aside"),
    Stance.OBJECT: ("✗", "objects to", "objects"),
}
"""Each stance as a sign, as a verb, and as the key of the tiles says it."""


def reached(x: float, bars: Sequence[float]) -> Level:
    """The highest bar that a position reaches."""
    return Level(max((k + 1 for k, bar in enumerate(bars) if x >= bar), default=0))


def draw_bars(ax: Axes, bars: Sequence[float], y: float) -> None:
    """The three bars as dashed lines, named at height `y`."""
    for word, bar in zip(LEVELS[1:], bars, strict=True):
        ax.axvline(bar, color=INK, zorder=2, **DASHED)
        words = f"{word}\n{signed(bar)}"
        say(ax, bar, y, words, ha="center", linespacing=1.1, bbox=ground(1.0))


def draw_positions(ax: Axes, explanation: Explanation, case: Case) -> Axes:
    """One row a member, the warmest first: a ring for its own view, a disc for its position."""
    accounts = sorted(explanation.members, key=lambda m: (-m.position, m.state))
    every = [v for m in accounts for v in (m.private, m.position)] + list(explanation.bars)
    pad = 0.06 * (max(every) - min(every))
    low, high = min(every) - pad, max(every) + pad
    draw_bars(ax, explanation.bars, -1.0)
    arrow: Look = {"arrowstyle": "-|>,head_width=.22,head_length=.5", "color": MUTED}
    arrow |= {"linewidth": 1.6, "shrinkA": 4, "shrinkB": 5.5}
    for y, member in enumerate(accounts):
        colour = LEVEL_COLOURS[reached(member.position, explanation.bars)]
        ax.plot([low, high], [y, y], color=FAINT, linewidth=0.6, zorder=1)
        if abs(member.moved) >= 0.045 * (high - low):  # there is room for an arrow
            ax.annotate("", (member.position, y), (member.private, y), arrowprops=arrow, zorder=3)
        ax.plot([member.private], [y], "o", markersize=7, mfc=PAPER, mec=INK, mew=1.1, zorder=4)
        ax.plot([member.position], [y], "o", markersize=10, mfc=colour, mec=INK, mew=1.1, zorder=5)
    name_rows(ax, [f"{case.name_of(m.state)} ({percent(m.susceptibility)})" for m in accounts])
    for label, member in zip(ax.get_yticklabels(), accounts, strict=True):
        if member.state == case.patron:
            label.set_fontweight("bold")
        if member.state == case.scenario.requester:
            label.set_color(HISTORY)
    ax.set(xlim=(low, high), ylim=(len(accounts) - 0.5, -1.5), xlabel="position, log-odds")
    ax.spines["left"].set_visible(False)
    return ax


def carried(explanation: Explanation, case: Case) -> str:
    """Whom influence carries over a bar, and to which answer; how many, where they are many."""
    moves: dict[str, list[str]] = {}
    for member in explanation.members:
        alone, now = (reached(x, explanation.bars) for x in (member.private, member.position))
        name = case.name_of(member.state)
        if now > alone:
            moves.setdefault(f"lifts {{}} to {now.label}", []).append(name)
        elif now < alone:
            moves.setdefault(f"holds {{}} below {Level(now + 1).label}", []).append(name)
    if not moves:
        return "influence carries nobody over a bar"
    n = sum(map(len, moves.values()))
    if n > 5:  # too many names for a title
        return f"influence carries {n} of {len(explanation.members)} members over a bar"
    return f"influence {listed([said.format(listed(who)) for said, who in moves.items()])}"


def positions_picture(wanted: Wanted) -> Picture:
    """All members of one run as a figure."""
    explanation, case = wanted.explanation, wanted.case.case
    return Picture(
        finding=f"{short_title(case)}: {carried(explanation, case)}",
        lead=f"Day {explanation.day} of {run_said(explanation.run)}. Ring: a member's own view; "
        "disc: where talk moved it, in the colour of the answer it speaks for. In brackets: how "
        "far it listens. Bold: the lead state; orange: who asks.",
        source=wanted.source(seeded=wanted.run is not None),
        paint=panels(lambda ax: draw_positions(ax, explanation, case)),
        height=1.15 + 0.36 * len(explanation.members),
    )


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
    rows, reach = [], 0.0
    for name, value in account.terms.items():
        if abs(value) >= NOTHING:
            rows.append(Step(words("term", name), reach, value))
        reach += value
    heard = f"influence (listens {percent(account.susceptibility)})"
    return [
        *rows,
        Step("its own view", 0.0, account.private, is_sum=True),
        Step(heard, account.private, account.moved),
        Step("its position", 0.0, account.position, is_sum=True),
    ]


def draw_why(ax: Axes, account: MemberAccount, bars: tuple[float, float, float]) -> Axes:
    """Waterfall of one member's position, log-odds; lines: the bars of consult to deploy."""
    rows = steps_of(account)
    draw_bars(ax, bars, -0.78)
    for y, row in enumerate(rows):
        colour = TOTALS if row.is_sum else RAISES if row.change >= 0 else LOWERS
        ax.barh(y, row.change, 0.62, row.start, color=colour, linewidth=0, zorder=3)
        if y + 1 < len(rows):
            ax.plot([row.end] * 2, [y + 0.31, y + 0.69], color=MUTED, linewidth=0.7, zorder=2)
        away, ha = (4, "left") if row.change >= 0 else (-4, "right")
        look: Look = {"ha": ha, "fontweight": "bold" if row.is_sum else "normal", "zorder": 5}
        at(ax, (row.end, y), signed(row.change), (away, 0), bbox=ground(0.6, 0.75), **look)
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


def most_moved(explanation: Explanation) -> MemberAccount:
    """The member that influence moved the farthest."""
    return max(explanation.members, key=lambda account: abs(account.moved))


def moved_how(account: MemberAccount, explanation: Explanation, case: Case) -> str:
    """Where its own view would have left the member, and where influence took it."""
    name = case.name_of(account.state)
    levels = (reached(x, explanation.bars) for x in (account.private, account.position))
    alone, now = (f"speaks for {level.label if level else 'nothing'}" for level in levels)
    if abs(account.moved) < NOTHING:
        return f"{name} {now} on its own view; influence moves it by nothing"
    way = "up" if account.moved > 0 else "down"
    moved = f"influence moves it {way} by {abs(account.moved):.2f}"
    if alone == now:
        return f"{name} {now} with influence or without; {moved}"
    return f"{name} {alone} on its own view; {moved}, and it {now}"


def stances_said(stances: tuple[Stance, Stance, Stance]) -> str:
    """``speaks for consult and support, objects to deploy``."""
    on = {
        verb: [word for word, said in zip(LEVELS[1:], stances, strict=True) if said is stance]
        for stance, (_, verb, _) in STANCES.items()
    }
    return ", ".join(f"{verb} {listed(levels)}" for verb, levels in on.items() if levels)


def why_picture(wanted: Wanted) -> Picture:
    """The position of one member as a figure: of the one asked for, or of the most moved.

    Raises:
        UsageError: If the one asked for is no member.
    """
    explanation, case, member = wanted.explanation, wanted.case.case, wanted.member
    known = {account.state: account for account in explanation.members}
    account = named("member", member, known) if member else most_moved(explanation)
    return Picture(
        finding=f"{short_title(case)}: {moved_how(account, explanation, case)}",
        lead=f"Position on day {explanation.day} of {run_said(explanation.run)}, as a sum; dashed, "
        f"the thresholds. In council it {stances_said(account.stances)}.",
        source=wanted.source(seeded=wanted.run is not None),
        paint=panels(lambda ax: draw_why(ax, account, explanation.bars)),
        height=0.75 + 0.33 * len(steps_of(account)),
    )


def columns_for(n: int) -> int:
    """Columns of a layout of equal tiles, no map, twice as wide as high."""
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
        _tile(ax, k % columns, k // columns, account, case, 800 / columns)
    ax.set(xlim=(-0.02, columns + 0.02), ylim=(ceil(len(accounts) / columns) + 0.02, -0.02))
    ax.set_axis_off()
    return ax


def _tile(ax: Axes, x: int, y: int, account: MemberAccount, case: Case, room: float) -> None:
    """A member in column x and row y; a name of n letters fits at ``room / n`` points."""
    name, role = case.name_of(account.state), role_of(account.state, case)
    asks = account.state == case.scenario.requester
    edge: Look = {"edgecolor": HISTORY if asks else FAINT, "linewidth": 2 if asks else 0.8}
    box = ((x + 0.04, y + 0.05), 0.92, 0.9, "square,pad=0")
    ax.add_patch(FancyBboxPatch(*box, facecolor=WASH, **edge))
    size = max(6.5, min(TYPE["large"], room / len(name)))
    say(ax, x + 0.09, y + 0.21, name, fontweight="bold", fontsize=size)
    stands = f"at {signed(account.position)}" + (f" · {role}" if role else "")
    say(ax, x + 0.09, y + 0.38, stands, color=MUTED)
    for k, stance in enumerate(account.stances):
        left, colour = x + 0.09 + 0.285 * k, STANCE_COLOURS[stance]
        ax.add_patch(Rectangle((left, y + 0.51), 0.25, 0.22, color=colour, linewidth=0))
        ink = INK if stance == Stance.ABSTAIN else PAPER
        sign: Look = {"ha": "center", "color": ink, "fontweight": "bold"}
        say(ax, left + 0.125, y + 0.62, STANCES[stance][0], "text", **sign)
        say(ax, left + 0.125, y + 0.83, LEVELS[k + 1], "source", ha="center", color=MUTED)


def draw_tiles_key(ax: Axes) -> Axes:
    """What the signs mean."""
    ax.set_axis_off()
    handles = [
        Rectangle((0, 0), 1, 1, color=STANCE_COLOURS[stance], label=f"{sign} {words}")
        for stance, (sign, _, words) in STANCES.items()
    ]
    ax.legend(handles=handles, ncols=3, loc="center left", borderaxespad=0, borderpad=0)
    return ax


def votes_said(explanation: Explanation, case: Case) -> str:
    """Who speaks for the highest answer anybody wants, and who stands in its way."""
    asks = case.scenario.requester
    voters = [m for m in explanation.members if m.state != asks] or list(explanation.members)
    for level in (Level.DEPLOY, Level.SUPPORT, Level.CONSULT):
        says = {
            stance: sorted(case.name_of(m.state) for m in voters if m.stances[level - 1] == stance)
            for stance in Stance
        }
        aside, against = says[Stance.ABSTAIN], says[Stance.OBJECT]
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


def tiles_picture(wanted: Wanted) -> Picture:
    """The members of one run as tiles."""
    explanation, case = wanted.explanation, wanted.case.case
    n = len(explanation.members)
    rows = ceil(n / columns_for(n))
    return Picture(
        finding=f"{short_title(case)}: {votes_said(explanation, case)}",
        lead=f"Day {explanation.day} of {run_said(explanation.run)}; the answer is "
        f"{explanation.answer.label}. Tiles are equal and stand in the order of positions: no map. "
        "The orange frame marks who asks.",
        source=wanted.source(seeded=wanted.run is not None),
        paint=panels(
            draw_tiles_key,
            lambda ax: draw_tiles(ax, explanation, case),
            heights=(0.22, 1.28 * rows),
        ),
        height=0.4 + 1.3 * rows,
    )
