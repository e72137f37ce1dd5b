"""Who forecasts best, whether what was said comes true, and what tuning is worth elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from foedus.analysis.forecast.overfitting import Fits
from foedus.analysis.forecast.tournament import Entry, Tournament, reliability
from foedus.analysis.intervals import wilson_interval
from foedus.model.numbers import Array
from foedus.plots.answer_bars import draw_bar, draw_key
from foedus.plots.frame import Canvas, Picture, panels
from foedus.plots.marks import DASHED, Look, at, beside, ground, in_percent, name_rows, say
from foedus.plots.style import FAINT, HISTORY, INK, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.words import number, percent, signed

LOOKS = {
    "baseline": ("s", MUTED, "baseline"),
    "prior": ("o", LEVEL_COLOURS[1], "theory, nothing fitted"),
    "calibrated": ("D", LEVEL_COLOURS[3], "theory, calibrated on the other crises"),
    "mixture": ("v", LEVEL_COLOURS[2], "all theories mixed"),
    "given": ("^", LEVEL_COLOURS[2], "parameters given"),
}
"""Mark, colour and words for each kind of forecaster."""

Class = tuple[float, float, int, float, float]
"""Of forecasts: mean probability stated, how often it came true, their number, and the bounds of
the frequency that chance alone would allow."""

Score = Array
"""Mean ranked probability score on the crises tuned to, and on the others (2,)."""

ROOM = 0.06
"""Room for words below and above the dots, in points of the score."""


def draw_scores(ax: Axes, entries: Sequence[Entry]) -> Axes:
    """One row a forecaster, the best first: skill against the base rate and its interval."""
    rows = sorted(entries, key=lambda entry: -entry.skill)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for y, entry in enumerate(rows):
        mark, colour, _ = LOOKS.get(entry.kind, LOOKS["prior"])
        ax.plot(entry.interval, [y, y], color=colour, linewidth=2.2, zorder=2)
        ax.plot([entry.skill], [y], mark, color=colour, mec=INK, mew=0.8, markersize=8, zorder=3)
        beside(ax, y, signed(entry.skill))
    name_rows(ax, [entry.name for entry in rows], "small")
    kinds = {entry.kind for entry in entries}
    for kind, (mark, colour, words) in LOOKS.items():
        if kind in kinds:
            ax.plot([], [], mark, color=colour, mec=INK, mew=0.8, label=words)
    above = (0.4, 1.0 + 0.5 / max(1, len(rows)))
    ax.legend(loc="upper center", bbox_to_anchor=above, ncols=4, borderpad=0, handletextpad=0.3)
    low = min(0.0, *(bound for entry in entries for bound in entry.interval))
    words = "skill against the base rate: 1 is perfect, 0 no better, below 0 worse"
    ax.set(xlim=(max(low, -1.0) - 0.05, 1.0), ylim=(len(rows) - 0.4, -1.0), xlabel=words)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def best_forecaster(entries: Sequence[Entry]) -> str:
    """Who forecasts best, and whether it can be told from the best baseline."""
    best = max(entries, key=lambda entry: entry.skill)
    kind = {"prior": ", nothing fitted,", "calibrated": ", calibrated,"}.get(best.kind, "")
    said = f"'{best.name}'{kind} forecasts best (skill {signed(best.skill)})"
    baselines = [entry for entry in entries if entry.kind == "baseline"]
    if not baselines or best.kind == "baseline":
        return said
    rival = max(baselines, key=lambda entry: entry.skill)
    apart = "overlap" if best.interval[0] <= rival.interval[1] else "do not overlap"
    return (
        f"{said}; the best baseline is '{rival.name}' ({signed(rival.skill)}), their intervals "
        f"{apart}"
    )


def tournament_picture(held: Tournament, source: str) -> Picture:
    """Scores as a figure."""
    return Picture(
        finding=best_forecaster(held.entries),
        lead=f"Ranked-probability skill on {len(held.panel)} crises, each forecast without itself "
        "where anything was learned; lines hold 90 % of bootstrap samples of crises.",
        source=source,
        paint=panels(lambda ax: draw_scores(ax, held.entries)),
        height=0.95 + 0.34 * len(held.entries),
    )


def draw_reliability(ax: Axes, classes: Sequence[Class]) -> Axes:
    """Mean forecast against frequency by class of forecast, with the diagonal of the honest."""
    said, came, counts, *_ = zip(*classes, strict=True)
    ax.plot([0, 1], [0, 1], color=FAINT, linewidth=1.4, zorder=1)
    say(ax, 0.03, 0.97, "more came than was said", va="top", color=MUTED)
    say(ax, 0.97, 0.03, "less came than was said", ha="right", va="baseline", color=MUTED)
    for x, _, _, *bounds in classes:
        ax.plot([x, x], bounds, color=LEVEL_COLOURS[2], linewidth=1.8, zorder=2)
    ax.plot(said, came, color=LEVEL_COLOURS[3], linewidth=1.0, zorder=2)
    sizes = [26 + 10 * n for n in counts]
    ax.scatter(said, came, s=sizes, color=LEVEL_COLOURS[3], edgecolor=PAPER, linewidth=1, zorder=3)
    for x, y, n, *_ in classes:
        at(ax, (x, y), f"{n}", (9, -9), color=INK, ha="left", zorder=4)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.04, 1.04))
    ax.set(xlabel="stated probability", ylabel="how often it came true", aspect="equal")
    in_percent(ax.xaxis, ax.yaxis)
    ax.grid(visible=True)
    return ax


def compatible(classes: Sequence[Class]) -> str:
    """In how many classes the forecasts are compatible with what came, and the worst of them."""
    inside = [low <= said <= high for said, _, _, low, high in classes]
    text = f"What was said is compatible with what came in {sum(inside)} of {len(inside)} classes"
    if all(inside):
        return text
    said, came, *_ = max(classes, key=lambda row: abs(row[0] - row[1]))
    return f"{text}; at worst {percent(said)} was said and {percent(came)} came"


def reliability_picture(held: Tournament, source: str) -> Picture:
    """The reliability of the full model's forecasts as a figure."""
    rows = reliability(held.entry("full", "prior"), held.panel.observed)
    classes = [(said, came, n, *wilson_interval(came, n)) for said, came, n in rows]
    return Picture(
        finding=compatible(classes),
        lead="All levels of all crises, in classes of stated probability; bars are 90 % intervals "
        "of the frequency, numbers count the forecasts. Levels of one crisis hang together.",
        source=f"{source} · full model, nothing fitted",
        paint=panels(lambda ax: draw_reliability(ax, classes)),
        height=5.0,
    )


