"""Commands that simulate crises: one run or many, why, and compared."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from foedus.cli import options as opt
from foedus.cli.output import Format, give, hint, make_folder, note, time_left
from foedus.cli.root import app
from foedus.errors import UsageError

if TYPE_CHECKING:
    from foedus.analysis.explain.comparison import Comparison
    from foedus.model.setup import Setup

PILOT, LONG_RUNS = 4_000, 100_000
"""Runs that tell how long an ensemble takes, and the number from which one is asked."""

OutDir = Annotated[
    opt.Place, opt.named("--out-dir", "DIR", "Write result.json and runs.csv here.", "-o")
]
Pivotal = Annotated[bool, opt.switch("--pivotal", "How often each member's alignment decides.")]
A = Annotated[str | None, opt.argument("A", "A crisis: id or file.")]
B = Annotated[str | None, opt.argument("B", "Another; without it, A again.")]
Why = Annotated[bool, opt.switch("--why", "Split the difference by attribute (Shapley values).")]
Counterfactuals = Annotated[
    bool, opt.switch("--counterfactuals", "Every shipped what-if with its crisis.")
]


@app.command()
@opt.with_changes
def run(
    changes: opt.Changes,
    scenario: opt.Scenario,
    runs: opt.Runs = 1,
    seed: opt.Seed = 1,
    run: opt.OneRun = None,
    form: opt.Form = Format.TABLE,
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
        _tell(setup, run or 0, seed, form)
        hint(f"foedus run {scenario} --runs 1000, for how likely each answer is")
        if out_dir is None:
            return
    _ensemble(setup, runs, seed, form, out_dir)


def _tell(setup: Setup, run: int, seed: int, form: Format) -> None:
    """Print one run as a story, or its days as plain values."""
    from foedus.analysis.explain.decomposition import explain
    from foedus.analysis.frames import days_frame, plain
    from foedus.cli import run_tables
    from foedus.model.ensemble import story

    told = story(setup, run, seed)
    is_read = form is Format.TABLE
    accounts = explain(setup, run, seed, n_steps=0).members if is_read else ()
    shown = run_tables.of_story(setup.case, told, accounts)
    record = {"id": setup.case.id, **plain(told)}
    give(form, record, shown, lambda: days_frame(told).to_dict("records"))


def _ensemble(setup: Setup, runs: int, seed: int, form: Format, out_dir: opt.Place) -> None:
    """Simulate many runs, write them where asked, and print how likely each answer is."""
    from foedus.analysis.forecast.prior_average import levels_over_priors
    from foedus.analysis.summary import as_record, by_word, summarise
    from foedus.cli import run_tables
    from foedus.model.ensemble import ensemble

    with time_left(lambda: 2 * seconds_of(setup, runs), runs >= LONG_RUNS):
        result = ensemble(setup, runs, seed)
        averaged = levels_over_priors(setup, runs, seed)
    record = {**as_record(result), "over_priors": by_word("p", averaged)}
    if out_dir is not None:
        from foedus.analysis.frames import write_results

        written = write_results(result, record, out_dir)
        note(f"wrote {', '.join(str(path) for path in written)}")
    if runs > 1:
        give(form, record, run_tables.of_ensemble(result, summarise(result), averaged))


def seconds_of(setup: Setup, runs: int) -> float:
    """About how long an ensemble takes, from a small one."""
    from foedus.model.ensemble import ensemble

    ensemble(setup, 100)
    began = time.perf_counter()
    ensemble(setup, PILOT)
    return (time.perf_counter() - began) * runs / PILOT


@app.command()
@opt.with_changes
def explain(
    changes: opt.Changes,
    scenario: opt.Scenario,
    member: opt.Member = None,
    run: opt.OneRun = None,
    seed: opt.Seed = 1,
    pivotal: Pivotal = False,
    form: opt.Form = Format.TABLE,
) -> None:
    """What decided: each member's position, and what would change it."""
    from foedus.analysis.explain.decomposition import as_record
    from foedus.analysis.explain.decomposition import explain as explained
    from foedus.cli import explain_tables

    setup = changes.setup(scenario)
    state = opt.chosen_member(setup.case, member) if member else None
    if pivotal:
        from foedus.analysis.explain.control import pivotal_members

        opt.refuse(
            "--pivotal looks at all members in all runs and", member=member, run=run is not None
        )
        pivots = pivotal_members(setup, seed=seed)
        give(form, [vars(pivot) for pivot in pivots], explain_tables.of_pivots(setup.case, pivots))
        return
    explanation = explained(setup, run, seed)
    record = {"id": setup.case.id, "seed": seed, **as_record(explanation)}
    if state is not None:
        record["members"] = [one for one in record["members"] if one["state"] == state]
    give(form, record, explain_tables.of_explanation(setup.case, explanation, state))


