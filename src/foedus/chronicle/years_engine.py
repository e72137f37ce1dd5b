"""The array engine of chronicles: all runs side by side, year by year (section 8).

Arrays are (state, run) or (run,); the Mesa model in :mod:`foedus.chronicle.years_model` steps the
same equations agent by agent and gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import asking, danger, legitimacy, membership, precedent, relevance, trust
from foedus.chronicle.answer_table import answered
from foedus.chronicle.crisis_list import CrisisList
from foedus.chronicle.membership import Standing
from foedus.chronicle.timeline import KINDS, Timeline
from foedus.chronicle.year_chance import YearChance
from foedus.chronicle.years_plan import Plan
from foedus.model.numbers import Array, Parameters, Value

NO_ANSWER = -1
"""Stands where a crisis did not reach the alliance: it never came, or its state was no member."""


@dataclass(frozen=True)
class Years:
    """What happened in some runs.

    Attributes
    ----------
    standing
        At the end of each year (year, state, run), a :class:`Standing`.
    trust, danger
        As the states chose that year (year, state, run), 0 to 1.
    will
        Log-odds to break, for members and frozen states alike (year, state, run).
    legitimacy
        As they chose (year, run), 0 to 1.
    parts
        Parts of the relevance index (year, part, run), in the order of ``relevance.PARTS``.
    relevance
        The index (year, run), 0 to 1.
    answers
        To each crisis of history (crisis, run), 0 to 3 or `NO_ANSWER`; empty where they are
        drawn.
    """

    standing: NDArray[np.int8]
    trust: Array
    danger: Array
    will: Array
    legitimacy: Array
    parts: Array
    relevance: Array
    answers: NDArray[np.int8]


@dataclass
class Memory:
    """All that a run carries from year to year; the last axis is the run.

    Attributes
    ----------
    standing, joined
        Of each state, and whether it ever was a member (state, run).
    good, heard, danger
        Of each state (state, run): sums behind its trust, and how threatened it feels.
    sent, met
        Of each kind of crisis (kind, run): sums behind the precedents.
    imposed, judged, called, seen, kept_good, kept_heard
        Of the alliance (run,): sums behind legitimacy and relevance.
    """

    standing: NDArray[np.int64]
    joined: Array
    good: Array
    heard: Array
    danger: Array
    sent: Array
    met: Array
    imposed: Array
    judged: Array
    called: Array
    seen: Array
    kept_good: Array
    kept_heard: Array

    def fade(self, p: Parameters) -> None:
        """Forget a year's share."""
        kept = p["trust_kept"]
        for name in FADING:
            setattr(self, name, getattr(self, name) * kept)
        self.danger = danger.calmed(self.danger, p["danger_floor"], p["danger_kept"])


FADING = (
    "good",
    "heard",
    "sent",
    "met",
    "imposed",
    "judged",
    "called",
    "seen",
    "kept_good",
    "kept_heard",
)


def fresh_memory(n_states: int, n_runs: int, p: Parameters) -> Memory:
    """Before the first year: nobody in, nothing remembered."""
    by_state, by_kind, alone = (n_states, n_runs), (len(KINDS), n_runs), (n_runs,)
    return Memory(
        standing=np.full(by_state, int(Standing.OUTSIDE)),
        joined=np.zeros(by_state),
        good=np.zeros(by_state),
        heard=np.zeros(by_state),
        danger=np.zeros(by_state) + p["danger_floor"],
        sent=np.zeros(by_kind),
        met=np.zeros(by_kind),
        imposed=np.zeros(alone),
        judged=np.zeros(alone),
        called=np.zeros(alone),
        seen=np.zeros(alone),
        kept_good=np.zeros(alone),
        kept_heard=np.zeros(alone),
    )


def simulate_years(
    timeline: Timeline, crises: CrisisList, plan: Plan, p: Parameters, chance: YearChance
) -> Years:
    """Run a timeline from its first year to its last.

    Parameters
    ----------
    p
        With what :func:`foedus.chronicle.year_parameters.derived` adds; numbers or arrays (run,).
    """
    return _Engine(timeline, crises, plan, p, chance).run()


def precedents_of_history(timeline: Timeline, p: Parameters) -> Array:
    """The precedent that history had set before each crisis (crisis, 1) or (crisis, run)."""
    sent, met = [0.0] * len(KINDS), [0.0] * len(KINDS)
    rows, year = [], 0
    for crisis in timeline.crises:
        for _ in range(crisis.year - year):
            sent = [value * p["trust_kept"] for value in sent]
            met = [value * p["trust_kept"] for value in met]
        year = crisis.year
        rows.append(precedent.precedent(sent[crisis.kind], met[crisis.kind], p["prior_weight"]))
        helped = precedent.share_of_ladder(float(crisis.answer))
        sent[crisis.kind] = trust.learned(sent[crisis.kind], helped, 1.0)
        met[crisis.kind] = trust.learned(met[crisis.kind], 1.0, 1.0)
    return np.stack([np.atleast_1d(row) for row in np.broadcast_arrays(*rows)]) if rows else EMPTY


