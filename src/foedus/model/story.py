"""One run as the agent engine tells it: what happened on each day, and who said what."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.data.terms import Ending, Level, Stance


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
        level, day_decided, day_ended, ending, troops: As in :class:`foedus.model.outcome.Outcome`,
            for this run alone.
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
