"""The agent engine: one Mesa agent a member state, one crisis, one council, day by day.

The same equations as the array engine, scheduled the way a person would tell it. Run n of an
ensemble, replayed here, is identical bit for bit.
"""

from __future__ import annotations

import mesa
import numpy as np

from foedus.data.terms import Ending, Level, Line, Stance
from foedus.model import council, forces, request
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.crisis import days_collapsing, drift_on, is_quelled, next_intensity, relief
from foedus.model.influence import anchored, listen
from foedus.model.numbers import Parameters, Value, added_up, weighted_sum
from foedus.model.player_choice import position_of
from foedus.model.setting import Setting, first_sitting, setting_of
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.story import Day, MemberDay, Story
from foedus.model.willingness import informality, insisting, need


class MemberState(mesa.Agent):  # type: ignore[misc]
    """A member state: it forms a view, hears the others, takes a stance, and sends men.

    A state whose line is `held` by a person stands where that line puts it and is moved by nobody.
    """

    model: AllianceModel

    def __init__(self, model: AllianceModel, index: int) -> None:
        super().__init__(model)
        setting, chance, p = model.setting, model.chance, model.p
        self.index = index
        self.state = model.situation.members[index]
        self.capability = setting.capability[index, 0]
        self.voice = setting.voice[index, 0]
        self.pull = setting.pull[index, 0]
        self.own = setting.own[index, 0] + p["sigma_member"] * chance.members[index]
        self.private = 0.0
        self.position = 0.0
        self.anchor = 0.0
        self.heard = 0.0
        self.troops = 0.0
        self.held: Line | None = None

    @property
    def is_requester(self) -> bool:
        """Whether it is the state that asks."""
        return self.index == self.model.situation.requester

    @property
    def is_adversary(self) -> bool:
        """Whether it is the state against which help is asked."""
        return self.index == self.model.situation.adversary

    def form_view(self) -> None:
        """Judge the crisis alone."""
        crisis = self.model.crisis
        self.private = (self.model.shared + self.own) + crisis.pressing
        if self.is_requester:
            self.private = insisting(self.private, crisis.asked, self.model.bars)
        if self.model.day == 0:
            self.position = self.private
        if self.held is not None:
            self.position = position_of(self.held, self.model.bars, self.model.setting.room)
        self.anchor = anchored(self.private, self.pull, self.voice, self.model.voices)

    def hear(self) -> None:
        """Work out where the talk would move it; nobody moves before all have heard."""
        self.heard = listen(self.position, self.anchor, self.pull, self.voice, self.model.spoken)
        if self.held is not None:
            self.heard = self.position

    def move(self) -> None:
        """Take up the position that the talk led to."""
        self.position = self.heard

    def stance(self, level: Level) -> Stance:
        """Say what it would say to one level in council."""
        if self.held is Line.ASIDE:
            return Stance.ABSTAIN
        if self.is_adversary and self.held is None and level > Level.CONSULT:
            return Stance.OBJECT
        bar = self.model.bars[level - 1]
        if council.supports(self.position, bar):
            return Stance.SUPPORT
        if council.objects(self.position, bar, self.model.setting.room):
            return Stance.OBJECT
        return Stance.ABSTAIN

    def sends(self) -> bool:
        """Whether it would send men."""
        fights = not (self.is_requester or self.is_adversary)
        return fights and bool(council.supports(self.position, self.model.bars[2]))

    def claim(self) -> float:
        """Claim on the bulk of the force."""
        if not self.sends():
            return 0.0
        bar, omega = self.model.bars[2], self.model.p["omega"]
        return float(forces.eagerness(self.position, bar, self.capability, omega))

    def pledge(self, claims: float, token: float, rest: float) -> None:
        """Send a token company and a share of the rest."""
        if self.sends():
            pool = self.model.situation.pools[self.index]
            self.troops = float(forces.contribution(self.claim(), claims, token, rest, pool))


