"""Tables of the tournament and of the structural choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.columns import Columns, table
from foedus.cli.forecast_tables import INTERVAL, SCORE_COLUMNS, SPAN, plain_name

if TYPE_CHECKING:
    from foedus.analysis.forecast.structures import Finding
    from foedus.analysis.forecast.tournament import Entry, Tournament

COLUMNS: Columns = (
    SCORE_COLUMNS[0],
    ("kind", "{kind}"),
    *SCORE_COLUMNS[1:],
    ("skill#", "{skill:+.3f}"),
    (INTERVAL, SPAN),
    ("gain on past answers#", "{gain:+.3f}"),
    ("90 % interval", "{gain_interval[0]:+.2f} to {gain_interval[1]:+.2f}"),
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

FINDINGS: Columns = (
    ("choice", "{name}"),
    ("skill#", "{skill:+.3f}"),
    ("calibrated#", "{skill_calibrated:+.3f}"),
    ("gain in RPS#", "{gain:+.3f}"),
    (INTERVAL, "{gain_interval[0]:+.2f} to {gain_interval[1]:+.2f}"),
    ("gain in log score#", "{log_gain:+.3f}"),
    ("90 % interval", "{log_gain_interval[0]:+.2f} to {log_gain_interval[1]:+.2f}"),
)


def ranked(tournament: Tournament) -> list[Entry]:
    """Entries, best skill first."""
    return sorted(tournament.entries, key=lambda entry: -entry.skill)


def of_tournament(tournament: Tournament) -> Iterator[RenderableType]:
    """The whole tournament."""
    n = len(tournament.panel)
    title = f"{n} crises, each forecast without itself"
    yield table(title, COLUMNS, ranked(tournament), caption=LEGEND)
    yield table("Theories", THEORIES, _fitted(tournament), caption=THEORY_LEGEND)
    yield Text(most_wrong(tournament, ranked(tournament)[0]))
    yield Text(verdict(tournament))


def _fitted(tournament: Tournament) -> list[tuple[Any, ...]]:
    """Each calibrated theory, with the evidence of its prior."""
    return [
        (entry, tournament.entry(entry.name, "prior").log_evidence)
        for entry in tournament.entries
        if entry.kind == "calibrated"
    ]


def most_wrong(tournament: Tournament, entry: Entry) -> str:
    """The crises that a forecast misses by most, in a sentence."""
    from foedus.analysis.forecast.tournament_parts import worst_crises

    worst = ", ".join(f"{name} ({score:.2f})" for name, score in worst_crises(tournament, entry))
    return f"Most wrong in {entry.name} ({entry.kind}): {worst}."


def verdict(tournament: Tournament) -> str:
    """Whether the full model beats the baselines, in one sentence each, out of sample."""
    full = max((e for e in tournament.entries if e.name == "full"), key=lambda e: e.kind == "prior")
    parts = []
    for name in RIVALS:
        rival = tournament.entry(name, "baseline")
        word = "beats" if full.rps.mean() < rival.rps.mean() else "does not beat"
        scores = f"({full.rps.mean():.3f} against {rival.rps.mean():.3f})"
        parts.append(f"{word} '{plain_name(name)}' {scores}")
    low, high = full.gain_interval
    sure = "beyond" if low > 0 else "not beyond"
    return (
        f"In ranked probability score the full model, nothing fitted, {'; '.join(parts)}. Its "
        f"gain on the best simple rule, which learns from past requests, is {full.gain:+.3f} "
        f"({low:+.2f} to {high:+.2f}), {sure} what may be chance with {len(tournament.panel)} "
        "crises."
    )


def of_alternatives(findings: Iterable[Finding], n_crises: int) -> Table:
    """Structural choices beside the model as it is."""
    title = f"Structural choices on {n_crises} crises; gains are over the model as it is"
    return table(title, FINDINGS, findings)


def of_reliability(entries: Iterable[Entry], n_crises: int) -> Table:
    """The theory of regime and power shift beside the full model."""
    title = f"Regime and power shift as terms, on {n_crises} crises, each forecast without itself"
    return table(title, COLUMNS, entries, caption=LEGEND)
