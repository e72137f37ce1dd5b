"""How likely each answer is when nobody claims to know the weights: an average over the priors.

Every run draws its own parameters from the register's priors, as it draws its own chance. What
comes out contains what is not known about the model as well as what is not known about the
crisis, and nothing in it is fitted.
"""

from __future__ import annotations

from functools import lru_cache

from foedus.analysis.inference.priors import answering, prior_draws
from foedus.analysis.summary import level_probabilities
from foedus.model.array_engine import run_batch
from foedus.model.numbers import Array
from foedus.model.setup import Setup


def levels_over_priors(setup: Setup, n_runs: int, seed: int) -> Array:
    """Probability of each answer (level,), averaged over the spread of the priors.

    Args:
        setup: Parameters that a person, a theory or a calibration has set keep their values.
        n_runs: Runs, each with parameters of its own; they meet the chance of the ensemble of
            `seed`.
    """
    switched = setup.theory.parameters if setup.theory else {}
    held = {*setup.calibrated, *switched, *setup.settings.parameters}
    drawn = {name: v for name, v in _drawn(n_runs, seed).items() if name not in held}
    outcome = run_batch(
        setup.situation,
        {**setup.parameters, **drawn},
        seed,
        n_runs,
        drawn_codes=setup.drawn_codes,
        endogenous=setup.endogenous,
    )
    return level_probabilities(outcome)


@lru_cache(maxsize=2)
def _drawn(n_runs: int, seed: int) -> dict[str, Array]:
    """One draw a run (run,) by name, the same for every crisis."""
    drawn = prior_draws(answering(), n_runs, seed)
    for values in drawn.values():
        values.setflags(write=False)
    return drawn
