"""The words that several commands share: options, ids, members, and the setup that they ask for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.output import Format

if TYPE_CHECKING:
    from foedus.data.library import Case
    from foedus.data.theory import Theory
    from foedus.model.setup import Setup


def whole(name: str, least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers between two bounds."""

    def read(text: Any) -> int:
        from foedus.errors import UsageError

        try:
            value = int(str(text))
        except ValueError:
            raise UsageError(f"{name} {text}: expected a whole number such as 1000") from None
        if not least <= value <= most:
            raise UsageError(f"{name} {text}: expected {least:,} to {most:,}")
        return value

    return read


def count(name: str, least: int, most: int, help_: str, *more: str, env: str | None = None) -> Any:
    """An option that takes a whole number."""
    return typer.Option(
        name,
        *more,
        parser=whole(name, least, most),
        metavar="N",
        help=help_,
        envvar=env,
        show_envvar=False,
    )


MOST_RUNS = 10_000_000
RUNS_VARIABLE, SEED_VARIABLE = "FOEDUS_RUNS", "FOEDUS_SEED"

Scenario = Annotated[str, typer.Argument(metavar="ID|FILE", help="A crisis: its id or its file.")]
Runs = Annotated[int, count("--runs", 1, MOST_RUNS, "Number of runs.", "-n", env=RUNS_VARIABLE)]
SomeRuns = Annotated[
    int | None, count("--runs", 1, MOST_RUNS, "Number of runs.", "-n", env=RUNS_VARIABLE)
]
Pairs = Annotated[
    int, count("--runs", 2, MOST_RUNS, "Number of runs of each.", "-n", env=RUNS_VARIABLE)
]
RunsEach = Annotated[int, count("--runs", 8, 10_000, "Runs of each draw and crisis.", "-n")]
Draws = Annotated[int, count("--draws", 50, 100_000, "Draws from the priors.")]
Seed = Annotated[
    int,
    count(
        "--seed",
        0,
        2**63 - 1,
        "Seed of all chance; the same seed gives identical output.",
        "-s",
        env=SEED_VARIABLE,
    ),
]
OneRun = Annotated[
    int | None, count("--run", 0, 2**31 - 1, "One run, by its number in the ensemble.")
]
Member = Annotated[
    str | None, typer.Option("--member", "-m", metavar="STATE", help="One member: RUS or Russia.")
]
Form = Annotated[
    Format, typer.Option("--format", "-F", help="How to print the result.", show_default=False)
]
Scenarios = Annotated[
    Path | None,
    typer.Option("--scenarios", metavar="DIR", help="Crises here instead of the shipped ones."),
]
Force = Annotated[bool, typer.Option("--force", "-f", help="Overwrite files that exist.")]
OutFile = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write.")]
Calibration = Annotated[
    Path | None,
    typer.Option("--calibration", metavar="FILE", help="A parameter file of `foedus calibrate`."),
]
SetParameter = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A parameter, such as rho=0. Repeatable."),
]
RuleName = Annotated[
    str | None, typer.Option("--rule", metavar="RULE", help="Another council rule, e.g. majority.")
]
TheoryName = Annotated[
    str | None,
    typer.Option(
        "--theory", metavar="THEORY", help="A theory by name (foedus list theories), or its file."
    ),
]


@dataclass(frozen=True)
class Changes:
    """What a person changes of a crisis; the same options in every command that simulates one."""

    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter (rho=0) or an attribute (threat=.5, RUS.stake=1). Repeatable.",
        ),
    ] = None
    rule: RuleName = None
    theory: TheoryName = None
    calibration: Calibration = None
    fixed_codes: Annotated[
        bool, typer.Option("--fixed-codes", help="Use the coders' means, without draws.")
    ] = False
    requester_decides: Annotated[
        bool,
        typer.Option("--requester-decides", help="Let the requester decide when and what to ask."),
    ] = False

    request: Annotated[
        str,
        typer.Option(
            "--request",
            metavar="history|treaty|none",
            help="Which request is made: history's, a formal call for a force, or none.",
        ),
    ] = "history"
    without_member: Annotated[
        list[str] | None,
        typer.Option("--without-member", metavar="STATE", help="It does not sit. Repeatable."),
    ] = None
    stance: Annotated[
        list[str] | None,
        typer.Option(
            "--stance",
            metavar="STATE=STANCE",
            help="A member says one thing to every answer: object, abstain, support. Repeatable.",
        ),
    ] = None

    @property
    def any(self) -> bool:
        """Whether anything is changed."""
        return self != Changes()

    def setup(self, name: str, *more: str) -> Setup:
        """The setup of that crisis with these changes, and more words like those of ``--set``.

        Raises
        ------
        UsageError
            If a name is unknown, given twice, or a value out of range.
        """
        from foedus.data.parameter_file import read_parameters
        from foedus.data.settings import parse_settings
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


