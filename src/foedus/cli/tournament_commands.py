"""The command `foedus tournament`: theories and simple rules on crises they have not seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.table import Table

from foedus.analysis.forecast.reliability_theory import add_terms, contenders
from foedus.analysis.forecast.scores import Panel, panel_of
from foedus.analysis.forecast.structures import Finding, try_alternatives
from foedus.analysis.forecast.tournament import (
    Entry,
    Tournament,
    as_record,
    entry_record,
    frame_of,
    hold_tournament,
    worst_crises,
)
from foedus.cli import options as opt
from foedus.cli.history_commands import INTERVAL, SCORE_COLUMNS, SPAN, plain_name
from foedus.cli.output import Columns, Parts, check_place, give, printed, said, table
from foedus.cli.progress import note, side_by_side, steps
from foedus.cli.root import group
from foedus.data import theory as known
from foedus.data.library import load_all
from foedus.data.settings import read_parameters

tournament = group("tournament")

OUT_SAYS = "Write one row per forecaster and crisis, as CSV."
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
    held = trial.of(hold_tournament, calibrated=calibrated, progress=progress)
    frame = frame_of(held)
    if out is not None:
        frame.to_csv(out, index=False)
        note(f"wrote {out}")
    give(as_record(held), of_tournament(held), lambda: frame.to_dict("records"))


def ranked(held: Tournament) -> list[Entry]:
    """Entries, best skill first."""
    return sorted(held.entries, key=lambda entry: -entry.skill)


def of_tournament(held: Tournament) -> Parts:
    """The whole tournament."""
    title = f"{len(held.panel)} crises, each forecast without itself"
    yield table(title, COLUMNS, ranked(held), caption=LEGEND)
    fitted = (entry for entry in held.entries if entry.kind == "calibrated")
    rows = [(entry, held.entry(entry.name, "prior").log_evidence) for entry in fitted]
    yield printed("tournament of theories", rows)
    yield most_wrong(held, ranked(held)[0])
    yield verdict(held)


def most_wrong(held: Tournament, entry: Entry) -> str:
    """The crises that a forecast misses by most, in a sentence."""
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
    sure = "beyond" if full.gain_interval[0] > 0 else "not beyond"
    beside = "; ".join(parts)
    return said("tournament verdict", beside=beside, full=full, sure=sure, n=len(held.panel))


@opt.command(tournament, "reliability")
def reliability(trial: Trial) -> None:
    """Regime and power shift (Leeds 2003) as a theory, on crises that it never saw."""
    held = trial.of(hold_tournament, contenders=contenders(), extend=add_terms)
    found = [entry for entry in held.entries if entry.kind in ("prior", "calibrated")]
    shown = ("name", "kind", "rps", "skill", "skill_90", "gain", "gain_90")
    records = [{name: entry_record(entry)[name] for name in shown} for entry in found]
    n = len(trial.panel)
    title = f"Regime and power shift as terms, on {n} crises, each forecast without itself"
    give(records, table(title, COLUMNS, found, caption=LEGEND))


@opt.command(tournament, "structures", runs=48)
def structures(trial: Trial) -> None:
    """Changes of the model's structure, on crises that they never saw."""
    findings = trial.of(try_alternatives, progress=note)
    give(findings, of_alternatives(findings, len(trial.panel)))


def of_alternatives(findings: Iterable[Finding], n_crises: int) -> Table:
    """Structural choices beside the model as it is."""
    return printed("structures", findings, n=n_crises)