def draw_fits(
    ax: Axes,
    tried: Sequence[Score] | Array,
    marked: Sequence[tuple[str, Score]],
    fits: Fits,
) -> Axes:
    """A dot a setting: how well it fits the crises tuned to, and how well it does elsewhere.

    Args:
        tried: Of every setting (setting, 2).
        marked: Settings with a name, the last one of them stressed.
        fits: Of the same crises, for their numbers and for the base rate, which is a line.
    """
    x, y = np.asarray(tried).T
    base_rate, n_crises = fits.base_rate, fits.n_crises
    ax.scatter(x, y, s=16, color=LEVEL_COLOURS[1], edgecolor=LEVEL_COLOURS[2], linewidth=0.5)
    ax.axhline(base_rate[1], color=MUTED, zorder=1, **DASHED)
    beside(ax, base_rate[1], "the base rate", 0.99, ha="right", va="bottom", color=MUTED)
    for k, (name, score) in enumerate(marked):
        _mark(ax, name, score, stressed=k == len(marked) - 1, above=k % 2 == 0)
    ax.set(
        xlim=(0, max(x.max(), base_rate[0]) * 1.03),
        ylim=(min(y.min(), base_rate[1]) - ROOM, max(y.max(), base_rate[1]) + ROOM),
        xlabel=f"score on the {n_crises[0]} tuned to (left is better)",
        ylabel=f"score on the {n_crises[1]} others (down is better)",
    )
    ax.grid(visible=True)
    return ax


