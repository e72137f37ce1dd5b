"""Every shipped counterfactual against the crisis that it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.analysis.explain.comparison import Comparison, compare
from foedus.data.library import Case, load
from foedus.model.ensemble import Setup


def counterfactuals(cases: Iterable[Case]) -> Iterator[Case]:
    """The cases that change another one."""
    return (case for case in cases if case.scenario.extends is not None)


def against_bases(cases: Iterable[Case], n_runs: int, seed: int) -> list[Comparison]:
    """Compare each counterfactual among `cases` with its base, under the same chance.

    Raises
    ------
    UsageError
        If `n_runs` is below 2.
    """
    return [
        compare(Setup(load(str(case.scenario.extends))), Setup(case), n_runs, seed)
        for case in counterfactuals(cases)
    ]
