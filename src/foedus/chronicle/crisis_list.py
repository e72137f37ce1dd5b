"""The crises of a chronicle side by side as arrays, so that a run may meet any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import trust
from foedus.chronicle.answer_table import GRID, AnswerTable, answered
from foedus.data.register import parameters
from foedus.data.terms import AdversaryKind, Level
from foedus.model.numbers import Array, Parameters, Value

if TYPE_CHECKING:
    from datetime import date

    from foedus.chronicle.timeline import Timeline
    from foedus.chronicle.year_chance import YearChance
    from foedus.chronicle.years import ChronicleSetup
    from foedus.chronicle.years_plan import Plan

NO_REACH: Array = np.zeros((len(GRID), len(Level) - 1))
KINDS: tuple[str, ...] = tuple(kind.value for kind in AdversaryKind)
"""Kinds of crisis in the order of their indices."""


@dataclass(frozen=True)
class CrisisList:
    """Crises of history by index (crisis,), in order of date.

    Attributes:
        names: Of the calls.
        year, state, kind: Indices; the state is -1 for the lead state, the kind is of `KINDS`.
        late: Whether it came after the day on which members chose that year.
        asked, would_ask: Level asked for, 0 to 3, and what a state that did not ask would ask for.
        in_history, answer: Levels, 0 to 3: history's, and the one set by hand where there is one.
        threat, mandate: Codes, 0 to 1.
        has_model, reach: Whether the crisis model answers it, and its chances (crisis, mandate,
            level).
        judged, imposed: Whether views are known, and the imposition of each answer (crisis, level
            of the answer).
    """

    names: tuple[str, ...]
    year: NDArray[np.int64]
    state: NDArray[np.int64]
    kind: NDArray[np.int64]
    late: NDArray[np.bool_]
    asked: Array
    would_ask: Array
    in_history: NDArray[np.int64]
    answer: NDArray[np.int64]
    threat: Array
    mandate: Array
    has_model: NDArray[np.bool_]
    reach: Array
    judged: Array
    imposed: Array

    @property
    def templates(self) -> NDArray[np.int64]:
        """Indices of the crises of states other than the lead state, for drawn crises."""
        return np.flatnonzero(self.state >= 0)

    def request(self, k: Value, hope: Value, calling: Value, plan: Plan, p: Parameters) -> Value:
        """What a state asks for, 0 to 3: as in history, or by trust and danger."""
        if plan.keeps_calls:
            return self.asked[k]
        wish = trust.wish_to_ask(hope, self.threat[k], p)
        return np.where(trust.calls(wish, calling), self.would_ask[k], 0.0)[()]

    def reply(self, k: Value, here: Value, before: Value, luck: Value, p: Parameters) -> Value:
        """The answer, 0 to 3: history's or set by hand, or the crisis model's.

        Precedents of the run and of history, 0 to 1, move the mandate; `luck` is uniform in (0, 1).
        """
        mandate = trust.mandate_after(self.mandate[k], here, before, p["precedent_weight"])
        modelled = answered(self.reach, k, mandate, luck)
        return np.where(self.has_model[k], modelled, self.answer[k])[()]


def crisis_list(
    setup: ChronicleSetup, states: tuple[str, ...], chosen_on: dict[int, date]
) -> CrisisList:
    """Put the crises of a chronicle side by side, with the answers that its plan sets.

    Args:
        states: ISO codes of all but the lead state, in the order of their indices.
        chosen_on: Day on which members choose, by calendar year.
    """
    plan, p, tables = setup.plan, parameters(setup.overrides), setup.tables()
    calls = [call for call in setup.record.calls if call.date.year in setup.years]
    known = [tables.get(call.name, AnswerTable()) for call in calls]
    coded = [t.threat if c.threat is None else c.threat for c, t in zip(calls, known, strict=True)]
    reach = [None if c.name in plan.fixed else t.reach for c, t in zip(calls, known, strict=True)]
    asked, threat = np.array([float(call.asked) for call in calls]), np.array(coded)
    by_danger = 1.0 + (threat >= p["ask_support_at"]) + (threat >= p["ask_force_at"])
    return CrisisList(
        names=tuple(call.name for call in calls),
        year=np.array([setup.years.index(call.date.year) for call in calls]),
        state=np.array([states.index(c.state) if c.state in states else -1 for c in calls]),
        kind=np.array([KINDS.index(call.kind) for call in calls]),
        late=np.array([call.date > chosen_on[call.date.year] for call in calls]),
        asked=asked,
        would_ask=np.where(asked > 0, asked, by_danger),
        in_history=np.array([int(call.level) for call in calls]),
        answer=np.array([int(plan.fixed.get(call.name, call.level)) for call in calls]),
        threat=threat,
        mandate=np.array([table.mandate for table in known]),
        has_model=np.array([chances is not None for chances in reach]),
        reach=np.array([NO_REACH if chances is None else chances for chances in reach]),
        judged=np.array([float(bool(table.imposed)) for table in known]),
        imposed=np.array([table.imposed or (0.0,) * len(Level) for table in known]),
    )


def befalling(
    timeline: Timeline, plan: Plan, chance: YearChance, year: int, *, late: bool
) -> Iterator[tuple[Value, int, Value, Value, Value]]:
    """Crises in the part of a year before or after its choice; drawn ones come before it.

    Yields:
        tuple: Index of the crisis and of its state, whether it happens, noise of the call and of
            the answer.
    """
    crises, templates = timeline.crises, timeline.crises.templates
    if year >= timeline.ends:
        return
    if plan.crises == "history":
        for k in np.flatnonzero((crises.year == year) & (crises.late == late)):
            if crises.names[k] not in plan.without:
                yield k, int(crises.state[k]), True, chance.calling[k], chance.answer[k]
    elif len(templates) and not late:
        for s, rate in enumerate(timeline.crisis_rate):
            comes, which, calling, answer = chance.drawn[:, year, s]
            place = np.asarray(which * len(templates)).astype(np.int64)
            yield templates[place], s, comes < rate, calling, answer


def precedents_of_history(crises: CrisisList, p: Parameters) -> Array:
    """The precedent that history had set before each crisis (crisis, 1) or (crisis, run)."""
    sent, met = [0.0] * len(KINDS), [0.0] * len(KINDS)
    rows, last = [], 0
    for kind, year, answer in zip(crises.kind, crises.year, crises.in_history, strict=True):
        for _ in range(year - last):
            sent = [value * p["trust_kept"] for value in sent]
            met = [value * p["trust_kept"] for value in met]
        last = year
        rows.append(trust.discounted_mean(sent[kind], met[kind], 0.0, p["prior_weight"]))
        sent[kind] = sent[kind] + trust.share_of_ladder(answer)
        met[kind] = met[kind] + 1.0
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.atleast_1d(row) for row in np.broadcast_arrays(*rows)])
