"""The array engine: the days of many runs at once, the run axis last, in chunks that fit the cache.

Every run has a column until its crisis is over. The first columns are those of the chamber: runs
in which members still deliberate (:mod:`foedus.model.deliberation`).
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Ending, Level
from foedus.model import forces, request
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.council import first_sitting
from foedus.model.crisis import days_collapsing, drift_on, ends, next_intensity, relief
from foedus.model.deliberation import Chamber, Columns, Seats, of_columns
from foedus.model.numbers import Array, Parameters, Value, added_up, by_run
from foedus.model.outcome import Outcome, Trace, joined, nothing_yet
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.willingness import steady_view

CHUNK = 16 * 1024
"""Runs computed together; results do not depend on it."""

STALE, MANY = 0.25, 500
"""Columns whose runs are through are dropped once they are this share, and this many."""

MOVING = ("intensity", "collapsing", "level", "alive", "day_arrived", "sent", "relief")
ASKING = ("channel", "asked", "day_asked", "warmth")
STEADY = ("capacity", "trend", "first_sitting")
"""Rows of a course: what days change, what the requester changes, and what stays as it is."""


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

    Args:
        parameters: Register values; a value may be an array (run,) of length `n_runs`.
        drawn_codes: Whether codes on which the coders differ are drawn for each run.
        endogenous: Whether the requester decides when and what to ask, instead of history.
    """

    def part(low: int, high: int) -> Outcome:
        chance = draw_chance(situation, seed, low, high, with_doubt=endogenous)
        codes = draw_codes(situation, seed, low, high, drawn=drawn_codes)
        here = slice(low - start, high - start)
        own = by_run(parameters, lambda row: row[here])
        return simulate(situation, codes, own, chance)

    return joined([part(*edges) for edges in chunks_of(start, start + n_runs)])


