"""Commands on evidence: which theory history favours, how sure one can be, what drives it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from foedus.cli.root import (
    Json,
    ParametersFrom,
    RuleName,
    Scenario,
    Seed,
    Set,
    TheoryName,
    app,
    check_place,
    chosen_setup,
    print_json,
)

On = Annotated[
    Path | None,
    typer.Option("--on", metavar="DIR", help="A folder of scenarios instead of the shipped ones."),
]
Draws = Annotated[int, typer.Option("--draws", min=50, max=100_000, help="Draws from the priors.")]
RunsEach = Annotated[
    int, typer.Option("--runs", min=8, max=10_000, help="Runs of each draw and crisis.")
]

Into = Annotated[
    Path | None,
    typer.Option("--into", help="Write the tables into a Markdown page between its markers."),
]


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


@app.command()
def tournament(
    draws: Draws = 1000,
    runs: RunsEach = 48,
    seed: Seed = 1,
    on: On = None,
    parameters: ParametersFrom = None,
    json: Json = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write one row a forecaster and crisis.")
    ] = None,
    into: Into = None,
) -> None:
    """Theories and baselines forecast crises that they never saw."""
    from foedus.analysis.forecast.panel import panel_of
    from foedus.analysis.forecast.tournament import as_record, frame_of, hold_tournament
    from foedus.cli import tables, tournament_tables
    from foedus.data.library import load_all
    from foedus.data.parameter_file import read_parameters

    if csv is not None:
        check_place(csv)
    if into is not None:
        check_place(into, "tournament")
    held = hold_tournament(
        panel_of(load_all(on)),
        n_draws=draws,
        n_runs=runs,
        seed=seed,
        calibrated=read_parameters(parameters) if parameters else None,
        progress=_tell,
    )
    if csv is not None:
        frame_of(held).to_csv(csv, index=False)
        _tell(f"wrote {csv}")
    if into is not None:
        from foedus.doc_pages import fill

        fill(into, "tournament", tournament_tables.markdown(held))
        _tell(f"wrote {into}")
    if json:
        print_json(as_record(held))
    else:
        for part in tournament_tables.of_tournament(held):
            tables.show(part)


@app.command()
def alternatives(
    draws: Draws = 1000,
    runs: RunsEach = 48,
    seed: Seed = 1,
    on: On = None,
    json: Json = False,
    into: Into = None,
) -> None:
    """Structural choices in place of the model's own, out of sample."""
    from dataclasses import asdict

    from foedus.analysis.forecast.panel import panel_of
    from foedus.analysis.forecast.structures import try_alternatives
    from foedus.cli import tables, tournament_tables
    from foedus.data.library import load_all
    from foedus.doc_pages import fill

    if into is not None:
        check_place(into, "alternatives")
    panel = panel_of(load_all(on))
    findings = try_alternatives(panel, n_draws=draws, n_runs=runs, seed=seed, progress=_tell)
    if into is not None:
        fill(into, "alternatives", tournament_tables.alternatives_markdown(findings))
        _tell(f"wrote {into}")
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        tables.show(tournament_tables.of_alternatives(findings, len(panel)))


@app.command()
def calibrate(
    out: Annotated[Path, typer.Option("--out", help="Folder for chain and parameter file.")],
    theory: TheoryName = None,
    runs: RunsEach = 48,
    steps: Annotated[int, typer.Option("--steps", min=10, help="Most steps.")] = 4000,
    strength: Annotated[
        float, typer.Option("--strength", min=0, max=1, help="Power of the likelihood.")
    ] = 1.0,
    seed: Seed = 1,
    on: On = None,
    json: Json = False,
) -> None:
    """Sample the posterior of the free parameters, with resumption."""
    from importlib.metadata import version

    from foedus.analysis.forecast.panel import panel_of
    from foedus.analysis.inference.mcmc import record_of, sample, target_of, write_parameters
    from foedus.cli import evidence_tables, tables
    from foedus.data.library import load_all
    from foedus.data.theory import theory_at
    from foedus.errors import UnfinishedError

    out.mkdir(parents=True, exist_ok=True)
    panel = panel_of(load_all(on))
    target = target_of(
        panel, theory_at(theory) if theory else None, n_runs=runs, seed=seed, strength=strength
    )
    posterior = sample(target, max_steps=steps, seed=seed, folder=out, progress=_tell)
    made_by: dict[str, Any] = {
        "command": "foedus calibrate",
        "version": version("foedus"),
        "theory": theory or "full",
        "crises": list(panel.ids),
        "strength": strength,
        "runs": runs,
        "seed": seed,
        "steps_kept": int(posterior.z.shape[0]),
        "walkers": int(posterior.z.shape[1]),
    }
    record = record_of(posterior, made_by)
    write_parameters(record, out / "parameters.json")
    _tell(f"wrote {out / 'parameters.json'}")
    if json:
        print_json(record)
    else:
        tables.show(evidence_tables.of_posterior(posterior))
        tables.show(evidence_tables.of_predictive(target, posterior, panel, seed))
    if posterior.rhat.max() >= 1.05:
        raise UnfinishedError(
            f"R-hat is still {posterior.rhat.max():.3f}: run the same command with more --steps"
        )


