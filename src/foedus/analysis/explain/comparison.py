"""Two setups under the same chance: what differs between them, and in their answers run by run.

Run n of both ensembles has the same draws at every address that both know (the same shocks to the
crisis and to each government they share), so that most of the noise leaves the difference. Its
error is taken from the differences of the runs, not from the two errors apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp, hypot, isinf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.frames import html_table, plain
from foedus.analysis.summary import standard_error
from foedus.data.library import Case, load
from foedus.data.terms import LEVELS, MEMBER_ATTRIBUTES, Ending, Stance
from foedus.errors import UsageError
from foedus.model.ensemble import Ensemble, ensemble
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.model.situation import Situation, Span

CLEAR = 2.0
"""Paired errors from which a difference is called one."""

PLAIN = (
    *("rule", "abstention", "day_first_sitting", "days_since_onset", "horizon_days"),
    *("forces_needed", "alliance_pool", "is_unrest"),
)
"""Fields of a situation that are compared as they stand."""


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
    p_higher: float
    p_lower: float
    differences: tuple[Difference, ...]

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
        yield _difference(f"p_{word}", "share", one.level == level, other.level == level, same=same)
    yield _difference("expected_level", "level", one.level, other.level)
    yield _difference("troops", "troops", one.troops.sum(axis=0), other.troops.sum(axis=0))
    for state in sorted({*a.members, *b.members}):
        troops = _difference(f"troops_{state}", "troops", _sent(a, state), _sent(b, state))
        if troops.first or troops.second:
            yield troops
    both = (one.day_decided >= 0) & (other.day_decided >= 0)
    if np.count_nonzero(both) > 1:
        yield _difference("day_decided", "days", one.day_decided[both], other.day_decided[both])
    yield _difference("day_ended", "days", one.day_ended, other.day_ended)
    for ending in (Ending.QUELLED, Ending.LOST):
        now, then = one.ending == ending, other.ending == ending
        yield _difference(f"p_{ending.label}", "share", now, then, same=same)


def _sent(runs: Ensemble, state: str) -> NDArray[np.int32]:
    """Troops of a state (run,); none where it does not sit."""
    if state not in runs.members:
        return np.zeros(runs.n_runs, np.int32)
    return np.asarray(runs.outcome.troops[runs.members.index(state)])


def _difference(
    name: str, unit: str, first: NDArray[Any], second: NDArray[Any], *, same: bool = False
) -> Difference:
    """From one value a run; where no run differs the error of a share is that of half a run."""
    a, b, n = first.astype(np.float64), second.astype(np.float64), len(first)
    means = (float(a.mean()), float(b.mean()))
    error, *apart = (float(x.std(ddof=1) / sqrt(n)) for x in (b - a, a, b))
    if unit == "share":
        error = error if error or same else sqrt(0.5) / n
        apart = [standard_error(mean, n) for mean in means]
    return Difference(name, unit, n, *means, error, hypot(*apart))


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


def changes(first: Setup, second: Setup) -> Iterator[str]:
    """What `second` has otherwise than `first`, one line each."""
    yield from situation_changes(first.situation, second.situation)
    yield from _moved(*([*one.parameters.items(), *one.draws.items()] for one in (first, second)))


def situation_changes(a: Situation, b: Situation) -> Iterator[str]:
    """What `b` has otherwise than `a`, one line each.

    Members that only one of them has are named, and nothing else is said of them.
    """
    joins = [state for state in b.members if state not in a.members]
    leaves = [state for state in a.members if state not in b.members]
    if joins:
        yield f"{', '.join(joins)} sit too" if len(joins) > 1 else f"{joins[0]} sits too"
    if leaves:
        yield f"without {', '.join(leaves)}"
    # where both are measured nobody reads the coders' dependence
    idle = set() if a.indicators is None or b.indicators is None else {"dependence"}
    coded = [name for name in MEMBER_ATTRIBUTES if name in {*a.standing} & {*b.standing} - idle]
    measured = sorted({name for one in (a, b) for row in one.indicators or () for name in row})
    states = [state for state in a.members if state in b.members]
    yield from _moved(*(_sides(one, states, coded, measured) for one in (a, b)))


def _sides(
    situation: Situation, states: Iterable[str], coded: Iterable[str], measured: Iterable[str]
) -> Iterator[tuple[str, object]]:
    """All that is compared of a situation, by the name it is said under."""
    for role in ("requester", "patron", "adversary"):
        index = getattr(situation, role)
        yield role, "nobody" if index is None else situation.members[index]
    yield from situation.crisis.items()
    for state in states:
        i = situation.members.index(state)
        yield from ((f"{state}.{name}", situation.standing[name][i]) for name in coded)
        yield f"{state}.dependence", situation.stated_dependence.get(i, "as measured or coded")
        yield f"{state}'s stance", situation.stances.get(i, "as it decides")
        own = situation.indicators[i] if situation.indicators else {}
        yield from ((f"{state}.{name}", own.get(name)) for name in measured)
        yield f"{state}.pool", situation.pools[i]
    yield from ((name, getattr(situation, name)) for name in PLAIN)
    # what past deployments say of a force; each crisis leaves its own out
    law = situation.force
    said = law and f"about {exp(law.size):,.0f} troops from {law.n_cases} deployments"
    yield "size and pace of a force", said or "as needed"


def _moved(
    first: Iterable[tuple[str, object]], second: Iterable[tuple[str, object]]
) -> Iterator[str]:
    for (name, was), (_, becomes) in zip(first, second, strict=True):
        if _said(was) != _said(becomes):
            yield f"{name} {_said(was)} -> {_said(becomes)}"


def _said(value: object) -> str:
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case float():
            return "no limit" if isinf(value) else f"{value:g}"
        case Span():
            return f"{value.low:g} to {value.high:g}" if value.is_open else f"{value.mode:g}"
        case Stance():
            return value.label
    return str(value)
