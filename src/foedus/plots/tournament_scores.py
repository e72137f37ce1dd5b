"""What a tournament shows: who forecasts best, and whether what was said comes true as often."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from foedus.analysis.forecast.tournament import Entry, Tournament
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import at, beside, in_percent, name_rows, say
from foedus.plots.style import FAINT, INK, LEVEL_COLOURS, MUTED, PAPER
from foedus.plots.words import percent, signed

LOOKS = {
    "baseline": ("s", MUTED, "baseline"),
    "prior": ("o", LEVEL_COLOURS[1], "theory, nothing fitted"),
    "calibrated": ("D", LEVEL_COLOURS[3], "theory, calibrated on the other crises"),
    "mixture": ("v", LEVEL_COLOURS[2], "all theories mixed"),
    "given": ("^", LEVEL_COLOURS[2], "parameters given"),
}
"""Mark, colour and words for each kind of forecaster."""

Class = tuple[float, float, int]
"""Of forecasts: mean probability stated, how often it came true, and their number."""
Interval = tuple[float, float]


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
    ax.set(
        xlim=(max(low, -1.0) - 0.05, 1.0),
        ylim=(len(rows) - 0.4, -1.0),
        xlabel="skill against the base rate: 1 is perfect, 0 no better, below 0 worse",
    )
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
    overlaps = best.interval[0] <= rival.interval[1]
    apart = "their intervals overlap" if overlaps else "their intervals do not overlap"
    return f"{said}; the best baseline is '{rival.name}' ({signed(rival.skill)}), {apart}"


def tournament_picture(held: Tournament, source: str) -> Picture:
    """Scores as a figure."""
    return Picture(
        finding=best_forecaster(held.entries),
        lead=f"Ranked-probability skill on {len(held.panel)} crises, each forecast without itself "
        "where anything was learned; lines hold 90 % of bootstrap samples of crises.",
        source=source,
        paint=on_axes(lambda ax: draw_scores(ax, held.entries)),
        height=0.95 + 0.34 * len(held.entries),
    )


def draw_reliability(ax: Axes, classes: Sequence[Class], intervals: Sequence[Interval]) -> Axes:
    """Mean forecast against frequency by class of forecast, with the diagonal of the honest.

    Args:
        intervals: Bounds of the frequency that chance alone would allow (class,).
    """
    said, came, counts = zip(*classes, strict=True)
    ax.plot([0, 1], [0, 1], color=FAINT, linewidth=1.4, zorder=1)
    say(ax, 0.03, 0.97, "more came than was said", va="top", color=MUTED)
    say(ax, 0.97, 0.03, "less came than was said", ha="right", va="baseline", color=MUTED)
    for x, bounds in zip(said, intervals, strict=True):
        ax.plot([x, x], bounds, color=LEVEL_COLOURS[2], linewidth=1.8, zorder=2)
    ax.plot(said, came, color=LEVEL_COLOURS[3], linewidth=1.0, zorder=2)
    sizes = [26 + 10 * n for n in counts]
    ax.scatter(said, came, s=sizes, color=LEVEL_COLOURS[3], edgecolor=PAPER, linewidth=1, zorder=3)
    for x, y, n in classes:
        at(ax, (x, y), f"{n}", (9, -9), color=INK, ha="left", zorder=4)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.04, 1.04))
    ax.set(xlabel="stated probability", ylabel="how often it came true")
    in_percent(ax.xaxis)
    in_percent(ax.yaxis)
    ax.set_aspect("equal")
    ax.grid(visible=True)
    return ax


def compatible(classes: Sequence[Class], intervals: Sequence[Interval]) -> str:
    """In how many classes the forecasts are compatible with what came, and the worst of them."""
    inside = [
        low <= said <= high for (said, *_), (low, high) in zip(classes, intervals, strict=True)
    ]
    text = f"What was said is compatible with what came in {sum(inside)} of {len(inside)} classes"
    if all(inside):
        return text
    said, came, _ = max(classes, key=lambda row: abs(row[0] - row[1]))
    return f"{text}; at worst {percent(said)} was said and {percent(came)} came"


def reliability_picture(
    classes: Sequence[Class], intervals: Sequence[Interval], source: str
) -> Picture:
    """A reliability diagram as a figure."""
    return Picture(
        finding=compatible(classes, intervals),
        lead="All levels of all crises, in classes of stated probability; bars are 90 % intervals "
        "of the frequency, numbers count the forecasts. Levels of one crisis hang together.",
        source=source,
        paint=on_axes(lambda ax: draw_reliability(ax, classes, intervals)),
        height=5.0,
    )
