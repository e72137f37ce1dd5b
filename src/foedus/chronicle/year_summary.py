"""What many runs of a chronicle say: as records with their errors, as tables, and as is drawn."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle.membership import ASIDE, Standing, in_name
from foedus.chronicle.relevance import PARTS
from foedus.chronicle.trust import in_kind
from foedus.chronicle.year_chance import chance_of
from foedus.chronicle.years_engine import NO_ANSWER, Years
from foedus.data.terms import LEVELS
from foedus.model.numbers import Array

if TYPE_CHECKING:
    import pandas as pd

    from foedus.chronicle.years import ChronicleSetup

INTERVAL = (0.05, 0.95)
"""Quantiles of every interval: 90 % of the runs lie inside."""


class Spread(NamedTuple):
    """Mean over the runs, and its 90 % interval."""

    mean: Array
    low: Array
    high: Array


def spread_of(values: Array) -> Spread:
    """Mean and interval over the runs, the last axis."""
    return Spread(values.mean(axis=-1), *np.quantile(values, INTERVAL, axis=-1))


@dataclass(frozen=True)
class StateSummary:
    """One state in the last year: shares of the runs by standing, mean trust, what history had.

    ``p_broke`` is the share in which it froze or left at least once, with its standard error.
    """

    state: str
    p_member: float
    p_frozen: float
    p_suspended: float
    p_left: float
    p_outside: float
    p_broke: float
    error: float
    trust: float
    in_history: Standing


@dataclass(frozen=True)
class YearSummary:
    """The alliance in one year: means over runs, and 90 % intervals."""

    year: int
    relevance: float
    low: float
    high: float
    legitimacy: float
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Change:
    """What a change does, under the same chance: differences and their standard errors."""

    state: str
    before: float
    after: float
    difference: float
    error: float


def broke(setup: ChronicleSetup, years: Years) -> NDArray[np.bool_]:
    """Whether each state, a member if only in name, froze or left in a year (year, state, run).

    The dissolution of the alliance is not counted.
    """
    now = years.standing
    before = np.concatenate([np.zeros_like(now[:1]), now[:-1]])
    gone: NDArray[np.bool_] = in_name(before) & np.isin(now, (Standing.FROZEN, Standing.LEFT))
    gone[setup.timeline.ends :] = False
    return gone


def ever_broke(setup: ChronicleSetup, years: Years) -> NDArray[np.bool_]:
    """The same over the simulated years together (state, run)."""
    first = max(setup.plan.since - setup.years[0], 0)
    return np.asarray(broke(setup, years)[first:].any(axis=0))


def summarise_states(setup: ChronicleSetup, years: Years) -> tuple[StateSummary, ...]:
    """Every state at the end of the years."""
    t, last = setup.timeline, years.standing[-1]
    p_broke = ever_broke(setup, years).mean(axis=-1)
    columns = {
        **{f"p_{kind.label}": (last == kind).mean(axis=-1) for kind in Standing},
        "p_broke": p_broke,
        "error": np.sqrt(p_broke * (1.0 - p_broke) / last.shape[-1]),
        "trust": years.trust[-1].mean(axis=-1),
    }
    return tuple(
        StateSummary(
            state=state,
            in_history=Standing(int(t.standing[-1, i])),
            **{name: float(values[i]) for name, values in columns.items()},
        )
        for i, state in enumerate(t.states)
    )


def summarise_years(setup: ChronicleSetup, years: Years) -> tuple[YearSummary, ...]:
    """The alliance year by year."""
    measures = (*spread_of(years.relevance), years.legitimacy.mean(axis=-1))
    parts = (tuple(row) for row in years.parts.mean(axis=-1).tolist())
    rows = zip(setup.timeline.years, *(values.tolist() for values in measures), parts, strict=True)
    return tuple(YearSummary(*row) for row in rows)


def changes(
    before: tuple[ChronicleSetup, Years], after: tuple[ChronicleSetup, Years]
) -> tuple[Change, ...]:
    """What a change does to each state's chance to break, and to the last year's relevance."""
    (_, years), (_, changed) = before, after
    names = (*before[0].timeline.states, "relevance")
    old = np.concatenate([ever_broke(*before), years.relevance[-1:]])
    new = np.concatenate([ever_broke(*after), changed.relevance[-1:]])
    return tuple(
        Change(
            state=name,
            before=float(was.mean()),
            after=float(now.mean()),
            difference=float((now - was).mean()),
            error=float((now - was).std() / np.sqrt(len(now))),
        )
        for name, was, now in zip(names, old, new, strict=True)
    )


def states_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a year and state.

    Returns:
        DataFrame: ``year``, ``state``; shares of the runs ``p_member``, ``p_frozen``,
            ``p_suspended``, ``p_left``; mean ``trust`` with its 90 % interval, ``danger``,
            ``p_break`` (mean chance to break that year), and the inputs ``dependence``,
            ``alignment``, ``pact`` and ``known``, all 0 to 1.
    """
    t, trust = setup.timeline, spread_of(years.trust)
    shares = {
        f"p_{kind.label}": (years.standing == kind).mean(axis=-1)
        for kind in (Standing.MEMBER, Standing.FROZEN, Standing.SUSPENDED, Standing.LEFT)
    }
    columns = {
        **shares,
        "trust": trust.mean,
        "trust_low": trust.low,
        "trust_high": trust.high,
        "danger": years.danger.mean(axis=-1),
        "p_break": chance_of(years.will).mean(axis=-1),
        "dependence": t.dependence,
        "alignment": t.alignment,
        "pact": t.pact,
        "known": t.known,
    }
    return _long({"year": t.years, "state": t.states}, columns)


