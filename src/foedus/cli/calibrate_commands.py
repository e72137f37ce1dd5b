"""The command `foedus calibrate`: the posterior, its predictive check, recovery of known values."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from foedus.analysis.forecast.leave_one_out import LEAST_DRAWS
from foedus.analysis.forecast.scores import Panel, panel_of
from foedus.analysis.frames import write_json
from foedus.analysis.inference.likelihood import Target, predictive_counts, target_of
from foedus.analysis.inference.mcmc import Posterior, record_of, sample
from foedus.analysis.inference.priors import standard_normal
from foedus.analysis.inference.recovery import recover as recover_known
from foedus.cli import options as opt
from foedus.cli.output import Parts, give, make_folder, printed, said
from foedus.cli.progress import note
from foedus.cli.root import group
from foedus.data.library import load_all
from foedus.data.register import register
from foedus.data.terms import LEVELS
from foedus.data.theory import theory_at
from foedus.errors import UnfinishedError

calibrate = group("calibrate")


STRENGTH_SAYS = "Power of the likelihood."
HISTORIES_SAY = "Simulated histories of each length."
CONVERGED = 1.05
"""R-hat below which the chains agree."""


@opt.command(calibrate, "fit")
def fit(
    out_dir: Path = opt.option("--out-dir", "DIR", "Folder for chain and parameter file.", "-o"),
    theory: opt.TheoryName = None,
    runs: opt.RunsEach = 48,
    steps_: int = opt.count("--steps", 10, 10_000_000, "Most steps.", default=4000),
    strength: float = opt.option("--strength", None, STRENGTH_SAYS, min=0, max=1, default=1.0),
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
) -> None:
    """Sample the posterior of the free parameters; goes on where it stopped.

    `foedus calibrate recover` tests how well known values would be found.
    """
    make_folder(out_dir)
    panel = panel_of(load_all(scenarios))
    claims = theory_at(theory) if theory else None
    target = target_of(panel, claims, n_runs=runs, seed=seed, strength=strength)
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
    write_json(record, out_dir / "parameters.json")
    note(f"wrote {out_dir / 'parameters.json'}")
    give(record, _of_fit(posterior, target, panel, seed))
    if posterior.rhat.max() >= CONVERGED:
        raise UnfinishedError(
            f"R-hat is still {posterior.rhat.max():.3f}: run the same command with more --steps"
        )


def _of_fit(posterior: Posterior, target: Target, panel: Panel, seed: int) -> Parts:
    """Calibrated parameters beside their priors, then whether they foresee what happened."""
    per_draw = zip(posterior.draws.items(), posterior.rhat, posterior.ess, strict=True)
    rows = [
        (name, register()[name].default, *np.quantile(values, [0.05, 0.5, 0.95]), rhat, ess)
        for (name, values), rhat, ess in per_draw
    ]
    yield printed("posterior", rows, converged=CONVERGED)
    observed = [(panel.observed == k).sum() for k in range(len(LEVELS))]
    levels = zip(LEVELS, observed, *_predicted(posterior, target, seed), strict=True)
    yield printed("predictive check", levels)


def _predicted(posterior: Posterior, target: Target, seed: int) -> list[Any]:
    """Crises at each level (level, 5 % and 95 %): foreseen by the prior and by the posterior."""
    flat = posterior.z.reshape(-1, posterior.z.shape[-1])
    after = flat[:: max(1, len(flat) // 500)][:500]
    before = standard_normal(len(after), after.shape[1], seed, 0)
    counts = [predictive_counts(target, z, seed) for z in (before, after)]
    return [np.quantile(each, [0.05, 0.95], axis=0).T for each in counts]


@opt.command(calibrate, "recover")
def recover(
    histories: int = opt.count("--histories", 1, 10_000, HISTORIES_SAY, default=20),
    draws: opt.Draws = 600,
    runs: opt.RunsEach = 32,
    only: opt.Words = opt.maybe("--only", "NAME", "Take only this parameter as unknown."),
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
) -> None:
    """What more crises would bring: recover parameters that are known."""
    found = recover_known(
        panel_of(load_all(scenarios)),
        names=only,
        n_histories=histories,
        n_draws=draws,
        n_runs=runs,
        seed=seed,
        progress=note,
    )
    least = min(found.draws.values())
    if least < LEAST_DRAWS:
        raise UnfinishedError(said("recovery is weak", least=least))
    worth = ", ".join(f"{n} crises: {ess:.0f}" for n, ess in found.draws.items())
    give(found.rows, printed("recovery", found.rows, n_histories=found.n_histories, worth=worth))