def _mark(ax: Axes, name: str, score: Score, *, stressed: bool, above: bool) -> None:
    (x, y), weight = score, "bold" if stressed else "normal"
    colour = LEVEL_COLOURS[3] if stressed else PAPER
    ax.plot(x, y, "D", color=colour, mec=INK, mew=1.0, markersize=8, zorder=4)
    leader = {"arrowstyle": "-", "color": INK, "linewidth": 0.7, "shrinkB": 5}
    look: Look = {"ha": "left", "fontweight": weight, "color": INK, "bbox": ground(1.5, 0.85)}
    at(ax, (x, y), name, (7, 24 if above else -24), arrowprops=leader, zorder=5, **look)


def finding(fits: Fits) -> str:
    """How much the best fit is worth on the crises it was not fitted to."""
    tuned, others = fits.n_crises
    return (
        f"The best of {len(fits.rps):,} settings on {tuned} crises does better than "
        f"{percent(fits.share_beaten)} of the others on the {others} it was not fitted to"
    )


def overfitting_picture(fits: Fits, defaults: Score, source: str) -> Picture:
    """A blind search as a figure, beside the scores of the register's defaults."""
    marked = [("defaults", defaults), (f"best on the {fits.n_crises[0]}", fits.rps[fits.best])]
    return Picture(
        finding=finding(fits),
        lead="Mean ranked probability score of settings drawn blindly from the priors; 50 % of the "
        "others is what picking any setting would give.",
        source=source,
        paint=panels(lambda ax: draw_fits(ax, fits.rps, marked, fits)),
        height=4.4,
    )


def tuning_picture(
    bars: Sequence[tuple[str, Array, int]], tried: Sequence[Score], fits: Fits, source: str
) -> Picture:
    """What the sliders do: the crises tuned to on the left, and what it is worth on the right.

    Args:
        bars: The crises tuned to: name, probabilities (level,), and what happened.
        tried: Scores of every setting so far: the defaults first, the present one last.
    """
    first, now = tried[0], tried[-1]
    marked = [("defaults", first), ("now", now)][: len(tried)]

    def paint(canvas: Canvas) -> None:
        left, right = canvas.subplots(1, 2, width_ratios=(1.15, 1))
        _draw_bars(left, bars)
        draw_fits(right, tried, marked, fits)
        right.plot(*np.transpose(tried), color=FAINT, linewidth=1.0, zorder=1)

    tuned, others = fits.n_crises
    return Picture(
        finding=f"{_moved(f'On the {tuned} crises you look at', first[0], now[0])}; "
        f"{_moved(f'on the {others} others', first[1], now[1])}",
        lead="Left: probability of each answer in %, what happened framed. Right: every setting "
        "you tried leaves a dot. Scores are ranked probability scores, lower is better.",
        source=source,
        paint=paint,
        height=3.3,
    )


def _draw_bars(ax: Axes, bars: Sequence[tuple[str, Array, int]]) -> None:
    for row, (label, p, happened) in enumerate(bars):
        draw_bar(ax, row, p, happened)
        right = int(np.argmax(p)) == happened
        say(ax, -0.02, row, label, ha="right", color=INK if right else HISTORY)
    ax.set(xlim=(0, 1), ylim=(len(bars) - 0.4, -0.6))
    ax.set_axis_off()
    draw_key(ax.inset_axes((0.0, 1.0, 1.0, 0.1)), framed=False)


def _moved(where: str, before: float, after: float) -> str:
    if f"{before:.3f}" == f"{after:.3f}":
        return f"{where}: {number(after, 3)}, as at the defaults"
    word = "better" if after < before else "worse"
    return f"{where}: {number(after, 3)}, {word} than the defaults ({number(before, 3)})"
