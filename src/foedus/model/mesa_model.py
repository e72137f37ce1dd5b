"""The agent engine: one Mesa agent a member state, one crisis, one council, day by day.

The same equations as the array engine, scheduled the way a person would tell it. Run n of an
ensemble, replayed here, is identical bit for bit. Subclass :class:`MemberState` to give a member
another rule of decision, and pass the class to :class:`AllianceModel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np

from foedus.data.terms import Ending, Level, Stance
from foedus.model import council, forces, request
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.crisis import days_collapsing, drift_on, ends, next_intensity, relief
from foedus.model.influence import listen
from foedus.model.initialization import Fixed, fixed_of
from foedus.model.numbers import Parameters, Value, added_up, weighted_sum
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.story import Day, MemberDay, Story
from foedus.model.willingness import insistence, need, private_view, steady_view

if TYPE_CHECKING:
    from foedus.model.ensemble import SetupLike


class MemberState(mesa.Agent):  # type: ignore[misc]
    """A member state: it forms a view, hears the others, takes a stance, and sends troops.

    Attributes
    ----------
    state
        ISO code.
    private, position
        u and x of the day, log-odds.
    troops
        Troops pledged.
    """

    model: AllianceModel

    def __init__(self, model: AllianceModel, index: int) -> None:
        super().__init__(model)
        fixed = model.fixed
        self.index = index
        self.state = model.situation.members[index]
        self.capability = fixed.capability[index, 0]
        self.voice = fixed.ears.voice[index, 0]
        self.pull = fixed.ears.pull[index, 0]
        self.toward_lead = fixed.ears.toward_lead[index, 0]
        self.kept = fixed.ears.kept[index, 0]
        self.steady = model.steady[index, 0]
        self.private = 0.0
        self.position = 0.0
        self.anchor = 0.0
        self.heard = 0.0
        self.troops = 0.0

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
        insists = insistence(crisis.asked, self.model.p) if self.is_requester else -np.inf
        self.private = private_view(self.steady, crisis.needed, insists=insists)
        if self.model.day == 0:
            self.position = self.private
        self.anchor = self.kept * self.private

    def hear(self) -> None:
        """Work out where the talk would move it; nobody moves before all have heard."""
        lead = self.model.states[self.model.situation.patron].position
        self.heard = listen(
            self.position,
            self.anchor,
            self.toward_lead,
            self.pull,
            self.voice,
            lead,
            self.model.spoken,
        )

    def move(self) -> None:
        """Take up the position that the talk led to."""
        self.position = self.heard

    def stance(self, level: Level) -> Stance:
        """Say what it would say to one level in council."""
        fixed = council.fixed_stance(self.model.situation, self.index, level)
        return self.stance_by_position(level) if fixed is None else fixed

    def stance_by_position(self, level: Level) -> Stance:
        """What its position alone says to one level."""
        bar = self.model.bars[level - 1]
        if council.supports(self.position, bar):
            return Stance.SUPPORT
        if council.objects(self.position, bar, self.model.fixed.room):
            return Stance.OBJECT
        return Stance.ABSTAIN

    def sends(self) -> bool:
        """Whether it would send troops."""
        fights = not (self.is_requester or self.is_adversary)
        return fights and self.stance(Level.DEPLOY) is Stance.SUPPORT

    def claim(self) -> float:
        """Claim on the force."""
        if not self.sends():
            return 0.0
        noise = self.model.chance.shares[self.index]
        return float(forces.claim(self.model.situation, self.capability, noise))

    def pledge(self, total: float, claims: float) -> None:
        """Send its share of the force."""
        if self.sends():
            pool = self.model.situation.pools[self.index]
            self.troops = float(forces.contribution(total, self.claim(), claims, pool))


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
    def needed(self) -> float:
        """What the danger of the day adds to every view."""
        return float(need(self.intensity, self.codes.crisis["capacity"], self.model.p["b_need"]))

    def bars(self) -> tuple[Value, Value, Value]:
        """Positions needed for consult, support and deploy, as things stand."""
        case = council.treaty_case(self.model.situation, self.codes.crisis, self.channel)
        return council.bars(self.asked, self.channel, case, self.model.p)

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
        model, fixed, p = self.model, self.model.fixed, self.model.p
        share = forces.share_in_place(in_place, model.situation.forces_needed)
        self.intensity = next_intensity(
            self.intensity,
            drift_on(model.day, fixed.driven, fixed.undriven, p["trend_days"]),
            relief(share, p["kappa_force"]),
            p["sigma_intensity"] * model.chance.intensity[model.day],
        )
        self.collapsing = days_collapsing(self.collapsing, self.intensity, p["lost_at"])
        quelled, lost = ends(self.intensity, self.collapsing, model.day >= model.council.opens(), p)
        if quelled:
            self._end(Ending.QUELLED)
        elif lost:
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
        self.day_arrives = np.inf
        self.by_procedure = False

    def opens(self) -> float:
        """Day of the first sitting, as things stand."""
        model = self.model
        asked = None if model.chance.doubt is None else model.crisis.day_asked
        return float(council.first_sitting(model.situation, model.p, asked))

    def sits(self) -> bool:
        """Whether it sits today."""
        return self.model.day >= self.opens()

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
        """What the members say; each speaks for itself, so that a subclass may say otherwise."""
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
            members=tuple(voter.state for voter in voters),
        )

    def _call_up(self) -> None:
        model = self.model
        claims = added_up(state.claim() for state in model.states)
        total = float(forces.force_size(model.situation, model.chance.size))
        for state in model.states:
            state.pledge(total, claims)
        self.day_arrives = model.day + float(forces.lag(model.situation, model.chance.arrival))


class AllianceModel(mesa.Model):  # type: ignore[misc]
    """One run of one scenario.

    Parameters
    ----------
    situation, codes, parameters, chance
        The scenario compiled, and the codes and the noise of one run.
    members
        Another class of agent for some members, by ISO code (a subclass of
        :class:`MemberState`); :class:`MemberState` for the others.
    collects
        Whether a data collector records every day.
    rng
        Seed of Mesa's own generator, for subclasses that draw; the model itself draws nothing.

    Attributes
    ----------
    datacollector
        ``get_agent_vars_dataframe()`` has a row a day and member (state, private, position,
        consult, support, deploy, troops), ``get_model_vars_dataframe()`` one a day (day, danger,
        asked, answer, troops in place).
    """

    running: bool

    def __init__(
        self,
        situation: Situation,
        codes: Codes,
        parameters: Parameters,
        chance: Chance,
        *,
        members: Mapping[str, type[MemberState]] | None = None,
        collects: bool = False,
        rng: int = 0,
    ) -> None:
        super().__init__(rng=rng)
        self.situation = situation
        self.p = parameters
        self.chance = chance
        self.fixed: Fixed = fixed_of(situation, codes, parameters)
        self.steady = steady_view(codes, chance, parameters)
        self.day = 0
        self.crisis = Crisis(self, codes)
        self.council = Council(self)
        classes = members or {}
        self.states = [
            classes.get(state, MemberState)(self, index)
            for index, state in enumerate(situation.members)
        ]
        self.bars = self.crisis.bars()
        self.spoken = 0.0
        self.record: list[Day] = []
        self.datacollector = _collector() if collects else None

    @classmethod
    def from_setup(
        cls,
        setup: SetupLike,
        run: int = 0,
        seed: int = 1,
        *,
        members: Mapping[str, type[MemberState]] | None = None,
        collects: bool = True,
    ) -> AllianceModel:
        """The model of run `run` of the ensemble of `seed`.

        Parameters
        ----------
        setup
            From :func:`foedus.prepare`, or the id or path of a crisis.
        members, collects
            As in :class:`AllianceModel`.
        """
        from foedus.model.ensemble import known_members, setup_of

        setup = setup_of(setup)
        known_members(setup, members or {})
        return cls.of_run(
            setup.situation,
            setup.parameters,
            seed,
            run,
            drawn_codes=setup.drawn_codes,
            endogenous=setup.endogenous,
            members=members,
            collects=collects,
        )

    @classmethod
    def of_run(
        cls,
        situation: Situation,
        parameters: Parameters,
        seed: int,
        run: int,
        *,
        drawn_codes: bool = True,
        endogenous: bool = False,
        members: Mapping[str, type[MemberState]] | None = None,
        collects: bool = False,
    ) -> AllianceModel:
        """The model of one run, its chance and codes drawn at their addresses.

        Parameters
        ----------
        drawn_codes, endogenous
            As in :func:`foedus.model.array_engine.run_batch`.
        members, collects
            As in :class:`AllianceModel`. Mesa's own generator is keyed by seed and run.
        """
        chance = draw_chance(situation, seed, run, run + 1, with_doubt=endogenous)
        codes = draw_codes(situation, seed, run, run + 1, drawn=drawn_codes)
        own = np.random.SeedSequence(seed, spawn_key=(run,)).generate_state(1)[0]
        return cls(
            situation,
            codes.of_run(0),
            parameters,
            chance.of_run(0),
            members=members,
            collects=collects,
            rng=int(own),
        )

    def step(self) -> None:
        """Live through one day; once the crisis is over nothing happens any more."""
        if not self.running or self.day >= self.situation.horizon_days:
            self.running = False
            return
        if self.chance.doubt is not None:
            self.crisis.request(self.chance.doubt)
        self.bars = self.crisis.bars()
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
        self.running = self.running and self.day < self.situation.horizon_days

    def _talk(self) -> None:
        self.spoken = weighted_sum(
            [state.voice for state in self.states], [state.position for state in self.states]
        )
        for state in self.states:
            state.hear()
        for state in self.states:
            state.move()

    def in_place(self) -> float:
        """Troops in place today."""
        if self.day < self.council.day_arrives:
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
        if self.datacollector is not None:
            self.datacollector.collect(self)

    def live(self) -> None:
        """Live through all days to the end of the crisis or the horizon."""
        while self.running:
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


def _collector() -> mesa.DataCollector:
    return mesa.DataCollector(
        model_reporters={
            "day": "day",
            "danger": lambda model: float(model.crisis.intensity),
            "asked": lambda model: float(model.crisis.asked),
            "answer": lambda model: model.council.answer.label,
            "in_place": lambda model: int(model.in_place()),
        },
        agent_reporters={
            "state": "state",
            "private": lambda agent: float(agent.private),
            "position": lambda agent: float(agent.position),
            **{level.label: _said(level) for level in list(Level)[1:]},
            "troops": lambda agent: int(agent.troops),
        },
    )


def _said(level: Level):  # type: ignore[no-untyped-def]
    return lambda agent: agent.stance(level).name.lower()


def replay(
    situation: Situation,
    parameters: Parameters,
    seed: int,
    run: int,
    *,
    drawn_codes: bool = True,
    endogenous: bool = False,
    members: Mapping[str, type[MemberState]] | None = None,
) -> Story:
    """Play run `run` of the ensemble of `seed` as agents; parameters as in ``of_run``."""
    model = AllianceModel.of_run(
        situation,
        parameters,
        seed,
        run,
        drawn_codes=drawn_codes,
        endogenous=endogenous,
        members=members,
    )
    try:
        model.live()
        return model.told(seed, run)
    finally:
        model.close()
