"""The array engine of chronicles: all runs side by side, year by year (section 8).

Arrays are (state, run) or (run,); the Mesa model in :mod:`foedus.chronicle.years_model` steps the
same equations agent by agent and gives the same bits.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import membership, relevance, trust
from foedus.chronicle.crisis_list import KINDS, befalling, precedents_of_history
from foedus.chronicle.membership import Standing
from foedus.chronicle.timeline import Timeline
from foedus.chronicle.trust import Memory
from foedus.chronicle.year_chance import YearChance
from foedus.chronicle.years_plan import Plan
from foedus.model.numbers import Array, Parameters, Value

NO_ANSWER = -1
"""Stands where a crisis did not reach the alliance: it never came, or its state was no member."""


@dataclass(frozen=True)
class Years:
    """What happened in some runs.

    Attributes:
        standing: At the end of each year (year, state, run), a :class:`Standing`.
        trust, danger: As the states chose that year (year, state, run), 0 to 1.
        will: Log-odds to break, for members and frozen states alike (year, state, run).
        legitimacy: As they chose (year, run), 0 to 1.
        parts: Parts of the relevance index (year, part, run), in the order of ``relevance.PARTS``.
        relevance: The index (year, run), 0 to 1.
        answers: To each crisis of history (crisis, run), 0 to 3 or `NO_ANSWER`; empty where they
            are drawn.
    """

    standing: NDArray[np.int8]
    trust: Array
    danger: Array
    will: Array
    legitimacy: Array
    parts: Array
    relevance: Array
    answers: NDArray[np.int8]


class Engine:
    """What a run carries from year to year; the last axis of every array is the run.

    Attributes:
        standing, joined: Of each state, and whether it ever was a member (state, run).
        heard, danger: Of each state (state, run): what its trust rests on, and how threatened it
            feels.
        precedents: Answers to each kind of crisis (kind, run).
        past: Of the alliance (run,), see :mod:`foedus.chronicle.relevance`.
    """

    def __init__(self, timeline: Timeline, plan: Plan, p: Parameters, chance: YearChance) -> None:
        self.timeline, self.plan, self.p, self.chance = timeline, plan, p, chance
        self.before = precedents_of_history(timeline.crises, p)
        shape = self.n_states, self.n_runs = chance.unseen.shape
        self.standing = np.full(shape, int(Standing.OUTSIDE))
        self.joined, self.danger = np.zeros(shape), np.zeros(shape) + p["danger_floor"]
        self.heard = Memory(*np.zeros((2, *shape)))
        self.precedents = Memory(*np.zeros((2, len(KINDS), self.n_runs)))
        nothing = Memory(*np.zeros((2, self.n_runs)))
        self.past: relevance.Memories = dict.fromkeys(relevance.REMEMBERED, nothing)
        n_crises = len(timeline.crises.names) if plan.crises == "history" else 0
        self.answers = np.full((n_crises, self.n_runs), NO_ANSWER, np.int8)

    def run(self) -> Years:
        """All years."""
        lived = [self.live(year) for year in range(len(self.timeline.years))]
        by_year = {name: np.stack([year[name] for year in lived]) for name in lived[0]}
        return Years(**by_year, answers=self.answers)

    def live(self, year: int) -> dict[str, NDArray[Any]]:
        """One year; what :class:`Years` says of it, without the answers."""
        self.fade()
        entered = self.enter(year)
        self.befall(year, late=False)
        rests_on = self.choose(year, entered)
        self.befall(year, late=True)
        inside = (self.standing == Standing.MEMBER).astype(np.float64)
        depends = self.timeline.dependence[year]
        parts = relevance.parts_now(self.past, inside, self.joined, depends, self.p)
        return {
            **rests_on,
            "standing": self.standing.astype(np.int8),
            "parts": np.stack(parts),
            "relevance": relevance.relevance(*parts),
        }

    def fade(self) -> None:
        """Forget a year's share."""
        kept = self.p["trust_kept"]
        self.heard, self.precedents = self.heard.faded(kept), self.precedents.faded(kept)
        self.past = {name: memory.faded(kept) for name, memory in self.past.items()}
        self.danger = trust.calmed(self.danger, self.p["danger_floor"], self.p["danger_kept"])

    def enter(self, year: int) -> NDArray[np.bool_]:
        """History's first entries; those who are in already stay as they are."""
        outside: NDArray[np.bool_] = self.standing == Standing.OUTSIDE
        due: NDArray[np.bool_] = self.timeline.enters[year][:, None] & outside
        self.stand(np.where(due, Standing.MEMBER, self.standing))
        return due

    def stand(self, standing: NDArray[np.int64]) -> None:
        """Take a standing."""
        self.standing = standing
        self.joined = np.maximum(self.joined, standing == Standing.MEMBER)

    def befall(self, year: int, *, late: bool) -> None:
        """The crises of a part of the year."""
        due = befalling(self.timeline, self.plan, self.chance, year, late=late)
        for k, s, happens, calling, luck in due:
            answer = self.meet(k, s, np.broadcast_to(happens, self.n_runs), calling, luck)
            if self.plan.crises == "history":
                self.answers[k] = answer

    def trust_of(self, who: int | slice) -> Array:
        """What states expect of the alliance."""
        heard = Memory(*(rows[who] for rows in self.heard))
        return np.asarray(heard.mean(self.p["trust_prior"], self.p["prior_weight"]))

    def meet(
        self, k: Value, s: int, happens: NDArray[np.bool_], calling: Array, luck: Array
    ) -> NDArray[np.int8]:
        """One crisis of state `s` (-1: the lead state): danger, call, answer, and its trace."""
        c, p, live = self.timeline.crises, self.p, happens
        asked = c.asked[k]
        if s >= 0:
            asked = c.request(k, self.trust_of(s), calling, self.plan, p)
            live = happens & (self.standing[s] == Standing.MEMBER)
            struck = trust.struck(self.danger[s], c.threat[k])
            self.danger[s] = np.where(happens, struck, self.danger[s])
        precedents = Memory(*(_pick(rows, c.kind[k]) for rows in self.precedents))
        here = precedents.mean(0.0, p["prior_weight"])
        answer = c.reply(k, here, _pick(self.before, k), luck, p)
        self._remember(k, s, live.astype(np.float64), asked, answer)
        return np.where(live, answer, NO_ANSWER).astype(np.int8)

    def _remember(self, k: Value, s: int, live: Array, asked: Value, answer: Value) -> None:
        c, kept = self.timeline.crises, trust.in_kind(answer, asked)
        weight = trust.share_of_ladder(asked) * live
        itself = (np.arange(self.n_states) == s)[:, None]
        heavy = np.where(itself, weight, weight * self.p["others_weight"])
        self.heard = self.heard.after(kept, heavy)
        of_kind = live * (np.arange(len(KINDS))[:, None] == c.kind[k])
        self.precedents = self.precedents.after(trust.share_of_ladder(answer), of_kind)
        self.past = relevance.after_crisis(
            self.past, asked, kept, c.imposed[k, answer], c.judged[k], live
        )

    def choose(self, year: int, entered: NDArray[np.bool_]) -> dict[str, Array]:
        """Every state's choice; the trust, danger, will and legitimacy that it rests on."""
        p, t = self.p, self.timeline
        legit = trust.legitimacy(self.past["imposed"], p["prior_weight"])
        of_year = t.pact[year][:, None], t.dependence[year][:, None], t.alignment[year][:, None]
        danger, hope, unseen = self.danger.copy(), self.trust_of(slice(None)), self.chance.unseen
        value = membership.total(membership.worth(danger, hope, *of_year, legit, p))
        will = membership.will_to_break(value, unseen, t.renewal[year], p)
        if year >= t.ends:
            never = self.standing == Standing.OUTSIDE
            self.stand(np.where(never, Standing.OUTSIDE, Standing.LEFT))
        elif self.plan.holds_members(t.years[year]):
            self.stand(np.repeat(t.standing[year].astype(np.int64)[:, None], self.n_runs, 1))
        else:
            noise, renewal = self.chance.standing[year], t.renewal[year]
            chosen = membership.next_standing(self.standing, will, value, unseen, noise, renewal, p)
            chosen = np.where(entered, self.standing, chosen)
            self.stand(membership.after_suspension(chosen, t.suspended[year][:, None]))
        return {"trust": hope, "danger": danger, "will": will, "legitimacy": legit}


def _pick(rows: Array, which: Value) -> Value:
    """Row `which` (a number), or for every run the row of its own (run,)."""
    if np.ndim(which) == 0:
        return rows[which]
    return rows[which, 0 if rows.shape[1] == 1 else np.arange(rows.shape[1])]
