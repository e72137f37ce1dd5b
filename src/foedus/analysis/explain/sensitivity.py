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
from foedus.data.register import free
from foedus.data.terms import ATTRIBUTE_RANGE, Level
from foedus.errors import UsageError, missing
from foedus.model.numbers import Array
from foedus.model.parameter_points import simulate_points
from foedus.model.setup import Setup, SetupLike, setup_of

COVERAGE = 0.9
"""Central share of each prior that is varied over."""

CODE_STEP = 0.125
"""Half a step of the codebook's scale: how far a code is varied where the coders agree."""


@dataclass(frozen=True)
class Factor:
    """One uncertain input and the interval it is varied over.

    Attributes:
        kind: ``parameter`` or ``code``.
        group: Inputs of one group are taken together in Sobol indices; its own name by default.
    """

    name: str
    low: float
    high: float
    kind: str
    group: str = ""


@dataclass(frozen=True)
class Index:
    """First and total Sobol index, each with the half width of its 95 % interval."""

    first: float
    first_error: float
    total: float
    total_error: float


NOTHING = Index(0.0, 0.0, 0.0, 0.0)
"""Indices of what moves nothing."""


@dataclass(frozen=True)
class Effect:
    """What one input does to one output; the fields of :class:`Index` are None where screened only.

    Attributes:
        mu_star: Morris: mean absolute elementary effect over the whole interval.
        total_half: Total index from half of the points: how far it has converged.
    """

    factor: Factor
    mu_star: float
    first: float | None = None
    first_error: float | None = None
    total: float | None = None
    total_error: float | None = None
    total_half: float | None = None


@dataclass(frozen=True)
class Sensitivity:
    """Effects on one output, strongest first."""

    output: str
    n_points: int
    n_runs: int
    effects: tuple[Effect, ...]


def factors_of(setup: SetupLike) -> list[Factor]:
    """Every uncertain input of a setup: parameters with a prior, and all codes."""
    setup = setup_of(setup)
    z = NormalDist().inv_cdf((1.0 + COVERAGE) / 2.0)
    switched = setup.theory.parameters if setup.theory else {}
    found = []
    for row in free() if setup.endogenous else answering():
        if row.name in switched or row.name in setup.settings.parameters:
            continue
        low, high = (float(from_standard(row, np.array(sign * z))) for sign in (-1, 1))
        found.append(Factor(row.name, low, high, "parameter"))
    situation = setup.situation
    codes = dict(situation.crisis)
    for attribute, spans in situation.standing.items():
        if attribute not in ("capability", "dependence"):
            members = zip(situation.members, spans, strict=True)
            codes |= {f"{state}.{attribute}": span for state, span in members}
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

    def outputs(points: Array) -> dict[str, Array]:
        outcomes = simulate_points(
            setup.situation,
            setup.parameters,
            {factor.name: points[:, k] for k, factor in enumerate(factors)},
            seed,
            n_runs,
            drawn_codes=False,
            endogenous=setup.endogenous,
        )
        return {
            "p_deploy": np.array([np.mean(o.level == Level.DEPLOY) for o in outcomes]),
            "expected_level": np.array([np.mean(o.level) for o in outcomes]),
        }

    return outputs


def study(
    setup: SetupLike,
    *,
    n_runs: int = 64,
    n_trajectories: int = 20,
    n_base: int = 256,
    keep: int = 12,
    seed: int = 1,
) -> list[Sensitivity]:
    """Screen all inputs, then take Sobol indices of the strongest.

    Args:
        n_runs: Runs of each point.
        n_trajectories: Morris trajectories.
        n_base, keep: Base points of the Sobol design, a power of 2, and inputs that go on to it; it
            takes ``n_base * (keep + 2)`` points.

    Raises:
        UsageError: If SALib is not installed, or `n_base` is no power of 2.
    """
    setup = setup_of(setup)
    factors = factors_of(setup)
    check_base(n_base)
    screened = morris(outputs_of(setup, factors, n_runs, seed), factors, n_trajectories, seed)

    def effects_on(output: str, mu_star: Array) -> Sensitivity:
        order = np.argsort(-mu_star, kind="stable")
        strongest = [factors[k] for k in order[:keep]]
        outputs = outputs_of(setup, strongest, n_runs, seed)
        indices, half = sobol(lambda points: outputs(points)[output], strongest, n_base, seed)
        effects = []
        for factor, mu in ((factors[k], float(mu_star[k])) for k in order):
            found = vars(indices[factor.name]) if factor.name in indices else {}
            effects.append(Effect(factor, mu, **found, total_half=half.get(factor.name)))
        return Sensitivity(output, n_base * (len(strongest) + 2), n_runs, tuple(effects))

    return [effects_on(output, mu_star) for output, mu_star in screened.items()]


def check_base(n_base: int) -> None:
    """Refuse a number of base points that is no power of 2 from 16 on."""
    if n_base < 16 or n_base & (n_base - 1):
        raise UsageError(f"base points: {n_base}: expected a power of 2 (16, 32, 64, ...)")


def morris(
    outputs: Callable[[Array], dict[str, Array]],
    factors: list[Factor],
    n_trajectories: int,
    seed: int,
) -> dict[str, Array]:
    """Mean absolute elementary effect of each factor, by output (factor,)."""
    salib, problem = _salib(), _problem(factors)
    points = salib.sample.morris.sample(problem, n_trajectories, num_levels=4, seed=seed)
    analyse = salib.analyze.morris.analyze
    return {
        name: np.asarray(analyse(problem, points, values, num_levels=4, seed=seed)["mu_star"])
        for name, values in outputs(points).items()
    }


def sobol(
    output: Callable[[Array], Array], factors: list[Factor], n_base: int, seed: int
) -> tuple[dict[str, Index], dict[str, float]]:
    """Sobol indices by group of factors (each its own group unless stated), with totals of half.

    Raises:
        UsageError: If SALib is not installed, or `n_base` is no power of 2.
    """
    check_base(n_base)
    salib, problem = _salib(), _problem(factors)
    points = salib.sample.sobol.sample(problem, n_base, calc_second_order=False, seed=seed)
    values = output(points)
    names = list(dict.fromkeys(problem.get("groups", problem["names"])))

    def indices(values: Array) -> dict[str, Index]:
        if np.ptp(values) == 0:
            return dict.fromkeys(names, NOTHING)
        found = salib.analyze.sobol.analyze(problem, values, calc_second_order=False, seed=seed)
        columns = (found[kind].tolist() for kind in ("S1", "S1_conf", "ST", "ST_conf"))
        return {name: Index(*row) for name, *row in zip(names, *columns, strict=True)}

    half = indices(values[: len(values) // 2])
    return indices(values), {name: index.total for name, index in half.items()}


def _problem(factors: list[Factor]) -> dict[str, Any]:
    names = [factor.name for factor in factors]
    groups = [factor.group or factor.name for factor in factors]
    bounds = [[factor.low, factor.high] for factor in factors]
    problem = {"num_vars": len(factors), "names": names, "bounds": bounds}
    return problem if groups == names else {**problem, "groups": groups}


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
    rows = [{**vars(effect.factor), **vars(effect)} for effect in sensitivity.effects]
    for row in rows:
        del row["factor"], row["group"]
    return {**vars(sensitivity), "effects": rows}
