"""One possible history, day by day: danger, positions against the bars, answer, troops."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level
from foedus.model.numbers import Array
from foedus.model.outcome import Day, Story
from foedus.plots.frame import Picture, panels
from foedus.plots.marks import DASHED, Look, beside, layers, name_end, say, spread_out
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
    ax.tick_params(axis="x", length=0)
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
    tops = np.column_stack([bars, np.full(len(x), high)])
    edges, steps = layers(ax, x[0], tops, LEVEL_COLOURS, low, alpha=0.33)
    dashed = DASHED | {"linewidth": 0.8}
    ax.step(edges, steps[:, :3], where="post", color=INK, zorder=2, **dashed)
    ends = spread_out(positions[-1], (high - low) / 16, low + 0.2, high - 0.2)
    for member, line, end in zip(days[0].members, positions.T, ends, strict=True):
        _follow(ax, x, line, end, member.state, case)
    sat = [day.day for day in days if day.council_sat]
    seat: Look = {"marker": "v", "ls": "", "markersize": 5}
    ax.plot(sat, [high] * len(sat), color=INK, clip_on=False, zorder=5, **seat)
    ax.set(ylim=(low, high), title="Positions against the bars, log-odds (▾ the council sits)")
    words = [f"{word} {signed(bar)}" for word, bar in zip(LEVELS[1:], bars[0], strict=True)]
    ax.set_yticks(bars[0], words)
    ax.tick_params(axis="x", length=0)
    return ax


def _follow(ax: Axes, x: Array, y: Array, end: float, state: str, case: Case) -> None:
    """A member's position as a line with its name at the height `end`."""
    looks = {case.patron: (INK, 2.4), case.scenario.requester: (HISTORY, 2.0)}
    colour, width = looks.get(state, (MUTED, 1.3))
    ax.plot(x, y, color=PAPER, linewidth=width + 1.6, zorder=3)
    mark = "o" if len(x) < 3 else None  # a line of one or two days is hard to see
    ax.plot(x, y, color=colour, linewidth=width, marker=mark, zorder=4)
    leader: Look = {"color": FAINT, "linewidth": 0.7, "shrinkB": 2}
    strong: Look = {"color": colour, "fontweight": "bold"} if state in looks else {"color": INK}
    name_end(ax, case.name_of(state), (x[-1], y[-1]), end, leader, **strong)


def draw_answer_strip(ax: Axes, days: Sequence[Day]) -> Axes:
    """The standing answer as a strip of coloured days."""
    for answer, group in groupby(days, key=lambda day: day.answer):
        stretch = list(group)
        start, stop = stretch[0].day - 0.5, stretch[-1].day + 0.5
        ax.axvspan(start, stop, color=LEVEL_COLOURS[answer], linewidth=0)
        if stop - start > len(days) / 9:
            words = answer.label + (", by procedure" if stretch[0].by_procedure else "")
            look: Look = {"color": ON_LEVEL[answer], "fontweight": "bold"}
            say(ax, (start + stop) / 2, 0.5, words, ha="center", **look)
    ax.set(ylim=(0, 1), yticks=(), title="Standing answer")
    ax.tick_params(axis="x", length=0)
    ax.spines["left"].set_visible(False)
    return ax


def draw_in_place(ax: Axes, days: Sequence[Day]) -> Axes:
    """Troops in place on each day."""
    troops = np.array([day.in_place for day in days], dtype=float)
    layers(ax, days[0].day, troops[:, None], LEVEL_COLOURS[Level.DEPLOY :])
    most = float(troops.max())
    if most > 0:
        first = days[int(np.argmax(troops))].day - 0.5
        look: Look = {"color": ON_LEVEL[Level.DEPLOY], "fontweight": "bold"}
        say(ax, first + 0.2, most * 0.5, f"{n_troops(most)} troops", **look)
        ax.set(ylim=(0, 1.1 * most))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
        ax.yaxis.set_major_formatter("{x:,.0f}")
    else:
        ax.set(ylim=(0, 1), yticks=())
        say(ax, 0.5, 0.5, "no troops", transform=ax.transAxes, ha="center", color=MUTED)
    ax.set(title="Troops in place")
    return ax


def finding(story: Story, case: Case) -> str:
    """What happened in this run, in one sentence."""
    does = f"{short_title(case)}, run {story.run}: the alliance {DOES[story.level]}"
    if story.level:
        troops = sum(story.troops.values())
        sent = f" {n_troops(troops)} troops" if troops else ""
        does = f"{does}{sent} on day{SPACE}{story.day_decided}"
    return f"{does}, {end_on(case, story)}"


def story_picture(wanted: Wanted) -> Picture:
    """One run as a figure."""
    story, case, parameters = wanted.told, wanted.case.case, wanted.case.parameters
    days, marks = story.days, (parameters["quelled_at"], parameters["lost_at"])

    def draw_last(ax: Axes) -> None:
        draw_in_place(ax, days)
        zero = f"day (day 0 is {case.scenario.dates.coded})"
        ax.set(xlim=(-0.5, days[-1].day + 0.5), xlabel=zero)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=15, integer=True, min_n_ticks=1))

    return Picture(
        finding=finding(story, case),
        lead="One possible history. Thick line: the lead state; orange: who asks. Above a dashed "
        "bar a member speaks for that answer.",
        source=wanted.source(seeded=True),
        paint=panels(
            lambda ax: draw_intensity(ax, days, *marks),
            lambda ax: draw_positions(ax, days, case),
            lambda ax: draw_answer_strip(ax, days),
            draw_last,
            heights=(1.1, 2.9, 0.34, 0.8),
            sharex=True,
        ),
        height=6.4,
    )
