"""What drives the answer: Morris screening, then Sobol indices, over parameters and open codes.

Methods: Morris (1991, doi:10.1080/00401706.1991.10484804) and Saltelli et al. (2010,
doi:10.1016/j.cpc.2009.09.018), as SALib has them. Parameters vary over the central part of their
priors; codes over the interval their coders leave open (or a quarter step where they agree).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from foedus.analysis.inference.priors import answering, from_standard
from foedus.data.terms import ATTRIBUTE_RANGE, Level
from foedus.errors import missing
from foedus.model.ensemble import Setup
from foedus.model.numbers import Array
from foedus.model.parameter_points import simulate_points

COVERAGE = 0.9
"""Central share of each prior that is varied over."""

CODE_STEP = 0.125
"""Half a step of the codebook's scale: how far a code is varied where the coders agree."""


@dataclass(frozen=True)
class Factor:
    """One uncertain input and the interval it is varied over."""

    name: str
    low: float
    high: float
    kind: str


@dataclass(frozen=True)
class Effect:
    """What one input does to one output.

    Attributes
    ----------
    mu_star
        Morris: mean absolute elementary effect over the whole interval.
    first, first_error, total, total_error
        Sobol indices with the half width of their 95 % interval; None where only screened.
    """

    factor: Factor
    mu_star: float
    first: float | None = None
    first_error: float | None = None
    total: float | None = None
    total_error: float | None = None


@dataclass(frozen=True)
class Sensitivity:
    """Effects on one output, strongest first.

    Attributes
    ----------
    half
        Total indices from half of the points, by name: how far they have converged.
    """

    output: str
    effects: tuple[Effect, ...]
    half: dict[str, float]
    n_points: int
    n_runs: int


def factors_of(setup: Setup) -> list[Factor]:
    """Every uncertain input of a setup: parameters with a prior, and all codes."""
    z = NormalDist().inv_cdf((1.0 + COVERAGE) / 2.0)
    switched = setup.theory.parameters if setup.theory else {}
    found = []
    for row in answering():
        if row.name in switched or row.name in setup.settings.parameters:
            continue
        low, high = (float(from_standard(row, np.array(sign * z))) for sign in (-1, 1))
        found.append(Factor(row.name, max(low, row.low), min(high, row.high), "parameter"))
    situation = setup.situation
    codes = dict(situation.crisis)
    for attribute, spans in situation.standing.items():
        if attribute in ("capability", "dependence"):
            continue
        for state, span in zip(situation.members, spans, strict=True):
            codes[f"{state}.{attribute}"] = span
    for name, span in codes.items():
        floor, ceiling = ATTRIBUTE_RANGE[name.rpartition(".")[2]]
        low = max(floor, min(span.low, span.mode - CODE_STEP))
        high = min(ceiling, max(span.high, span.mode + CODE_STEP))
        found.append(Factor(name, low, high, "code"))
    return found


def outputs_of(
    setup: Setup, factors: list[Factor], n_runs: int, seed: int
) -> Callable[[Array], dict[str, Array]]:
    """A function from points (point, factor) to p_deploy and expected level (point,)."""
    situation, parameters = setup.situation, setup.parameters

    def outputs(points: Array) -> dict[str, Array]:
        named = {factor.name: points[:, k] for k, factor in enumerate(factors)}
        outcomes = simulate_points(situation, parameters, named, seed, n_runs, drawn_codes=False)
        return {
            "p_deploy": np.array([np.mean(o.level == Level.DEPLOY) for o in outcomes]),
            "expected_level": np.array([np.mean(o.level) for o in outcomes]),
        }

    return outputs


