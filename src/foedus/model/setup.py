"""A set-up: a case and all that is set by hand, checked, ready to be run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TypeAlias

from foedus.data.library import Case, load
from foedus.data.register import known, parameters
from foedus.data.settings import Settings, settings_from
from foedus.data.terms import Request, Stance
from foedus.data.theory import Theory, theory_at
from foedus.data.vocabulary import rule_named
from foedus.errors import UsageError, named
from foedus.model.compilation import requested, situation_of
from foedus.model.situation import Situation

STANCES = {stance.label: stance for stance in Stance}


@dataclass(frozen=True, repr=False)
class Setup:
    """All that decides an ensemble but seed and number of runs; for its fields see :func:`prepare`.

    What is set by hand outranks the theory, the theory what is calibrated, and that the register's
    defaults.
    """

    case: Case
    settings: Settings = field(default_factory=Settings)
    theory: Theory | None = None
    calibrated: Mapping[str, float] = field(default_factory=dict)
    rule: str | None = None
    drawn_codes: bool = True
    endogenous: bool = False
    request: Request = Request.HISTORY
    without: tuple[str, ...] = ()
    stances: Mapping[str, Stance] = field(default_factory=dict)

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
        compiled = compiled.under(rule) if rule else compiled
        return compiled.without(self.without).with_stances(self.stances)

    @property
    def draws(self) -> dict[str, bool]:
        """What of the codes and the request is drawn, by the names that both engines give it."""
        return {"drawn_codes": self.drawn_codes, "endogenous": self.endogenous}

    def __repr__(self) -> str:
        """One line: the crisis and what is set by hand."""
        said = {**self.settings.parameters, **self.settings.attributes}
        words = [f"{name}={value:g}" for name, value in said.items()]
        words += [f"theory={self.theory.title!r}"] if self.theory else []
        words += [f"rule={self.rule}"] if self.rule else []
        words += [f"{len(self.calibrated)} calibrated"] if self.calibrated else []
        words += [f"without {state}" for state in self.without]
        words += [f"{state}: {said.label}" for state, said in self.stances.items()]
        words += ["requester decides"] if self.endogenous else []
        words += [] if self.request is Request.HISTORY else [f"request {self.request}"]
        words += [] if self.drawn_codes else ["coders' means"]
        return f"Setup({', '.join([self.case.id, *words[:6], *['...'] * (len(words) > 6)])})"

    def having(self, **changes: object) -> "Setup":
        """The same setup with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


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
    without: Iterable[str] = (),
    stances: Mapping[str, Stance | str] | None = None,
) -> Setup:
    """Put a setup together and check it.

    Args:
        case: A loaded case, or an id or path to load.
        settings: Parameters and attributes by name, e.g. ``{"rho": 0, "RUS.stake": 1}``.
        rule: A council rule instead of the theory's or the alliance's own.
        theory: Name of a theory, path of its file, or the theory itself: it switches terms or the
            rule.
        calibrated: Parameters from a calibration.
        drawn_codes: Whether codes on which the coders differ are drawn for each run.
        endogenous: Whether the requester decides when and what to ask.
        request: ``history``, ``treaty`` (a formal call for a force, the day before the council
            first sits) or ``none``.
        without: Members that do not sit, by ISO code: not the requester, and not the lead state.
        stances: ``object``, ``abstain`` or ``support`` by ISO code: what a member says to every
            level, whatever its position. Its view and voice stay its own.

    Returns:
        Setup: What :func:`ensemble`, :func:`story` and :func:`foedus.explain` take.

    Raises:
        UsageError: If a name is unknown or a value out of range.
        InputError: If the case cannot be loaded.
    """
    loaded = case if isinstance(case, Case) else load(case)
    if not isinstance(settings, Settings):
        settings = settings_from(settings or {}, sorted(loaded.scenario.members), of_case=True)
    made = Setup(
        case=loaded,
        settings=settings,
        theory=None if theory is None else theory_at(theory),
        calibrated={name: known(name).accept(v) for name, v in (calibrated or {}).items()},
        rule=None if rule is None else rule_named(rule),
        drawn_codes=drawn_codes,
        endogenous=endogenous,
        request=named("request", request, {str(kind): kind for kind in Request}),
        without=tuple(sorted({without} if isinstance(without, str) else set(without))),
        stances={
            state: said if isinstance(said, Stance) else named("stance", said, STANCES)
            for state, said in (stances or {}).items()
        },
    )
    sitting = situation_of(loaded).without(made.without).members
    for state in made.stances:
        if state not in sitting:
            raise UsageError(f"{state} is not a member here; members: {' '.join(sitting)}")
    return made


SetupLike: TypeAlias = Setup | Case | str | PathLike[str]
"""A setup, or the id, the path or the record of a crisis that is simulated as it stands."""


def setup_of(given: SetupLike) -> Setup:
    """A setup as it is, or that of a crisis without changes.

    Raises:
        UsageError: If it is none of these.
    """
    if isinstance(given, Setup):
        return given
    if isinstance(given, Case | str | PathLike):
        return prepare(given)
    raise UsageError(f"expected a setup or the id of a crisis, found a {type(given).__name__}")
