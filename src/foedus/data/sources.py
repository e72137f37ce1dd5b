"""What every number rests on: a source, partly an assumption, or an assumption alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from foedus.data.indicators import nearest
from foedus.data.library import Case
from foedus.data.register import register
from foedus.data.schema import History, Member
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES

ASSUMED = "assumed"
UNSEEN = ("memory", ASSUMED)
"""Origins of an indicator that no page stands behind."""


class Grounds(StrEnum):
    """How far a number is backed."""

    SOURCED = "sourced"
    PARTLY = "partly assumed"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Stated:
    """One number, or the numbers of several coders, with what it rests on.

    Attributes
    ----------
    case
        Id of the scenario; empty for the parameters of the model.
    where
        Path within the file (``members.KAZ.stake``) or name (``parameters.rho``).
    values
        As stated; two for a range or two coders.
    grounds
        How far it is backed.
    sources
        What is cited, as cited.
    pages
        Where each cited key can be looked up; the key itself where no list explains it.
    is_used
        Whether the model reads it in this case.
    """

    case: str
    where: str
    values: tuple[float, ...]
    grounds: Grounds
    sources: tuple[str, ...]
    pages: tuple[str, ...]
    is_used: bool = True


def grounds_of(cited: Iterable[str]) -> Grounds:
    """The grounds that citations give together."""
    assumed = [key == ASSUMED for key in cited]
    if all(assumed):
        return Grounds.ASSUMED
    return Grounds.PARTLY if any(assumed) else Grounds.SOURCED


def numbers_of(case: Case, indicator_reach: float) -> Iterator[Stated]:
    """Every number that a case states or draws upon.

    Parameters
    ----------
    case
        A loaded case.
    indicator_reach
        Years beyond which a measured indicator is not used (register).
    """
    scenario = case.scenario
    for name in CRISIS_ATTRIBUTES:
        code = getattr(scenario.crisis, name)
        yield _stated(case, f"crisis.{name}", code.coders, code.source)
    for state, member in scenario.members.items():
        yield from _of_member(case, state, member)
    need = scenario.forces_needed
    yield _stated(case, "forces_needed", (need.value,), need.source)
    yield from _of_alliance(case)
    if case.measures_dependence:
        yield from _of_indicators(case, indicator_reach)
    if scenario.history:
        yield from _of_history(case, scenario.history)


def numbers_of_the_model() -> Iterator[Stated]:
    """The default of every parameter; one whose source holds the word ``assumed`` is assumed."""
    for row in register().values():
        grounds = Grounds.ASSUMED if row.is_assumed else Grounds.SOURCED
        cited = (row.source,)
        yield Stated("", f"parameters.{row.name}", (row.default,), grounds, cited, cited)


def _of_member(case: Case, state: str, member: Member) -> Iterator[Stated]:
    for name in MEMBER_ATTRIBUTES:
        coders = getattr(member, name)
        if coders is not None:
            is_used = name != "dependence" or not case.measures_dependence
            where = f"members.{state}.{name}"
            yield _stated(case, where, coders, member.source, is_used=is_used)
    if member.pool is not None:
        yield _stated(case, f"members.{state}.pool", (member.pool,), member.source)


def _of_alliance(case: Case) -> Iterator[Stated]:
    day = case.scenario.dates.coded
    supposed = (ASSUMED,)
    if case.scenario.abstention is not None:
        yield _stated(case, "abstention", (case.scenario.abstention,), supposed)
    else:
        council = next(entry for entry in case.alliance.council if entry.holds_on(day))
        yield _stated(case, "council.abstention", (council.abstention,), council.source)
    if case.scenario.base_veto is not None:
        yield _stated(case, "base_veto", (float(case.scenario.base_veto),), supposed)
    for pool in case.alliance.pools:
        if pool.holds_on(day):
            yield _stated(case, f"pools.{pool.name}.total", (pool.total,), pool.source)
            for state, troops in pool.by_state.items():
                yield _stated(case, f"pools.{pool.name}.{state}", (troops,), pool.source)


def _of_indicators(case: Case, reach: float) -> Iterator[Stated]:
    year = case.scenario.dates.coded.year
    for state in sorted(set(case.scenario.members) - {case.patron}):
        for name, row in nearest(case.indicators, state, year, reach).items():
            is_used = name != "base_veto" or case.scenario.base_veto is None
            grounds = Grounds.ASSUMED if row.origin in UNSEEN else Grounds.SOURCED
            where = f"indicators.{state}.{name}"
            pages = (row.source,)
            yield Stated(case.id, where, (row.value,), grounds, (row.origin,), pages, is_used)


def _of_history(case: Case, history: History) -> Iterator[Stated]:
    for state, figures in history.troops.items():
        where = f"history.troops.{state}"
        yield _stated(case, where, tuple(dict.fromkeys(figures)), history.source, is_used=False)


def _stated(
    case: Case,
    where: str,
    values: Iterable[float],
    cited: tuple[str, ...],
    *,
    is_used: bool = True,
) -> Stated:
    known = {**case.alliance.sources, **case.scenario.sources}
    pages = tuple(known.get(key, key) for key in cited)
    return Stated(case.id, where, tuple(values), grounds_of(cited), cited, pages, is_used)
