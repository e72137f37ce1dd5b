"""What the picture of a chronicle shows, as plain arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.chronicle.membership import ASIDE, Standing
from foedus.chronicle.trust import in_kind
from foedus.chronicle.year_summary import Spread, spread_of
from foedus.chronicle.years import ChronicleSetup
from foedus.chronicle.years_engine import NO_ANSWER, Years
from foedus.model.numbers import Array


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
        lead_state=names.get(t.lead_state, t.lead_state),
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
    for name, given in zip(setup.timeline.crises.names, years.answers, strict=False):
        came, call = given[given != NO_ANSWER], setup.record.call(name)
        if len(came) and call.state in place:
            answer = int(np.bincount(came).argmax())
            kept = bool(in_kind(answer, call.asked)) and call.asked > 0
            yield CallMark(name, place[call.state], _when(call.date), call.asked, answer, kept)


def _when(day: date) -> float:
    """A date as a calendar year with its part."""
    return day.year + (day.month - 0.5) / 12.0
