"""Commands that hold the model against history: history, tournament, calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from foedus.cli import options as opt
from foedus.cli.output import Format, check_place, give, note, steps, time_left
from foedus.cli.processes import side_by_side
from foedus.cli.root import group
from foedus.cli.simulation_commands import seconds_of

if TYPE_CHECKING:
    from foedus.data.library import Case

history = group("history", "Every crisis beside what happened; who asked.")
tournament = group("tournament", "Theories and simple rules on crises they have not seen.")
calibrate = group("calibrate", "Fit the parameters to history; test the fit.")

Out = Annotated[
    opt.Place, opt.named("--out", None, "Write one row per forecaster and crisis, as CSV.", "-o")
]
FitDir = Annotated[
    Path, opt.named("--out-dir", "DIR", "Folder for chain and parameter file.", "-o")
]
Strength = Annotated[float, opt.named("--strength", None, "Power of the likelihood.", min=0, max=1)]
Histories = Annotated[
    int, opt.count("--histories", 1, 10_000, "Simulated histories of each length.")
]
Only = Annotated[opt.Words, opt.named("--only", "NAME", "Take only this parameter as unknown.")]

A_MOMENT = 10_000
"""Runs of each crisis and theory that one process does before others would have begun."""


def _seconds(cases: list[Case], runs: int) -> float:
    from foedus.model.setup import Setup

    return 2 * len(cases) * seconds_of(Setup(cases[0]), runs)


@history.command("answers")
def answers(
    runs: opt.Runs = 1000,
    seed: opt.Seed = 1,
    set_: opt.SetParameter = None,
    rule: opt.RuleName = None,
    theory: opt.TheoryName = None,
    calibration: opt.Calibration = None,
    scenarios: opt.Scenarios = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """How often the model is right: every crisis beside what happened.

    `foedus history requests` does the same for who asked for help.
    """
    from foedus.analysis.forecast.history import as_records, history_table
    from foedus.cli import forecast_tables
    from foedus.data.library import load_all

    cases = [case for case in load_all(scenarios) if case.scenario.history is not None]
    settings = opt.chosen_parameters(set_, calibration)
    with time_left(lambda: _seconds(cases, runs), bool(cases) and runs > 1000):
        found = history_table(cases, runs, seed, settings, rule=rule, theory=theory)
    give(form, as_records(found), forecast_tables.of_history(found))


@history.command("requests")
def requests(
    runs: opt.Runs = 1000,
    seed: opt.Seed = 1,
    set_: opt.SetParameter = None,
    scenarios: opt.Scenarios = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """Who asked for help and who did not, beside a model that decides."""
    from foedus.analysis.forecast.requests import as_record, request_table
    from foedus.cli import forecast_tables
    from foedus.data.library import load_all

    cases = list(load_all(scenarios))
    settings = opt.chosen_parameters(set_)
    with time_left(lambda: _seconds(cases, runs), bool(cases) and runs > 1000):
        found = request_table(cases, runs, seed, settings)
    give(form, as_record(found), forecast_tables.of_requests(found, runs))


@history.command("forces")
def forces(form: opt.Form = Format.TABLE) -> None:
    """Size, arrival and shares of past forces, each forecast without its crisis."""
    from foedus.analysis.forecast.forces import as_records, days_off, force_scores
    from foedus.cli import forecast_tables

    found = force_scores()
    give(form, as_records(found), forecast_tables.of_forces(found, days_off()))


@tournament.command("theories")
def theories(
    draws: opt.Draws = 4096,
    runs: opt.RunsEach = 32,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
    calibration: opt.Calibration = None,
    form: opt.Form = Format.TABLE,
    out: Out = None,
    force: opt.Force = False,
) -> None:
    """Theories and simple rules forecast crises that they never saw.

    `foedus tournament structures` tries changes of the model's structure instead.
    """
    from foedus.analysis.forecast.tournament import as_record, frame_of, hold_tournament
    from foedus.cli import tournament_tables
    from foedus.data import theory as known
    from foedus.data.settings import read_parameters

    if out is not None:
        check_place(out, force=force)
    with side_by_side(is_long=draws * runs > A_MOMENT) as each:
        held = hold_tournament(
            opt.panel_in(scenarios),
            n_draws=draws,
            n_runs=runs,
            seed=seed,
            calibrated=read_parameters(calibration) if calibration else None,
            progress=steps(1 + len(known.theories())),
            each=each,
        )
    if out is not None:
        frame_of(held).to_csv(out, index=False)
        note(f"wrote {out}")
    shown = tournament_tables.of_tournament(held)
    give(form, as_record(held), shown, lambda: frame_of(held).to_dict("records"))


@tournament.command("reliability")
def reliability(
    draws: opt.Draws = 1024,
    runs: opt.RunsEach = 32,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """Regime and power shift (Leeds 2003) as a theory, on crises that it never saw."""
    from foedus.analysis.forecast.reliability_theory import as_records, score_theory
    from foedus.cli import tournament_tables

    panel = opt.panel_in(scenarios)
    with side_by_side(is_long=draws * runs > A_MOMENT) as each:
        found = score_theory(panel, n_draws=draws, n_runs=runs, seed=seed, each=each)
    give(form, as_records(found), tournament_tables.of_reliability(found, len(panel)))


@tournament.command("structures")
def structures(
    draws: opt.Draws = 1024,
    runs: opt.RunsEach = 48,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """Changes of the model's structure, on crises that they never saw."""
    from dataclasses import asdict

    from foedus.analysis.forecast.structures import try_alternatives
    from foedus.cli import tournament_tables

    panel = opt.panel_in(scenarios)
    with side_by_side(is_long=draws * runs > A_MOMENT) as each:
        findings = try_alternatives(
            panel, n_draws=draws, n_runs=runs, seed=seed, progress=note, each=each
        )
    records = [asdict(finding) for finding in findings]
    give(form, records, tournament_tables.of_alternatives(findings, len(panel)))


