"""The same chronicle as a plain Mesa model: one agent a state, one step a year, a DataCollector.

It is there to be read, changed and taught with. Run n of the array engine, played here, is the same
bit for bit. A decision rule of your own is a subclass of :class:`StateOverYears` with another
``choose``.
"""

from __future__ import annotations

import mesa

from foedus.chronicle import membership, relevance, trust
from foedus.chronicle.crisis_list import KINDS, befalling, precedents_of_history
from foedus.chronicle.membership import Standing
from foedus.chronicle.timeline import Timeline
from foedus.chronicle.trust import Memory
from foedus.chronicle.year_chance import YearChance, of_runs
from foedus.chronicle.years_engine import NO_ANSWER
from foedus.chronicle.years_plan import Plan
from foedus.model.numbers import Parameters, Value


class StateOverYears(mesa.Agent):  # type: ignore[misc]
    """A state other than the lead state: it remembers answers, and it stays or goes."""

    model: AllianceOverYears

    def __init__(self, model: AllianceOverYears, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.state = model.timeline.states[index]
        self.unseen = model.chance.unseen[index]
        self.standing, self.has_joined, self.entered = Standing.OUTSIDE, 0.0, False
        self.heard, self.danger = Memory(), model.p["danger_floor"]
        self.trust_as_chosen, self.danger_as_chosen, self.will = 0.0, 0.0, 0.0

    @property
    def trust(self) -> float:
        """What it expects of the alliance."""
        return float(self.heard.mean(self.model.p["trust_prior"], self.model.p["prior_weight"]))

    @property
    def is_member(self) -> bool:
        """Whether it is in good standing."""
        return self.standing == Standing.MEMBER

    def forget(self) -> None:
        """Let a year's share of answers and danger fade, and enter if history says so."""
        p = self.model.p
        self.heard = self.heard.faded(p["trust_kept"])
        self.danger = trust.calmed(self.danger, p["danger_floor"], p["danger_kept"])
        due = self.model.timeline.enters[self.model.year, self.index]
        self.entered = bool(due) and self.standing == Standing.OUTSIDE
        if self.entered:
            self.stand(Standing.MEMBER)

    def stand(self, standing: Standing) -> None:
        """Take a standing."""
        self.standing = standing
        self.has_joined = max(self.has_joined, float(self.is_member))

    def learn(self, kept: Value, weight: Value, *, itself: bool) -> None:
        """Hear how a call was answered."""
        heavy = weight if itself else weight * self.model.p["others_weight"]
        self.heard = self.heard.after(kept, heavy)

    def weigh(self) -> Value:
        """What membership is worth to it this year."""
        model, t = self.model, self.model.timeline
        place = (model.year, self.index)
        of_year = t.pact[place], t.dependence[place], t.alignment[place]
        return membership.total(
            membership.worth(self.danger, self.trust, *of_year, model.legitimacy, model.p)
        )

    def choose(self) -> None:
        """Stay, freeze, leave, come back or join."""
        model, t, value = self.model, self.model.timeline, self.weigh()
        renewal = t.renewal[model.year]
        self.trust_as_chosen, self.danger_as_chosen = self.trust, self.danger
        self.will = membership.will_to_break(value, self.unseen, renewal, model.p)
        if model.year >= t.ends:
            never = self.standing == Standing.OUTSIDE
            self.stand(Standing.OUTSIDE if never else Standing.LEFT)
        elif model.plan.holds_members(t.years[model.year]):
            self.stand(Standing(int(t.standing[model.year, self.index])))
        else:
            noise = model.chance.standing[model.year, self.index]
            chosen = int(self.standing)
            if not self.entered:
                chosen = membership.next_standing(
                    chosen, self.will, value, self.unseen, noise, renewal, model.p
                )
            suspended = t.suspended[model.year, self.index]
            self.stand(Standing(int(membership.after_suspension(chosen, suspended))))


class AllianceOverYears(mesa.Model):  # type: ignore[misc]
    """The alliance: it meets crises, answers them, and keeps what is remembered of that.

    Args:
        p, chance: Of one run.
        agent_class: What the states are; a subclass changes how they decide.
    """

    def __init__(
        self,
        timeline: Timeline,
        plan: Plan,
        p: Parameters,
        chance: YearChance,
        agent_class: type[StateOverYears] = StateOverYears,
    ) -> None:
        super().__init__(rng=0)  # no draw is Mesa's; chance comes by its address
        self.timeline, self.plan = timeline, plan
        self.p, self.chance = of_runs(p, 0), chance.of_one_run()
        self.before = precedents_of_history(timeline.crises, self.p)[:, 0]
        self.year, self.legitimacy_as_chosen = -1, 0.0
        self.past: relevance.Memories = dict.fromkeys(relevance.REMEMBERED, Memory())
        self.precedents = [Memory()] * len(KINDS)
        self.answers: dict[str, int] = {}
        self.states = [agent_class(self, i) for i in range(len(timeline.states))]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "year": lambda m: m.timeline.years[m.year],
                "legitimacy": "legitimacy_as_chosen",
                "relevance": lambda m: m.relevance,
            },
            agent_reporters={
                "state": "state",
                "standing": lambda a: int(a.standing),
                "trust": "trust_as_chosen",
                "danger": "danger_as_chosen",
                "will": "will",
            },
        )

    @property
    def legitimacy(self) -> Value:
        """Of the answers so far."""
        return trust.legitimacy(self.past["imposed"], self.p["prior_weight"])

    @property
    def relevance(self) -> float:
        """The index of the year."""
        inside = [float(state.is_member) for state in self.states]
        joined = [state.has_joined for state in self.states]
        depends = self.timeline.dependence[self.year]
        parts = relevance.parts_now(self.past, inside, joined, depends, self.p)
        return float(relevance.relevance(*parts))

    def step(self) -> None:
        """One year."""
        self.year += 1
        kept = self.p["trust_kept"]
        self.past = {name: memory.faded(kept) for name, memory in self.past.items()}
        self.precedents = [memory.faded(kept) for memory in self.precedents]
        for state in self.states:
            state.forget()
        self.befall(late=False)
        self.legitimacy_as_chosen = float(self.legitimacy)
        for state in self.states:
            state.choose()
        self.befall(late=True)
        self.datacollector.collect(self)

    def play(self) -> AllianceOverYears:
        """All years."""
        for _ in self.timeline.years:
            self.step()
        return self

    def befall(self, *, late: bool) -> None:
        """The crises of a part of the year."""
        due = befalling(self.timeline, self.plan, self.chance, self.year, late=late)
        for k, s, happens, calling, luck in due:
            if happens:
                answer = self.meet(int(k), s, calling, luck)
                if self.plan.crises == "history":
                    self.answers[self.timeline.crises.names[k]] = answer

    def meet(self, k: int, s: int, calling: Value, luck: Value) -> int:
        """One crisis of state `s` (-1: the lead state): danger, call, answer, and its trace."""
        c, p = self.timeline.crises, self.p
        asked = c.asked[k]
        if s >= 0:
            asked = c.request(k, self.states[s].trust, calling, self.plan, p)
            self.states[s].danger = trust.struck(self.states[s].danger, c.threat[k])
            if not self.states[s].is_member:
                return NO_ANSWER
        here = self.precedents[c.kind[k]].mean(0.0, p["prior_weight"])
        answer = int(c.reply(k, here, self.before[k], luck, p))
        self._remember(k, s, asked, answer)
        return answer

    def _remember(self, k: int, s: int, asked: Value, answer: int) -> None:
        c, kept = self.timeline.crises, trust.in_kind(answer, asked)
        for state in self.states:
            state.learn(kept, trust.share_of_ladder(asked), itself=state.index == s)
        precedent = self.precedents[c.kind[k]]
        self.precedents[c.kind[k]] = precedent.after(trust.share_of_ladder(answer), 1.0)
        self.past = relevance.after_crisis(
            self.past, asked, kept, c.imposed[k, answer], c.judged[k]
        )
