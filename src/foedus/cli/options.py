"""The words that several commands share: options, ids, members, and the setup that they ask for."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.output import Format
from foedus.cli.progress import manner
from foedus.cli.root import RUNS_VARIABLE, SEED_VARIABLE
from foedus.data.library import ALLIANCE_FILE, Case, alliance_ids, ids, load
from foedus.data.settings import parse_parameters, parse_settings, read_parameters
from foedus.errors import UsageError

if TYPE_CHECKING:
    from foedus.model.setup import Setup


def option(
    name: str, metavar: str | None, help_: str, *more: str, default: Any = ..., **how: Any
) -> Any:
    """An option that takes a value; it must be given unless it has a default."""
    return typer.Option(default, name, *more, metavar=metavar, help=help_, **how)


maybe = partial(option, default=None)
"""An option that may be left out."""


def switch(name: str, help_: str, *more: str) -> Any:
    """An option that is there or not."""
    return typer.Option(False, name, *more, help=help_)


def argument(metavar: str | None, help_: str, default: Any = ..., **how: Any) -> Any:
    """A word that stands by its place."""
    return typer.Argument(default, metavar=metavar, help=help_, **how)


def count(name: str, least: int, most: int, help_: str, *more: str, **how: Any) -> Any:
    """An option that takes a whole number between two bounds."""

    def read(text: Any) -> int:
        try:
            value = int(str(text))
        except ValueError:
            raise UsageError(f"{name} {text}: expected a whole number such as 1000") from None
        if not least <= value <= most:
            raise UsageError(f"{name} {text}: expected {least:,} to {most:,}")
        return value

    return option(name, "N", help_, *more, parser=read, show_envvar=False, **how)


MOST_RUNS = 10_000_000
SEED_SAYS = "Seed of all chance; the same seed gives identical output."
SET_SAYS = "A parameter (rho=0) or an attribute (threat=.5, RUS.stake=1). Repeatable."
THEORY_SAYS = "A theory by name (foedus list theories), or its file."
FIXED_SAYS = "Use the coders' means, without draws."
DECIDES_SAYS = "Let the requester decide when and what to ask."
REQUEST_SAYS = "Which request is made: history's, a formal call for a force, or none."
STANCE_SAYS = "A member says one thing to every answer: object, abstain, support. Repeatable."

_RUNS = count("--runs", 1, MOST_RUNS, "Number of runs.", "-n", envvar=RUNS_VARIABLE)
_PAIRS = count("--runs", 2, MOST_RUNS, "Number of runs of each.", "-n", envvar=RUNS_VARIABLE)
_RUN = count("--run", 0, 2**31 - 1, "One run, by its number in the ensemble.")
_FOLDER = option("--scenarios", "DIR", "Crises here instead of the shipped ones.")
_FITTED = option("--calibration", "FILE", "A parameter file of `foedus calibrate`.")
_SET = option("--set", "NAME=VALUE", "A parameter, such as rho=0. Repeatable.")
_WITHOUT = option("--without-member", "STATE", "It does not sit. Repeatable.")
_DECIDES = option("--requester-decides", None, DECIDES_SAYS)
_REQUEST = option("--request", "history|treaty|none", REQUEST_SAYS)

Words = list[str] | None
Place = Path | None

Scenario = Annotated[str, argument("ID|FILE", "A crisis: its id or its file.")]
CrisisOrAll = Annotated[str | None, argument("ID|FILE", "A crisis; or --all.")]
Runs = Annotated[int, _RUNS]
SomeRuns = Annotated[int | None, _RUNS]
Pairs = Annotated[int, _PAIRS]
RunsEach = Annotated[int, count("--runs", 8, 10_000, "Runs of each draw and crisis.", "-n")]
Draws = Annotated[int, count("--draws", 50, 100_000, "Draws from the priors.")]
Base = Annotated[int, count("--base", 16, 8192, "Base points, a power of 2.")]
Seed = Annotated[int, count("--seed", 0, 2**63 - 1, SEED_SAYS, "-s", envvar=SEED_VARIABLE)]
OneRun = Annotated[int | None, _RUN]
Member = Annotated[str | None, option("--member", "STATE", "One member: RUS or Russia.", "-m")]
Scenarios = Annotated[Place, _FOLDER]
Force = Annotated[bool, option("--force", None, "Overwrite files that exist.", "-f")]
OutFile = Annotated[Path, option("--out", "FILE", "File to write.", "-o")]
Calibration = Annotated[Place, _FITTED]
SetParameter = Annotated[Words, _SET]
RuleName = Annotated[str | None, option("--rule", "RULE", "Another council rule, e.g. majority.")]
TheoryName = Annotated[str | None, option("--theory", "THEORY", THEORY_SAYS)]


@dataclass(frozen=True)
class Changes:
    """What a person changes of a crisis; the same options in every command that simulates one."""

    set_: Annotated[Words, option("--set", "NAME=VALUE", SET_SAYS)] = None
    rule: RuleName = None
    theory: TheoryName = None
    calibration: Calibration = None
    fixed_codes: Annotated[bool, option("--fixed-codes", None, FIXED_SAYS)] = False
    requester_decides: Annotated[bool, _DECIDES] = False
    request: Annotated[str, _REQUEST] = "history"
    without_member: Annotated[Words, _WITHOUT] = None
    stance: Annotated[Words, option("--stance", "STATE=STANCE", STANCE_SAYS)] = None

    @property
    def any(self) -> bool:
        """Whether anything is changed."""
        return self != Changes()

    def setup(self, name: str, *more: str) -> "Setup":
        """The setup of that crisis with these changes, and more words like those of ``--set``."""
        from foedus.model.setup import prepare

        case = chosen_case(name)
        words = [setting_word(case, word) for word in (*(self.set_ or ()), *more)]
        refuse_twice(words)
        return prepare(
            case,
            parse_settings(words, sorted(case.scenario.members)),
            rule=self.rule,
            theory=self.theory,
            calibrated=read_parameters(self.calibration) if self.calibration else None,
            drawn_codes=not self.fixed_codes,
            endogenous=self.requester_decides,
            request=self.request,
            without=[chosen_member(case, state) for state in self.without_member or ()],
            stances=_stances(case, self.stance or []),
        )


def command(
    home: typer.Typer, name: str | None = None, *, prints: bool = True, **defaults: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command of that group.

    A parameter of a dataclass stands for the options that are its fields; those of
    :class:`Changes` come last.

    Args:
        prints: Whether it prints a result, and so has ``--format``.
        defaults: Defaults of shared options for this command alone, by their names.
    """

    def adding(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function).parameters.values()
        shared = {one.name: _fields(one.annotation) for one in own if is_dataclass(one.annotation)}
        flat = [
            each for one in own for each in shared.get(one.name, [one]) if one.name != "changes"
        ]
        flat += [_FORM] if prints else []
        flat += shared.get("changes", [])

        def called(**words: Any) -> None:
            manner.form = words.pop("form", Format.TABLE)
            for one in own:
                if one.name in shared:
                    values = {each.name: words.pop(each.name) for each in shared[one.name]}
                    words[one.name] = one.annotation(**values)
            function(**words)

        called.__doc__, called.__name__ = function.__doc__, function.__name__
        called.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                each.replace(kind=each.KEYWORD_ONLY, default=defaults.get(each.name, each.default))
                for each in flat
            ]
        )
        called.__annotations__ = {each.name: each.annotation for each in flat}
        home.command(name)(called)
        return function

    return adding


