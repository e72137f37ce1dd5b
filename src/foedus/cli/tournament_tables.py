"""Tables of the tournament and of the structural choices, for a terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.tables import titled
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
    "90 % of crises",
    "gain on the ask, learned#",
    "90 %",
)


def _interval(pair: tuple[float, float]) -> str:
    return f"{pair[0]:+.2f} to {pair[1]:+.2f}"


def entry_cells(entry: Entry) -> tuple[str, ...]:
    """One row of the tournament."""
    return (
        entry.name,
        entry.kind,
        f"{entry.rps.mean():.3f}",
        f"{entry.log.mean():.3f}",
        f"{entry.brier.mean():.3f}",
        f"{entry.skill:+.3f}",
        _interval(entry.interval),
        f"{entry.gain:+.3f}",
        _interval(entry.gain_interval),
    )


def ranked(tournament: Tournament) -> list[Entry]:
    """Entries, best skill first."""
    return sorted(tournament.entries, key=lambda entry: -entry.skill)


def of_tournament(tournament: Tournament) -> Iterator[RenderableType]:
    """The whole tournament."""
    from foedus.analysis.forecast.tournament import worst_crises

    shown = titled(
        f"{len(tournament.panel)} crises, each forecast without itself; lower scores are better",
        *COLUMNS,
    )
    for entry in ranked(tournament):
        shown.add_row(*entry_cells(entry))
    yield shown
    evidence = titled(
        "Theories",
        "theory",
        "log evidence#",
        "stacking weight#",
        "strength of fit#",
        "effective draws#",
    )
    for entry in tournament.entries:
        if entry.kind == "calibrated":
            prior = tournament.entry(entry.name, "prior")
            evidence.add_row(
                entry.name,
                f"{prior.log_evidence:.1f}",
                f"{entry.stacking:.2f}",
                f"{entry.strength:.2f}",
                f"{entry.draws:.0f}",
            )
    yield evidence
    best = ranked(tournament)[0]
    worst = ", ".join(f"{name} ({score:.2f})" for name, score in worst_crises(tournament, best))
    yield Text(f"Most wrong in {best.name} ({best.kind}): {worst}.")
    yield Text(verdict(tournament))


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
        parts.append(f"{word} '{name}' ({full.rps.mean():.3f} against {rival.rps.mean():.3f})")
    low, high = full.gain_interval
    sure = "beyond" if low > 0 else "not beyond"
    return (
        f"In ranked probability score the full model, nothing fitted, {'; '.join(parts)}. Its gain "
        f"on the best simple rule that learns from the ask is {full.gain:+.3f} ({low:+.2f} to "
        f"{high:+.2f}), {sure} what {len(tournament.panel)} crises can tell from luck."
    )


def markdown(tournament: Tournament) -> str:
    """The tournament as Markdown tables."""
    from foedus.analysis.forecast.tournament import breakdown, reliability, worst_crises

    lines = [markdown_table(COLUMNS, [entry_cells(e) for e in ranked(tournament)]), ""]
    theories = [e for e in tournament.entries if e.kind == "calibrated"]
    lines += [
        "Log evidence is the log probability of all crises under the theory's prior; differences "
        "are log Bayes factors. The stacking weight is the theory's share in the mixture of "
        "calibrated theories that would have forecast best.",
        "",
        markdown_table(
            ("theory", "log evidence#", "stacking weight#", "strength of fit#", "effective draws#"),
            [
                (
                    e.name,
                    f"{tournament.entry(e.name, 'prior').log_evidence:.1f}",
                    f"{e.stacking:.2f}",
                    f"{e.strength:.2f}",
                    f"{e.draws:.0f}",
                )
                for e in theories
            ],
        ),
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
    "90 % of crises",
    "gain in log score#",
    "90 %",
)


def finding_cells(finding: Finding) -> tuple[str, ...]:
    """One row of the structural choices."""
    fitted = finding.skill_calibrated
    return (
        finding.name,
        f"{finding.skill:+.3f}",
        "" if fitted is None else f"{fitted:+.3f}",
        f"{finding.gain:+.3f}",
        _interval(finding.gain_interval),
        f"{finding.log_gain:+.3f}",
        _interval(finding.log_gain_interval),
    )


def of_alternatives(findings: Iterable[Finding], n_crises: int) -> Table:
    """Structural choices beside the model as it is."""
    shown = titled(
        f"Structural choices on {n_crises} crises; gains are over the model as it is",
        *FINDING_COLUMNS,
    )
    for finding in findings:
        shown.add_row(*finding_cells(finding))
    return shown


def alternatives_markdown(findings: Iterable[Finding]) -> str:
    """The same as a Markdown table."""
    return markdown_table(FINDING_COLUMNS, [finding_cells(finding) for finding in findings])