EMPTY: Array = np.zeros((0, 1))


class _Engine:
    """Holds what the steps of a year share."""

    def __init__(
        self,
        timeline: Timeline,
        crises: CrisisList,
        plan: Plan,
        p: Parameters,
        chance: YearChance,
    ) -> None:
        self.timeline, self.crises, self.plan, self.p, self.chance = (
            timeline,
            crises,
            plan,
            p,
            chance,
        )
        self.before = precedents_of_history(timeline, p)
        self.n_states, self.n_runs = len(timeline.states), chance.n_runs
        self.memory = fresh_memory(self.n_states, self.n_runs, p)
        shape = (timeline.n_years, self.n_states, self.n_runs)
        n_crises = len(crises.names) if plan.crises == "history" else 0
        self.out = Years(
            standing=np.zeros(shape, np.int8),
            trust=np.zeros(shape),
            danger=np.zeros(shape),
            will=np.zeros(shape),
            legitimacy=np.zeros((shape[0], self.n_runs)),
            parts=np.zeros((shape[0], len(relevance.PARTS), self.n_runs)),
            relevance=np.zeros((shape[0], self.n_runs)),
            answers=np.full((n_crises, self.n_runs), NO_ANSWER, np.int8),
        )

    def run(self) -> Years:
        for year in range(self.timeline.n_years):
            self.memory.fade(self.p)
            entered = self.enter(year)
            self.befall(year, after_choice=False)
            self.choose(year, entered)
            self.befall(year, after_choice=True)
            self.record(year)
        return self.out

    def enter(self, year: int) -> NDArray[np.bool_]:
        """History's first entries; those who are in already stay as they are."""
        m = self.memory
        outside: NDArray[np.bool_] = m.standing == Standing.OUTSIDE
        due: NDArray[np.bool_] = self.timeline.enters[year][:, None] & outside
        m.standing = np.where(due, Standing.MEMBER, m.standing)
        m.joined = np.maximum(m.joined, m.standing == Standing.MEMBER)
        return due

    def befall(self, year: int, *, after_choice: bool) -> None:
        """The crises of a part of the year."""
        if year >= self.timeline.ends:
            return
        if self.plan.crises == "drawn":
            if not after_choice:
                self._draw_crises(year)
            return
        for crisis in self.timeline.of_year(year, after_choice=after_choice):
            if crisis.name in self.plan.without:
                continue
            k = self.crises.names.index(crisis.name)
            happens = np.full(self.n_runs, fill_value=True)
            calling, luck = self.chance.calling[crisis.name], self.chance.answer[crisis.name]
            self.out.answers[k] = self.meet(k, crisis.state, happens, calling, luck)

    def _draw_crises(self, year: int) -> None:
        chance, templates = self.chance, self.crises.templates
        if chance.crisis is None or not len(templates):
            return
        assert chance.pick is not None
        assert chance.drawn_call is not None
        assert chance.drawn_answer is not None
        for s in range(self.n_states):
            happens = chance.crisis[year, s] < self.crises.rate[s]
            k = templates[(chance.pick[year, s] * len(templates)).astype(np.int64)]
            self.meet(k, s, happens, chance.drawn_call[year, s], chance.drawn_answer[year, s])

    def meet(
        self, k: Value, s: int, happens: NDArray[np.bool_], calling: Array, luck: Array
    ) -> NDArray[np.int8]:
        """One crisis: danger, call, answer, and what all learn from it."""
        m, c, p = self.memory, self.crises, self.p
        threat, kind = c.threat[k], c.kind[k]
        live = happens if s < 0 else happens & (m.standing[s] == Standing.MEMBER)
        asked = c.asked[k]
        if s >= 0:
            asked = self._asked(k, s, calling)
            m.danger[s] = np.where(happens, danger.struck(m.danger[s], threat), m.danger[s])
        here = precedent.precedent(_pick(m.sent, kind), _pick(m.met, kind), p["prior_weight"])
        before = _pick(self.before, k)
        mandate = precedent.mandate_after(c.mandate[k], here, before, p["precedent_weight"])
        modelled = answered(c.reach, k, mandate, luck)
        answer = np.where(c.has_model[k], modelled, c.answer[k])
        self._learn(k, s, live.astype(np.float64), asked, answer)
        return np.where(live, answer, NO_ANSWER).astype(np.int8)

    def _asked(self, k: Value, s: int, calling: Array) -> Value:
        """What the state asks for: as in history, or by trust and danger."""
        m, c, p = self.memory, self.crises, self.p
        if self.plan.calls == "history" and self.plan.crises == "history":
            return c.asked[k]
        hope = trust.expectation(m.good[s], m.heard[s], p["trust_prior"], p["prior_weight"])
        wish = asking.wish_to_ask(hope, c.threat[k], p)
        return np.where(asking.calls(wish, calling), c.would_ask[k], 0.0)

    def _learn(self, k: Value, s: int, live: Array, asked: Value, answer: Array) -> None:
        m, c, p = self.memory, self.crises, self.p
        kept = trust.in_kind(answer, asked)
        weight = trust.weight_of_call(asked) * live
        itself = (np.arange(self.n_states) == s)[:, None]
        heavy = np.where(itself, weight, weight * p["others_weight"])
        m.good = trust.learned(m.good, kept, heavy)
        m.heard = trust.learned(m.heard, 1.0, heavy)
        m.kept_good = trust.learned(m.kept_good, kept, weight)
        m.kept_heard = trust.learned(m.kept_heard, 1.0, weight)
        m.seen = trust.learned(m.seen, 1.0, live)
        m.called = trust.learned(m.called, np.where(asked > 0, 1.0, 0.0), live)
        helped = precedent.share_of_ladder(answer)
        for kind in range(len(KINDS)):
            here = live * (c.kind[k] == kind)
            m.sent[kind] = trust.learned(m.sent[kind], helped, here)
            m.met[kind] = trust.learned(m.met[kind], 1.0, here)
        judged = live * c.judged[k]
        m.imposed = trust.learned(m.imposed, c.imposed[k, answer], judged)
        m.judged = trust.learned(m.judged, 1.0, judged)

    def choose(self, year: int, entered: NDArray[np.bool_]) -> None:
        """Every state's choice, and what it rests on."""
        m, p, t = self.memory, self.p, self.timeline
        hope = trust.expectation(m.good, m.heard, p["trust_prior"], p["prior_weight"])
        legit = legitimacy.legitimacy(m.imposed, m.judged, p["prior_weight"])
        terms = membership.worth(
            m.danger,
            hope,
            membership.outside_help(t.pact[year][:, None], p),
            t.dependence[year][:, None],
            t.alignment[year][:, None],
            legit,
            p,
        )
        value, unseen = membership.total(terms), self.chance.unseen
        renewal = t.renewal[year]
        will = membership.will_to_break(value, unseen, renewal, p)
        self.out.trust[year], self.out.danger[year] = hope, m.danger
        self.out.will[year], self.out.legitimacy[year] = will, legit
        if year >= t.ends:
            m.standing = np.where(m.standing == Standing.OUTSIDE, m.standing, Standing.LEFT)
        elif self.plan.holds_members(t.first_year + year):
            m.standing = np.repeat(t.standing[year].astype(np.int64)[:, None], self.n_runs, axis=1)
        else:
            chosen = membership.next_standing(
                m.standing,
                will,
                membership.will_to_join(value, unseen, p["join_log_odds"], p),
                membership.will_to_join(value, unseen, p["return_log_odds"], p),
                self.chance.standing[year],
                renewal,
                p["leave_gap"],
            )
            chosen = np.where(entered, m.standing, chosen)
            m.standing = membership.after_suspension(chosen, t.suspended[year][:, None])
        m.joined = np.maximum(m.joined, m.standing == Standing.MEMBER)

    def record(self, year: int) -> None:
        """What stands at the end of the year."""
        m, p = self.memory, self.p
        inside = (m.standing == Standing.MEMBER).astype(np.float64)
        parts = (
            relevance.share(m.called, m.seen, p["p_call"], p["prior_weight"]),
            relevance.share(m.kept_good, m.kept_heard, p["trust_prior"], p["prior_weight"]),
            relevance.members_kept(list(inside), list(m.joined)),
            relevance.dependents_kept(
                list(self.timeline.dependence[year]), list(inside), list(m.joined)
            ),
        )
        self.out.standing[year] = m.standing
        for n, part in enumerate(parts):
            self.out.parts[year, n] = part
        self.out.relevance[year] = relevance.relevance(*parts)


def _pick(rows: Array, which: Value) -> Value:
    """Row `which` (a number), or for every run the row of its own (run,)."""
    if np.ndim(which) == 0:
        return rows[which]
    if rows.shape[1] == 1:
        return rows[which, 0]
    return rows[which, np.arange(rows.shape[1])]
