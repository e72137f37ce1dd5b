"""Every kind of figure by name: what it needs, and how to get it. A new kind is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version

from foedus.analysis.explain.control import turns_of
from foedus.analysis.explain.decomposition import Explanation, explain, listening
from foedus.analysis.explain.response import response_curve
from foedus.analysis.forecast.history import history_table
from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.forecast.tournament import Tournament, hold_tournament, reliability
from foedus.analysis.intervals import wilson_interval
from foedus.analysis.summary import summarise, unfold
from foedus.data.library import Case, alliance_home, load_all
from foedus.data.settings import Settings
from foedus.errors import UsageError, did_you_mean
from foedus.extensions import FIGURES
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, ensemble, story
from foedus.model.setup import Setup
from foedus.plots.answer_bars import history_picture
from foedus.plots.answer_curve import response_picture
from foedus.plots.answers_by_day import ensemble_picture
from foedus.plots.day_by_day import story_picture
from foedus.plots.frame import Picture
from foedus.plots.network import network_picture
from foedus.plots.positions import most_moved, positions_picture, why_picture
from foedus.plots.tiles import tiles_picture
from foedus.plots.tournament_scores import reliability_picture, tournament_picture
from foedus.plots.who_decides import control_picture
from foedus.plots.words import runs, short_title, source_of

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

    def source(self, n_runs: int | None) -> str:
        """The source line of a figure on one case."""
        return source_of(self.case, self.seed, n_runs, installed_version("foedus"))


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
    options: frozenset[str] = frozenset()
    of_case: bool = True


KINDS: dict[str, Kind] = {}
"""Kinds of the package by name, in the order of the help."""


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        UsageError: If there is none.
    """
    if name not in kinds():
        raise UsageError(f"unknown kind '{name}'{did_you_mean(name, kinds())}")
    return kinds()[name]


def kinds() -> Mapping[str, Kind]:
    """All kinds by name, those of extensions last; none of these hides one of the package."""
    return {**{name: Kind(*own) for name, own in FIGURES.items()}, **KINDS}


Build = Callable[[Wanted], Picture]


def _kind(name: str, shows: str, *options: str, of_case: bool = True) -> Callable[[Build], Build]:
    """Enter what builds a picture under a name."""

    def entered(build: Build) -> Build:
        KINDS[name] = Kind(shows, build, frozenset(options), of_case)
        return build

    return entered


@_kind("history", "every crisis with a known answer", "runs", "alliance", of_case=False)
def _history(wanted: Wanted) -> Picture:
    cases = load_all(alliance_home(wanted.alliance) if wanted.alliance else None)
    settings = wanted.settings.parameters if wanted.settings else None
    return history_picture(history_table(list(cases), wanted.n_runs, wanted.seed, settings))


@_kind("ensemble", "many runs: answers by day, fates, troops", "runs")
def _ensemble(wanted: Wanted) -> Picture:
    result = ensemble(wanted.case, wanted.n_runs, wanted.seed)
    traced = unfold(wanted.case, min(wanted.n_runs, MOST_TRACED), wanted.seed)
    return ensemble_picture(result, summarise(result), traced)


@_kind("story", "one run, day by day", "run")
def _story(wanted: Wanted) -> Picture:
    setup, source = wanted.case, f"{wanted.source(None)} · seed {wanted.seed}"
    told = story(setup, wanted.run or 0, wanted.seed)
    return story_picture(told, setup.case, setup.parameters, source)


@_kind("network", "who listens to whom")
def _network(wanted: Wanted) -> Picture:
    return network_picture(listening(wanted.case), wanted.case.case, wanted.source(None))


def _explained(wanted: Wanted) -> tuple[Explanation, Case, str]:
    """One run explained, its case, and the source line: a run without noise has no seed."""
    source = wanted.source(None)
    if wanted.run is not None:
        source = f"{source} · seed {wanted.seed}"
    return explain(wanted.case, wanted.run, wanted.seed), wanted.case.case, source


@_kind("positions", "own views and what influence moved", "run")
def _positions(wanted: Wanted) -> Picture:
    return positions_picture(*_explained(wanted))


@_kind("control", "who can turn the answer, by rho", "runs")
def _control(wanted: Wanted) -> Picture:
    turns = turns_of(wanted.case, wanted.n_runs, wanted.seed)
    return control_picture(turns, wanted.case.case, wanted.source(wanted.n_runs))


@_kind("why", "one member's position as a sum", "run", "member")
def _why(wanted: Wanted) -> Picture:
    explanation, case, source = _explained(wanted)
    known = {account.state: account for account in explanation.members}
    if wanted.member is not None and wanted.member not in known:
        raise UsageError(f"unknown member '{wanted.member}'{did_you_mean(wanted.member, known)}")
    account = known[wanted.member] if wanted.member else most_moved(explanation)
    return why_picture(account, explanation, case, source)


@_kind("response", "how the answer responds to one number", "runs", "along")
def _response(wanted: Wanted) -> Picture:
    if wanted.along is None:
        raise UsageError("plot response needs --along NAME, e.g. --along rho or --along threat")
    curve = response_curve(wanted.case, wanted.along, n_runs=wanted.n_runs, seed=wanted.seed)
    return response_picture(short_title(wanted.case.case), curve, wanted.source(wanted.n_runs))


def _held(wanted: Wanted) -> tuple[Tournament, str]:
    held = hold_tournament(
        panel_of(load_all()),
        n_draws=wanted.n_draws,
        n_runs=wanted.runs_each,
        seed=wanted.seed,
        progress=wanted.progress,
    )
    source = (
        f"foedus {installed_version('foedus')} · {len(held.panel)} crises, {held.n_draws:,} draws "
        f"from the priors, {runs(held.n_runs)} each, seed {held.seed}"
    )
    return held, source


@_kind("tournament", "scores of theories and baselines", "draws", of_case=False)
def _tournament(wanted: Wanted) -> Picture:
    return tournament_picture(*_held(wanted))


@_kind("reliability", "what was said against what came", "draws", of_case=False)
def _reliability(wanted: Wanted) -> Picture:
    held, source = _held(wanted)
    classes = reliability(held.entry("full", "prior"), held.panel.observed)
    intervals = [wilson_interval(came, n) for _, came, n in classes]
    return reliability_picture(classes, intervals, f"{source} · full model, nothing fitted")


@_kind("tiles", "who says what to each answer", "run")
def _tiles(wanted: Wanted) -> Picture:
    return tiles_picture(*_explained(wanted))
