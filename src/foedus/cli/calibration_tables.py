"""Calibration on a terminal: the posterior, its predictive check, and recovery of known values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from foedus.cli.output import table
from foedus.data.terms import LEVELS
from foedus.doc_pages import markdown_table

if TYPE_CHECKING:
    from foedus.analysis.forecast.panel import Panel
    from foedus.analysis.inference.mcmc import Posterior, Target
    from foedus.analysis.inference.recovery import Recovery


def of_posterior(posterior: Posterior) -> Table:
    """Calibrated parameters beside their priors."""
    import numpy as np

    from foedus.data.register import register

    rows = []
    for k, (name, values) in enumerate(posterior.draws.items()):
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
        rows.append(
            (
                name,
                f"{register()[name].default:g}",
                f"{median:.2f}",
                f"{low:.2f} to {high:.2f}",
                f"{posterior.rhat[k]:.3f}",
                f"{posterior.ess[k]:.0f}",
            )
        )
    return table(
        "Posterior",
        (
            "parameter",
            "prior median#",
            "median#",
            "90 % interval",
            "R-hat#",
            "effective draws#",
        ),
        rows,
        caption="R-hat: below 1.05 the chains agree. Effective draws: independent draws that the "
        "chains are worth",
    )


def of_predictive(target: Target, posterior: Posterior, panel: Panel, seed: int) -> Table:
    """How many crises end at each level: observed, foreseen by the prior, and by the posterior."""
    import numpy as np

    from foedus.analysis.inference.mcmc import predictive_counts
    from foedus.analysis.inference.priors import standard_normal

    flat = posterior.z.reshape(-1, posterior.z.shape[-1])
    after = flat[:: max(1, len(flat) // 500)][:500]
    before = standard_normal(len(after), after.shape[1], seed, 0)
    ranges = [
        np.quantile(predictive_counts(target, z, seed), [0.05, 0.95], axis=0)
        for z in (before, after)
    ]
    return table(
        "Predictive check: crises that end at each level",
        ("level", "observed#", "prior, 90 %", "posterior, 90 %"),
        [
            (
                word,
                str(int((panel.observed == k).sum())),
                *(f"{low[k]:.0f} to {high[k]:.0f}" for low, high in ranges),
            )
            for k, word in enumerate(LEVELS)
        ],
    )


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
    return table(
        f"Known parameters recovered from {recovery.n_histories} simulated histories; effective "
        "draws " + ", ".join(f"{n} crises: {ess:.0f}" for n, ess in recovery.draws.items()),
        RECOVERY_COLUMNS,
        recovery_cells(recovery),
    )


def recovery_markdown(recovery: Recovery) -> str:
    """The recovery table as Markdown."""
    draws = ", ".join(f"{ess:.0f} for {n} crises" for n, ess in recovery.draws.items())
    return (
        markdown_table(RECOVERY_COLUMNS, recovery_cells(recovery))
        + f"\n\n{recovery.n_histories} histories of each length; mean effective draws: {draws}.\n"
    )