class Crisis:
    """The crisis: its intensity, what is asked, and how it ends."""

    def __init__(self, model: AllianceModel, codes: Codes) -> None:
        self.model = model
        self.codes = codes
        self.intensity = codes.crisis["threat"]
        scheduled = model.chance.doubt is None
        self.channel = codes.crisis["request"] if scheduled else 0.0
        self.asked = codes.crisis["asked"] if scheduled else 0.0
        self.day_asked = 0 if scheduled else -1
        self.collapsing = 0
        self.ending = Ending.HORIZON
        self.day_ended = model.situation.horizon_days

    @property
    def pressing(self) -> float:
        """What the danger of the day and the channel of the request add to every view."""
        p = self.model.p
        pressing = need(self.intensity, self.codes.crisis["capacity"], p["b_need"])
        return float(pressing + informality(self.channel, p["b_request"]))

    def request(self, doubt: Value) -> None:
        """Let the requester decide whether, how and for what to ask."""
        model, p = self.model, self.model.p
        alignment, capability = (self.codes.standing[n] for n in ("alignment", "capability"))
        warm = request.warmth(alignment, capability, model.situation.addressees)[0]
        wish = request.wish(self.intensity, self.codes.crisis["capacity"], warm, p)
        asks = request.asks(wish, p["sigma_ask"] * doubt, p["ask_bar"])
        self.channel = float(request.next_channel(self.channel, asks))
        self.asked = float(request.next_asked(self.asked, asks, self.intensity, p))
        if asks and self.day_asked < 0:
            self.day_asked = model.day

    def unfold(self, in_place: float) -> None:
        """Move to the next day, and end if it must."""
        model, setting, p = self.model, self.model.setting, self.model.p
        share = forces.share_in_place(in_place, model.situation.forces_needed)
        self.intensity = next_intensity(
            self.intensity,
            drift_on(model.day, setting.driven, setting.undriven, p["trend_days"]),
            relief(share, p["kappa_force"]),
            p["sigma_intensity"] * model.chance.intensity[model.day],
        )
        self.collapsing = days_collapsing(self.collapsing, self.intensity, p["lost_at"])
        if is_quelled(self.intensity, p["quelled_at"]):
            self._end(Ending.QUELLED)
        elif self.collapsing >= p["collapse_days"]:
            self._end(Ending.LOST)

    def _end(self, ending: Ending) -> None:
        self.ending = ending
        self.day_ended = self.model.day + 1
        self.model.running = False


class Council:
    """The council: it hears stances under the treaty's rule, and its answer never falls."""

    def __init__(self, model: AllianceModel) -> None:
        self.model = model
        self.answer = Level.NONE
        self.day_decided = -1
        self.day_deployed: int | None = None
        self.by_procedure = False

    def sits(self) -> bool:
        """Whether it sits today."""
        model = self.model
        if model.chance.doubt is None:
            return bool(model.day >= first_sitting(model.situation, model.p))
        own = max(0, model.p["own_initiative_lag"] - model.situation.days_since_onset)
        asked = model.crisis.day_asked
        first = min(asked + 1, own) if asked >= 0 else own
        return bool(model.day >= first)

    def sit(self) -> None:
        """Take the highest level that passes, and call up forces if it is deployment."""
        rule = council.PASSES[self.model.situation.rule]
        passed = [rule(self._ballot(level)) for level in (Level(1), Level(2), Level(3))]
        convened = self.convened()
        answer = Level(int(council.answer(passed, convened)))
        self.by_procedure = convened and not any(passed)
        if answer <= self.answer:
            return
        self.answer = answer
        self.day_decided = self.model.day
        if answer == Level.DEPLOY:
            self._call_up()

    def convened(self) -> bool:
        """Whether it consults in any case, as its machinery was asked to meet."""
        crisis, luck = self.model.crisis, self.model.chance.convening
        institution = crisis.codes.crisis["institution"]
        return bool(council.convenes(institution, crisis.asked, luck, self.model.p))

    def _ballot(self, level: Level) -> council.Ballot:
        model = self.model
        voters = [model.states[i] for i in model.situation.voters]
        stances = [voter.stance(level) for voter in voters]
        return council.Ballot(
            supports=[np.bool_(stance == Stance.SUPPORT) for stance in stances],
            objects=[np.bool_(stance == Stance.OBJECT) for stance in stances],
            positions=[voter.position for voter in voters],
            capability=[voter.capability for voter in voters],
            patron_supports=np.bool_(
                model.states[model.situation.patron].stance(level) == Stance.SUPPORT
            ),
            bar=model.bars[level - 1],
        )

    def _call_up(self) -> None:
        model = self.model
        situation = model.situation
        wanted = min(situation.forces_needed, situation.alliance_pool)
        n_senders = len([state for state in model.states if state.sends()])
        claims = added_up(state.claim() for state in model.states)
        token = forces.company(model.p["token_company"], n_senders, situation.alliance_pool)
        rest = np.maximum(0.0, wanted - n_senders * token)
        for state in model.states:
            state.pledge(claims, token, rest)
        self.day_deployed = model.day


