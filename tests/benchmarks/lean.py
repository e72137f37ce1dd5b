"""The same crisis as a lean Mesa model: plain numbers, no diary, nothing but the arithmetic.

The agents of :mod:`foedus.model.mesa_model` are made to be read and to tell stories. To hold the
arrays against them alone would flatter the arrays; this model is what Mesa can do at best. It
knows scheduled requests and a council by consensus without an adversary at the table.
"""

from __future__ import annotations

from math import floor

import mesa

from foedus.data.terms import Level
from foedus.model import council, forces
from foedus.model.council import first_sitting
from foedus.model.crisis import drift
from foedus.model.influence import Ears, ears_of
from foedus.model.numbers import Parameters, added_up
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.willingness import insistence, steady_view


class LeanState(mesa.Agent):  # type: ignore[misc]
    """A member state, ten numbers wide."""

    def __init__(self, model: LeanModel, index: int, own: float, ears: Ears) -> None:
        super().__init__(model)
        self.capability = model.capability[index]
        self.voice = float(ears.voice[index, 0])
        self.pull = float(ears.pull[index, 0])
        self.kept = float(ears.kept[index, 0])
        self.toward_lead = float(ears.toward_lead[index, 0])
        self.index = index
        self.own = own
        self.floor = model.floor if index == model.situation.requester else -float("inf")
        self.votes = index in model.situation.voters
        self.pool = model.situation.pools[index]
        self.position = self.anchor = self.heard = self.troops = 0.0

    def form_view(self, pressing: float, first: bool) -> None:
        """Judge the crisis alone."""
        private = max(self.own + pressing, self.floor)
        self.anchor = self.kept * private
        if first:
            self.position = private


class LeanModel(mesa.Model):  # type: ignore[misc]
    """One run; arguments as of :class:`foedus.model.mesa_model.AllianceModel`."""

    def __init__(self, situation: Situation, codes: Codes, p: Parameters, chance: Chance) -> None:
        super().__init__(rng=0)
        ears = ears_of(situation, codes, p)
        crisis = codes.crisis
        self.situation, self.p, self.shocks = situation, p, chance.intensity.tolist()
        self.day, self.intensity, self.collapsing = 0, float(crisis["threat"]), 0
        self.level, self.in_place, self.arrives = 0, 0.0, float("inf")
        self.capability = codes.standing["capability"][:, 0].tolist()
        self.able = able = float(crisis["capacity"])
        self.driven = float(drift(crisis["trend"], able, p))
        self.undriven = float(drift(0.0, able, p))
        self.room, self.chance = float(council.room_of(situation, p)), chance
        channel = crisis["request"]
        case = council.treaty_case(situation, crisis, channel)
        self.bars = tuple(float(bar) for bar in council.bars(crisis["asked"], channel, case, p))
        self.floor = float(insistence(crisis["asked"], p))
        self.convened = bool(
            council.convenes(crisis["institution"], crisis["asked"], chance.convening, p)
        )
        self.first, self.rounds = first_sitting(situation, p), int(p["rounds_per_day"])
        steady = steady_view(codes, chance, p)
        self.states = [
            LeanState(self, i, float(steady[i, 0]), ears) for i in range(situation.n_members)
        ]
        self.lead = self.states[situation.patron]
        self.voters = [state for state in self.states if state.votes]
        self.weight = float(added_up(state.capability for state in self.voters))

    def step(self) -> None:
        """Live through one day."""
        if self.level < Level.DEPLOY:
            self._deliberate()
        self._unfold()
        self.day += 1
        if self.day >= self.situation.horizon_days:
            self.running = False

    def _deliberate(self) -> None:
        states = self.states
        need = self.p["b_need"] * (self.intensity * (2.0 - self.able))
        for state in states:
            state.form_view(need, self.day == 0)
        for _ in range(self.rounds):
            spoken = added_up(state.voice * state.position for state in states)
            lead = self.lead.position
            for state in states:
                heard = state.pull * (spoken - state.voice * state.position) + state.anchor
                state.heard = state.toward_lead * lead + heard
            for state in states:
                state.position = state.heard
        if self.day >= self.first:
            self._sit()

    def _sit(self) -> None:
        behind = added_up(state.capability * state.position for state in self.voters)
        lowest = min(state.position for state in self.voters)
        for level in range(int(Level.DEPLOY), self.level, -1):
            bar = self.bars[level - 1]
            if not lowest < bar - self.room and behind >= bar * self.weight:
                self.level = level
                if level == Level.DEPLOY:
                    self._pledge(bar)
                return
        if self.convened:
            self.level = max(self.level, Level.CONSULT)

    def _pledge(self, bar: float) -> None:
        s, chance = self.situation, self.chance
        senders = [state for state in self.voters if state.position >= bar]
        total = float(forces.force_size(s, chance.size))
        claims = [
            float(forces.claim(s, state.capability, chance.shares[state.index]))
            for state in senders
        ]
        all_claims = sum(claims) or 1.0
        for state, claim in zip(senders, claims, strict=True):
            state.troops = floor(min(total * (claim / all_claims), state.pool))
        self.in_place = sum(state.troops for state in senders)
        self.arrives = self.day + float(forces.lag(s, chance.arrival))

    def _unfold(self) -> None:
        p = self.p
        troops = self.in_place if self.day >= self.arrives else 0.0
        relief = p["kappa_force"] * min(troops / self.situation.forces_needed, 1.0)
        shock = p["sigma_intensity"] * self.shocks[self.day]
        drift = self.driven if self.day < p["trend_days"] else self.undriven
        self.intensity = min(max(((self.intensity + drift) - relief) + shock, 0.0), 1.0)
        self.collapsing = self.collapsing + 1 if self.intensity >= p["lost_at"] else 0
        over = self.intensity <= p["quelled_at"] and self.day >= self.first
        if over or self.collapsing >= p["collapse_days"]:
            self.running = False