@app.command()
@opt.with_changes
def compare(
    changes: opt.Changes,
    first: A = None,
    second: B = None,
    runs: opt.Pairs = 1000,
    seed: opt.Seed = 1,
    set_a: Annotated[opt.Words, opt.named("--set-a", "NAME=VALUE", "As --set, in A.")] = None,
    set_b: Annotated[opt.Words, opt.named("--set-b", "NAME=VALUE", "As --set, in B.")] = None,
    rule_a: Annotated[str | None, opt.named("--rule-a", None, "Council rule of A.")] = None,
    rule_b: Annotated[str | None, opt.named("--rule-b", None, "Council rule of B.")] = None,
    theory_a: Annotated[str | None, opt.named("--theory-a", None, "Theory of A.")] = None,
    theory_b: Annotated[str | None, opt.named("--theory-b", None, "Theory of B.")] = None,
    why: Why = False,
    counterfactuals: Counterfactuals = False,
    form: opt.Form = Format.TABLE,
) -> None:
    """Two crises, or one under two settings: what differs, and why."""
    sides = (set_a, set_b, rule_a, rule_b, theory_a, theory_b)
    if counterfactuals:
        if first is not None or any(sides) or changes.any or why:
            raise UsageError(
                "--counterfactuals takes no scenario and no settings, only --runs and --seed"
            )
        _compare_counterfactuals(runs, seed, form)
        return
    if first is None:
        raise UsageError("name a scenario to compare, or --counterfactuals")
    if second is None and not any(sides):
        raise UsageError("name a second scenario, or set something: --set-b, --rule-b, --theory-b")

    def side(name: str, more: list[str] | None, rule: str | None, theory: str | None) -> Setup:
        own = replace(changes, rule=rule or changes.rule, theory=theory or changes.theory)
        return own.setup(name, *(more or ()))

    a = side(first, set_a, rule_a, theory_a)
    b = side(second or first, set_b, rule_b, theory_b)
    _compare_why(a, b, runs, seed, form) if why else _compare_two(a, b, runs, seed, form)


def _compare_two(a: Setup, b: Setup, runs: int, seed: int, form: Format) -> None:
    from foedus.analysis.explain.comparison import as_record
    from foedus.analysis.explain.comparison import compare as compared
    from foedus.cli import run_tables

    with time_left(lambda: seconds_of(a, runs) + seconds_of(b, runs), runs >= LONG_RUNS):
        found = compared(a, b, runs, seed)
    give(form, as_record(found), run_tables.of_comparison(found))


def _compare_why(a: Setup, b: Setup, runs: int, seed: int, form: Format) -> None:
    """Split the difference of the probability of deploy between two setups."""
    from foedus.analysis.explain.attribution import attribute_difference
    from foedus.analysis.frames import plain
    from foedus.cli import explain_tables

    first, second = a.case.id, b.case.id
    found = attribute_difference(a, b, n_runs=runs, seed=seed)
    record = {"first": first, "second": second, **plain(found), "make_up": found.make_up}
    give(form, record, explain_tables.of_attribution(first, second, found))


def _compare_counterfactuals(runs: int, seed: int, form: Format) -> None:
    from foedus.analysis.explain.comparison import against_bases, as_record
    from foedus.cli import run_tables
    from foedus.data.library import load_all

    found = against_bases(load_all(), runs, seed)

    def rows() -> list[dict[str, Any]]:
        return [row for one in found for row in _difference_rows(one)]

    give(form, [as_record(one) for one in found], run_tables.of_counterfactuals(found), rows)


def _difference_rows(one: Comparison) -> list[dict[str, Any]]:
    ids = {"first": one.first.setup.case.id, "second": one.second.setup.case.id}
    return [{**ids, **vars(part), "difference": part.difference} for part in one.differences]
