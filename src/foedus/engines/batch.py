"""The array engine: many runs at once, the run axis last, in blocks that fit the cache.

The order of a day: the requester decides (where requests are endogenous), members form their
views, talk, the council sits, forces are pledged and arrive, the crisis moves, and may end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.core import council, forces, request
from foedus.core.crisis import days_collapsing, is_quelled, next_intensity, relief
from foedus.core.influence import talk
from foedus.core.numbers import Array, Parameters, Value, added_up
from foedus.core.situation import Chance, Codes, Situation
from foedus.core.willingness import informality, insisting, need
from foedus.data.terms import Ending, Level
from foedus.engines.chance import draw_chance, draw_codes
from foedus.engines.outcome import Outcome, Trace, joined
from foedus.engines.setting import Setting, first_sitting, setting_of

CHUNK = 16 * 1024
"""Runs computed together; results do not depend on it."""


def run_batch(
    situation: Situation,
    parameters: Parameters,
    seed: int,
    n_runs: int,
    *,
    start: int = 0,
    drawn_codes: bool = True,
    endogenous: bool = False,
) -> Outcome:
    """Simulate the runs ``start`` to ``start + n_runs - 1`` of the ensemble of `seed`.

    Parameters
    ----------
    situation
        The compiled scenario.
    parameters
        Register values; a value may be an array (run,) of length `n_runs`.
    drawn_codes
        Whether codes on which the coders differ are drawn for each run.
    endogenous
        Whether the requester decides when and what to ask, instead of history.
    """
    parts = []
    stop = start + n_runs
    for low in range(start, stop, CHUNK):
        high = min(low + CHUNK, stop)
        chance = draw_chance(situation, seed, low, high, with_doubt=endogenous)
        codes = draw_codes(situation, seed, low, high, drawn=drawn_codes)
        own = parameters_of(parameters, low - start, high - start)
        parts.append(simulate(situation, codes, own, chance))
    return joined(parts)


def parameters_of(parameters: Parameters, low: int, high: int) -> Parameters:
    """The parameters of some of the runs, where a value may differ by run."""
    return {
        name: value if np.ndim(value) == 0 else value[low:high]
        for name, value in parameters.items()
    }


def simulate(situation: Situation, codes: Codes, parameters: Parameters, chance: Chance) -> Outcome:
    """Simulate one run for each column of `chance`.

    Parameters
    ----------
    codes
        Attribute values, shared by all runs or one a run.
    parameters
        Register values; a value may be an array (run,).
    chance
        Standardised noise.
    """
    return _Batch.begin(situation, codes, parameters, chance).run()


def simulate_traced(
    situation: Situation, codes: Codes, parameters: Parameters, chance: Chance
) -> tuple[Outcome, Trace]:
    """As :func:`simulate`, with every day kept."""
    batch = _Batch.begin(situation, codes, parameters, chance)
    batch.days = []
    outcome = batch.run()
    columns = zip(*batch.days, strict=True)
    return outcome, Trace(*(np.stack(list(column)) for column in columns))


@dataclass
class _Batch:
    """State of many runs, moved on day by day."""

    situation: Situation
    p: Parameters
    chance: Chance
    setting: Setting
    codes: Codes
    steady: Array
    intensity: Array
    channel: Value
    asked: Value
    positions: Array | None
    level: NDArray[np.int8]
    day_decided: NDArray[np.int16]
    day_ended: NDArray[np.int16]
    day_asked: NDArray[np.int16]
    ending: NDArray[np.int8]
    alive: NDArray[np.bool_]
    collapsing: Value
    troops: Array
    day_deployed: Array
    days: list[tuple[Any, ...]] | None = field(default=None)

    @classmethod
    def begin(cls, situation: Situation, codes: Codes, p: Parameters, chance: Chance) -> _Batch:
        n = chance.n_runs
        setting = setting_of(situation, codes, p)
        shared = setting.shared + p["sigma_crisis"] * chance.crisis
        endogenous = chance.doubt is not None
        return cls(
            situation=situation,
            p=p,
            chance=chance,
            setting=setting,
            codes=codes,
            steady=shared + (setting.own + p["sigma_member"] * chance.members),
            intensity=np.array(np.broadcast_to(codes.crisis["threat"], n), dtype=np.float64),
            channel=np.zeros(n) if endogenous else codes.crisis["request"],
            asked=np.zeros(n) if endogenous else codes.crisis["asked"],
            positions=None,
            level=np.zeros(n, np.int8),
            day_decided=np.full(n, -1, np.int16),
            day_ended=np.full(n, situation.horizon_days, np.int16),
            day_asked=np.full(n, -1 if endogenous else 0, np.int16),
            ending=np.full(n, Ending.HORIZON, np.int8),
            alive=np.ones(n, np.bool_),
            collapsing=np.zeros(n, np.int64),
            troops=np.zeros((situation.n_members, n)),
            day_deployed=np.full(n, np.inf),
        )

    def run(self) -> Outcome:
        first = first_sitting(self.situation, self.p)
        for day in range(self.situation.horizon_days):
            if not self.alive.any() and self.days is None:
                break
            self._day(day, first)
        n = self.chance.n_runs
        return Outcome(
            level=self.level,
            day_decided=self.day_decided,
            day_ended=self.day_ended,
            ending=self.ending,
            troops=self.troops.astype(np.int32),
            day_asked=self.day_asked,
            asked=np.array(np.broadcast_to(self.asked, n), dtype=np.float64),
            channel=np.array(np.broadcast_to(self.channel, n), dtype=np.float64),
        )

    def _day(self, day: int, first: Value) -> None:
        if self.chance.doubt is not None:
            self._request(day, self.chance.doubt[day])
        bars = council.bars(self.asked, self.p)
        private = self._views(bars)
        before = private if self.positions is None else self.positions
        self.positions = talk(
            before, private, self.setting.pull, self.setting.voice, int(self.p["rounds_per_day"])
        )
        sits = self.alive & (day >= self._first_sitting(first))
        if sits.any():
            self._council(day, bars, sits)
        in_place = self._in_place(day)
        if self.days is not None:
            self._record(private, bars, in_place)
        self._crisis(day, in_place)

    def _first_sitting(self, first: Value) -> Value:
        """In endogenous runs the day after the request, or the council's own initiative."""
        if self.chance.doubt is None:
            return first
        own = np.maximum(0, self.p["own_initiative_lag"] - self.situation.days_since_onset)
        return np.where(self.day_asked >= 0, np.minimum(self.day_asked + 1, own), own)

    def _request(self, day: int, doubt: Array) -> None:
        crisis, standing = self.codes.crisis, self.codes.standing
        addressees = self.situation.addressees
        warm = request.warmth(standing["alignment"], standing["capability"], addressees)
        wish = request.wish(self.intensity, crisis["capacity"], warm, self.p)
        asks = request.asks(wish, self.p["sigma_ask"] * doubt, self.p["ask_bar"]) & self.alive
        self.channel = request.next_channel(self.channel, asks)
        self.asked = request.next_asked(self.asked, asks, self.intensity, self.p)
        self.day_asked[asks & (self.day_asked < 0)] = day

    def _views(self, bars: tuple[Value, Value, Value]) -> Array:
        pressing = need(self.intensity, self.codes.crisis["capacity"], self.p["b_need"])
        private: Array = self.steady + (pressing + informality(self.channel, self.p["b_request"]))
        r = self.situation.requester
        private[r] = insisting(private[r], self.asked, bars)
        return private

    def _council(self, day: int, bars: tuple[Value, Value, Value], sits: Array) -> None:
        passed = [
            council.PASSES[self.situation.rule](self._ballot(level, bars[level - 1]))
            for level in (Level.CONSULT, Level.SUPPORT, Level.DEPLOY)
        ]
        rises = sits & (council.answer(passed) > self.level)
        if not rises.any():
            return
        answer = council.answer(passed).astype(np.int8)
        self.level = np.where(rises, answer, self.level)
        self.day_decided[rises] = day
        deploys = rises & (answer == Level.DEPLOY)
        if deploys.any():
            self._pledge(day, bars[2], deploys)

    def _ballot(self, level: Level, bar: Value) -> council.Ballot:
        s, x = self.situation, self.positions
        assert x is not None
        enemy = s.adversary if level > Level.CONSULT else None
        nobody, everybody = np.False_, np.True_
        return council.Ballot(
            supports=[nobody if i == enemy else council.supports(x[i], bar) for i in s.voters],
            objects=[
                everybody if i == enemy else council.objects(x[i], bar, self.setting.room)
                for i in s.voters
            ],
            positions=[x[i] for i in s.voters],
            capability=[self.setting.capability[i] for i in s.voters],
            patron_supports=nobody if s.patron == enemy else council.supports(x[s.patron], bar),
            bar=bar,
        )

    def _pledge(self, day: int, bar: Value, deploys: NDArray[np.bool_]) -> None:
        s, x, p = self.situation, self.positions, self.p
        assert x is not None
        sends = [
            deploys & (x[i] >= bar) & (i not in (s.requester, s.adversary))
            for i in range(s.n_members)
        ]
        capability = self.setting.capability
        claims = [
            np.where(sends[i], forces.eagerness(x[i], bar, capability[i], p["omega"]), 0.0)
            for i in range(s.n_members)
        ]
        token = p["token_company"]
        wanted = min(s.forces_needed, s.alliance_pool)
        n_senders = added_up(np.asarray(sent, dtype=np.int64) for sent in sends)
        rest = np.maximum(0.0, wanted - n_senders * token)
        total = added_up(claims)
        for i in range(s.n_members):
            men = forces.contribution(claims[i], total, token, rest, s.pools[i])
            self.troops[i] = np.where(sends[i], men, self.troops[i])
        self.day_deployed[deploys] = day

    def _in_place(self, day: int) -> Array:
        arrived = day >= self.day_deployed + self.setting.lag_days
        if not arrived.any():
            return np.zeros(self.chance.n_runs)
        return np.where(arrived, added_up(self.troops), 0.0)

    def _crisis(self, day: int, in_place: Array) -> None:
        p = self.p
        share = forces.share_in_place(in_place, self.situation.forces_needed)
        moved = next_intensity(
            self.intensity,
            self.setting.drift,
            relief(share, p["kappa_force"]),
            p["sigma_intensity"] * self.chance.intensity[day],
        )
        self.intensity = np.where(self.alive, moved, self.intensity)
        quelled = self.alive & is_quelled(self.intensity, p["quelled_at"])
        self.collapsing = days_collapsing(self.collapsing, self.intensity, p["lost_at"])
        lost = self.alive & (self.collapsing >= p["collapse_days"])
        over = quelled | lost
        if over.any():
            self.ending[quelled] = Ending.QUELLED
            self.ending[lost] = Ending.LOST
            self.day_ended[over] = day + 1
            self.alive = self.alive & ~over

    def _record(self, private: Array, bars: tuple[Value, ...], in_place: Array) -> None:
        n = self.chance.n_runs
        assert self.days is not None
        assert self.positions is not None
        self.days.append(
            (
                self.intensity,
                private,
                self.positions,
                self.level,
                in_place,
                np.stack([np.broadcast_to(bar, n) for bar in bars]),
            )
        )
