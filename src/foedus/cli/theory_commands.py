"""Commands on theories beside history: hold a tournament, calibrate the parameters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from foedus.analysis.forecast import tournament as contest
from foedus.analysis.forecast.leave_one_out import LEAST_DRAWS
from foedus.analysis.forecast.reliability_theory import add_terms, contenders
from foedus.analysis.forecast.scores import Panel, panel_of
from foedus.analysis.forecast.structures import Finding, try_alternatives
from foedus.analysis.frames import write_json
from foedus.analysis.inference.likelihood import Target, predictive_counts, target_of
from foedus.analysis.inference.mcmc import Posterior, record_of, sample
from foedus.analysis.inference.priors import standard_normal
from foedus.analysis.inference.recovery import recover as recover_known
from foedus.cli import options as opt
from foedus.cli.history_commands import SCORES, plain_name
from foedus.cli.output import Parts, check_place, give, make_folder, printed, said
from foedus.cli.progress import note, side_by_side, steps
from foedus.cli.root import group
from foedus.data import theory as known
from foedus.data.library import load_all
from foedus.data.register import register
from foedus.data.settings import read_parameters
from foedus.data.terms import LEVELS
from foedus.data.theory import theory_at
from foedus.errors import UnfinishedError

tournament = group("tournament")

OUT_SAYS = "Write one row per forecaster and crisis, as CSV."
A_MOMENT = 10_000
"""Runs of each crisis and theory that one process does before others would have begun."""

RIVALS = (
    "the answer equals the ask",
    "the ask, learned",
    "base rate",
    "ordered regression, all attributes",
    "ordered regression, ask and channel",
)
"""Simple rules that the full model is held against in a sentence."""


@dataclass(frozen=True)
class Trial:
    """How thoroughly forecasts are tried, and on which crises; options of each command here."""

    draws: opt.Draws = 1024
    runs: opt.RunsEach = 32
    seed: opt.Seed = 1
    scenarios: opt.Scenarios = None

    @cached_property
    def panel(self) -> Panel:
        """The crises with a known answer."""
        return panel_of(load_all(self.scenarios))

    def of(self, study: Callable[..., Any], **more: Any) -> Any:
        """What a study finds on these crises, by several processes where it is long."""
        size = {"n_draws": self.draws, "n_runs": self.runs, "seed": self.seed}
        with side_by_side(is_long=self.draws * self.runs > A_MOMENT) as each:
            return study(self.panel, **size, each=each, **more)


@opt.command(tournament, "theories", draws=4096)
def theories(
    trial: Trial,
    calibration: opt.Calibration = None,
    out: opt.Place = opt.maybe("--out", None, OUT_SAYS, "-o"),
    force: opt.Force = False,
) -> None:
    """Theories and simple rules forecast crises that they never saw.

    `foedus tournament structures` tries changes of the model's structure instead.
    """
    if out is not None:
        check_place(out, force=force)
    calibrated = read_parameters(calibration) if calibration else None
    progress = steps(1 + len(known.theories()))
    held = trial.of(contest.hold_tournament, calibrated=calibrated, progress=progress)
    frame = contest.frame_of(held)
    if out is not None:
        frame.to_csv(out, index=False)
        note(f"wrote {out}")
    give(contest.as_record(held), of_tournament(held), lambda: frame.to_dict("records"))


def ranked(held: contest.Tournament) -> list[contest.Entry]:
    """Entries, best skill first."""
    return sorted(held.entries, key=lambda entry: -entry.skill)


def of_tournament(held: contest.Tournament) -> Parts:
    """The whole tournament."""
    title = f"{len(held.panel)} crises, each forecast without itself"
    yield printed("tournament", ranked(held), title=title, **SCORES)
    fitted = (entry for entry in held.entries if entry.kind == "calibrated")
    rows = [(entry, held.entry(entry.name, "prior").log_evidence) for entry in fitted]
    yield printed("tournament of theories", rows)
    yield most_wrong(held, ranked(held)[0])
    yield verdict(held)


def most_wrong(held: contest.Tournament, entry: contest.Entry) -> str:
    """The crises that a forecast misses by most, in a sentence."""
    worst = ", ".join(f"{name} ({score:.2f})" for name, score in contest.worst_crises(held, entry))
    return f"Most wrong in {entry.name} ({entry.kind}): {worst}."


def verdict(held: contest.Tournament) -> str:
    """Whether the full model beats the baselines, in one sentence each, out of sample."""
    full = max((e for e in held.entries if e.name == "full"), key=lambda e: e.kind == "prior")
    parts = []
    for name in RIVALS:
        rival = held.entry(name, "baseline")
        word = "beats" if full.rps.mean() < rival.rps.mean() else "does not beat"
        scores = f"({full.rps.mean():.3f} against {rival.rps.mean():.3f})"
        parts.append(f"{word} '{plain_name(name)}' {scores}")
    sure = "beyond" if full.gain_interval[0] > 0 else "not beyond"
    beside = "; ".join(parts)
    return said("tournament verdict", beside=beside, full=full, sure=sure, n=len(held.panel))


@opt.command(tournament, "reliability")
def reliability(trial: Trial) -> None:
    """Regime and power shift (Leeds 2003) as a theory, on crises that it never saw."""
    held = trial.of(contest.hold_tournament, contenders=contenders(), extend=add_terms)
    found = [entry for entry in held.entries if entry.kind in ("prior", "calibrated")]
    shown = ("name", "kind", "rps", "skill", "skill_90", "gain", "gain_90")
    records = [{name: contest.entry_record(entry)[name] for name in shown} for entry in found]
    n = len(trial.panel)
    title = f"Regime and power shift as terms, on {n} crises, each forecast without itself"
    give(records, printed("tournament", found, title=title, **SCORES))


@opt.command(tournament, "structures", runs=48)
def structures(trial: Trial) -> None:
    """Changes of the model's structure, on crises that they never saw."""
    findings = trial.of(try_alternatives, progress=note)
    give(findings, of_alternatives(findings, len(trial.panel)))


def of_alternatives(findings: Iterable[Finding], n_crises: int) -> Table:
    """Structural choices beside the model as it is."""
    return printed("structures", findings, n=n_crises)


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
    crises = panel_of(load_all(scenarios))
    size: dict[str, Any] = {"n_histories": histories, "n_draws": draws, "n_runs": runs}
    found = recover_known(crises, names=only, seed=seed, progress=note, **size)
    least = min(found.draws.values())
    if least < LEAST_DRAWS:
        raise UnfinishedError(said("recovery is weak", least=least))
    worth = ", ".join(f"{n} crises: {ess:.0f}" for n, ess in found.draws.items())
    give(found.rows, printed("recovery", found.rows, n_histories=found.n_histories, worth=worth))
