"""What every number rests on, and how much of the library is measured and cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from foedus.data.indicators import Indicator, nearest
from foedus.data.library import Case
from foedus.data.register import register
from foedus.data.terms import CRISIS_ATTRIBUTES, INDICATORS, MEMBER_ATTRIBUTES
from foedus.data.validation import citations

ASSUMED = "assumed"
IN_FILES = ("crisis.", "members.", "forces_needed", "history.")
"""Where a number stands that the files of the crises state themselves."""


class Grounds(StrEnum):
    """How far a number is backed."""

    SOURCED = "sourced"
    PARTLY = "partly assumed"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Stated:
    """One number, or the numbers of several coders, with what it rests on.

    Attributes:
        case: Id of the scenario; empty for the parameters of the model.
        where: Path within the file (``members.KAZ.stake``) or name (``parameters.rho``).
        values: As stated; two for a range or two coders.
        grounds: How far it is backed.
        sources, pages: What is cited, as cited; where each can be looked up, or the key that no
            list explains.
        is_used: Whether the model reads it in this case.
    """

    case: str
    where: str
    values: tuple[float, ...]
    grounds: Grounds
    sources: tuple[str, ...]
    pages: tuple[str, ...]
    is_used: bool = True


@dataclass(frozen=True)
class Measured:
    """The figure used for each indicator that is known of a state in the year of a crisis."""

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

    Attributes:
        n_crises: Crises counted; counterfactuals, which suppose on purpose, are not.
        numbers: Count of the codes and figures stated in the files, by grounds.
        n_citations, n_assumed: Citations in the files of the alliance and its crises, and those
            that say ``assumed``.
    """

    alliance: str
    n_crises: int
    numbers: Mapping[Grounds, int]
    n_citations: int
    n_assumed: int


def numbers_of(case: Case, indicator_reach: float) -> Iterator[Stated]:
    """Every number that a case states or draws upon.

    Args:
        indicator_reach: Years beyond which a measured indicator is not used (register).
    """
    scenario = case.scenario
    for name in CRISIS_ATTRIBUTES:
        code = getattr(scenario.crisis, name)
        yield _stated(case, f"crisis.{name}", code.coders, code.source)
    for state, member in scenario.members.items():
        for name in MEMBER_ATTRIBUTES:
            coders, where = getattr(member, name), f"members.{state}.{name}"
            is_used = name != "dependence" or not case.measures_dependence
            if coders is not None:
                yield _stated(case, where, coders, member.source, is_used=is_used)
        if member.pool is not None:
            yield _stated(case, f"members.{state}.pool", (member.pool,), member.source)
    need = scenario.forces_needed
    yield _stated(case, "forces_needed", (need.value,), need.source)
    yield from _of_alliance(case)
    yield from _of_indicators(case, indicator_reach)
    if history := scenario.history:
        for state, figures in history.troops.items():
            span = tuple(dict.fromkeys(figures))
            yield _stated(case, f"history.troops.{state}", span, history.source, is_used=False)


def numbers_of_the_model() -> Iterator[Stated]:
    """The default of every parameter; one whose source holds the word ``assumed`` is assumed."""
    for row in register().values():
        grounds = Grounds.ASSUMED if row.is_assumed else Grounds.SOURCED
        cited = (row.source,)
        yield Stated("", f"parameters.{row.name}", (row.default,), grounds, cited, cited)


def measured(cases: Iterable[Case], indicator_reach: float) -> tuple[Measured, ...]:
    """Known and missing indicators of every member but the lead state, crisis by crisis.

    Cases whose dependence is coded, and counterfactuals, are passed over.
    """
    own = (case for case in cases if not case.scenario.extends)
    return tuple(row for case in own for row in _measured_in(case, indicator_reach))


def _measured_in(case: Case, reach: float) -> Iterator[Measured]:
    year, led = case.scenario.dates.coded.year, set(case.scenario.members) - {case.patron}
    for state in sorted(led) if case.measures_dependence else ():
        yield Measured(case.id, state, year, nearest(case.indicators, state, year, reach))


def backing(cases: Iterable[Case], indicator_reach: float) -> tuple[Backing, ...]:
    """How the crises of each alliance are backed, alliance by alliance."""
    by_alliance: dict[str, list[Case]] = {}
    for case in cases:
        if not case.scenario.extends:
            by_alliance.setdefault(case.alliance.id, []).append(case)
    backings = []
    for name, crises in sorted(by_alliance.items()):
        stated = (number for case in crises for number in numbers_of(case, indicator_reach))
        numbers = Counter(number.grounds for number in stated if number.where.startswith(IN_FILES))
        records = [crises[0].alliance, *(case.scenario for case in crises)]
        cited = [key for record in records for _, key in citations(record.model_dump())]
        backings.append(Backing(name, len(crises), numbers, len(cited), cited.count(ASSUMED)))
    return tuple(backings)


def _of_alliance(case: Case) -> Iterator[Stated]:
    day = case.scenario.dates.coded
    if case.scenario.abstention is not None:
        yield _stated(case, "abstention", (case.scenario.abstention,), (ASSUMED,))
    else:
        council = next(entry for entry in case.alliance.council if entry.holds_on(day))
        yield _stated(case, "council.abstention", (council.abstention,), council.source)
    if case.scenario.base_veto is not None:
        yield _stated(case, "base_veto", (float(case.scenario.base_veto),), (ASSUMED,))
    for pool in case.alliance.pools:
        if pool.holds_on(day):
            for state, troops in {"total": pool.total, **pool.by_state}.items():
                yield _stated(case, f"pools.{pool.name}.{state}", (troops,), pool.source)


def _of_indicators(case: Case, reach: float) -> Iterator[Stated]:
    for one in _measured_in(case, reach):
        for name, row in one.used.items():
            is_used = name != "base_veto" or case.scenario.base_veto is None
            grounds = Grounds.ASSUMED if row.origin in ("memory", ASSUMED) else Grounds.SOURCED
            where, pages = f"indicators.{one.state}.{name}", (row.source,)
            yield Stated(case.id, where, (row.value,), grounds, (row.origin,), pages, is_used)


def _stated(
    case: Case,
    where: str,
    values: tuple[float, ...],
    cited: tuple[str, ...],
    *,
    is_used: bool = True,
) -> Stated:
    known = {**case.alliance.sources, **case.scenario.sources}
    n_assumed = cited.count(ASSUMED)
    partly = Grounds.PARTLY if n_assumed else Grounds.SOURCED
    grounds = Grounds.ASSUMED if n_assumed == len(cited) else partly
    pages = tuple(known.get(key, key) for key in cited)
    return Stated(case.id, where, values, grounds, cited, pages, is_used)
