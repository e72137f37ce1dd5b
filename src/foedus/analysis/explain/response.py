"""What if: how the answer responds to one or two numbers, all else and all chance equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.analysis.summary import ENOUGH_DEPLOY, standard_error
from foedus.data.register import register
from foedus.data.settings import settings_from
from foedus.data.terms import ATTRIBUTE_RANGE, LEVELS, Level
from foedus.errors import UsageError
from foedus.model.numbers import Array
from foedus.model.outcome import Outcome
from foedus.model.parameter_points import shares_of_levels, simulate_points
from foedus.model.setup import Setup, SetupLike, setup_of


@dataclass(frozen=True)
class Response:
    """Probabilities of each level over values of one number.

    Attributes:
        name, values: A parameter or attribute, and its values (value,).
        p_levels, errors: Probability of each level and its standard error over runs (value, level).
        troops: Median troops where the alliance deploys (value,); nan where fewer than
            :data:`foedus.analysis.summary.ENOUGH_DEPLOY` runs do.
        now: The value in force; nan where none is.
    """

    name: str
    values: Array
    p_levels: Array
    errors: Array
    troops: Array
    now: float
    n_runs: int
    seed: int

    @property
    def tipping_points(self) -> list[tuple[float, str, str]]:
        """Where the most probable answer changes: value, from, to (halfway between two values)."""
        likely = self.p_levels.argmax(axis=1)
        halfway = (self.values[1:] + self.values[:-1]) / 2
        return [
            (float(halfway[k]), LEVELS[likely[k]], LEVELS[likely[k + 1]])
            for k in np.flatnonzero(likely[1:] != likely[:-1])
        ]


@dataclass(frozen=True)
class Surface:
    """Probabilities of each level over a grid of two numbers (first, second, level)."""

    names: tuple[str, str]
    first: Array
    second: Array
    p_levels: Array
    n_runs: int
    seed: int


MOST_RUNS = 2_000_000
"""Runs of all values together; they are held in memory at once, about half a kilobyte each."""


def default_values(name: str, n: int = 21) -> Array:
    """Values worth trying: an attribute's whole range, or a parameter from 0 (or low) upward."""
    attribute = name.rpartition(".")[2]
    if attribute in ATTRIBUTE_RANGE:
        return np.linspace(*ATTRIBUTE_RANGE[attribute], n)
    row = register()[name]
    reach = 3.0 * max(abs(row.default), 0.5)
    return np.linspace(max(row.low, min(0.0, row.default)), min(row.high, reach), n)


def response_curve(
    setup: SetupLike, name: str, values: Array | None = None, n_runs: int = 1000, seed: int = 1
) -> Response:
    """Vary one parameter or attribute.

    The values to try (value,) are a sensible range by default.

    Raises:
        UsageError: If the name is unknown, a value out of range or given twice, or there are too
            many.
    """
    setup = setup_of(setup)
    tried = _checked(setup, name, values, 21)
    outcomes = _outcomes(setup, {name: tried}, seed, n_runs)
    shares = _shares(outcomes)
    return Response(
        name=name,
        values=tried,
        p_levels=shares,
        errors=np.vectorize(lambda p: standard_error(p, n_runs))(shares),
        troops=np.array([_median_troops(outcome) for outcome in outcomes]),
        now=_now(setup, name),
        n_runs=n_runs,
        seed=seed,
    )


def response_surface(
    setup: SetupLike,
    names: tuple[str, str],
    values: tuple[Array | None, Array | None] = (None, None),
    n_runs: int = 500,
    seed: int = 1,
) -> Surface:
    """Vary two parameters or attributes over a grid.

    Raises:
        UsageError: As :func:`response_curve`, and if both names are the same.
    """
    setup = setup_of(setup)
    if names[0] == names[1]:
        raise UsageError(f"{names[0]} is given twice; name another number")
    first, second = (
        _checked(setup, name, tried, 11) for name, tried in zip(names, values, strict=True)
    )
    grid = np.meshgrid(first, second, indexing="ij")
    points = {name: axis.ravel() for name, axis in zip(names, grid, strict=True)}
    shares = _shares(_outcomes(setup, points, seed, n_runs))
    return Surface(names, first, second, shares.reshape(*grid[0].shape, -1), n_runs, seed)


def _checked(setup: Setup, name: str, values: Array | None, n: int) -> Array:
    """The values to try, each of which `--set` would accept, and each once."""
    members = sorted(setup.situation.members)
    if name not in register():
        settings_from({name: 0.0}, members)  # refuses a name that nobody knows
    tried = default_values(name, n) if values is None else np.asarray(values, dtype=np.float64)
    for value in tried:
        settings_from({name: float(value)}, members)
    if len(np.unique(tried)) < len(tried):
        raise UsageError(f"{name}: a value is given twice; give each value once")
    return tried


def _outcomes(setup: Setup, points: dict[str, Array], seed: int, n_runs: int) -> list[Outcome]:
    n_points = len(next(iter(points.values())))
    if n_points * n_runs > MOST_RUNS:
        raise UsageError(
            f"{n_points:,} points of {n_runs:,} runs are more than {MOST_RUNS:,} in all; "
            "take fewer, or a plan and `foedus experiment run`"
        )
    return simulate_points(setup.situation, setup.parameters, points, seed, n_runs, **setup.draws)


def _shares(outcomes: list[Outcome]) -> Array:
    return shares_of_levels(np.stack([outcome.level for outcome in outcomes]))


def _median_troops(outcome: Outcome) -> float:
    deploys = outcome.level == Level.DEPLOY
    if deploys.sum() < ENOUGH_DEPLOY:
        return np.nan
    return float(np.median(outcome.troops[:, deploys].sum(axis=0)))


def _now(setup: Setup, name: str) -> float:
    if name in register():
        return float(setup.parameters[name])
    situation = setup.situation
    state, _, attribute = name.rpartition(".")
    if attribute == "dependence":
        return float("nan")
    if not state:
        return situation.crisis[attribute].mode
    return situation.standing[attribute][situation.members.index(state)].mode
