"""Tables of the tournament and of the structural choices, for a terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.forecast_tables import INTERVAL, interval, plain_name
from foedus.cli.output import table
from foedus.doc_pages import markdown_table

if TYPE_CHECKING:
    from foedus.analysis.forecast.structures import Finding
    from foedus.analysis.forecast.tournament import Entry, Tournament

COLUMNS = (
    "forecast",
    "kind",
    "RPS#",
    "log#",
    "Brier of deploy#",
    "skill#",
    INTERVAL,
    "gain on past answers#",
    "90 % interval",
)
LEGEND = (
    "RPS: ranked probability score; RPS, log and Brier: lower is better. Skill: 1 perfect, 0 the "
    "base rate. Gain: RPS of 'past answers to the same kind of request' minus its own"
)
THEORY_COLUMNS = (
    "theory",
    "log evidence#",
    "stacking weight#",
    "strength of fit#",
    "effective draws#",
)
THEORY_LEGEND = (
    "log evidence: log probability of all crises under the theory's prior; differences are log "
    "Bayes factors. Stacking weight: its share in the best mixture. Strength of fit: power of "
    "the likelihood, 0 to 1. Effective draws: independent draws behind a forecast"
)


def entry_cells(entry: Entry) -> tuple[str, ...]:
    """One row of the tournament."""
    return (
        plain_name(entry.name),
        entry.kind,
        f"{entry.rps.mean():.3f}",
        f"{entry.log.mean():.3f}",
        f"{entry.brier.mean():.3f}",
        f"{entry.skill:+.3f}",
        interval(entry.interval),
        f"{entry.gain:+.3f}",
        interval(entry.gain_interval),
    )


def ranked(tournament: Tournament) -> list[Entry]:
    """Entries, best skill first."""
    return sorted(tournament.entries, key=lambda entry: -entry.skill)


def of_tournament(tournament: Tournament) -> Iterator[RenderableType]:
    """The whole tournament."""
    from foedus.analysis.forecast.tournament_parts import worst_crises

    yield table(
        f"{len(tournament.panel)} crises, each forecast without itself",
        COLUMNS,
        [entry_cells(entry) for entry in ranked(tournament)],
        caption=LEGEND,
    )
    yield table("Theories", THEORY_COLUMNS, _theory_rows(tournament), caption=THEORY_LEGEND)
    best = ranked(tournament)[0]
    worst = ", ".join(f"{name} ({score:.2f})" for name, score in worst_crises(tournament, best))
    yield Text(f"Most wrong in {best.name} ({best.kind}): {worst}.")
    yield Text(verdict(tournament))


def _theory_rows(tournament: Tournament) -> list[tuple[str, ...]]:
    return [
        (
            entry.name,
            f"{tournament.entry(entry.name, 'prior').log_evidence:.1f}",
            f"{entry.stacking:.2f}",
            f"{entry.strength:.2f}",
            f"{entry.draws:.0f}",
        )
        for entry in tournament.entries
        if entry.kind == "calibrated"
    ]


def verdict(tournament: Tournament) -> str:
    """Whether the full model beats the baselines, in one sentence each, out of sample."""
    full = max((e for e in tournament.entries if e.name == "full"), key=lambda e: e.kind == "prior")
    rivals = [
        "the answer equals the ask",
        "the ask, learned",
        "base rate",
        "ordered regression, all attributes",
        "ordered regression, ask and channel",
    ]
    parts = []
    for name in rivals:
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


def markdown(tournament: Tournament) -> str:
    """The tournament as Markdown tables."""
    from foedus.analysis.forecast.tournament_parts import breakdown, reliability, worst_crises

    lines = [markdown_table(COLUMNS, [entry_cells(e) for e in ranked(tournament)]), ""]
    lines += [
        f"{THEORY_LEGEND}.",
        "",
        markdown_table(THEORY_COLUMNS, _theory_rows(tournament)),
        "",
        verdict(tournament),
        "",
    ]
    best = [*ranked(tournament)[:2], tournament.entry("full", "prior")]
    for by in ("alliance", "kind"):
        groups = breakdown(tournament, by)
        names = [f"{e.name} ({e.kind})" for e in best] + ["base rate (baseline)"]
        rows = [
            (group, str(next(iter(scores.values()))[0]), *(f"{scores[n][1]:.2f}" for n in names))
            for group, scores in groups.items()
        ]
        lines += [
            f"Mean ranked probability score by {by}:",
            "",
            markdown_table((by, "crises#", *(f"{n}#" for n in names)), rows),
            "",
        ]
    for entry in (best[0], best[-1]):
        worst = ", ".join(f"{i} ({s:.2f})" for i, s in worst_crises(tournament, entry))
        lines += [f"Most wrong in {entry.name} ({entry.kind}): {worst}.", ""]
    rows = [
        (f"{given:.2f}", f"{came:.2f}", str(n))
        for given, came, n in reliability(best[-1], tournament.panel.observed)
    ]
    lines += [
        "Reliability of the full model, nothing fitted (all crises and levels):",
        "",
        markdown_table(("probability given#", "came about#", "number#"), rows),
        "",
    ]
    return "\n".join(lines)


FINDING_COLUMNS = (
    "choice",
    "skill#",
    "calibrated#",
    "gain in RPS#",
    INTERVAL,
    "gain in log score#",
    "90 % interval",
)


def finding_cells(finding: Finding) -> tuple[str, ...]:
    """One row of the structural choices."""
    fitted = finding.skill_calibrated
    return (
        finding.name,
        f"{finding.skill:+.3f}",
        "" if fitted is None else f"{fitted:+.3f}",
        f"{finding.gain:+.3f}",
        interval(finding.gain_interval),
        f"{finding.log_gain:+.3f}",
        interval(finding.log_gain_interval),
    )


def of_alternatives(findings: Iterable[Finding], n_crises: int) -> Table:
    """Structural choices beside the model as it is."""
    return table(
        f"Structural choices on {n_crises} crises; gains are over the model as it is",
        FINDING_COLUMNS,
        [finding_cells(finding) for finding in findings],
    )


def alternatives_markdown(findings: Iterable[Finding]) -> str:
    """The same as a Markdown table."""
    return markdown_table(FINDING_COLUMNS, [finding_cells(finding) for finding in findings])
