"""The command's root, and the words that several commands share."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.contents import Contents

if TYPE_CHECKING:
    from foedus.model.ensemble import Setup

app = typer.Typer(
    help="How an alliance answers a call for help: simulated, explained, held against history.",
    cls=Contents,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Scenario = Annotated[str, typer.Argument(metavar="ID|FILE", help="A scenario id or file.")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=10_000_000, help="Number of runs.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed; the same seed, the same bytes.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter (rho=0) or an attribute (threat=.5, RUS.stake=1). Repeatable.",
    ),
]
RuleName = Annotated[
    str | None,
    typer.Option("--rule", help="Another council rule, e.g. patron."),
]
TheoryName = Annotated[
    str | None,
    typer.Option("--theory", help="A theory by name, e.g. realist, or its file."),
]
ParametersFrom = Annotated[
    Path | None,
    typer.Option("--parameters", metavar="FILE", help="A parameter file from a calibration."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FixedCodes = Annotated[
    bool,
    typer.Option("--fixed-codes", help="Take the coders' means instead of drawing within range."),
]
Endogenous = Annotated[
    bool, typer.Option("--endogenous", help="Let the requester decide when and what to ask.")
]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(installed("foedus"))
        raise typer.Exit


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


def print_json(record: Any) -> None:
    """Print plain values as JSON on standard output."""
    is_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(record, indent=2, ensure_ascii=is_ascii))


def check_place(out: Path, *markers: str) -> None:
    """See that there is a folder to write into, or a page to fill, before long work is done for it.

    Raises
    ------
    InputError
        If there is none.
    """
    from foedus.doc_pages import check_markers
    from foedus.errors import InputError

    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}")
    if out.is_dir():
        raise InputError(f"{out}: expected a file, found a directory")
    check_markers(out, markers)


def hint(words: str) -> None:
    """Say what one may do next, where a person looks on."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        print(f"Next: {words}", file=sys.stderr)


def chosen_setup(
    name: str,
    settings: list[str] | None,
    rule: str | None = None,
    theory: str | None = None,
    parameters: Path | None = None,
    *,
    fixed_codes: bool = False,
    endogenous: bool = False,
) -> Setup:
    """The setup that a command's words ask for."""
    from foedus.data.library import load
    from foedus.data.parameter_file import read_parameters
    from foedus.data.settings import parse_settings
    from foedus.model.ensemble import prepare

    case = load(name)
    return prepare(
        case,
        parse_settings(settings or (), sorted(case.scenario.members)),
        rule=rule,
        theory=theory,
        calibrated=read_parameters(parameters) if parameters else None,
        drawn_codes=not fixed_codes,
        endogenous=endogenous,
    )
