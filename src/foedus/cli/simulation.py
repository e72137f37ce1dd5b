"""Commands that simulate: one run, many runs, history, and why."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.root import (
    Endogenous,
    FixedCodes,
    Json,
    ParametersFrom,
    RuleName,
    Runs,
    Scenario,
    Seed,
    Set,
    TheoryName,
    app,
    chosen_setup,
    hint,
    print_json,
)

if TYPE_CHECKING:
    from foedus.model.ensemble import Setup


@app.command()
def run(
    scenario: Scenario,
    runs: Runs = 1,
    seed: Seed = 1,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    fixed_codes: FixedCodes = False,
    endogenous: Endogenous = False,
    json: Json = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write result.json and runs.csv here."),
    ] = None,
) -> None:
    """Simulate a crisis: one run as a story, many as probabilities."""
    from foedus.analysis.forecast.prior_average import levels_over_priors
    from foedus.analysis.summary import as_record, by_word, summarise
    from foedus.cli import tables
    from foedus.model.ensemble import ensemble, story

    setup = chosen_setup(
        scenario,
        set_,
        rule,
        theory,
        parameters,
        fixed_codes=fixed_codes,
        endogenous=endogenous,
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    tells = runs == 1 and not json
    if tells:
        tables.tell(setup.case, story(setup, 0, seed))
        hint(f"foedus run {scenario} --runs 1000, for how likely each answer is")
        if out is None:
            return
    result = ensemble(setup, runs, seed)
    averaged = levels_over_priors(setup, runs, seed)
    record = {**as_record(result), "over_priors": by_word("p", averaged)}
    if out is not None:
        from foedus.analysis.frames import write_results

        written = write_results(result, record, out)
        print(f"wrote {', '.join(str(path) for path in written)}", file=sys.stderr)
    if json:
        print_json(record)
    elif not tells:
        for part in tables.of_ensemble(result, summarise(result), averaged):
            tables.show(part)


@app.command()
def history(
    runs: Runs = 1000,
    seed: Seed = 1,
    set_: Set = None,
    parameters: ParametersFrom = None,
    json: Json = False,
    on: Annotated[
        Path | None,
        typer.Option("--on", metavar="DIR", help="Scenarios here instead of the shipped ones."),
    ] = None,
) -> None:
    """Hold every crisis against what happened, beside baselines."""
    from foedus.analysis.forecast.history import as_records, history_table
    from foedus.cli import tables
    from foedus.data.library import load_all
    from foedus.data.parameter_file import read_parameters
    from foedus.data.settings import parse_parameters

    calibrated = read_parameters(parameters) if parameters else {}
    settings = {**calibrated, **parse_parameters(set_ or ())}
    table = history_table(list(load_all(on)), runs, seed, settings)
    if json:
        print_json(as_records(table))
    else:
        for part in tables.of_history(table):
            tables.show(part)


@app.command()
def explain(
    scenario: Scenario,
    member: Annotated[
        str | None,
        typer.Option("--member", metavar="ISO3", help="Only this member."),
    ] = None,
    run: Annotated[
        int | None,
        typer.Option("--run", min=0, help="A run of the ensemble; without it, no noise."),
    ] = None,
    seed: Seed = 1,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="ID|FILE",
            help="Split the difference of p(deploy) from this crisis by attribute (Shapley).",
        ),
    ] = None,
    pivotal: Annotated[
        bool, typer.Option("--pivotal", help="How often the answer hangs on each member.")
    ] = False,
    json: Json = False,
) -> None:
    """Why each member stood there, and what would turn the answer."""
    from foedus.analysis.explain.decomposition import as_record, explain
    from foedus.cli import tables
    from foedus.errors import UsageError, did_you_mean

    setup = chosen_setup(scenario, set_, rule, theory, parameters)
    member = member.upper() if member else None
    if member is not None and member not in setup.case.scenario.members:
        known = did_you_mean(member, setup.case.scenario.members)
        raise UsageError(f"unknown member '{member}'{known}")
    if against is not None:
        other = chosen_setup(against, None, rule, theory, parameters)
        _explain_difference(setup, other, seed, json)
        return
    if pivotal:
        _explain_pivots(setup, seed, json)
        return
    explanation = explain(setup, run, seed)
    if json:
        told = tuple(m for m in explanation.members if member in (None, m.state))
        record = as_record(replace(explanation, members=told))
        print_json({"id": setup.case.id, "seed": seed, **record})
    else:
        for part in tables.of_explanation(setup.case, explanation, member):
            tables.show(part)


def _explain_difference(setup: Setup, other: Setup, seed: int, json: bool) -> None:
    from foedus.analysis.explain.attribution import attribute_difference
    from foedus.cli import evidence_tables, tables

    attribution = attribute_difference(other, setup, seed=seed)
    if json:
        print_json({**vars(attribution), "shares": [vars(s) for s in attribution.shares]})
    else:
        tables.show(evidence_tables.of_attribution(other.case.id, setup.case.id, attribution))


def _explain_pivots(setup: Setup, seed: int, json: bool) -> None:
    from foedus.analysis.explain.attribution import pivotal_members
    from foedus.cli import evidence_tables, tables

    pivots = pivotal_members(setup, seed=seed)
    if json:
        print_json([vars(pivot) for pivot in pivots])
    else:
        tables.show(evidence_tables.of_pivots(setup.case, pivots))


@app.command()
def replay(
    scenario: Scenario,
    run: Annotated[int, typer.Option("--run", min=0, help="Number of the run.")],
    seed: Seed = 1,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    fixed_codes: FixedCodes = False,
    endogenous: Endogenous = False,
    json: Json = False,
) -> None:
    """Tell one run of an ensemble day by day, played by agents."""
    from foedus.analysis.frames import story_record
    from foedus.cli import tables
    from foedus.model.ensemble import story

    setup = chosen_setup(
        scenario,
        set_,
        rule,
        theory,
        parameters,
        fixed_codes=fixed_codes,
        endogenous=endogenous,
    )
    told = story(setup, run, seed)
    if json:
        print_json({"id": setup.case.id, **story_record(told)})
    else:
        tables.tell(setup.case, told)
