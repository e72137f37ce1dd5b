"""The crises of a timeline side by side as arrays, so that a run may meet any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import trust
from foedus.chronicle.answer_table import GRID, AnswerTable, answered
from foedus.chronicle.membership import Standing
from foedus.chronicle.timeline import KINDS, CrisisCall, Timeline
from foedus.chronicle.year_chance import YearChance
from foedus.chronicle.years_plan import Plan
from foedus.data.terms import Level
from foedus.model.numbers import Array, Parameters, Value

UNKNOWN = AnswerTable(None, 0.0, 0.0, 0, ())
"""Of a crisis that the library does not have."""

NO_REACH: Array = np.zeros((len(GRID), len(Level) - 1))


@dataclass(frozen=True)
class CrisisList:
    """Crises by index (crisis,), in order of date; see :class:`CrisisCall`.

    Attributes:
        answer: History's, or the one set by hand.
        would_ask: What a state that did not ask would have asked for.
        has_model, reach: Whether the crisis model answers it, and its chances (crisis, mandate,
            level).
        judged, imposed: Whether views are known, and the imposition of each answer (crisis, level
            of the answer).
        templates: Indices of crises of states other than the lead state, for drawn crises.
        rate: Chance of a crisis of each state in a year (state,).
    """

    names: tuple[str, ...]
    kind: NDArray[np.int64]
    answer: NDArray[np.int64]
    asked: Array
    would_ask: Array
    threat: Array
    mandate: Array
    has_model: NDArray[np.bool_]
    reach: Array
    judged: Array
    imposed: Array
    templates: NDArray[np.int64]
    rate: Array

    def befalling(
        self, timeline: Timeline, plan: Plan, chance: YearChance, year: int, *, late: bool
    ) -> Iterator[tuple[Value, int, Value, Value, Value]]:
        """Crises in the part of a year before or after its choice; drawn ones come before it.

        Yields:
            tuple: Index of the crisis and of its state, whether it happens, noise of the call and
                of the answer.
        """
        if year >= timeline.ends:
            return
        if plan.crises == "history":
            for k, crisis in enumerate(timeline.crises):
                is_due = crisis.year == year and crisis.after_choice == late
                if is_due and crisis.name not in plan.without:
                    luck = chance.calling[crisis.name], chance.answer[crisis.name]
                    yield k, crisis.state, True, *luck
        elif chance.drawn and len(self.templates) and not late:
            for s, rate in enumerate(self.rate):
                comes, which, calling, answer = (of[year, s] for of in vars(chance.drawn).values())
                place = np.asarray(which * len(self.templates)).astype(np.int64)
                yield self.templates[place], s, comes < rate, calling, answer

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


def crisis_list(timeline: Timeline, plan: Plan, p: Parameters) -> CrisisList:
    """Put the crises of a timeline side by side, with the answers that a plan sets."""
    crises = timeline.crises
    tables = [crisis.table or UNKNOWN for crisis in crises]
    modelled = [
        table.reach is not None and plan.needs_tables and crisis.name not in plan.fixed
        for crisis, table in zip(crises, tables, strict=True)
    ]
    reach = [NO_REACH if table.reach is None else table.reach for table in tables]
    return CrisisList(
        names=tuple(c.name for c in crises),
        kind=np.array([c.kind for c in crises], np.int64),
        answer=np.array([int(plan.fixed.get(c.name, c.answer)) for c in crises], np.int64),
        asked=np.array([c.asked for c in crises]),
        would_ask=np.array([_would_ask(c, p) for c in crises]),
        threat=np.array([c.threat for c in crises]),
        mandate=np.array([c.mandate for c in crises]),
        has_model=np.array(modelled, np.bool_),
        reach=np.array(reach).reshape(-1, *NO_REACH.shape),
        judged=np.array([float(bool(table.others_want)) for table in tables]),
        imposed=np.array([_imposed(table) for table in tables]).reshape(-1, len(Level)),
        templates=np.array([k for k, c in enumerate(crises) if c.state >= 0], np.int64),
        rate=crisis_rates(timeline, p),
    )


def crisis_rates(timeline: Timeline, p: Parameters) -> Array:
    """Chance that a state meets a crisis in a year, its own record drawn to the general rate.

    ``(n + rate K) / (years + K)``; years as a member, if only in name, as no other crisis is on
    record. With ``p_crisis`` and ``crisis_prior_years`` of the register.
    """
    inside = np.isin(timeline.standing, (Standing.MEMBER, Standing.FROZEN, Standing.SUSPENDED))
    counts = [sum(c.state == i for c in timeline.crises) for i in range(len(timeline.states))]
    weight = p["crisis_prior_years"]
    rates = (np.array(counts) + p["p_crisis"] * weight) / (inside.sum(axis=0) + weight)
    return np.asarray(np.minimum(rates, 1.0))


def _would_ask(crisis: CrisisCall, p: Parameters) -> float:
    """What is asked for if a call is made: as in history, else by danger (section 7.7)."""
    more = crisis.threat >= p["ask_support_at"], crisis.threat >= p["ask_force_at"]
    return crisis.asked or float(1 + sum(more))


def _imposed(table: AnswerTable) -> list[float]:
    others = table.others_want
    return [trust.imposition(k, table.lead_wants, others) if others else 0.0 for k in Level]


def precedents_of_history(timeline: Timeline, p: Parameters) -> Array:
    """The precedent that history had set before each crisis (crisis, 1) or (crisis, run)."""
    sent, met = [0.0] * len(KINDS), [0.0] * len(KINDS)
    rows, year = [], 0
    for crisis in timeline.crises:
        for _ in range(crisis.year - year):
            sent = [value * p["trust_kept"] for value in sent]
            met = [value * p["trust_kept"] for value in met]
        year, kind = crisis.year, crisis.kind
        rows.append(trust.discounted_mean(sent[kind], met[kind], 0.0, p["prior_weight"]))
        sent[kind] = sent[kind] + trust.share_of_ladder(crisis.answer)
        met[kind] = met[kind] + 1.0
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.atleast_1d(row) for row in np.broadcast_arrays(*rows)])