@calibrate.command("fit")
def fit(
    out_dir: FitDir,
    theory: opt.TheoryName = None,
    runs: opt.RunsEach = 48,
    steps_: Annotated[int, opt.count("--steps", 10, 10_000_000, "Most steps.")] = 4000,
    strength: Strength = 1.0,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """Sample the posterior of the free parameters; goes on where it stopped.

    `foedus calibrate recover` tests how well known values would be found.
    """
    from importlib.metadata import version

    from foedus.analysis.inference.mcmc import record_of, sample, target_of, write_parameters
    from foedus.cli import calibration_tables
    from foedus.cli.output import make_folder
    from foedus.errors import UnfinishedError

    make_folder(out_dir)
    panel = opt.panel_in(scenarios)
    target = target_of(panel, opt.chosen_theory(theory), n_runs=runs, seed=seed, strength=strength)
    posterior = sample(target, max_steps=steps_, seed=seed, folder=out_dir, progress=note)
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
    write_parameters(record, out_dir / "parameters.json")
    note(f"wrote {out_dir / 'parameters.json'}")
    give(form, record, calibration_tables.of_fit(posterior, target, panel, seed))
    if posterior.rhat.max() >= 1.05:
        raise UnfinishedError(
            f"R-hat is still {posterior.rhat.max():.3f}: run the same command with more --steps"
        )


@calibrate.command("recover")
def recover(
    histories: Histories = 20,
    draws: opt.Draws = 600,
    runs: opt.RunsEach = 32,
    only: Only = None,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """What more crises would bring: recover parameters that are known."""
    from foedus.analysis.forecast.leave_one_out import LEAST_DRAWS
    from foedus.analysis.inference.recovery import recover as recover_known
    from foedus.cli import calibration_tables
    from foedus.errors import UnfinishedError

    recovery = recover_known(
        opt.panel_in(scenarios),
        names=only,
        n_histories=histories,
        n_draws=draws,
        n_runs=runs,
        seed=seed,
        progress=note,
    )
    if min(recovery.draws.values()) < LEAST_DRAWS:
        raise UnfinishedError(
            "the posteriors rest on too few effective draws to be trusted "
            f"({min(recovery.draws.values()):.0f}): raise --draws, or name fewer with --only"
        )
    records = [vars(row) for row in recovery.rows]
    give(form, records, calibration_tables.of_recovery(recovery))
