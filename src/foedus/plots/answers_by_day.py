"""Many possible histories at once: answers by day, how the crisis goes, who sends troops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from foedus.analysis.summary import Spread, Summary, Unfolding
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Ending, Level
from foedus.model.numbers import Array
from foedus.plots.frame import Canvas, Picture
from foedus.plots.marks import Look, Place, beside, in_percent, layers, name_rows, spread_out
from foedus.plots.style import FAINT, HISTORY, LEVEL_COLOURS, LOWERS, PAPER, RAISES
from foedus.plots.wanted import Wanted
from foedus.plots.words import DID, DOES, end_of, percent, runs, short_title


def draw_answers(ax: Axes, unfolding: Unfolding, happened: tuple[int, Level] | None = None) -> Axes:
    """Share of the runs in which each answer stands, by day, from none at the foot to deploy.

    The diamond is the historical answer, where its day and level are known.
    """
    middles = _stack(ax, unfolding.answers, LEVEL_COLOURS)
    strong = happened and happened[1]
    _name_layers(ax, LEVELS, unfolding.answers[-1], middles, (0.085, 0.03), strong)
    if happened is not None:
        day, level = happened
        mark: Look = {"marker": "D", "markersize": 8, "mec": PAPER, "mew": 1.4}
        ax.plot([day], [middles[level]], color=HISTORY, zorder=5, clip_on=False, **mark)
    ax.set(title="The standing answer, share of runs")
    return ax


def draw_fates(ax: Axes, unfolding: Unfolding, who: str) -> Axes:
    """Share of the runs in which the crisis goes on, is quelled, or has been lost, by day."""
    going = 1 - unfolding.quelled - unfolding.lost
    shares = np.stack([unfolding.lost, going, unfolding.quelled], axis=1)
    middles = _stack(ax, shares, (LOWERS, FAINT, RAISES))
    shares[-1, shares[-1] < 0.0005] = 0  # what is left of a difference of floats
    _name_layers(ax, ("lost", "goes on", "quelled"), shares[-1], middles, (0.17, 0.05), None)
    ax.set(title=f"The crisis of {who}, share of runs")
    return ax


def _stack(ax: Axes, shares: Array, colours: Sequence[str]) -> Array:
    """Layers of shares (day, layer) one on the other; the middle of each on the last day."""
    edges, tops = layers(ax, 0, np.cumsum(shares, axis=1), colours)
    ax.step(edges, tops, where="post", color=PAPER, linewidth=0.8)
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0, 1), yticks=(0, 0.5, 1))
    in_percent(ax.yaxis)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    return np.asarray(tops[-1] - shares[-1] / 2)


def _name_layers(
    ax: Axes, words: Sequence[str], last: Array, middles: Array, room: Place, strong: int | None
) -> None:
    """Name each layer that is there on the last day; `room`: to the next name and to the edge."""
    shown = np.flatnonzero(last)
    places = spread_out(list(middles[shown]), room[0], room[1], 1 - room[1])
    for k, y in zip(shown.tolist(), places, strict=True):
        look: Look = {"color": HISTORY, "fontweight": "bold"} if k == strong else {}
        beside(ax, y, f"{words[k]} {percent(float(last[k]))}", 1.015, **look)


def settled_by(unfolding: Unfolding) -> int:
    """Days to show: two more than until nothing moves by half a point, and at least a week."""
    every = np.column_stack([unfolding.answers, unfolding.quelled, unfolding.lost])
    moves = np.flatnonzero(np.abs(every - every[-1]).max(axis=1) > 0.005)
    last = int(moves[-1]) + 1 if len(moves) else 0
    return min(len(unfolding.quelled), max(7, last + 2))


def draw_troops(ax: Axes, troops: Mapping[str, Spread], case: Case) -> Axes:
    """Troops by member over the runs that deploy: median, 90 % of runs, and what was reported.

    They come by ISO code and ``total``; the axis is linear below 100 and logarithmic above.
    """
    reported = case.scenario.history.troops if case.scenario.history else {}
    states = [s for s, spread in troops.items() if s != "total" and spread.high > 0]
    states.sort(key=lambda s: (-troops[s].median, -troops[s].high, s))
    rows = [*states, "total"]
    for y, state in enumerate(rows):
        if state in reported:
            _reported(ax, y + 0.17, *reported[state])
        _sent(ax, y - (0.12 if reported else 0.0), troops[state])
    name_rows(ax, [case.name_of(s) for s in rows], "small")
    highest = max(*(m.high for m in troops.values()), *(high for _, high in reported.values()), 0)
    ax.set_xscale("symlog", linthresh=100, linscale=0.6)
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(-4, highest * 1.35), xlabel="troops")
    ax.set_xticks([mark for mark in (0, 100, 1e3, 1e4, 1e5) if mark <= 1.35 * highest])
    ax.set_xticks([], minor=True)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.grid(axis="x")
    ax.set(title="Troops where it deploys")
    ax.plot([], [], "o-", color=LEVEL_COLOURS[3], markersize=5.5, label="median, 90 % of runs")
    if reported:
        ax.plot([], [], color=HISTORY, linewidth=3.2, label="reported in history")
    room: Look = {"borderpad": 0, "handlelength": 1.6, "columnspacing": 1.4}
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, **room)
    return ax


def _sent(ax: Axes, y: float, spread: Spread) -> None:
    ax.plot([spread.low, spread.high], [y, y], color=LEVEL_COLOURS[3], linewidth=1.6)
    ax.plot([spread.median], [y], "o", color=LEVEL_COLOURS[3], markersize=5.5)


def _reported(ax: Axes, y: float, low: float, high: float) -> None:
    look: Look = {"color": HISTORY, "zorder": 2}
    ax.plot([low, high], [y, y], linewidth=3.2, solid_capstyle="butt", **look)
    if low == high:
        ax.plot([low], [y], marker="D", markersize=4.5, **look)


def finding(case: Case, summary: Summary, n_runs: int) -> str:
    """What the ensemble says, and whether history agrees."""
    level, observed, p = summary.most_probable, case.scenario.answer, summary.p_levels
    if p[level] < 0.5:
        divided = _divided(summary, observed)
        return f"{short_title(case)}: no answer has half of {runs(n_runs)}; {divided}"
    often = f"in {percent(p[level])} of {runs(n_runs)}"
    said = f"{short_title(case)}: the alliance {DOES[level]} {often}"
    if observed is None:
        return said
    if observed == level:
        return f"{said}, as it did"
    return f"{said}; in history it {DID[observed]} ({percent(p[observed])} of the runs)"


def _divided(summary: Summary, observed: Level | None) -> str:
    """The likeliest answer, and beside it the historical one or the next."""
    first, p = summary.most_probable, summary.p_levels
    second = max((level for level in Level if level != first), key=lambda level: p[level])
    if observed not in (None, first):
        second = observed
    marks = [", as in history," if level == observed else "" for level in (first, second)]
    return (
        f"{first.label}{marks[0]} comes in {percent(p[first])}, "
        f"and {second.label}{marks[1]} in {percent(p[second])}"
    )


def course(case: Case, summary: Summary) -> str:
    """When the answer comes, and in how many runs whose crisis is over."""
    over = f"{end_of(case, Ending.QUELLED)} in {percent(summary.p_quelled)} of the runs"
    if summary.decision_day is None:
        return f"No run finds an answer; {over}"
    return f"Half of the answers stand by day {summary.decision_day.median:g}; {over}"


def day_of(case: Case) -> tuple[int, Level] | None:
    """Day of the run and level of the historical answer; None where either is not known."""
    level, history = case.scenario.answer, case.scenario.history
    if not level or history is None or history.decided is None:
        return None
    day = (history.decided - case.scenario.dates.coded).days
    return (day, level) if 0 <= day < case.scenario.horizon_days else None


def ensemble_picture(wanted: Wanted) -> Picture:
    """An ensemble as a figure: days at the left, troops at the right where any run deploys."""
    case, summary, unfolding = wanted.case.case, wanted.summary, wanted.unfolding
    happened = day_of(case)

    def paint(canvas: Canvas) -> None:
        widths = (1.5, 1) if summary.troops else (1,)
        grid = canvas.add_gridspec(2, len(widths), height_ratios=(2.1, 1), width_ratios=widths)
        top = canvas.add_subplot(grid[0, 0])
        foot = canvas.add_subplot(grid[1, 0], sharex=top)
        draw_answers(top, unfolding, happened)
        draw_fates(foot, unfolding, case.name_of(case.scenario.requester))
        top.tick_params(axis="x", labelbottom=False)
        top.set_xlim(-0.5, settled_by(unfolding) - 0.5)
        foot.set_xlabel(f"day (day 0 is {case.scenario.dates.coded})")
        if summary.troops:
            draw_troops(canvas.add_subplot(grid[:, 1]), summary.troops, case)

    p, error = summary.p_levels[summary.most_probable], summary.errors[summary.most_probable]
    day, level = happened or (None, None)
    diamond = f" The diamond is history: {level.label} on day {day}." if level else ""
    return Picture(
        finding=finding(case, summary, wanted.n_runs),
        lead=f"Every run is one possible history. The {percent(p)} has a Monte-Carlo error of "
        f"{100 * error:.1f} points.{diamond}",
        source=wanted.source(wanted.n_runs),
        paint=paint,
        height=4.6,
    )
