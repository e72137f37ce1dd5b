"""Two setups under the same chance: what differs between them, run by run.

Run n of both ensembles has the same draws at every address that both know (the same shocks to the
crisis and to each government they share), so that most of the noise leaves the difference. Its
error is taken from the differences of the runs, not from the two errors apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.explain.setup_changes import changes
from foedus.analysis.frames import html_table, plain
from foedus.analysis.summary import standard_error
from foedus.data.library import Case, load
from foedus.data.terms import LEVELS, Ending
from foedus.errors import UsageError
from foedus.model.ensemble import Ensemble, ensemble
from foedus.model.setup import Setup, SetupLike, setup_of

CLEAR = 2.0
"""Paired errors from which a difference is called one."""


@dataclass(frozen=True)
class Difference:
    """One quantity in both ensembles.

    Attributes:
        unit: ``share``, ``level``, ``troops`` or ``days``.
        first, second: Means over the `n` runs compared.
        error: Standard error of the difference, from the differences of the runs.
        unpaired_error: What it would be if the two had been drawn apart.
    """

    name: str
    unit: str
    n: int
    first: float
    second: float
    error: float
    unpaired_error: float

    @property
    def difference(self) -> float:
        """Second less first."""
        return self.second - self.first

    @property
    def is_clear(self) -> bool:
        """Whether it lies beyond what chance in the runs can make."""
        return abs(self.difference) > CLEAR * self.error


@dataclass(frozen=True)
class Comparison:
    """Two ensembles under the same chance.

    Attributes:
        changes: What the second setup has otherwise than the first, one line each.
        p_higher, p_lower: Share of the runs in which the second answer is higher, or lower, than
            the first.
    """

    first: Ensemble
    second: Ensemble
    changes: tuple[str, ...]
    differences: tuple[Difference, ...]
    p_higher: float
    p_lower: float

    def __repr__(self) -> str:
        names = " and ".join(one.setup.case.id for one in (self.first, self.second))
        return f"<Comparison: {names}, {self.first.n_runs:,} runs>"

    def _repr_html_(self) -> str:
        rows = (
            (d.name, d.unit, *(f"{x:,.3g}" for x in (d.first, d.second, d.difference, d.error)))
            for d in self.differences
        )
        heads = ("", "unit", "first", "second", "difference", "±")
        return html_table(heads, rows, repr(self)[1:-1])

    def of(self, name: str) -> Difference:
        """The difference of that name."""
        return next(one for one in self.differences if one.name == name)


def compare(first: SetupLike, second: SetupLike, n_runs: int, seed: int) -> Comparison:
    """Simulate both setups under the same chance and take their differences.

    A UsageError where `n_runs` is below 2, which leaves no error to estimate.
    """
    first, second = setup_of(first), setup_of(second)
    if n_runs < 2:
        raise UsageError("a comparison needs at least 2 runs")
    a, b = ensemble(first, n_runs, seed), ensemble(second, n_runs, seed)
    rise = b.outcome.level.astype(np.int64) - a.outcome.level
    return Comparison(
        first=a,
        second=b,
        changes=tuple(changes(first, second)),
        differences=tuple(_differences(a, b, same=is_same(first, second))),
        p_higher=float(np.mean(rise > 0)),
        p_lower=float(np.mean(rise < 0)),
    )


def is_same(first: Setup, second: Setup) -> bool:
    """Whether two setups are the same to the engine, whatever their names."""
    flags = ("drawn_codes", "endogenous", "parameters", "situation")
    return all(getattr(first, name) == getattr(second, name) for name in flags)


def _differences(a: Ensemble, b: Ensemble, *, same: bool) -> Iterator[Difference]:
    one, other = a.outcome, b.outcome
    for level, word in enumerate(LEVELS):
        yield _share(f"p_{word}", one.level == level, other.level == level, same=same)
    yield _mean("expected_level", "level", one.level, other.level)
    yield _mean("troops", "troops", one.troops.sum(axis=0), other.troops.sum(axis=0))
    for state in sorted({*a.members, *b.members}):
        troops = _mean(f"troops_{state}", "troops", _troops_of(a, state), _troops_of(b, state))
        if troops.first or troops.second:
            yield troops
    both = (one.day_decided >= 0) & (other.day_decided >= 0)
    if np.count_nonzero(both) > 1:
        yield _mean("day_decided", "days", one.day_decided[both], other.day_decided[both])
    yield _mean("day_ended", "days", one.day_ended, other.day_ended)
    for ending in (Ending.QUELLED, Ending.LOST):
        now, then = one.ending == ending, other.ending == ending
        yield _share(f"p_{ending.label}", now, then, same=same)


def _troops_of(runs: Ensemble, state: str) -> NDArray[np.int32]:
    """Troops of a state (run,); none where it does not sit."""
    if state not in runs.members:
        return np.zeros(runs.n_runs, np.int32)
    return np.asarray(runs.outcome.troops[runs.members.index(state)])


def _share(
    name: str, first: NDArray[np.bool_], second: NDArray[np.bool_], *, same: bool
) -> Difference:
    """Difference of two shares; where no run differs its error is that of half a run."""
    found, n = _mean(name, "share", first, second), len(first)
    apart = hypot(standard_error(found.first, n), standard_error(found.second, n))
    error = found.error if found.error or same else sqrt(0.5) / n
    return replace(found, error=error, unpaired_error=apart)


def _mean(
    name: str, unit: str, first: NDArray[np.generic], second: NDArray[np.generic]
) -> Difference:
    a, b = first.astype(np.float64), second.astype(np.float64)
    error, *apart = (float(x.std(ddof=1) / sqrt(len(x))) for x in (b - a, a, b))
    return Difference(name, unit, len(a), float(a.mean()), float(b.mean()), error, hypot(*apart))


def verdict(comparison: Comparison) -> str:
    """What differs in the answer, in a sentence or two."""
    n = comparison.first.n_runs
    moved = comparison.p_higher + comparison.p_lower
    if moved == 0:
        return f"The answer is the same in all {n:,} runs."
    level, deploy = comparison.of("expected_level"), comparison.of("p_deploy")
    clear = "" if level.is_clear else ", too little to tell from none"
    return (
        f"Under the same chance the answer is higher in {comparison.p_higher:.1%} of the {n:,} "
        f"runs and lower in {comparison.p_lower:.1%}: the expected level moves by "
        f"{level.difference:+.3f} (± {level.error:.3f}){clear}, and deployment from "
        f"{deploy.first:.1%} to {deploy.second:.1%} ({100 * deploy.difference:+.1f} points, "
        f"± {100 * deploy.error:.1f})."
    )


def against_bases(cases: Iterable[Case], n_runs: int, seed: int) -> list[Comparison]:
    """Compare each case that changes another one with that base; errors as :func:`compare`."""
    return [
        compare(Setup(load(case.scenario.extends)), Setup(case), n_runs, seed)
        for case in cases
        if case.scenario.extends is not None
    ]


def as_record(comparison: Comparison) -> dict[str, object]:
    """A comparison as plain values, for JSON."""
    first, second = comparison.first.setup, comparison.second.setup
    return {
        "first": first.case.id,
        "second": second.case.id,
        "changes": list(comparison.changes),
        "n_runs": comparison.first.n_runs,
        "seed": comparison.first.seed,
        "differences": [
            {**plain(one), "difference": one.difference} for one in comparison.differences
        ],
        "p_higher": comparison.p_higher,
        "p_lower": comparison.p_lower,
        "verdict": verdict(comparison),
        "first_hash": first.case.digest,
        "second_hash": second.case.digest,
        "version": comparison.first.version,
    }
