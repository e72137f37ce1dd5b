"""Tables on evidence: tournament, calibration, sensitivity, responses, attribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.data.terms import LEVELS
from foedus.faces.cli.tables import percent, titled
from foedus.faces.pages import markdown_table

if TYPE_CHECKING:
    from foedus.analysis.alternatives import Finding
    from foedus.analysis.attribution import Attribution, Pivot
    from foedus.analysis.calibration import Posterior, Target
    from foedus.analysis.panel import Panel
    from foedus.analysis.recovery import Recovery
    from foedus.analysis.response import Response, Surface
    from foedus.analysis.sensitivity import Sensitivity
    from foedus.analysis.tournament import Entry, Tournament
    from foedus.data.library import Case

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
    from foedus.analysis.tournament import worst_crises

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


def of_posterior(posterior: Posterior) -> Table:
    """Calibrated parameters beside their priors."""
    import numpy as np

    from foedus.data.register import register

    shown = titled(
        "Posterior",
        "parameter",
        "prior median#",
        "median#",
        "90 % of draws",
        "R-hat#",
        "effective draws#",
    )
    for k, (name, values) in enumerate(posterior.draws.items()):
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
        shown.add_row(
            name,
            f"{register()[name].default:g}",
            f"{median:.2f}",
            f"{low:.2f} to {high:.2f}",
            f"{posterior.rhat[k]:.3f}",
            f"{posterior.ess[k]:.0f}",
        )
    return shown


def of_sensitivity(sensitivity: Sensitivity, n: int = 15) -> Table:
    """Effects on one output, strongest first."""
    shown = titled(
        f"What drives {sensitivity.output}: Morris over all inputs, Sobol over the strongest "
        f"({sensitivity.n_points:,} points of {sensitivity.n_runs} runs)",
        "input",
        "varied over",
        "mean |effect|#",
        "first#",
        "total#",
        "total, half the points#",
    )
    for effect in sensitivity.effects[:n]:
        factor = effect.factor
        half = sensitivity.half.get(factor.name)
        shown.add_row(
            factor.name,
            f"{factor.low:.2f} to {factor.high:.2f}",
            f"{effect.mu_star:.3f}",
            "" if effect.first is None else f"{effect.first:.2f} ±{effect.first_error:.2f}",
            "" if effect.total is None else f"{effect.total:.2f} ±{effect.total_error:.2f}",
            "" if half is None else f"{half:.2f}",
        )
    return shown


def of_response(case: Case, response: Response) -> Iterator[RenderableType]:
    """A response curve and its tipping points."""
    shown = titled(
        f"{case.scenario.title}: {response.name} (now {response.now:.3g}), "
        f"{response.n_runs:,} runs each",
        f"{response.name}#",
        *(f"{word} %" for word in LEVELS),
        "+-",
        "troops#",
    )
    for value, chances, errors, men in zip(
        response.values, response.p_levels, response.errors, response.troops, strict=True
    ):
        shown.add_row(
            f"{value:.3g}",
            *(percent(p) for p in chances),
            f"{100 * errors.max():.1f}",
            "" if men != men else f"{men:,.0f}",
        )
    yield shown
    turns = response.tipping_points
    yield Text(
        "; ".join(
            f"at {value:.3g} the most probable answer turns from {a} to {b}"
            for value, a, b in turns
        ).capitalize()
        + "."
        if turns
        else "The most probable answer does not change over this range."
    )


def of_attribution(first: str, second: str, attribution: Attribution) -> Table:
    """What accounts for the difference of p(deploy) between two crises."""
    shown = titled(
        f"Why {second} ({attribution.p_second:.2f}) and not {first} ({attribution.p_first:.2f})? "
        f"Shapley values of p(deploy), {attribution.n_orders} orders",
        "attribute",
        f"{first}#",
        f"{second}#",
        "accounts for#",
        "+-",
    )
    for share in attribution.shares:
        shown.add_row(
            share.name,
            "" if share.first is None else f"{share.first:.3g}",
            "" if share.second is None else f"{share.second:.3g}",
            f"{share.value:+.3f}",
            f"{share.error:.3f}",
        )
    shown.add_row("the members themselves", "", "", f"{attribution.make_up:+.3f}", "")
    return shown


def of_pivots(case: Case, pivots: Iterable[Pivot]) -> Table:
    """How often the answer hangs on each member."""
    shown = titled(
        f"{case.scenario.title}: how often the answer hangs on one member's warmth",
        "member",
        "hostile: lower %",
        "at its warmest: higher %",
    )
    for pivot in pivots:
        shown.add_row(case.name_of(pivot.state), percent(pivot.p_lower), percent(pivot.p_higher))
    return shown


def markdown(tournament: Tournament) -> str:
    """The tournament as Markdown tables."""
    from foedus.analysis.tournament import breakdown, reliability, worst_crises

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


def of_surface(case: Case, surface: Surface) -> Table:
    """The most probable answer, and p(deploy), over two numbers."""
    shown = titled(
        f"{case.scenario.title}: p(deploy) % and the most probable answer; "
        f"{surface.names[0]} down, {surface.names[1]} across",
        f"{surface.names[0]}#",
        *(f"{value:.3g}#" for value in surface.second),
    )
    for value, row in zip(surface.first, surface.p_levels, strict=True):
        cells = [f"{percent(p[3])} {LEVELS[int(p.argmax())]}" for p in row]
        shown.add_row(f"{value:.3g}", *cells)
    return shown


def of_predictive(target: Target, posterior: Posterior, panel: Panel, seed: int) -> Table:
    """How many crises end at each level: observed, foreseen by the prior, and by the posterior."""
    import numpy as np

    from foedus.analysis.calibration import predictive_counts
    from foedus.analysis.priors import standard_normal

    flat = posterior.z.reshape(-1, posterior.z.shape[-1])
    after = flat[:: max(1, len(flat) // 500)][:500]
    before = standard_normal(len(after), after.shape[1], seed, 0)
    shown = titled(
        "Predictive check: crises that end at each level",
        "level",
        "observed#",
        "prior, 90 %",
        "posterior, 90 %",
    )
    ranges = [
        np.quantile(predictive_counts(target, z, seed), [0.05, 0.95], axis=0)
        for z in (before, after)
    ]
    for k, word in enumerate(LEVELS):
        shown.add_row(
            word,
            str(int((panel.observed == k).sum())),
            *(f"{low[k]:.0f} to {high[k]:.0f}" for low, high in ranges),
        )
    return shown


RECOVERY_COLUMNS = (
    "parameter",
    "crises#",
    "correlation with truth#",
    "spread, share of prior#",
    "90 % interval holds truth#",
)


def recovery_cells(recovery: Recovery) -> list[tuple[str, ...]]:
    """Rows of the recovery table."""
    return [
        (
            row.name,
            str(row.n_crises),
            f"{row.correlation:.2f}",
            f"{row.narrowing:.2f}",
            f"{row.coverage:.2f}",
        )
        for row in recovery.rows
    ]


def of_recovery(recovery: Recovery) -> Table:
    """How well known parameters are recovered."""
    shown = titled(
        f"Known parameters recovered from {recovery.n_histories} simulated histories; effective "
        "draws " + ", ".join(f"{n} crises: {ess:.0f}" for n, ess in recovery.draws.items()),
        *RECOVERY_COLUMNS,
    )
    for cells in recovery_cells(recovery):
        shown.add_row(*cells)
    return shown


def recovery_markdown(recovery: Recovery) -> str:
    """The recovery table as Markdown."""
    draws = ", ".join(f"{ess:.0f} for {n} crises" for n, ess in recovery.draws.items())
    return (
        markdown_table(RECOVERY_COLUMNS, recovery_cells(recovery))
        + f"\n\n{recovery.n_histories} histories of each length; mean effective draws: {draws}.\n"
    )
