"""The agent engine: one Mesa agent a member state, one crisis, one council, day by day.

The same equations as the array engine, scheduled the way a person would tell it. Run n of an
ensemble, replayed here, is identical bit for bit. Subclass :class:`MemberState` to give a member
another rule of decision, and pass the class to :class:`AllianceModel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import Any

import mesa
import numpy as np

from foedus.data.terms import Level
from foedus.errors import UsageError
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.council import room_of
from foedus.model.influence import Ears, ears_of
from foedus.model.mesa_agents import Council, Crisis, MemberState
from foedus.model.numbers import Parameters, added_up, weighted_sum
from foedus.model.outcome import Day, Outcome, Story, nothing_yet
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.willingness import steady_view

__all__ = ["AllianceModel", "MemberState", "replay"]


class AllianceModel(mesa.Model):  # type: ignore[misc]
    """One run of one scenario, under the codes and the noise of that run.

    Args:
        members: Another class of agent for some members, by ISO code (a subclass of
            :class:`MemberState`); :class:`MemberState` for the others.
        collects: Whether a data collector records every day.
        rng: Seed of Mesa's own generator, for subclasses that draw; the model itself draws nothing.

    Attributes:
        datacollector: ``get_agent_vars_dataframe()`` has a row a day and member (state, private,
            position, consult, support, deploy, troops), ``get_model_vars_dataframe()`` one a day
            (day, danger, asked, answer, troops in place).
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
        self.ears: Ears = ears_of(situation, codes, parameters)
        self.room = room_of(situation, parameters)
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
        """The model of run `run` of the ensemble of `seed`; options as in the class.

        Args:
            setup: From :func:`foedus.prepare`, or the id or path of a crisis.
        """
        setup = setup_of(setup)
        situation, options = setup.situation, {**setup.draws, "collects": collects}
        _check_members(situation, members or {})
        return cls.of_run(situation, setup.parameters, seed, run, members=members, **options)

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

        `drawn_codes` and `endogenous` are as in :func:`foedus.model.array_engine.run_batch`.
        Mesa's own generator is keyed by seed and run.
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
        consult, support, deploy = (float(bar) for bar in self.bars)
        day = Day(
            day=self.day,
            intensity=float(self.crisis.intensity),
            asked=float(self.crisis.asked),
            channel=float(self.crisis.channel),
            bars=(consult, support, deploy),
            council_sat=sits,
            by_procedure=sits and self.council.by_procedure,
            answer=self.council.answer,
            in_place=int(in_place),
            members=tuple(state.of_day() for state in self.states),
        )
        self.record.append(day)
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
            **{level.label: partial(_said, level) for level in list(Level)[1:]},
            "troops": lambda agent: int(agent.troops),
        },
    )


def _said(level: Level, agent: MemberState) -> str:
    return agent.stance(level).label


def replay(
    situation: Situation, parameters: Parameters, seed: int, run: int, **options: Any
) -> Story:
    """Play run `run` of the ensemble of `seed` as agents; options as in ``of_run``."""
    return lived(AllianceModel.of_run(situation, parameters, seed, run, **options), seed, run)


def lived(model: AllianceModel, seed: int, run: int) -> Story:
    """The story of a run, lived to its end and then let go."""
    with closing(model):
        model.live()
        return model.told(seed, run)


def run_agents(
    setup: Setup, seed: int, n_runs: int, members: Mapping[str, type[MemberState]]
) -> Outcome:
    """Live through the runs ``0`` to ``n_runs - 1`` one by one with Mesa.

    Without classes of one's own the outcome is that of
    :func:`foedus.model.array_engine.run_batch`, bit for bit.
    """
    situation = setup.situation
    outcome = nothing_yet(situation.n_members, n_runs, situation.horizon_days)
    for run in range(n_runs):
        model = AllianceModel.from_setup(setup, run, seed, members=members, collects=False)
        with closing(model):
            model.live()
            _write(outcome, run, model)
    return outcome


def _write(outcome: Outcome, run: int, model: AllianceModel) -> None:
    council, crisis = model.council, model.crisis
    outcome.level[run] = council.answer
    outcome.day_decided[run] = council.day_decided
    outcome.day_ended[run] = crisis.day_ended
    outcome.ending[run] = crisis.ending
    outcome.troops[:, run] = np.array([state.troops for state in model.states]).astype(np.int32)
    outcome.day_asked[run] = crisis.day_asked
    outcome.asked[run] = crisis.asked
    outcome.channel[run] = crisis.channel


def _check_members(situation: Situation, members: Mapping[str, type[MemberState]]) -> None:
    """Refuse a class that is none of agents, or belongs to no state that sits."""
    sitting = situation.members
    for state, kind in members.items():
        if state not in sitting:
            raise UsageError(f"{state} is not a member here; members: {' '.join(sitting)}")
        if not (isinstance(kind, type) and issubclass(kind, MemberState)):
            raise UsageError(f"members[{state!r}]: expected a subclass of MemberState")
