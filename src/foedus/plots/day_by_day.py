"""One possible history, day by day: danger, positions against the bars, answer, troops."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level
from foedus.model.outcome import Day, Story
from foedus.plots.frame import Canvas, Picture, stacked
from foedus.plots.marks import DASHED, Look, beside, name_end, say, spread_out
from foedus.plots.style import FAINT, HISTORY, INK, LEVEL_COLOURS, MUTED, ON_LEVEL, PAPER
from foedus.plots.wanted import Wanted
from foedus.plots.words import DOES, SPACE, end_on, n_troops, short_title, signed


def draw_intensity(ax: Axes, days: Sequence[Day], quelled_at: float, lost_at: float) -> Axes:
    """Intensity of the crisis at the start of each day, with the bars of quelled and lost."""
    x = [day.day for day in days]
    for bar, word in ((quelled_at, "quelled"), (lost_at, "collapse")):
        ax.axhline(bar, color=FAINT, **DASHED)
        beside(ax, bar, word, color=MUTED)
    ax.plot(x, [day.intensity for day in days], color=INK, marker="o", markersize=3, zorder=3)
    ax.set(ylim=(0, 1.05), yticks=(0, 0.5, 1), title="Intensity of the crisis")
    return ax


def draw_positions(ax: Axes, days: Sequence[Day], case: Case) -> Axes:
    """Every member's position against the three bars; marks on top are days of council.

    The ground is washed in the colour of the highest level that a position there speaks for.
    """
    x = np.array([day.day for day in days])
    bars = np.array([day.bars for day in days])
    positions = np.array([[m.position for m in day.members] for day in days])
    low = min(positions.min(), bars.min()) - 0.5
    high = max(positions.max(), bars.max()) + 0.5
    _ground(ax, x, bars, low, high)
    ends = spread_out(positions[-1], (high - low) / 16, low + 0.2, high - 0.2)
    looks = {case.patron: (INK, 2.4), case.scenario.requester: (HISTORY, 2.0)}
    leader: Look = {"color": FAINT, "linewidth": 0.7, "shrinkB": 2}
    for i, member in enumerate(days[0].members):
        colour, width = looks.get(member.state, (MUTED, 1.3))
        ax.plot(x, positions[:, i], color=PAPER, linewidth=width + 1.6, zorder=3)
        mark = "o" if len(x) < 3 else None  # a line of one or two days is hard to see
        ax.plot(x, positions[:, i], color=colour, linewidth=width, marker=mark, zorder=4)
        end, name = (x[-1], positions[-1, i]), case.name_of(member.state)
        strong: Look = {"color": colour, "fontweight": "bold"} if member.state in looks else {}
        name_end(ax, name, end, ends[i], leader, **{"color": INK, **strong})
    sat = [day.day for day in days if day.council_sat]
    seat: Look = {"marker": "v", "ls": "", "markersize": 5}
    ax.plot(sat, [high] * len(sat), color=INK, clip_on=False, zorder=5, **seat)
    ax.set(ylim=(low, high), title="Positions against the bars, log-odds (▾ the council sits)")
    words = [f"{word} {signed(bar)}" for word, bar in zip(LEVELS[1:], bars[0], strict=True)]
    ax.set_yticks(bars[0], words)
    return ax


def _ground(ax: Axes, x: np.ndarray, bars: np.ndarray, low: float, high: float) -> None:
    edges = np.append(x, x[-1] + 1) - 0.5
    steps = np.vstack([bars, bars[-1:]])
    floor = np.full(len(edges), low)
    for level in range(4):
        top = steps[:, level] if level < 3 else np.full(len(edges), high)
        look: Look = {"color": LEVEL_COLOURS[level], "alpha": 0.33, "linewidth": 0}
        ax.fill_between(edges, floor, top, step="post", **look)
        floor = top
    dashed = DASHED | {"linewidth": 0.8}
    for level in range(3):
        ax.step(edges, steps[:, level], where="post", color=INK, zorder=2, **dashed)


def draw_answer_strip(ax: Axes, days: Sequence[Day]) -> Axes:
    """The standing answer as a strip of coloured days."""
    since = 0
    for k, day in enumerate(days):
        last = k == len(days) - 1
        if last or days[k + 1].answer != day.answer:
            start, stop = days[since].day - 0.5, day.day + 0.5
            ax.axvspan(start, stop, color=LEVEL_COLOURS[day.answer], linewidth=0)
            if stop - start > len(days) / 9:
                words = day.answer.label + (", by procedure" if days[since].by_procedure else "")
                look: Look = {"color": ON_LEVEL[day.answer], "fontweight": "bold"}
                say(ax, (start + stop) / 2, 0.5, words, ha="center", **look)
            since = k + 1
    ax.set(ylim=(0, 1), yticks=(), title="Standing answer")
    ax.spines["left"].set_visible(False)
    return ax


def draw_in_place(ax: Axes, days: Sequence[Day]) -> Axes:
    """Troops in place on each day."""
    edges = np.array([*(day.day for day in days), days[-1].day + 1]) - 0.5
    height = np.array([*(day.in_place for day in days), days[-1].in_place], dtype=float)
    ax.fill_between(edges, 0, height, step="post", color=LEVEL_COLOURS[Level.DEPLOY], linewidth=0)
    most = float(height.max())
    if most > 0:
        first = float(edges[int(np.argmax(height))])
        look: Look = {"color": ON_LEVEL[Level.DEPLOY], "fontweight": "bold"}
        say(ax, first + 0.2, most * 0.5, f"{n_troops(most)} troops", **look)
        ax.set(ylim=(0, 1.1 * most))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
        ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    else:
        ax.set(ylim=(0, 1), yticks=())
        say(ax, 0.5, 0.5, "no troops", transform=ax.transAxes, ha="center", color=MUTED)
    ax.set(title="Troops in place")
    return ax


def finding(story: Story, case: Case) -> str:
    """What happened in this run, in one sentence."""
    ends = end_on(case, story)
    title = f"{short_title(case)}, run {story.run}"
    if story.level == Level.NONE:
        return f"{title}: the alliance {DOES[story.level]}, {ends}"
    troops = sum(story.troops.values())
    sent = f" {n_troops(troops)} troops" if troops else ""
    day = f"day{SPACE}{story.day_decided}"
    return f"{title}: the alliance {DOES[story.level]}{sent} on {day}, {ends}"


def story_picture(wanted: Wanted) -> Picture:
    """One run as a figure."""
    story, case, parameters = wanted.told, wanted.case.case, wanted.case.parameters

    def paint(canvas: Canvas) -> None:
        axes = stacked(canvas, 1.1, 2.9, 0.34, 0.8, sharex=True)
        draw_intensity(axes[0], story.days, parameters["quelled_at"], parameters["lost_at"])
        draw_positions(axes[1], story.days, case)
        draw_answer_strip(axes[2], story.days)
        draw_in_place(axes[3], story.days)
        last = story.days[-1].day
        axes[3].set(xlim=(-0.5, last + 0.5), xlabel=f"day (day 0 is {case.scenario.dates.coded})")
        axes[3].xaxis.set_major_locator(MaxNLocator(nbins=15, integer=True, min_n_ticks=1))
        for ax in axes:
            ax.grid(axis="y", visible=False)
        for ax in axes[:3]:
            ax.tick_params(axis="x", length=0)

    return Picture(
        finding=finding(story, case),
        lead="One possible history. Thick line: the lead state; orange: who asks. Above a dashed "
        "bar a member speaks for that answer.",
        source=wanted.source(seeded=True),
        paint=paint,
        height=6.4,
    )
