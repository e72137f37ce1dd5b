"""Tables on evidence: calibration, sensitivity, responses, attribution, recovery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.tables import percent, titled
from foedus.data.terms import LEVELS
from foedus.doc_pages import markdown_table

if TYPE_CHECKING:
    from foedus.analysis.explain.attribution import Attribution, Pivot
    from foedus.analysis.explain.response import Response, Surface
    from foedus.analysis.explain.sensitivity import Sensitivity
    from foedus.analysis.forecast.panel import Panel
    from foedus.analysis.inference.mcmc import Posterior, Target
    from foedus.analysis.inference.recovery import Recovery
    from foedus.data.library import Case


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

    from foedus.analysis.inference.mcmc import predictive_counts
    from foedus.analysis.inference.priors import standard_normal

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
