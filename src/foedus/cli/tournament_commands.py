"""The command `foedus tournament`: theories and simple rules on crises they have not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from foedus.cli import options as opt
from foedus.cli.columns import Columns, table
from foedus.cli.history_commands import INTERVAL, SCORE_COLUMNS, SPAN, plain_name
from foedus.cli.output import check_place, give, note, steps
from foedus.cli.processes import side_by_side
from foedus.cli.root import group

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from foedus.analysis.forecast.structures import Finding
    from foedus.analysis.forecast.tournament import Entry, Tournament

tournament = group("tournament", "Theories and simple rules on crises they have not seen.")

Out = Annotated[
    opt.Place, opt.named("--out", None, "Write one row per forecaster and crisis, as CSV.", "-o")
]
A_MOMENT = 10_000
"""Runs of each crisis and theory that one process does before others would have begun."""

GAIN = "{gain_interval[0]:+.2f} to {gain_interval[1]:+.2f}"
COLUMNS: Columns = (
    SCORE_COLUMNS[0],
    ("kind", "{kind}"),
    *SCORE_COLUMNS[1:],
    ("skill#", "{skill:+.3f}"),
    (INTERVAL, SPAN),
    ("gain on past answers#", "{gain:+.3f}"),
    ("90 % interval", GAIN),
)
LEGEND = (
    "RPS: ranked probability score; RPS, log and Brier: lower is better. Skill: 1 perfect, 0 the "
    "base rate. Gain: RPS of 'past answers to the same kind of request' minus its own"
)
THEORIES: Columns = (
    ("theory", "{0.name}"),
    ("log evidence#", "{1:.1f}"),
    ("stacking weight#", "{0.stacking:.2f}"),
    ("strength of fit#", "{0.strength:.2f}"),
    ("effective draws#", "{0.draws:.0f}"),
)
THEORY_LEGEND = (
    "log evidence: log probability of all crises under the theory's prior; differences are log "
    "Bayes factors. Stacking weight: its share in the best mixture. Strength of fit: power of "
    "the likelihood, 0 to 1. Effective draws: independent draws behind a forecast"
)
RIVALS = (
    "the answer equals the ask",
    "the ask, learned",
    "base rate",
    "ordered regression, all attributes",
    "ordered regression, ask and channel",
)
"""Simple rules that the full model is held against in a sentence."""


@opt.command(tournament, "theories")
def theories(
    draws: opt.Draws = 4096,
    runs: opt.RunsEach = 32,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
    calibration: opt.Calibration = None,
    out: Out = None,
    force: opt.Force = False,
) -> None:
    """Theories and simple rules forecast crises that they never saw.

    `foedus tournament structures` tries changes of the model's structure instead.
    """
    from foedus.analysis.forecast.tournament import as_record, frame_of
    from foedus.data import theory as known
    from foedus.data.settings import read_parameters

    if out is not None:
        check_place(out, force=force)
    held = _held(
        draws,
        runs,
        seed,
        scenarios,
        calibrated=read_parameters(calibration) if calibration else None,
        progress=steps(1 + len(known.theories())),
    )
    frame = frame_of(held)
    if out is not None:
        frame.to_csv(out, index=False)
        note(f"wrote {out}")
    give(as_record(held), of_tournament(held), lambda: frame.to_dict("records"))


def _held(draws: int, runs: int, seed: int, scenarios: Path | None, **more: Any) -> Tournament:
    """A tournament, in several processes where it is long."""
    from foedus.analysis.forecast.tournament import hold_tournament

    with side_by_side(is_long=draws * runs > A_MOMENT) as each:
        return hold_tournament(
            opt.panel_in(scenarios), n_draws=draws, n_runs=runs, seed=seed, each=each, **more
        )


def ranked(held: Tournament) -> list[Entry]:
    """Entries, best skill first."""
    return sorted(held.entries, key=lambda entry: -entry.skill)


def of_tournament(held: Tournament) -> Iterator[RenderableType]:
    """The whole tournament."""
    title = f"{len(held.panel)} crises, each forecast without itself"
    yield table(title, COLUMNS, ranked(held), caption=LEGEND)
    fitted = (entry for entry in held.entries if entry.kind == "calibrated")
    rows = [(entry, held.entry(entry.name, "prior").log_evidence) for entry in fitted]
    yield table("Theories", THEORIES, rows, caption=THEORY_LEGEND)
    yield most_wrong(held, ranked(held)[0])
    yield verdict(held)


def most_wrong(held: Tournament, entry: Entry) -> str:
    """The crises that a forecast misses by most, in a sentence."""
    from foedus.analysis.forecast.tournament import worst_crises

    worst = ", ".join(f"{name} ({score:.2f})" for name, score in worst_crises(held, entry))
    return f"Most wrong in {entry.name} ({entry.kind}): {worst}."


def verdict(held: Tournament) -> str:
    """Whether the full model beats the baselines, in one sentence each, out of sample."""
    full = max((e for e in held.entries if e.name == "full"), key=lambda e: e.kind == "prior")
    parts = []
    for name in RIVALS:
        rival = held.entry(name, "baseline")
        word = "beats" if full.rps.mean() < rival.rps.mean() else "does not beat"
        scores = f"({full.rps.mean():.3f} against {rival.rps.mean():.3f})"
        parts.append(f"{word} '{plain_name(name)}' {scores}")
    low, high = full.gain_interval
    sure = "beyond" if low > 0 else "not beyond"
    return (
        f"In ranked probability score the full model, nothing fitted, {'; '.join(parts)}. Its "
        f"gain on the best simple rule, which learns from past requests, is {full.gain:+.3f} "
        f"({low:+.2f} to {high:+.2f}), {sure} what may be chance with {len(held.panel)} crises."
    )


@opt.command(tournament, "reliability")
def reliability(
    draws: opt.Draws = 1024,
    runs: opt.RunsEach = 32,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
) -> None:
    """Regime and power shift (Leeds 2003) as a theory, on crises that it never saw."""
    from foedus.analysis.forecast.reliability_theory import add_terms, contenders
    from foedus.analysis.forecast.tournament import entry_record

    held = _held(draws, runs, seed, scenarios, contenders=contenders(), extend=add_terms)
    found = [entry for entry in held.entries if entry.kind in ("prior", "calibrated")]
    shown = ("name", "kind", "rps", "skill", "skill_90", "gain", "gain_90")
    records = [{name: entry_record(entry)[name] for name in shown} for entry in found]
    n = len(held.panel)
    title = f"Regime and power shift as terms, on {n} crises, each forecast without itself"
    give(records, table(title, COLUMNS, found, caption=LEGEND))


FINDINGS: Columns = (
    ("choice", "{name}"),
    ("skill#", "{skill:+.3f}"),
    ("calibrated#", "{skill_calibrated:+.3f}"),
    ("gain in RPS#", "{gain:+.3f}"),
    (INTERVAL, GAIN),
    ("gain in log score#", "{log_gain:+.3f}"),
    ("90 % interval", "{log_gain_interval[0]:+.2f} to {log_gain_interval[1]:+.2f}"),
)


@opt.command(tournament, "structures")
def structures(
    draws: opt.Draws = 1024,
    runs: opt.RunsEach = 48,
    seed: opt.Seed = 1,
    scenarios: opt.Scenarios = None,
) -> None:
    """Changes of the model's structure, on crises that they never saw."""
    from foedus.analysis.forecast.structures import try_alternatives

    panel = opt.panel_in(scenarios)
    with side_by_side(is_long=draws * runs > A_MOMENT) as each:
        findings = try_alternatives(
            panel, n_draws=draws, n_runs=runs, seed=seed, progress=note, each=each
        )
    give([asdict(one) for one in findings], of_alternatives(findings, len(panel)))


def of_alternatives(findings: Iterable[Finding], n_crises: int) -> Table:
    """Structural choices beside the model as it is."""
    title = f"Structural choices on {n_crises} crises; gains are over the model as it is"
    return table(title, FINDINGS, findings)
