"""The command `foedus run`: one run as a story, many as probabilities."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from foedus.cli import options as opt
from foedus.cli.columns import Columns, percent, styled, table
from foedus.cli.output import give, hint, make_folder, note, time_left
from foedus.cli.root import app
from foedus.data.terms import Level

if TYPE_CHECKING:
    from rich.console import RenderableType

    from foedus.analysis.summary import Spread, Summary
    from foedus.data.library import Case
    from foedus.model.ensemble import Ensemble
    from foedus.model.numbers import Array
    from foedus.model.setup import Setup

PILOT, LONG_RUNS = 4_000, 100_000
"""Runs that tell how long an ensemble takes, and the number from which one is asked."""

OutDir = Annotated[
    opt.Place, opt.named("--out-dir", "DIR", "Write result.json and runs.csv here.", "-o")
]


@opt.command(app)
def run(
    changes: opt.Changes,
    scenario: opt.Scenario,
    runs: opt.Runs = 1,
    seed: opt.Seed = 1,
    run: opt.OneRun = None,
    out_dir: OutDir = None,
    force: opt.Force = False,
) -> None:
    """Simulate a crisis: one run as a story, many as probabilities."""
    setup = changes.setup(scenario)
    if out_dir is not None:
        make_folder(out_dir, "result.json", "runs.csv", force=force)
    if run is not None:
        opt.refuse("--run N tells one run and", out_dir=out_dir)
    if run is not None or runs == 1:
        _tell(setup, run or 0, seed)
        hint(f"foedus run {scenario} --runs 1000, for how likely each answer is")
        if out_dir is None:
            return
    _ensemble(setup, runs, seed, out_dir)


def _tell(setup: Setup, run: int, seed: int) -> None:
    """Print one run as a story, or its days as plain values."""
    from foedus.analysis.explain.decomposition import explain
    from foedus.analysis.frames import days_frame, plain
    from foedus.model.ensemble import story
    from foedus.plots.story_text import story_lines

    told, case = story(setup, run, seed), setup.case

    def lines() -> Iterator[RenderableType]:
        which = f"run {told.run} of seed {told.seed}, one possible history"
        yield styled(f"{case.scenario.title} ({case.id}): {which}")
        yield from story_lines(case, told, explain(setup, run, seed, n_steps=0).members)

    record = {"id": case.id, **plain(told)}
    give(record, lines(), lambda: days_frame(told).to_dict("records"))


def _ensemble(setup: Setup, runs: int, seed: int, out_dir: opt.Place) -> None:
    """Simulate many runs, write them where asked, and print how likely each answer is."""
    from foedus.analysis.forecast.history import levels_over_priors
    from foedus.analysis.frames import write_results
    from foedus.analysis.summary import as_record, by_word, summarise
    from foedus.model.ensemble import ensemble

    with time_left(lambda: 2 * seconds_of(setup, runs), runs >= LONG_RUNS):
        result = ensemble(setup, runs, seed)
        averaged = levels_over_priors(setup, runs, seed)
    record = {**as_record(result), "over_priors": by_word("p", averaged)}
    if out_dir is not None:
        written = write_results(result, record, out_dir)
        note(f"wrote {', '.join(str(path) for path in written)}")
    if runs > 1:
        give(record, _of_ensemble(result, summarise(result), averaged))


def seconds_of(setup: Setup, runs: int) -> float:
    """About how long an ensemble takes, from a small one."""
    from foedus.model.ensemble import ensemble

    ensemble(setup, 100)
    began = time.perf_counter()
    ensemble(setup, PILOT)
    return (time.perf_counter() - began) * runs / PILOT


def _of_ensemble(
    result: Ensemble, summary: Summary, over_priors: Array
) -> Iterator[RenderableType]:
    """An ensemble beside its average over the priors, and history."""
    from foedus.plots.words import OVER_PRIORS

    case = result.setup.case
    past = case.scenario.history
    happened = past.level if past else None
    yield table(
        f"{case.scenario.title} ({case.id}): {result.n_runs:,} runs, seed {result.seed}",
        (
            ("answer", "{label}"),
            ("%", lambda level: percent(float(summary.p_levels[level]))),
            ("±", lambda level: f"{100 * summary.errors[level]:.1f}"),
            ("uncertain parameters %", lambda level: percent(float(over_priors[level]))),
            ("history", lambda level: "<- what happened" if level.label == happened else ""),
        ),
        Level,
        caption=OVER_PRIORS,
    )
    if summary.decision_day:
        yield f"Decided {_days(case, summary.decision_day)}."
    fell = "lost by the lead state" if case.scenario.requester == case.patron else "government fell"
    yield (
        f"Crisis ended in {percent(summary.p_quelled)} %, {fell} in "
        f"{percent(summary.p_lost)} %, still open on day {result.setup.situation.horizon_days} in "
        f"{percent(summary.p_open)} % of the runs. Median day of the end: "
        f"{summary.days_to_end.median:g}."
    )
    if summary.troops:
        columns = _troops(case, past.troops if past else {})
        yield table("Troops, where the alliance deploys", columns, summary.troops.items())


def _troops(case: Case, reported: dict[str, tuple[int, int]]) -> Columns:
    from foedus.plots.words import n_troops

    def spread(row: tuple[str, Spread]) -> str:
        low, high = row[1].low, row[1].high
        return n_troops(low, high) if low < high else "the same"

    return (
        ("state", lambda row: case.name_of(row[0])),
        ("median#", lambda row: n_troops(row[1].median)),
        ("90 % of runs", spread),
        ("history", lambda row: n_troops(*reported[row[0]]) if row[0] in reported else ""),
    )


def _days(case: Case, spread: Spread) -> str:
    """When the answer comes: a day with its date where nearly all runs agree, else a range."""
    from foedus.plots.story_text import date_of

    days = (int(spread.low), int(spread.high))
    first, last = (f"day {day} ({date_of(case, day)})" for day in days)
    if first == last:
        return f"on {first} in at least 90 % of runs"
    return f"between {first} and {last} in 90 % of runs; median: day {spread.median:g}"
