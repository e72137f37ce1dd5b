"""Calibration on a terminal: the posterior, its predictive check, and recovery of known values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table

from foedus.cli.columns import Columns, table
from foedus.data.terms import LEVELS

if TYPE_CHECKING:
    from foedus.analysis.forecast.panel import Panel
    from foedus.analysis.inference.mcmc import Posterior, Target
    from foedus.analysis.inference.recovery import Recovery

POSTERIOR: Columns = (
    ("parameter", "{0}"),
    ("prior median#", "{1:g}"),
    ("median#", "{3:.2f}"),
    ("90 % interval", "{2:.2f} to {4:.2f}"),
    ("R-hat#", "{5:.3f}"),
    ("effective draws#", "{6:.0f}"),
)
RECOVERY: Columns = (
    ("parameter", "{name}"),
    ("crises#", "{n_crises}"),
    ("correlation with truth#", "{correlation:.2f}"),
    ("spread, share of prior#", "{narrowing:.2f}"),
    ("90 % interval holds truth#", "{coverage:.2f}"),
)


def of_fit(posterior: Posterior, target: Target, panel: Panel, seed: int) -> Iterator[Table]:
    """A calibration: what it found, and whether it foresees what happened."""
    yield of_posterior(posterior)
    yield of_predictive(target, posterior, panel, seed)


def of_posterior(posterior: Posterior) -> Table:
    """Calibrated parameters beside their priors."""
    import numpy as np

    from foedus.data.register import register

    per_draw = zip(posterior.draws.items(), posterior.rhat, posterior.ess, strict=True)
    rows = [
        (name, register()[name].default, *np.quantile(values, [0.05, 0.5, 0.95]), rhat, ess)
        for (name, values), rhat, ess in per_draw
    ]
    return table(
        "Posterior",
        POSTERIOR,
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
    bounds = [np.quantile(predictive_counts(target, z, seed), [0.05, 0.95], axis=0)
              for z in (before, after)]  # fmt: skip
    return table(
        "Predictive check: crises that end at each level",
        (
            ("level", "{0}"),
            ("observed#", "{1}"),
            ("prior, 90 %", "{2[0]:.0f} to {2[1]:.0f}"),
            ("posterior, 90 %", "{3[0]:.0f} to {3[1]:.0f}"),
        ),
        [
            (word, (panel.observed == k).sum(), *(low_high[:, k] for low_high in bounds))
            for k, word in enumerate(LEVELS)
        ],
    )


def of_recovery(recovery: Recovery) -> Table:
    """How well known parameters are recovered."""
    return table(
        f"Known parameters recovered from {recovery.n_histories} simulated histories; effective "
        "draws " + ", ".join(f"{n} crises: {ess:.0f}" for n, ess in recovery.draws.items()),
        RECOVERY,
        recovery.rows,
    )
