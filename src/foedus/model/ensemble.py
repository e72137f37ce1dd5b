"""An ensemble: many runs of one case under one set of parameters, and one of them as a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version as installed_version
from numbers import Integral
from os import PathLike
from typing import TYPE_CHECKING

from foedus.data.library import Case, load
from foedus.data.register import known, parameters
from foedus.data.rules import rule_named
from foedus.data.settings import Settings, settings_from
from foedus.data.terms import Request
from foedus.data.theory import Theory, theory_at
from foedus.errors import UsageError, did_you_mean
from foedus.model.array_engine import run_batch
from foedus.model.compilation import requested, situation_of
from foedus.model.outcome import Outcome
from foedus.model.situation import Situation

if TYPE_CHECKING:
    from foedus.model.story import Story

DEFAULT_RUNS = 1000
DEFAULT_SEED = 1


@dataclass(frozen=True)
class Setup:
    """All that decides an ensemble but seed and number of runs.

    Attributes
    ----------
    case
        The loaded case.
    settings
        What a person set by hand; it outranks all else.
    theory
        A claim that switches terms or the rule; outranks what is calibrated.
    calibrated
        Parameters from a calibration, instead of the register's defaults.
    rule
        A council rule instead of the theory's or the alliance's own.
    drawn_codes
        Whether codes on which the coders differ are drawn for each run.
    endogenous
        Whether the requester decides when and what to ask.
    request
        Which request is made: history's, a formal call for a force under the treaty, or none.
    """

    case: Case
    settings: Settings = field(default_factory=Settings)
    theory: Theory | None = None
    calibrated: Mapping[str, float] = field(default_factory=dict)
    rule: str | None = None
    drawn_codes: bool = True
    endogenous: bool = False
    request: Request = Request.HISTORY

    @property
    def parameters(self) -> dict[str, float]:
        """Every parameter's value."""
        switched = self.theory.parameters if self.theory else {}
        return parameters({**self.calibrated, **switched, **self.settings.parameters})

    @property
    def situation(self) -> Situation:
        """The case compiled, with rule and attributes as set."""
        compiled = situation_of(self.case, self.parameters["indicator_reach"])
        compiled = requested(compiled, self.case, self.request)
        compiled = compiled.with_attributes(self.settings.attributes)
        rule = self.rule or (self.theory.rule if self.theory else None)
        return compiled.under(rule) if rule else compiled

    def having(self, **changes: object) -> Setup:
        """The same setup with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ensemble:
    """Runs ``0`` to ``n_runs - 1`` of a setup under a seed."""

    setup: Setup
    seed: int
    outcome: Outcome
    version: str

    @property
    def members(self) -> tuple[str, ...]:
        """ISO codes in the order of the arrays."""
        return tuple(sorted(self.setup.case.scenario.members))

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return self.outcome.n_runs


def prepare(
    case: Case | str | PathLike[str],
    settings: Mapping[str, float] | Settings | None = None,
    *,
    rule: str | None = None,
    theory: Theory | str | PathLike[str] | None = None,
    calibrated: Mapping[str, float] | None = None,
    drawn_codes: bool = True,
    endogenous: bool = False,
    request: Request | str = Request.HISTORY,
) -> Setup:
    """Put a setup together and check it.

    Parameters
    ----------
    case
        A loaded case, or an id or path to load.
    settings
        Parameters and attributes by name, e.g. ``{"rho": 0, "RUS.stake": 1}``.
    rule
        A council rule instead of the theory's or the alliance's own.
    theory
        Name of a theory, path of its file, or the theory itself.
    calibrated
        Parameters from a calibration.

    request
        ``history``, ``treaty`` (a formal call for a force, the day before the council first sits)
        or ``none``.

    Returns
    -------
    Setup
        What :func:`ensemble`, :func:`story` and :func:`foedus.explain` take.

    Raises
    ------
    UsageError
        If a name is unknown or a value out of range.
    InputError
        If the case cannot be loaded.
    """
    loaded = case if isinstance(case, Case) else load(case)
    if not isinstance(settings, Settings):
        settings = settings_from(settings or {}, sorted(loaded.scenario.members), of_case=True)
    return Setup(
        case=loaded,
        settings=settings,
        theory=None if theory is None else theory_at(theory),
        calibrated={name: known(name).accept(v) for name, v in (calibrated or {}).items()},
        rule=None if rule is None else rule_named(rule),
        drawn_codes=drawn_codes,
        endogenous=endogenous,
        request=request_of(request),
    )


def request_of(name: Request | str) -> Request:
    """The kind of request of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name not in set(Request):
        raise UsageError(f"unknown request '{name}'{did_you_mean(name, list(Request))}")
    return Request(name)


def ensemble(
    setup: Setup,
    n_runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
) -> Ensemble:
    """Simulate an ensemble with the array engine.

    Parameters
    ----------
    setup
        From :func:`prepare`.
    n_runs
        Number of runs, 1 or more.
    seed
        Seed of all chance, 0 or more; the same seed gives the same runs, however many.

    Returns
    -------
    Ensemble

    Raises
    ------
    UsageError
        If a number is none of these.
    """
    _check(n_runs=(n_runs, 1), seed=(seed, 0))
    outcome = run_batch(
        setup.situation,
        setup.parameters,
        seed,
        n_runs,
        drawn_codes=setup.drawn_codes,
        endogenous=setup.endogenous,
    )
    return Ensemble(setup, seed, outcome, installed_version("foedus"))


def story(setup: Setup, run: int = 0, seed: int = DEFAULT_SEED) -> Story:
    """Play one run of the ensemble of `seed` with the agent engine.

    Parameters
    ----------
    setup
        From :func:`prepare`.
    run
        Number of the run in the ensemble, 0 or more.
    seed
        Seed of all chance, 0 or more.

    Returns
    -------
    Story
        Every day, and who stood where: the run of that number of :func:`ensemble`, bit for bit.

    Raises
    ------
    UsageError
        If a number is none of these.
    """
    from foedus.model.mesa_model import replay

    _check(run=(run, 0), seed=(seed, 0))
    return replay(
        setup.situation,
        setup.parameters,
        seed,
        run,
        drawn_codes=setup.drawn_codes,
        endogenous=setup.endogenous,
    )


def _check(**counts: tuple[int, int]) -> None:
    """Refuse what is no whole number of at least its lower bound."""
    for name, (value, least) in counts.items():
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not whole or value < least:
            raise UsageError(f"{name}: expected a whole number from {least}, found {value!r}")