def study(
    setup: Setup,
    *,
    n_runs: int = 64,
    n_trajectories: int = 20,
    n_base: int = 256,
    keep: int = 12,
    seed: int = 1,
) -> list[Sensitivity]:
    """Screen all inputs, then take Sobol indices of the strongest.

    Parameters
    ----------
    n_runs
        Runs of each point.
    n_trajectories
        Morris trajectories.
    n_base
        Base points of the Sobol design, a power of 2; it takes ``n_base * (keep + 2)`` points.
    keep
        Inputs that go on to the second stage.

    Raises
    ------
    UsageError
        If SALib is not installed.
    """
    factors = factors_of(setup)
    screened = morris(outputs_of(setup, factors, n_runs, seed), factors, n_trajectories, seed)
    results = []
    for output, mu_star in screened.items():
        order = sorted(range(len(factors)), key=lambda k: -mu_star[k])
        strongest = [factors[k] for k in order[:keep]]
        evaluate = outputs_of(setup, strongest, n_runs, seed)
        indices, half = sobol(lambda x: evaluate(x)[output], strongest, n_base, seed)  # noqa: B023
        effects = [
            Effect(factors[k], float(mu_star[k]), *indices.get(factors[k].name, ())) for k in order
        ]
        results.append(
            Sensitivity(output, tuple(effects), half, n_base * (len(strongest) + 2), n_runs)
        )
    return results


def morris(
    outputs: Callable[[Array], dict[str, Array]],
    factors: list[Factor],
    n_trajectories: int,
    seed: int,
) -> dict[str, Array]:
    """Mean absolute elementary effect of each factor, by output (factor,)."""
    salib = _salib()
    problem = _problem(factors)
    points = salib.sample.morris.sample(problem, n_trajectories, num_levels=4, seed=seed)
    found = outputs(points)
    return {
        name: np.asarray(
            salib.analyze.morris.analyze(problem, points, values, num_levels=4, seed=seed)[
                "mu_star"
            ]
        )
        for name, values in found.items()
    }


def sobol(
    output: Callable[[Array], Array], factors: list[Factor], n_base: int, seed: int
) -> tuple[dict[str, tuple[float, float, float, float]], dict[str, float]]:
    """First and total Sobol indices with 95 % half widths; and totals from half the points."""
    salib = _salib()
    problem = _problem(factors)
    points = salib.sample.sobol.sample(problem, n_base, calc_second_order=False, seed=seed)
    values = output(points)
    whole = _indices(salib, problem, values, seed)
    half = _indices(salib, problem, values[: len(values) // 2], seed)
    names = [factor.name for factor in factors]
    return (
        {
            name: (
                float(whole["S1"][k]),
                float(whole["S1_conf"][k]),
                float(whole["ST"][k]),
                float(whole["ST_conf"][k]),
            )
            for k, name in enumerate(names)
        },
        {name: float(half["ST"][k]) for k, name in enumerate(names)},
    )


def _indices(salib: Any, problem: dict[str, Any], values: Array, seed: int) -> Any:
    if np.ptp(values) == 0:
        nothing = np.zeros(problem["num_vars"])
        return {"S1": nothing, "S1_conf": nothing, "ST": nothing, "ST_conf": nothing}
    return salib.analyze.sobol.analyze(problem, values, calc_second_order=False, seed=seed)


def _problem(factors: list[Factor]) -> dict[str, Any]:
    return {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[factor.low, factor.high] for factor in factors],
    }


def _salib() -> Any:
    try:
        import SALib.analyze.morris
        import SALib.analyze.sobol
        import SALib.sample.morris
        import SALib.sample.sobol
    except ImportError:
        raise missing("sensitivity", "SALib", "evidence") from None
    return SALib


def as_record(sensitivity: Sensitivity) -> dict[str, Any]:
    """Effects as plain values, for JSON."""
    return {
        "output": sensitivity.output,
        "n_points": sensitivity.n_points,
        "n_runs": sensitivity.n_runs,
        "effects": [
            {
                **vars(effect.factor),
                "mu_star": effect.mu_star,
                "first": effect.first,
                "first_error": effect.first_error,
                "total": effect.total,
                "total_error": effect.total_error,
                "total_half": sensitivity.half.get(effect.factor.name),
            }
            for effect in sensitivity.effects
        ],
    }