def alliance_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a year: ``relevance`` with its 90 % interval, its four parts, ``legitimacy``."""
    relevance = spread_of(years.relevance)
    columns = {
        "relevance": relevance.mean,
        "relevance_low": relevance.low,
        "relevance_high": relevance.high,
        **dict(zip(PARTS, years.parts.mean(axis=-1).T, strict=True)),
        "legitimacy": years.legitimacy.mean(axis=-1),
    }
    return _long({"year": setup.timeline.years}, columns)


def breaks_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a run and state: ``year_broke`` first (blank: none), ``standing`` at the end."""
    gone, last = broke(setup, years), years.standing[-1]
    first = np.where(gone.any(axis=0), gone.argmax(axis=0) + setup.years[0], np.nan)
    labels = np.array([kind.label for kind in Standing])
    columns = {"year_broke": first.T, "standing": labels[last.T]}
    return _long({"run": range(last.shape[1]), "state": setup.timeline.states}, columns)


def _long(
    axes: Mapping[str, Sequence[Hashable]], columns: Mapping[str, NDArray[Any]]
) -> pd.DataFrame:
    """A row for each place along the axes, with what each array holds there."""
    import pandas as pd

    place = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    held = {name: values.ravel() for name, values in columns.items()}
    return pd.DataFrame(held, index=place).reset_index()


def answers_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a crisis of history: how often it reached the alliance, and shares of the answers."""
    import pandas as pd

    def shares(came: NDArray[np.int8]) -> dict[str, float]:
        seen = np.bincount(came, minlength=len(LEVELS)) / (len(came) or np.nan)
        return dict(zip(LEVELS, seen.tolist(), strict=True))

    return pd.DataFrame(
        {
            "crisis": call.name,
            "year": call.date.year,
            "asked": call.asked,
            "in_history": call.answer,
            "reached": float(np.mean(given != NO_ANSWER)),
            **shares(given[given != NO_ANSWER]),
        }
        for call, given in zip(setup.calls, years.answers, strict=False)
    )


TABLES = {
    "states": states_frame,
    "alliance": alliance_frame,
    "breaks": breaks_frame,
    "answers": answers_frame,
}
"""Tables by the name of their file."""


@dataclass(frozen=True)
class CallMark:
    """A crisis on a member's ribbon: where, what was asked, and whether it came."""

    name: str
    state: int
    place: float
    asked: float
    answer: int
    kept: bool


@dataclass(frozen=True)
class Ribbons:
    """A chronicle as it is drawn.

    Attributes:
        name, lead_state: Display names.
        years: Calendar years.
        ids, states: ISO codes and display names; members that stayed first, then by time spent
            inside.
        member, frozen: Shares of the runs (year, state); a suspended state is drawn as frozen.
        trust: Help expected (year, state), 0 to 1.
        exits: Date as a year with its part, and row, of every exit or freeze of history, and kind.
        calls: Crises of history with the answers of these runs (the most frequent one).
        relevance: The index (year,), 0 to 1.
        is_history: Whether standing and answers are history's.
    """

    name: str
    lead_state: str
    years: range
    ids: tuple[str, ...]
    states: tuple[str, ...]
    member: Array
    frozen: Array
    trust: Spread
    relevance: Spread
    exits: tuple[tuple[float, int, str], ...]
    calls: tuple[CallMark, ...]
    is_history: bool


def ribbons_of(setup: ChronicleSetup, years: Years) -> Ribbons:
    """Put together what is drawn; a state without a name keeps its code."""
    t, names = setup.timeline, setup.names
    member = (years.standing == Standing.MEMBER).mean(axis=-1)
    frozen = np.isin(years.standing, ASIDE).mean(axis=-1)
    order = _order(member + frozen)
    place = {t.states[i]: row for row, i in enumerate(order)}
    return Ribbons(
        name=setup.name,
        lead_state=names.get(setup.lead_state, setup.lead_state),
        years=t.years,
        ids=tuple(place),
        states=tuple(names.get(state, state) for state in place),
        member=member[:, order],
        frozen=frozen[:, order],
        trust=Spread(*(values[:, order] for values in spread_of(years.trust))),
        relevance=spread_of(years.relevance),
        exits=tuple(
            (_when(event.date), place[state], event.kind)
            for event in setup.record.events
            if event.kind in ("leave", "freeze", "suspend") and event.date.year in t.years
            for state in event.who
            if state in place
        ),
        calls=tuple(_calls(setup, years, place)),
        is_history=setup.plan.members == "history",
    )


def _order(inside: Array) -> tuple[int, ...]:
    """States by time spent inside, the longest first; those that never were inside are left out."""
    spent = inside.sum(axis=0)
    ever = [i for i in range(len(spent)) if spent[i] > 0.5]
    return tuple(sorted(ever, key=lambda i: (-inside[-1, i].round(3), -spent[i], i)))


def _calls(setup: ChronicleSetup, years: Years, place: dict[str, int]) -> Iterator[CallMark]:
    for call, given in zip(setup.calls, years.answers, strict=False):
        came = given[given != NO_ANSWER]
        if len(came) and call.state in place:
            answer = int(np.bincount(came).argmax())
            kept = bool(in_kind(answer, call.asked)) and call.asked > 0
            where = place[call.state], _when(call.date)
            yield CallMark(call.name, *where, call.asked, answer, kept)


def _when(day: date) -> float:
    """A date as a calendar year with its part."""
    return day.year + (day.month - 0.5) / 12.0
