"""Every kind of figure by name: what it shows, who draws it, and the options that it heeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from importlib.metadata import version

from foedus.analysis.forecast.history import history_table
from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.forecast.tournament import Tournament, hold_tournament
from foedus.data.library import alliance_home, load_all
from foedus.errors import named
from foedus.extensions import FIGURES
from foedus.plots.answer_bars import history_picture
from foedus.plots.answer_curve import control_picture, response_picture
from foedus.plots.answers_by_day import ensemble_picture
from foedus.plots.day_by_day import story_picture
from foedus.plots.forecast_scores import reliability_picture, tournament_picture
from foedus.plots.frame import Picture
from foedus.plots.network import network_picture
from foedus.plots.positions import positions_picture, tiles_picture, why_picture
from foedus.plots.wanted import Wanted
from foedus.plots.words import runs


@dataclass(frozen=True)
class Kind:
    """One kind of figure.

    Attributes:
        shows: In one line, for the help.
        build: From what is wanted to the picture.
        options: Of ``runs``, ``run``, ``member``, ``along``, ``alliance`` and ``draws``: those it
            heeds.
        of_case: Whether it shows one case; else it shows the library.
    """

    shows: str
    build: Callable[[Wanted], Picture]
    options: Set[str] = frozenset()
    of_case: bool = True


def _history(wanted: Wanted) -> Picture:
    cases = load_all(alliance_home(wanted.alliance) if wanted.alliance else None)
    settings = wanted.settings.parameters if wanted.settings else None
    return history_picture(history_table(list(cases), wanted.n_runs, wanted.seed, settings))


def _tournament(wanted: Wanted) -> Picture:
    return tournament_picture(*_held(wanted))


def _reliability(wanted: Wanted) -> Picture:
    return reliability_picture(*_held(wanted))


def _held(wanted: Wanted) -> tuple[Tournament, str]:
    """A tournament on the library, and its source line."""
    n_draws, n_runs, seed = wanted.n_draws, wanted.runs_each, wanted.seed
    panel = panel_of(load_all())
    held = hold_tournament(
        panel, n_draws=n_draws, n_runs=n_runs, seed=seed, progress=wanted.progress
    )
    source = (
        f"foedus {version('foedus')} · {len(held.panel)} crises, {held.n_draws:,} draws "
        f"from the priors, {runs(held.n_runs)} each, seed {held.seed}"
    )
    return held, source


KINDS = {
    "history": Kind(
        "every crisis with a known answer", _history, {"runs", "alliance"}, of_case=False
    ),
    "ensemble": Kind("many runs: answers by day, fates, troops", ensemble_picture, {"runs"}),
    "story": Kind("one run, day by day", story_picture, {"run"}),
    "network": Kind("who listens to whom", network_picture),
    "positions": Kind("own views and what influence moved", positions_picture, {"run"}),
    "control": Kind("who can turn the answer, by rho", control_picture, {"runs"}),
    "why": Kind("one member's position as a sum", why_picture, {"run", "member"}),
    "response": Kind("how the answer responds to one number", response_picture, {"runs", "along"}),
    "tournament": Kind("scores of theories and baselines", _tournament, {"draws"}, of_case=False),
    "reliability": Kind("what was said against what came", _reliability, {"draws"}, of_case=False),
    "tiles": Kind("who says what to each answer", tiles_picture, {"run"}),
}
"""Kinds of the package by name, in the order of the help."""


def kinds() -> Mapping[str, Kind]:
    """All kinds by name, those of extensions last; none of these hides one of the package."""
    return {**{name: Kind(*own) for name, own in FIGURES.items()}, **KINDS}


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        UsageError: If there is none.
    """
    return named("kind", name, kinds())
