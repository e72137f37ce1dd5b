"""Parameters of a chronicle: the register's values, drawn from their priors, and what follows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.analysis.inference.priors import prior_draws
from foedus.chronicle.trust import kept_a_year
from foedus.data.register import free_of_years, parameters
from foedus.model.numbers import Parameters, Value


def drawn_parameters(overrides: Mapping[str, float], n_runs: int, seed: int) -> dict[str, Value]:
    """Register values with every free parameter of a chronicle drawn from its prior.

    Parameters
    ----------
    overrides
        Values that a person has set; they are held.
    n_runs
        Draws, one a run: run r has the same whatever their number.

    Returns
    -------
    dict
        Numbers, and arrays (run,) by name.
    """
    rows = [row for row in free_of_years() if row.name not in overrides]
    return {**parameters(overrides), **prior_draws(rows, n_runs, seed)}


FARTHEST = 500.0
"""Log-odds beyond which a chance is 0 or 1 to the last bit."""


def derived(p: Parameters) -> dict[str, Value]:
    """The parameters and what both engines compute from them once: log-odds and yearly shares."""
    return {
        **p,
        "call_log_odds": log_odds(p["p_call"]),
        "break_log_odds": log_odds(p["p_break"]),
        "join_log_odds": log_odds(p["p_join"]),
        "return_log_odds": log_odds(p["p_return"]),
        "trust_kept": kept_a_year(p["trust_half_life"]),
        "danger_kept": kept_a_year(p["danger_half_life"]),
    }


def log_odds(chance: Value) -> Value:
    """Logit of a chance in (0, 1)."""
    return np.log(chance / (1.0 - chance))


def chance_of(logit: Value) -> Value:
    """The chance whose logit is given."""
    return 1.0 / (1.0 + np.exp(-np.clip(logit, -FARTHEST, FARTHEST)))


def part_of(p: Parameters, low: int, high: int) -> dict[str, Value]:
    """Parameters of the runs ``low`` to ``high - 1``."""
    return {name: v[low:high] if np.ndim(v) else v for name, v in p.items()}


def of_run(p: Parameters, n: int) -> dict[str, Value]:
    """Parameters of one run: numbers alone."""
    return {name: float(v[n]) if np.ndim(v) else v for name, v in p.items()}