def _fields(shared: Any) -> list[inspect.Parameter]:
    return list(inspect.signature(shared).parameters.values())


_FORMAT = option(
    "--format", None, "How to print the result.", "-F", show_default=False, default=Format.TABLE
)
_FORM = inspect.Parameter(
    "form", inspect.Parameter.KEYWORD_ONLY, default=_FORMAT, annotation=Format
)


def chosen_case(name: str) -> Case:
    """The crisis of that id, in small or capital letters, or of that file."""
    return load(name.lower() if name.lower() in ids() else name)


def chosen_alliance(name: str) -> str:
    """The id of a shipped alliance in its own letters, or the folder as it was given."""
    return name.lower() if name.lower() in alliance_ids() else name


def is_alliance(name: str) -> bool:
    """Whether a name is that of a shipped alliance, or of the folder of another."""
    return chosen_alliance(name) in alliance_ids() or Path(name, ALLIANCE_FILE).is_file()


def _stances(case: Case, words: list[str]) -> dict[str, str]:
    """Words of ``--stance`` by member: ``Armenia=object``."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, said = word.partition("=")
        if not equals:
            raise UsageError(f"--stance {word}: expected STATE=object, abstain or support")
        state = chosen_member(case, name)
        if state in found:
            raise UsageError(f"--stance {state} is given twice; give it once")
        found[state] = said.lower()
    return found


def chosen_member(case: Case, name: str) -> str:
    """The ISO code of a member that was named by code or name, in any letters."""
    members = sorted(case.scenario.members)
    known = {case.name_of(state).lower(): state for state in members}
    found = name.upper() if name.upper() in members else known.get(name.lower())
    if found is None:
        raise UsageError(f"{name} is not a member here; members: {' '.join(members)}")
    return found


def setting_word(case: Case, word: str) -> str:
    """A word of ``--set`` with its member by code: ``Russia.stake=1`` becomes ``RUS.stake=1``."""
    name, equals, value = word.partition("=")
    state, dot, attribute = name.strip().partition(".")
    if name.strip() in ("rule", "theory"):
        raise UsageError(f"--set {word}: use --{name.strip()} {value or 'NAME'}")
    return f"{chosen_member(case, state)}.{attribute}{equals}{value}" if dot else word


def refuse_twice(words: list[str]) -> None:
    """Refuse a name that is set twice."""
    names = [word.partition("=")[0].strip() for word in words]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"--set {name} is given twice; give it once")


def chosen_parameters(words: list[str] | None, calibration: Path | None = None) -> dict[str, float]:
    """Parameters that hold for every crisis: what is set, over what is calibrated."""
    refuse_twice(words or [])
    calibrated = read_parameters(calibration) if calibration else {}
    return {**calibrated, **parse_parameters(words or ())}


def day_of(text: str) -> date:
    """The day that a person wrote."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--date {text}: expected a day such as 2022-01-05") from None


def refuse(what: str, **given: object) -> None:
    """Refuse options that the command cannot heed here."""
    for name, value in given.items():
        if value not in (None, False, [], ()):
            raise UsageError(f"{what} takes no --{name.strip('_').replace('_', '-')}")
