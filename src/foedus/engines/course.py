"""The days of many runs: what is asked, what the council answers, how the crisis runs and ends."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.core import forces, request
from foedus.core.crisis import days_collapsing, is_quelled, next_intensity, relief
from foedus.core.numbers import Array, Parameters, Value, added_up
from foedus.core.situation import Chance, Codes, Situation
from foedus.data.terms import Ending, Level
from foedus.engines.chamber import Chamber, Seats, of_columns
from foedus.engines.outcome import Outcome, Trace
from foedus.engines.setting import first_sitting, setting_of

SPARSE = 0.75
"""Share of columns still needed below which the others are dropped (speed alone)."""


class Course:
    """The state of many runs, moved on day by day; arrays (run,) unless said otherwise.

    The order of a day: the requester decides (where requests are endogenous), members form their
    views and talk, the council sits, forces are pledged and arrive, the crisis moves, and may end.

    Parameters
    ----------
    situation, codes, p, chance
        As in :func:`foedus.engines.batch.simulate`.
    traced
        Whether every day of every run is kept.
    """

    def __init__(
        self,
        situation: Situation,
        codes: Codes,
        p: Parameters,
        chance: Chance,
        *,
        traced: bool = False,
    ) -> None:
        n, crisis = chance.n_runs, codes.crisis
        self.situation, self.codes, self.p, self.chance = situation, codes, p, chance
        self.setting = setting_of(situation, codes, p)
        self.decides = chance.doubt is not None
        self.intensity = np.array(np.broadcast_to(crisis["threat"], n), dtype=np.float64)
        self.channel: Value = np.zeros(n) if self.decides else crisis["request"]
        self.asked: Value = np.zeros(n) if self.decides else crisis["asked"]
        self.level = np.zeros(n, np.int8)
        self.day_decided = np.full(n, -1, np.int16)
        self.day_ended = np.full(n, situation.horizon_days, np.int16)
        self.day_asked = np.full(n, -1 if self.decides else 0, np.int16)
        self.ending = np.full(n, Ending.HORIZON, np.int8)
        self.alive = np.ones(n, np.bool_)
        self.collapsing: Value = np.zeros(n, np.int16)
        self.troops = np.zeros((situation.n_members, n), np.int32)
        self.men = np.zeros(n)
        self.day_arrived = np.full(n, np.inf)
        self.chamber = self._chamber()
        self.days: list[tuple[Any, ...]] | None = [] if traced else None

    def _chamber(self) -> Chamber:
        shared = self.setting.shared + self.p["sigma_crisis"] * self.chance.crisis
        own = self.setting.own + self.p["sigma_member"] * self.chance.members
        seats = Seats.of(self.setting, self.codes, self.p, shared + own)
        return Chamber(self.situation, seats, np.arange(self.chance.n_runs), self.asked)

    def run(self) -> Outcome:
        """Live through all days."""
        for day in range(self.situation.horizon_days):
            if not self.alive.any() and self.days is None:
                break
            self._day(day)
        n = self.chance.n_runs
        return Outcome(
            level=self.level,
            day_decided=self.day_decided,
            day_ended=self.day_ended,
            ending=self.ending,
            troops=self.troops,
            day_asked=self.day_asked,
            asked=np.array(np.broadcast_to(self.asked, n), dtype=np.float64),
            channel=np.array(np.broadcast_to(self.channel, n), dtype=np.float64),
        )

    def trace(self) -> Trace:
        """The days lived, where they were kept."""
        assert self.days is not None
        return Trace(*(np.stack(column) for column in zip(*self.days, strict=True)))

    def _day(self, day: int) -> None:
        if self.chance.doubt is not None:
            self._request(day, self.chance.doubt[day])
        if self.days is None:
            self._dismiss()
        if len(self.chamber.runs):
            self._deliberate(day)
        in_place = np.where(day >= self.day_arrived, self.men, 0.0)
        if self.days is not None:
            self._record(in_place)
        self._crisis(day, in_place)

    def _request(self, day: int, doubt: Array) -> None:
        standing, p = self.codes.standing, self.p
        addressees = self.situation.addressees
        warm = request.warmth(standing["alignment"], standing["capability"], addressees)
        wish = request.wish(self.intensity, self.codes.crisis["capacity"], warm, p)
        asks = request.asks(wish, p["sigma_ask"] * doubt, p["ask_bar"]) & self.alive
        self.channel = request.next_channel(self.channel, asks)
        self.asked = request.next_asked(self.asked, asks, self.intensity, p)
        self.day_asked[asks & (self.day_asked < 0)] = day

    def _dismiss(self) -> None:
        """Drop the columns of runs whose answer can no longer rise, once they are many."""
        runs = self.chamber.runs
        open_ = (self.alive & (self.level < Level.DEPLOY))[runs]
        n_open = np.count_nonzero(open_)
        if n_open < SPARSE * len(runs):
            self.chamber = self.chamber.of_columns(np.flatnonzero(open_))

    def _deliberate(self, day: int) -> None:
        chamber, runs = self.chamber, self.chamber.runs
        if self.decides:
            chamber.attend(of_columns(self.asked, runs))
        chamber.talk(self.intensity.take(runs), of_columns(self.channel, runs))
        sits = day >= self._first_sitting()
        if not np.any(sits):
            return
        answer = chamber.answer()
        rises = (answer > self.level[runs]) & self.alive[runs] & of_columns(sits, runs)
        columns = np.flatnonzero(rises)
        if not len(columns):
            return
        risen = runs[columns]
        self.level[risen] = answer[columns]
        self.day_decided[risen] = day
        self._pledge(day, columns[answer[columns] == Level.DEPLOY])

    def _first_sitting(self) -> Value:
        """In endogenous runs the day after the request, or the council's own initiative."""
        if not self.decides:
            return first_sitting(self.situation, self.p)
        own = np.maximum(0, self.p["own_initiative_lag"] - self.situation.days_since_onset)
        return np.where(self.day_asked >= 0, np.minimum(self.day_asked + 1, own), own)

    def _pledge(self, day: int, columns: NDArray[np.intp]) -> None:
        if not len(columns):
            return
        runs = self.chamber.runs[columns]
        men = self.chamber.pledges(columns)
        self.troops[:, runs] = men
        self.men[runs] = added_up(men)
        self.day_arrived[runs] = day + of_columns(self.setting.lag_days, runs)

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
        lost = self.alive & ~quelled & (self.collapsing >= p["collapse_days"])
        over = quelled | lost
        if over.any():
            self.ending[quelled] = Ending.QUELLED
            self.ending[lost] = Ending.LOST
            self.day_ended[over] = day + 1
            self.alive = self.alive & ~over

    def _record(self, in_place: Array) -> None:
        chamber, n = self.chamber, self.chance.n_runs
        assert self.days is not None
        assert chamber.positions is not None
        self.days.append(
            (
                self.intensity,
                chamber.private.copy(),
                chamber.positions.copy(),
                self.level.copy(),
                in_place,
                np.stack([np.broadcast_to(bar, n) for bar in chamber.bars]),
            )
        )
