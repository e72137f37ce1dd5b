"""All that a report on one crisis is made of, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foedus.analysis.explain.control import Turn, turns_of
from foedus.analysis.explain.decomposition import Explanation, Listening, explain, listening
from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.summary import Summary, Unfolding, summarise, unfold
from foedus.data.library import Case
from foedus.model.ensemble import Ensemble, ensemble, story
from foedus.model.numbers import Array
from foedus.model.outcome import Story
from foedus.model.setup import Setup
from foedus.plots.catalogue import MOST_TRACED
from foedus.plots.words import source_of

if TYPE_CHECKING:
    from foedus.analysis.explain.sensitivity import Sensitivity

RUNS_TURNED = 400
"""Runs of each bar of the figure on who decides; assumed enough for the eye."""


@dataclass(frozen=True)
class Material:
    """What is known about one crisis under one setup.

    Attributes:
        over_priors: Probability of each answer (level,) when every run draws its uncertain
            parameters.
        told: One run as a story.
        explanation: The run without noise, explained.
        sensitivity: Effects of the inputs, where a study was made.
    """

    result: Ensemble
    summary: Summary
    over_priors: Array
    unfolding: Unfolding
    told: Story
    explanation: Explanation
    network: Listening
    turns: tuple[Turn, ...]
    sensitivity: Sequence[Sensitivity] = ()

    @property
    def setup(self) -> Setup:
        """The setup of the ensemble."""
        return self.result.setup

    @property
    def case(self) -> Case:
        """The case."""
        return self.result.setup.case

    @property
    def source(self) -> str:
        """The source line of a figure without chance."""
        return source_of(self.setup, self.result.seed, None, self.result.version)


def gather(
    setup: Setup, n_runs: int, seed: int, run: int = 0, *, sensitivity: bool = False
) -> Material:
    """Compute all that a report on one crisis needs.

    Args:
        run: The run that is told as a story.
        sensitivity: Whether to study what drives the answer; this takes some thousand points more.
    """
    studies: Sequence[Sensitivity] = ()
    if sensitivity:
        from foedus.analysis.explain.sensitivity import study

        studies = study(setup, seed=seed)
    result = ensemble(setup, n_runs, seed)
    return Material(
        result=result,
        summary=summarise(result),
        over_priors=levels_over_priors(setup, n_runs, seed),
        unfolding=unfold(setup, min(n_runs, MOST_TRACED), seed),
        told=story(setup, run, seed),
        explanation=explain(setup, None, seed),
        network=listening(setup),
        turns=turns_of(setup, min(n_runs, RUNS_TURNED), seed),
        sensitivity=studies,
    )
