"""How much of the library is measured and cited, and how much is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foedus.data.indicators import Indicator, nearest
from foedus.data.library import Case
from foedus.data.sources import ASSUMED, Grounds, numbers_of
from foedus.data.terms import INDICATORS
from foedus.data.validation import citations


@dataclass(frozen=True)
class Measured:
    """What is known of one member's dependence in the year of one crisis.

    Attributes
    ----------
    case, state, year
        Where and when.
    used
        The figure used for each indicator that is known.
    """

    case: str
    state: str
    year: int
    used: Mapping[str, Indicator]

    @property
    def missing(self) -> tuple[str, ...]:
        """Indicators without a figure within reach."""
        return tuple(name for name in INDICATORS if name not in self.used)


@dataclass(frozen=True)
class Backing:
    """How the numbers and citations of one alliance's crises are backed.

    Attributes
    ----------
    alliance
        Its id.
    n_crises
        Crises counted; counterfactuals, which suppose on purpose, are not.
    numbers
        Count of the codes and figures stated in the files, by grounds.
    n_citations, n_assumed
        Citations in the files of the alliance and its crises, and those that say ``assumed``.
    """

    alliance: str
    n_crises: int
    numbers: Mapping[Grounds, int]
    n_citations: int
    n_assumed: int


def measured(cases: Iterable[Case], indicator_reach: float) -> tuple[Measured, ...]:
    """Known and missing indicators of every member but the lead state, crisis by crisis.

    Parameters
    ----------
    cases
        Those whose dependence is coded, and counterfactuals, are passed over.
    indicator_reach
        Years beyond which a figure is not used (register).
    """
    return tuple(
        Measured(case.id, state, year, nearest(case.indicators, state, year, indicator_reach))
        for case in cases
        if case.measures_dependence and not case.scenario.extends
        for year in [case.scenario.dates.coded.year]
        for state in sorted(set(case.scenario.members) - {case.patron})
    )


def backing(cases: Iterable[Case], indicator_reach: float) -> tuple[Backing, ...]:
    """How the crises of each alliance are backed, alliance by alliance."""
    by_alliance: dict[str, list[Case]] = {}
    for case in cases:
        if not case.scenario.extends:
            by_alliance.setdefault(case.scenario.alliance, []).append(case)
    return tuple(_backing(by_alliance[name], indicator_reach) for name in sorted(by_alliance))


def _backing(cases: list[Case], reach: float) -> Backing:
    alliance = cases[0].alliance
    in_files = ("crisis.", "members.", "forces_needed", "history.")
    numbers = Counter(
        stated.grounds
        for case in cases
        for stated in numbers_of(case, reach)
        if stated.where.startswith(in_files)
    )
    records = [alliance, *(case.scenario for case in cases)]
    cited = [key for record in records for _, key in citations(record.model_dump())]
    return Backing(alliance.id, len(cases), numbers, len(cited), cited.count(ASSUMED))
