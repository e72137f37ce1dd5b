"""The point in five seconds: one row a crisis, one column an answer, and where history fell."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from foedus.analysis.forecast.history import HistoryTable, Row
from foedus.analysis.summary import told_apart
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level
from foedus.plots.bars import draw_frame
from foedus.plots.frame import Picture, on_axes
from foedus.plots.marks import Look, say
from foedus.plots.style import FAINT, INK, LEVEL_COLOURS, MUTED, ON_LEVEL, WASH
from foedus.plots.words import listed, n_crises, percent, runs, short_title

LIKELIEST, OTHERS = Level.DEPLOY, Level.CONSULT
"""In whose colours the most probable answer and the others are drawn: columns name the levels."""
HIGHEST = 0.82
"""Height of a bar of certainty, in rows."""
ROOMY = 0.4
"""A bar of this share holds its number; above a lower one it stands on top."""

BELOW = {0: "silence", 1: "talks", 2: "aid, no troops", 3: "troops"}
"""What each level means to somebody who sees it for the first time."""

ASKED = (
    "nothing asked",
    "perhaps talks asked",
    "talks asked",
    "talks or aid asked",
    "aid asked",
    "aid or troops asked",
    "troops asked",
)
"""What was asked for, by half levels."""


def draw_answer(
    ax: Axes, labels: Sequence[str], p_levels: ArrayLike, observed: Sequence[int]
) -> Axes:
    """Draw a grid of bars (crisis by level), each as high as its probability.

    Parameters
    ----------
    labels
        Names of the crises (crisis,), from the top; a line break splits a name.
    p_levels
        Probabilities (crisis, level).
    observed
        What happened (crisis,).
    """
    p = np.asarray(p_levels, dtype=np.float64)
    for level, word in enumerate(LEVELS):
        foot: Look = {"ha": "center", "va": "baseline"}
        say(ax, level + 0.5, -0.34, word, "large", fontweight="bold", **foot)
        say(ax, level + 0.5, -0.12, BELOW[level], "text", color=MUTED, **foot)
    for row, label in enumerate(labels):
        name, _, when = label.partition("\n")
        say(ax, -0.08, row + 0.46, name, "large", ha="right", fontweight="bold")
        say(ax, -0.08, row + 0.72, when, "text", ha="right", color=MUTED)
        for level in range(len(LEVELS)):
            share, likeliest = float(p[row, level]), level == int(p[row].argmax())
            _cell(ax, (row, level), share, happened=observed[row] == level, likeliest=likeliest)
    ax.set(xlim=(-1.64, 4.02), ylim=(len(labels) + 0.05, -0.62))
    ax.set_axis_off()
    return ax


def _cell(
    ax: Axes, place: tuple[int, int], share: float, *, happened: bool, likeliest: bool
) -> None:
    row, level = place
    x, floor, width = level + 0.06, row + 0.94, 0.88
    top, inside = floor - HIGHEST * share, share >= ROOMY
    ground = LIKELIEST if likeliest else OTHERS
    bar: Look = {"color": LEVEL_COLOURS[ground], "linewidth": 0, "zorder": 2}
    ax.add_patch(Rectangle((x, row + 0.08), width, 0.86, color=WASH, linewidth=0))
    ax.add_patch(Rectangle((x, floor), width, top - floor, **bar))
    say(
        ax,
        x + width / 2,
        top + (0.09 if inside else -0.035),
        percent(share),
        "large" if likeliest else "text",
        ha="center",
        va="top" if inside else "bottom",
        color=ON_LEVEL[ground] if inside else INK if likeliest or happened else MUTED,
        fontweight="bold" if likeliest else "normal",
        zorder=3,
    )
    ax.plot([x, x + width], [floor, floor], color=FAINT, linewidth=0.8, zorder=3)
    if happened:
        draw_frame(ax, x, row + 0.08, width, 0.86)


def finding(table: HistoryTable) -> str:
    """In how many crises the most probable answer came, and which it misses."""
    close = [_state(row) for row in table.rows if _is_close(row)]
    clear = [row for row in table.rows if not _is_close(row)]
    wrong = [_state(row) for row in clear if row.summary.most_probable != row.observed]
    n, said = len(table.rows), ""
    if wrong:
        said += f"; it misses {listed(wrong)}"
    if close:
        said += f"; {listed(close)} {'is' if len(close) == 1 else 'are'} too close to call"
    return (
        f"When an ally calls for help, who answers? In {len(clear) - len(wrong)} of {n_crises(n)} "
        f"the model's most probable answer is what history did{said}"
    )


def _is_close(row: Row) -> bool:
    """Whether the runs cannot tell what happened from the likeliest of the other answers."""
    p = row.summary.p_levels
    other = max(share for level, share in enumerate(p) if level != row.observed)
    return not told_apart(p[row.observed], other, row.ensemble.n_runs)


def _state(row: Row) -> str:
    return short_title(row.case).partition(",")[0]


def _label(case: Case) -> str:
    """Who, when, and what was asked for, on two lines."""
    who, _, when = short_title(case).partition(", ")
    return f"{who}\n{when} · {ASKED[ceil(2 * case.scenario.crisis.asked.value)]}"


def answer_picture(table: HistoryTable, changed: str = "default parameters") -> Picture:
    """The README's opening figure: the crises of the document."""
    one = table.rows[0].ensemble
    labels = [_label(row.case) for row in table.rows]
    p_levels = [row.summary.p_levels for row in table.rows]
    observed = [int(row.observed) for row in table.rows]
    return Picture(
        finding=finding(table),
        lead="How likely each answer of the alliance was, simulated from what was known on the "
        "day. Dark: the model's most probable answer. Orange frame: what happened. "
        f"{n_crises(len(labels))} prove nothing; foedus history shows every crisis.",
        source=f"foedus {one.version} · {runs(one.n_runs)} a crisis, seed {one.seed} · {changed}",
        paint=on_axes(lambda ax: draw_answer(ax, labels, p_levels, observed)),
        height=0.55 + 0.72 * len(labels),
    )