def with_changes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command with a parameter ``changes`` the options of :class:`Changes` in its place."""
    own = list(inspect.signature(command, eval_str=True).parameters.values())
    shared = list(inspect.signature(Changes, eval_str=True).parameters.values())
    keyword = inspect.Parameter.KEYWORD_ONLY
    given = [one.replace(kind=keyword) for one in (*own, *shared) if one.name != "changes"]

    def called(**words: Any) -> None:
        changed = {one.name: words.pop(one.name) for one in shared}
        command(changes=Changes(**changed), **words)

    called.__doc__, called.__name__ = command.__doc__, command.__name__
    called.__signature__ = inspect.Signature(given)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in given}
    return called


def chosen_case(name: str) -> Case:
    """The crisis of that id, in small or capital letters, or of that file."""
    from foedus.data.library import ids, load

    return load(name.lower() if name.lower() in ids() else name)


def chosen_alliance(name: str) -> str:
    """The id of a shipped alliance in its own letters, or the folder as it was given."""
    from foedus.data.library import alliance_ids

    return name.lower() if name.lower() in alliance_ids() else name


def _stances(case: Case, words: list[str]) -> dict[str, str]:
    """Words of ``--stance`` by member: ``Armenia=object``."""
    from foedus.errors import UsageError

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
    """The ISO code of a member that was named by code or name, in any letters.

    Raises
    ------
    UsageError
        If it is no member.
    """
    from foedus.errors import UsageError

    members = sorted(case.scenario.members)
    known = {case.name_of(state).lower(): state for state in members}
    found = name.upper() if name.upper() in members else known.get(name.lower())
    if found is None:
        raise UsageError(f"{name} is not a member here; members: {' '.join(members)}")
    return found


def setting_word(case: Case, word: str) -> str:
    """A word of ``--set`` with its member by code: ``Russia.stake=1`` becomes ``RUS.stake=1``."""
    from foedus.errors import UsageError

    name, equals, value = word.partition("=")
    state, dot, attribute = name.strip().partition(".")
    if name.strip() in ("rule", "theory"):
        raise UsageError(f"--set {word}: use --{name.strip()} {value or 'NAME'}")
    return f"{chosen_member(case, state)}.{attribute}{equals}{value}" if dot else word


def refuse_twice(words: list[str]) -> None:
    """Refuse a name that is set twice.

    Raises
    ------
    UsageError
        If there is one.
    """
    from foedus.errors import UsageError

    names = [word.partition("=")[0].strip() for word in words]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"--set {name} is given twice; give it once")


def chosen_parameters(words: list[str] | None, calibration: Path | None = None) -> dict[str, float]:
    """Parameters that hold for every crisis: what is set, over what is calibrated."""
    from foedus.data.parameter_file import read_parameters
    from foedus.data.settings import parse_parameters

    refuse_twice(words or [])
    calibrated = read_parameters(calibration) if calibration else {}
    return {**calibrated, **parse_parameters(words or ())}


def chosen_theory(name: str | None) -> Theory | None:
    """The theory of that name or file, None for the full model."""
    from foedus.data.theory import theory_at

    return None if name is None else theory_at(name)


def day_of(text: str) -> date:
    """The day that a person wrote.

    Raises
    ------
    UsageError
        If it is none.
    """
    from foedus.errors import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--date {text}: expected a day such as 2022-01-05") from None


def refuse(what: str, **given: object) -> None:
    """Refuse options that the command cannot heed here.

    Raises
    ------
    UsageError
        If one of them was given.
    """
    from foedus.errors import UsageError

    for name, value in given.items():
        if value not in (None, False, [], ()):
            raise UsageError(f"{what} takes no --{name.strip('_').replace('_', '-')}")