class AllianceModel(mesa.Model):  # type: ignore[misc]
    """One run of one scenario.

    Parameters
    ----------
    situation, codes, parameters, chance
        The scenario compiled, and the codes and the noise of one run.
    """

    def __init__(
        self, situation: Situation, codes: Codes, parameters: Parameters, chance: Chance
    ) -> None:
        super().__init__(rng=0)  # chance is an argument; Mesa's own generator is never used
        self.situation = situation
        self.p = parameters
        self.chance = chance
        self.setting: Setting = setting_of(situation, codes, parameters)
        self.shared = self.setting.shared + parameters["sigma_crisis"] * chance.crisis
        self.day = 0
        self.crisis = Crisis(self, codes)
        self.council = Council(self)
        self.states = [MemberState(self, index) for index in range(situation.n_members)]
        self.voices = added_up(state.voice for state in self.states)
        self.bars = council.bars(self.crisis.asked, parameters)
        self.spoken = 0.0
        self.record: list[Day] = []

    def step(self) -> None:
        """Live through one day."""
        if self.chance.doubt is not None:
            self.crisis.request(self.chance.doubt)
        self.bars = council.bars(self.crisis.asked, self.p)
        for state in self.states:
            state.form_view()
        for _ in range(int(self.p["rounds_per_day"])):
            self._talk()
        sits = self.council.sits()
        if sits:
            self.council.sit()
        in_place = self.in_place()
        self._write_down(sits, in_place)
        self.crisis.unfold(in_place)
        self.day += 1

    def _talk(self) -> None:
        self.spoken = weighted_sum(
            [state.voice for state in self.states], [state.position for state in self.states]
        )
        for state in self.states:
            state.hear()
        for state in self.states:
            state.move()

    def in_place(self) -> float:
        """Men in place today."""
        deployed = self.council.day_deployed
        if deployed is None or self.day < deployed + self.setting.lag_days:
            return 0.0
        return float(added_up(state.troops for state in self.states))

    def _write_down(self, sits: bool, in_place: float) -> None:
        members = tuple(
            MemberDay(
                state=s.state,
                private=float(s.private),
                position=float(s.position),
                stances=(s.stance(Level(1)), s.stance(Level(2)), s.stance(Level(3))),
                troops=int(s.troops),
            )
            for s in self.states
        )
        consult, support, deploy = (float(bar) for bar in self.bars)
        self.record.append(
            Day(
                day=self.day,
                intensity=float(self.crisis.intensity),
                asked=float(self.crisis.asked),
                channel=float(self.crisis.channel),
                bars=(consult, support, deploy),
                council_sat=sits,
                by_procedure=sits and self.council.by_procedure,
                answer=self.council.answer,
                in_place=int(in_place),
                members=members,
            )
        )

    def live(self) -> None:
        """Live through all days to the end of the crisis or the horizon."""
        while self.running and self.day < self.situation.horizon_days:
            self.step()

    def told(self, seed: int, run: int) -> Story:
        """The days lived so far as a story, under the address of their chance."""
        return Story(
            seed=seed,
            run=run,
            days=tuple(self.record),
            level=self.council.answer,
            day_decided=self.council.day_decided,
            day_ended=self.crisis.day_ended,
            ending=self.crisis.ending,
            troops={state.state: int(state.troops) for state in self.states},
        )

    def close(self) -> None:
        """Let Mesa forget this model: 3.3 keeps every model in a class-wide table."""
        for name in ("_ids", "_id_counters"):
            table = getattr(mesa.Agent, name, None)
            if table is not None and hasattr(table, "pop"):
                table.pop(self, None)


def replay(
    situation: Situation,
    parameters: Parameters,
    seed: int,
    run: int,
    *,
    drawn_codes: bool = True,
    endogenous: bool = False,
) -> Story:
    """Play run `run` of the ensemble of `seed` as agents.

    Parameters
    ----------
    drawn_codes, endogenous
        As in :func:`foedus.model.batch.run_batch`.
    """
    chance = draw_chance(situation, seed, run, run + 1, with_doubt=endogenous)
    codes = draw_codes(situation, seed, run, run + 1, drawn=drawn_codes)
    model = AllianceModel(situation, codes.of_run(0), parameters, chance.of_run(0))
    try:
        model.live()
        return model.told(seed, run)
    finally:
        model.close()