def chunks_of(start: int, stop: int) -> list[tuple[int, int]]:
    """The runs ``start`` to ``stop - 1`` cut where :data:`CHUNK` divides them."""
    cuts = range((start // CHUNK + 1) * CHUNK, stop, CHUNK)
    return list(pairwise([start, *cuts, stop]))


def simulate(situation: Situation, codes: Codes, parameters: Parameters, chance: Chance) -> Outcome:
    """Simulate one run for each column of `chance`; codes and parameters may differ by run."""
    return Course(situation, codes, parameters, chance).run()


def simulate_traced(
    situation: Situation, codes: Codes, parameters: Parameters, chance: Chance
) -> tuple[Outcome, Trace]:
    """As :func:`simulate`, with every day kept."""
    course = Course(situation, codes, parameters, chance, traced=True)
    return course.run(), course.trace()


class Course:
    """The state of many runs, moved on day by day; rows are (column,) or a lone value.

    The order of a day: the requester decides (where requests are endogenous), members form their
    views and talk, the council sits, forces are pledged and arrive, the crisis moves, and may end.

    Args:
        traced: Whether every day of every run is kept; no column is dropped then.

    Attributes:
        runs: Place of each column among all runs.
        outcome: Filled in as things happen (run,).
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
        self.situation, self.p, self.chance = situation, p, chance
        self.decides = chance.doubt is not None
        self.runs = np.arange(chance.n_runs)
        self.outcome = nothing_yet(situation.n_members, chance.n_runs, situation.horizon_days)
        self.days: list[tuple[Any, ...]] | None = [] if traced else None
        self._n_through, self._was_sorted = 0, False
        self._set_rows(codes)
        self.capacity: Value = codes.crisis["capacity"]
        self.trend: Value = codes.crisis["trend"]
        self.first_sitting = first_sitting(situation, p)
        seats = Seats.of(situation, codes, p, steady_view(codes, chance, p), chance.convening)
        self.chamber = Chamber(situation, seats, self.asked, self.channel, chance.n_runs)

    def _set_rows(self, codes: Codes) -> None:
        n, crisis, standing = self.chance.n_runs, codes.crisis, codes.standing
        self.intensity = np.array(np.broadcast_to(crisis["threat"], n), dtype=np.float64)
        self.collapsing: Value = np.zeros(n, np.int16)
        self.level = np.zeros(n, np.int8)
        self.alive = np.ones(n, np.bool_)
        self.day_arrived = np.full(n, np.inf)
        self.sent, self.relief = np.zeros(n), np.zeros(n)
        self.channel: Value = np.zeros(n) if self.decides else crisis["request"]
        self.asked: Value = np.zeros(n) if self.decides else crisis["asked"]
        self.day_asked = np.full(n, -1 if self.decides else 0, np.int16)
        self.warmth: Value = request.warmth(
            standing["alignment"], standing["capability"], self.situation.addressees
        )

    def run(self) -> Outcome:
        """Live through all days."""
        for day in range(self.situation.horizon_days):
            if self.days is None and self._n_through >= max(STALE * len(self.runs), MANY):
                self._drop()
            if not self.alive.any() and self.days is None:
                break
            self._day(day)
        self._note_requests()
        return self.outcome

    def trace(self) -> Trace:
        """The days lived, where they were kept."""
        assert self.days is not None
        return Trace(*(np.stack(column) for column in zip(*self.days, strict=True)))

    def _day(self, day: int) -> None:
        if self.chance.doubt is not None:
            self._request(day, self._here(self.chance.doubt))
        if self.chamber.n:
            self._deliberate(day)
        arrived = day >= self.day_arrived
        if self.days is not None:
            self._record(self.sent * arrived)
        self._crisis(day, self.relief * arrived)

    def _here(self, row: Array) -> Array:
        """A row of all runs, by column."""
        return row.take(self.runs) if self._was_sorted else row

    def _drop(self) -> None:
        """Drop the columns of runs that are over, and from the chamber those that deployed."""
        self._note_requests()
        open_ = self.alive & (self.level < Level.DEPLOY)
        in_chamber = np.flatnonzero(open_)
        self.chamber = self.chamber.of_columns(in_chamber)
        order = np.concatenate([in_chamber, np.flatnonzero(self.alive & ~open_)])
        for name in ("runs", *MOVING, *ASKING, *STEADY):
            setattr(self, name, of_columns(getattr(self, name), order))
        self.p = of_columns(self.p, order)
        self._n_through, self._was_sorted = 0, True

    def _note_requests(self) -> None:
        self.outcome.asked[self.runs] = self.asked
        self.outcome.channel[self.runs] = self.channel
        self.outcome.day_asked[self.runs] = self.day_asked

    def _request(self, day: int, doubt: Array) -> None:
        p = self.p
        wish = request.wish(self.intensity, self.capacity, self.warmth, p)
        asks = request.asks(wish, p["sigma_ask"] * doubt, p["ask_bar"]) & self.alive
        self.channel = request.next_channel(self.channel, asks)
        self.asked = request.next_asked(self.asked, asks, self.intensity, p)
        self.day_asked[asks & (self.day_asked < 0)] = day

    def _deliberate(self, day: int) -> None:
        chamber, n = self.chamber, self.chamber.n
        if self.decides:
            chamber.attend(self.asked[:n], self.channel[:n])
        chamber.talk(self.intensity[:n])
        sits = day >= _first(self._first_sitting(), n)
        if not np.any(sits):
            return
        answer = chamber.answer()
        rising = np.flatnonzero((answer > self.level[:n]) & self.alive[:n] & sits)
        if len(rising):
            self._decide(day, rising, answer[rising])

    def _first_sitting(self) -> Value:
        if not self.decides:
            return self.first_sitting
        return first_sitting(self.situation, self.p, self.day_asked)

    def _decide(self, day: int, rising: Columns, answer: NDArray[np.int8]) -> None:
        risen = self.runs[rising]
        self.level[rising] = answer
        self.outcome.level[risen] = answer
        self.outcome.day_decided[risen] = day
        deploying = rising[answer == Level.DEPLOY]
        if len(deploying):
            self._pledge(day, deploying)

    def _pledge(self, day: int, columns: Columns) -> None:
        runs, chance = self.runs[columns], self.chance
        sent = self.chamber.pledges(columns, chance.size[runs], chance.shares[:, runs])
        total = added_up(sent)
        share = forces.share_in_place(total, self.situation.forces_needed)
        self.outcome.troops[:, runs] = sent
        self.sent[columns] = total
        self.relief[columns] = relief(share, of_columns(self.p["kappa_force"], columns))
        self.day_arrived[columns] = day + forces.lag(self.situation, chance.arrival[runs])
        self._n_through += len(columns)

    def _crisis(self, day: int, relieved: Array) -> None:
        p = self.p
        shock = p["sigma_intensity"] * self._here(self.chance.intensity[day])
        drift = drift_on(day, self.trend, self.capacity, p)
        moved = next_intensity(self.intensity, drift, relieved, shock)
        self.intensity = np.where(self.alive, moved, self.intensity)
        self.collapsing = days_collapsing(self.collapsing, self.intensity, p["lost_at"])
        quelled, lost = (
            self.alive & over
            for over in ends(self.intensity, self.collapsing, day >= self._first_sitting(), p)
        )
        for over, ending in ((quelled, Ending.QUELLED), (lost, Ending.LOST)):
            columns = np.flatnonzero(over)
            if len(columns):
                self._end(day, columns, ending)

    def _end(self, day: int, columns: Columns, ending: Ending) -> None:
        self.alive[columns] = False
        self.outcome.ending[self.runs[columns]] = ending
        self.outcome.day_ended[self.runs[columns]] = day + 1
        self._n_through += len(columns)

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


def _first(row: Value, n: int) -> Value:
    """The first columns of a row; a lone value stays as it is."""
    return row if np.ndim(row) == 0 else row[:n]