@app.command()
def sensitivity(
    scenario: Annotated[
        str | None, typer.Argument(metavar="ID|FILE", help="A crisis; or --all.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All shipped crises, totals only.")] = False,
    runs: RunsEach = 64,
    base: Annotated[
        int, typer.Option("--base", min=16, max=8192, help="Base points, a power of 2.")
    ] = 256,
    seed: Seed = 1,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    json: Json = False,
) -> None:
    """What drives the answer: Morris screening, then Sobol indices."""
    from foedus.analysis.explain.sensitivity import as_record, study
    from foedus.cli import evidence_tables, tables
    from foedus.data.library import ids
    from foedus.errors import UsageError

    if (scenario is None) != every:
        raise UsageError("expected a crisis, or --all")
    records = []
    for name in ids() if scenario is None else (scenario,):
        setup = chosen_setup(name, set_, rule, theory)
        results = study(setup, n_runs=runs, n_base=32 if every else base, seed=seed)
        records.append({"id": name, "outputs": [as_record(one) for one in results]})
        if not json:
            for one in results:
                if every:
                    strongest = ", ".join(e.factor.name for e in one.effects[:4])
                    print(f"{name}: {one.output}: {strongest}")
                else:
                    tables.show(evidence_tables.of_sensitivity(one))
    if json:
        print_json(records)


@app.command("sweep-1d")
def sweep_1d(
    scenario: Scenario,
    name: Annotated[str, typer.Argument(help="A parameter or attribute, e.g. rho or RUS.stake.")],
    values: Annotated[
        str | None, typer.Option("--values", help="from:to:count, e.g. 0:2:21.")
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", min=10, max=1_000_000, help="Runs of each value.")
    ] = 1000,
    seed: Seed = 1,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    json: Json = False,
) -> None:
    """How the answer responds to one number, and where it tips."""
    from foedus.analysis.explain.response import response_curve
    from foedus.cli import evidence_tables, tables

    setup = chosen_setup(scenario, set_, rule, theory, parameters)
    response = response_curve(setup, name, _axis(values), runs, seed)
    if json:
        print_json(
            {
                "id": setup.case.id,
                "name": name,
                "now": response.now,
                "values": response.values.tolist(),
                "p_levels": response.p_levels.tolist(),
                "errors": response.errors.tolist(),
                "tipping_points": response.tipping_points,
                "n_runs": runs,
                "seed": seed,
            }
        )
    else:
        for part in evidence_tables.of_response(setup.case, response):
            tables.show(part)


@app.command("sweep-2d")
def sweep_2d(
    scenario: Scenario,
    first: Annotated[str, typer.Argument(help="A parameter or attribute.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    first_values: Annotated[str | None, typer.Option("--values-1", help="from:to:count.")] = None,
    second_values: Annotated[str | None, typer.Option("--values-2", help="from:to:count.")] = None,
    runs: Annotated[
        int, typer.Option("--runs", min=10, max=1_000_000, help="Runs of each pair.")
    ] = 500,
    seed: Seed = 1,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    json: Json = False,
) -> None:
    """How the answer responds to two numbers together."""
    from foedus.analysis.explain.response import response_surface
    from foedus.cli import evidence_tables, tables

    setup = chosen_setup(scenario, set_, rule, theory, parameters)
    axes = (_axis(first_values), _axis(second_values))
    surface = response_surface(setup, (first, second), axes, runs, seed)
    if json:
        print_json(
            {
                "id": setup.case.id,
                "names": surface.names,
                "first": surface.first.tolist(),
                "second": surface.second.tolist(),
                "p_levels": surface.p_levels.tolist(),
                "n_runs": runs,
                "seed": seed,
            }
        )
    else:
        tables.show(evidence_tables.of_surface(setup.case, surface))


@app.command()
def recover(
    histories: Annotated[
        int, typer.Option("--histories", min=1, help="Simulated histories of each length.")
    ] = 20,
    draws: Draws = 600,
    runs: RunsEach = 32,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Take only this parameter as unknown."),
    ] = None,
    seed: Seed = 1,
    json: Json = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="Write the table into a Markdown page.")
    ] = None,
) -> None:
    """What more crises would buy: recover parameters that are known."""
    from foedus.analysis.forecast.leave_one_out import LEAST_DRAWS
    from foedus.analysis.forecast.panel import panel_of
    from foedus.analysis.inference.recovery import recover as recover_known
    from foedus.cli import evidence_tables, tables
    from foedus.data.library import load_all
    from foedus.errors import UnfinishedError

    if into is not None:
        check_place(into, "recovery")
    recovery = recover_known(
        panel_of(load_all()),
        names=only,
        n_histories=histories,
        n_draws=draws,
        n_runs=runs,
        seed=seed,
        progress=_tell,
    )
    if min(recovery.draws.values()) < LEAST_DRAWS:
        raise UnfinishedError(
            "the posteriors rest on too few effective draws to be trusted "
            f"({min(recovery.draws.values()):.0f}): raise --draws, or name fewer with --only"
        )
    if into is not None:
        from foedus.doc_pages import fill

        fill(into, "recovery", evidence_tables.recovery_markdown(recovery))
        _tell(f"wrote {into}")
    if json:
        print_json([vars(row) for row in recovery.rows])
    else:
        tables.show(evidence_tables.of_recovery(recovery))


def _axis(text: str | None) -> Any:
    """Values from ``from:to:count``."""
    if text is None:
        return None
    import numpy as np

    from foedus.errors import UsageError

    try:
        low, high, count = text.split(":")
        first, last, n = float(low), float(high), int(count)
    except ValueError:
        raise UsageError(f"--values {text}: expected from:to:count, e.g. 0:2:21") from None
    if not 2 <= n <= 1001 or not np.isfinite([first, last]).all():
        raise UsageError(f"--values {text}: expected 2 to 1001 finite values")
    return np.linspace(first, last, n)
