"""The crises on which forecasts are judged: those with a known answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.intervals import Groups, grouped
from foedus.data.library import Case
from foedus.errors import InputError
from foedus.model.numbers import Array


@dataclass(frozen=True)
class Panel:
    """Cases with a known answer, in the order of their ids.

    Attributes:
        observed: Level of the answer (crisis,), 0 to 3.
        asked: Level asked for (crisis,), 0 to 3.
    """

    cases: tuple[Case, ...]
    observed: NDArray[np.int64]
    asked: Array

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the crises."""
        return tuple(case.id for case in self.cases)

    @property
    def alliances(self) -> tuple[str, ...]:
        """Alliance of each crisis."""
        return tuple(case.scenario.alliance for case in self.cases)

    @property
    def groups(self) -> Groups:
        """Alliance of each crisis as a number (crisis,); each its own where there is one only."""
        return grouped(self.alliances)

    def __len__(self) -> int:
        return len(self.cases)

    def __repr__(self) -> str:
        return f"<Panel: {len(self)} crises of {len(set(self.alliances))} alliances>"


def panel_of(cases: Iterable[Case]) -> Panel:
    """Take the cases that have a history.

    Raises:
        InputError: If fewer than three have one.
    """
    known = [(case, case.scenario.answer) for case in cases if case.scenario.answer is not None]
    if len(known) < 3:
        raise InputError(f"expected at least 3 crises with a known answer, found {len(known)}")
    asked = np.array([case.scenario.crisis.asked.value for case, _ in known])
    return Panel(tuple(case for case, _ in known), np.array([int(a) for _, a in known]), asked)
