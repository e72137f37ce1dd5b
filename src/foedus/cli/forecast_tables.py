"""Forecasts held against what happened, on a terminal and in the pages of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import isnan
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.output import number, percent, table
from foedus.data.terms import LEVELS, Level
from foedus.plots.words import n_troops

if TYPE_CHECKING:
    from foedus.analysis.forecast.history import HistoryTable, Row
    from foedus.analysis.forecast.requests import Asking, RequestScore, RequestTable
    from foedus.analysis.forecast.scores import Forecaster

INTERVAL = "90 % interval (crises resampled)"
SCORES = (
    "RPS: ranked probability score; RPS, log and Brier: lower is better. Skill: 1 perfect, 0 as "
    "good as the base rate"
)


def of_history(found: HistoryTable) -> Iterator[RenderableType]:
    """The message, then all crises beside what happened, by alliance, then the scores."""
    yield message(found)
    n_runs = found.rows[0].ensemble.n_runs if found.rows else 0
    rows: list[tuple[RenderableType, ...] | None] = []
    for name, members in groupby(sorted(found.rows, key=_place), key=_alliance):
        rows += [None, (Text(name, style="bold"),), *(_row_cells(row) for row in members)]
    yield table(
        f"Every crisis with a known answer, {n_runs:,} runs each",
        (
            "crisis",
            "asked#",
            "history",
            *(f"{word} %" for word in LEVELS),
            "most likely",
            "troops, model#",
            "troops, record#",
        ),
        rows[1:],
        caption="asked: 0 nothing, 1 consultations, 2 support, 3 a force. *: what happened; most "
        "likely: whether that has the highest probability",
    )
    yield of_forecasters(found.forecasters)
    n = len(found.rows)
    so_few = "One crisis proves" if n == 1 else f"{n} crises prove"
    yield f"{so_few} {'nothing' if n < 10 else 'little'}."


def message(found: HistoryTable, n_worst: int = 3) -> str:
    """How often the model is right, its skill, and where it fails."""
    n = len(found.rows)
    right = sum(row.summary.most_probable == row.observed for row in found.rows)
    best = found.averaged
    low, high = best.interval
    order = sorted(range(n), key=lambda k: -best.rps[k])[:n_worst]
    worst = ", ".join(
        f"{found.rows[k].case.id} ({percent(best.forecasts[k, found.rows[k].observed])} %)"
        for k in order
    )
    return (
        f"The most probable answer is the historical one in {right} of {n} crises. Averaged over "
        f"its uncertain parameters the model has a skill of {best.skill:+.2f} (90 % interval "
        f"{low:+.2f} to {high:+.2f}; 0 is the base rate, 1 is perfect). It is most wrong in "
        f"{worst}; in brackets, the probability it gave to what happened."
    )


def _alliance(row: Row) -> str:
    return row.case.alliance.id


def _place(row: Row) -> tuple[str, str]:
    return row.case.alliance.id, row.case.id


def _row_cells(row: Row) -> tuple[RenderableType, ...]:
    history = row.case.scenario.history
    model, record = row.summary.troops.get("total"), (history.troops if history else {})
    deployed = row.observed == Level.DEPLOY
    return (
        row.case.id,
        f"{row.case.scenario.crisis.asked.value:g}",
        row.observed.label,
        *(
            Text(f"{percent(p)}*", style="bold") if k == row.observed else f"{percent(p)} "
            for k, p in enumerate(row.summary.p_levels)
        ),
        "yes" if row.summary.most_probable == row.observed else "no",
        n_troops(model.median) if deployed and model else "",
        n_troops(*record["total"]) if deployed and "total" in record else "",
    )


def of_forecasters(forecasters: Iterable[Forecaster]) -> Table:
    """Scores of model and baselines."""
    return table(
        "Scores: mean over crises",
        ("forecast", "RPS#", "log#", "Brier of deploy#", "skill#", INTERVAL),
        [
            (
                plain_name(one.name),
                f"{one.rps.mean():.3f}",
                f"{one.log.mean():.3f}",
                f"{one.brier.mean():.3f}",
                f"{one.skill:+.2f}",
                interval(one.interval),
            )
            for one in forecasters
        ],
        caption=SCORES,
    )


NAMES = {
    "the answer equals the ask": "answer = request",
    "the ask, learned": "past answers to the same kind of request",
}
"""Simple rules in plain words, by the names of the analysis."""


def plain_name(name: str) -> str:
    """A forecast in plain words; what follows in brackets is kept."""
    for known, plain in NAMES.items():
        name = name.replace(known, plain)
    return name


def interval(pair: tuple[float, float], form: str = "+.2f") -> str:
    """Both ends of an interval."""
    return f"{pair[0]:{form}} to {pair[1]:{form}}"


def of_requests(found: RequestTable, n_runs: int) -> Iterator[RenderableType]:
    """Who asked, and what the model says of it."""
    yield table(
        f"The request as a decision, {n_runs:,} runs each; day 0 is the day the crisis is coded",
        (
            "crisis",
            "asked, history",
            "level#",
            "days to request#",
            "days to day 0#",
            "model: day 0 %",
            "by decision %",
            "ever %",
            "median day#",
            "formal %",
            "level#",
        ),
        [_asking_cells(row) for row in found.rows],
        caption="level: what was asked for, 0 nothing definite, 1 consultations, 2 support, "
        "3 a force",
    )
    yield of_request_scores(found.scores)
    yield (
        f"Level asked for by those who asked: the model errs by {number(found.level_error)} on "
        f"average, the mean of the other crises by {number(found.level_error_of_mean)}."
    )
    yield found.caution


CHANNELS = ((1.0, "formal"), (0.75, "to the lead state"), (0.5, "informal"), (0.25, "reported"))
"""Channels of the codebook, from the highest; `informal` holds what is bilateral or contested."""


def channel_of(code: float) -> str:
    """The codebook's word for a channel; what lies between two counts as the lower."""
    return next((word for least, word in CHANNELS if code >= least), "none")


def _asking_cells(row: Asking) -> tuple[str, ...]:
    return (
        row.case.id,
        channel_of(row.channel),
        f"{row.asked:g}",
        "" if row.days_to_request is None else str(row.days_to_request),
        str(row.days_to_coded),
        percent(row.p_day_0),
        f"{percent(row.p_by_decision)} (day {row.decision_day})",
        percent(row.p_by_horizon),
        number(row.median_day, "g"),
        "" if isnan(row.p_formal) else percent(row.p_formal),
        number(row.mean_asked, ".1f"),
    )


def of_request_scores(scores: Sequence[RequestScore]) -> Table:
    """How well the model says who asked."""
    return table(
        "Who asked, formally or bilaterally: Brier score, lower is better",
        (
            "forecast",
            "crises#",
            "asked#",
            "model#",
            "base rate#",
            "gain#",
            INTERVAL,
            "pairs ranked rightly %",
        ),
        [
            (
                one.name,
                str(one.n),
                str(one.n_asked),
                f"{one.brier:.3f}",
                f"{one.base_rate:.3f}",
                f"{one.gain:+.3f}",
                interval(one.interval, "+.3f"),
                "" if isnan(one.p_ranked) else percent(one.p_ranked),
            )
            for one in scores
        ],
        caption="pairs ranked rightly: of one government that asked and one that did not, how "
        "often the model gives the first the higher probability",
    )
