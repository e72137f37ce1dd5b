"""What a figure is asked for, and what is computed for it: each thing once, when first needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from foedus.analysis.explain.decomposition import Explanation, Listening, explain, listening
from foedus.analysis.summary import Summary, Unfolding, summarise, unfold
from foedus.data.settings import Settings
from foedus.errors import UsageError
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, Ensemble, ensemble, story
from foedus.model.outcome import Story
from foedus.model.setup import Setup
from foedus.plots.words import runs, set_by_hand

MOST_TRACED = 4096
"""Runs traced day by day for a figure; more would not move a pixel."""


@dataclass(frozen=True)
class Wanted:
    """What a figure is asked for.

    Attributes:
        setup: Of the case; None for figures of the whole library.
        settings: Parameters set by hand, for figures of the whole library.
        run: Number of a run; None for the run without noise.
        member: ISO code of a member.
        along: Parameter or attribute that a response curve follows.
        alliance: Id or folder of an alliance, whose crises alone are shown.
        n_draws, runs_each: Of the tournament: draws from the priors, and runs of each.
        progress: Called with a line on what is being done.
    """

    setup: Setup | None = None
    settings: Settings | None = None
    n_runs: int = DEFAULT_RUNS
    seed: int = DEFAULT_SEED
    run: int | None = None
    member: str | None = None
    along: str | None = None
    alliance: str | None = None
    n_draws: int = 1000
    runs_each: int = 48
    progress: Callable[[str], None] = lambda _: None

    @property
    def case(self) -> Setup:
        """The setup of a figure that needs one."""
        if self.setup is None:
            raise UsageError("this figure needs a scenario: foedus plot KIND ID --out FILE")
        return self.setup

    def source(self, n_runs: int | None = None, *, seeded: bool = False) -> str:
        """The source line of a figure: what was run, how often, under which seed and version.

        Args:
            n_runs: Of an ensemble.
            seeded: Whether chance had a part in the one run that is shown.
        """
        case = self.case.case
        parts = [f"foedus {version('foedus')}", f"scenario {case.id} ({case.digest[:8]})"]
        if n_runs is not None:
            parts.append(f"{runs(n_runs)}, seed {self.seed}")
        parts.append(set_by_hand(self.case))
        return " · ".join([*parts, f"seed {self.seed}"] if seeded else parts)

    @cached_property
    def result(self) -> Ensemble:
        """All runs."""
        return ensemble(self.case, self.n_runs, self.seed)

    @cached_property
    def summary(self) -> Summary:
        """All runs in a few numbers."""
        return summarise(self.result)

    @cached_property
    def unfolding(self) -> Unfolding:
        """The runs day by day."""
        return unfold(self.case, min(self.n_runs, MOST_TRACED), self.seed)

    @cached_property
    def told(self) -> Story:
        """One run as a story: the first, where none is asked for."""
        return story(self.case, self.run or 0, self.seed)

    @cached_property
    def explanation(self) -> Explanation:
        """One run explained: that without noise, where none is asked for."""
        return explain(self.case, self.run, self.seed)

    @cached_property
    def network(self) -> Listening:
        """Who listens to whom."""
        return listening(self.case)
