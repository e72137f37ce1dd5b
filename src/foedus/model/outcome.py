"""What runs leave behind: arrays with the run last, and one run day by day as a story."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.data.terms import Ending, Level, Stance
from foedus.model.numbers import Array


@dataclass(frozen=True)
class Outcome:
    """Results of runs.

    Attributes:
        level: Answer (run,), 0 to 3.
        day_decided: Day on which that answer was reached (run,); -1 where it is none.
        day_ended: Day on which the crisis ended (run,); the horizon where it did not.
        ending: :class:`foedus.data.terms.Ending` (run,).
        troops: Troops pledged (member, run).
        day_asked: Day of the request (run,); -1 where none was made in an endogenous run, 0 where
            scheduled.
        asked, channel: Level asked for and channel used at the end (run,).
    """

    level: NDArray[np.int8]
    day_decided: NDArray[np.int16]
    day_ended: NDArray[np.int16]
    ending: NDArray[np.int8]
    troops: NDArray[np.int32]
    day_asked: NDArray[np.int16]
    asked: Array
    channel: Array

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return int(self.level.shape[0])

    def part(self, start: int, stop: int) -> "Outcome":
        """The runs ``start`` to ``stop - 1`` alone."""
        return Outcome(*(getattr(self, name)[..., start:stop] for name in FIELDS))


FIELDS = tuple(Outcome.__dataclass_fields__)


def nothing_yet(n_members: int, n_runs: int, horizon_days: int) -> Outcome:
    """The outcome of runs in which nothing has happened yet, to be filled in."""
    return Outcome(
        level=np.full(n_runs, Level.NONE, np.int8),
        day_decided=np.full(n_runs, -1, np.int16),
        day_ended=np.full(n_runs, horizon_days, np.int16),
        ending=np.full(n_runs, Ending.HORIZON, np.int8),
        troops=np.zeros((n_members, n_runs), np.int32),
        day_asked=np.full(n_runs, -1, np.int16),
        asked=np.zeros(n_runs),
        channel=np.zeros(n_runs),
    )


def joined(parts: Sequence[Outcome]) -> Outcome:
    """Outcomes of consecutive ranges of runs as one."""
    if len(parts) == 1:
        return parts[0]
    return Outcome(
        *(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in FIELDS)
    )


@dataclass(frozen=True)
class Trace:
    """Days of the same runs, for stories and for proof that the engines agree.

    Attributes:
        intensity: I_t at the start of each day (day, run).
        private, positions: u and x of each day, after talk (day, member, run), log-odds.
        answer: The standing answer at the end of each day (day, run).
        in_place: Troops in place on each day (day, run).
        bars: Bars of consult, support and deploy on each day (day, level, run), log-odds.
    """

    intensity: Array
    private: Array
    positions: Array
    answer: NDArray[np.int8]
    in_place: Array
    bars: Array


@dataclass(frozen=True)
class MemberDay:
    """What one member thought and said on one day; positions in log-odds."""

    state: str
    private: float
    position: float
    stances: tuple[Stance, Stance, Stance]
    troops: int


@dataclass(frozen=True)
class Day:
    """One day of a story.

    Attributes:
        by_procedure: Whether the council consults today although its rule brings nothing: it meets
            when asked.
    """

    day: int
    intensity: float
    asked: float
    channel: float
    bars: tuple[float, float, float]
    council_sat: bool
    by_procedure: bool
    answer: Level
    in_place: int
    members: tuple[MemberDay, ...]


@dataclass(frozen=True, repr=False)
class Story:
    """One possible history of a crisis.

    Attributes:
        days: In order, up to the end of the crisis or the horizon.
        level, day_decided, day_ended, ending, troops: As in :class:`Outcome`, for this run alone.
    """

    seed: int
    run: int
    days: tuple[Day, ...]
    level: Level
    day_decided: int
    day_ended: int
    ending: Ending
    troops: dict[str, int]

    def __repr__(self) -> str:
        """One line: which run, what was answered when, and how it ended."""
        when = f" on day {self.day_decided}" if self.day_decided >= 0 else ""
        return (
            f"Story(run {self.run}, seed {self.seed}: {self.level.label}{when}, "
            f"{self.ending.label} after {self.day_ended} days)"
        )
