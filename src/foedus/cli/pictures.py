"""Commands that draw figures and write reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.root import (
    Endogenous,
    FixedCodes,
    ParametersFrom,
    RuleName,
    Runs,
    Seed,
    Set,
    TheoryName,
    app,
    check_place,
    chosen_setup,
)

if TYPE_CHECKING:
    from foedus.plots.catalogue import Kind

KIND_HELP = (
    "Of one scenario: ensemble, story, network, positions, why, tiles, response. "
    "Of the library: answer, history, tournament, reliability."
)


@app.command()
def plot(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=KIND_HELP)],
    out: Annotated[Path, typer.Option("--out", help="File to write, .png or .svg.")],
    scenario: Annotated[
        str | None, typer.Argument(metavar="ID|FILE", help="A scenario id or file.")
    ] = None,
    runs: Annotated[
        int | None, typer.Option("--runs", min=1, max=10_000_000, help="Number of runs (1000).")
    ] = None,
    seed: Seed = 1,
    run: Annotated[
        int | None,
        typer.Option("--run", min=0, help="One run; without it no noise (story: run 0)."),
    ] = None,
    member: Annotated[
        str | None,
        typer.Option("--member", metavar="ISO3", help="Of why; without it the most moved."),
    ] = None,
    along: Annotated[
        str | None,
        typer.Option("--along", metavar="NAME", help="Of response: rho, threat, RUS.stake..."),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option("--draws", min=50, max=100_000, help="Of tournament: draws (1000)."),
    ] = None,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    fixed_codes: FixedCodes = False,
    endogenous: Endogenous = False,
) -> None:
    """Draw a figure, titled with what it finds, as PNG or SVG."""
    from foedus.data.settings import Settings, parse_parameters
    from foedus.plots.catalogue import Wanted, kind_of
    from foedus.plots.frame import check_ending, framed, save

    shape = kind_of(kind)
    member = member.upper() if member else None
    check_ending(out)
    check_place(out)
    _check_options(kind, shape, run=run, runs=runs, member=member, along=along, draws=draws)
    changes = any((rule, theory, parameters, fixed_codes, endogenous))
    _check_case(kind, shape, scenario, changes)
    setup = settings = None
    if scenario is None:
        settings = Settings(parse_parameters(set_ or ()))
    else:
        setup = chosen_setup(
            scenario, set_, rule, theory, parameters, fixed_codes=fixed_codes, endogenous=endogenous
        )
    wanted = Wanted(
        setup,
        settings,
        seed=seed,
        run=run,
        member=member,
        along=along,
        progress=_tell,
    ).counting(runs, draws)
    picture = shape.build(wanted)
    save(framed(picture), out)
    _tell(f"wrote {out}: {picture.finding}")


def _check_options(kind: str, shape: Kind, **given: int | str | None) -> None:
    from foedus.errors import UsageError

    for name, value in given.items():
        if value is not None and name not in shape.options:
            raise UsageError(f"plot {kind} takes no --{name}")


def _check_case(kind: str, shape: Kind, scenario: str | None, changes: bool) -> None:
    from foedus.errors import UsageError

    if shape.of_case and scenario is None:
        raise UsageError(f"plot {kind} needs a scenario: foedus plot {kind} ID --out FILE")
    if not shape.of_case and scenario is not None:
        raise UsageError(f"plot {kind} shows the library and takes no scenario")
    if not shape.of_case and changes:
        raise UsageError(f"plot {kind} can change parameters with --set, and nothing else")


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", help="File to write, .html.")],
    scenario: Annotated[
        str | None, typer.Argument(metavar="ID|FILE", help="A scenario id or file.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every crisis of the library.")] = False,
    runs: Runs = 1000,
    seed: Seed = 1,
    run: Annotated[int, typer.Option("--run", min=0, help="The run that is told.")] = 0,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Study what drives the answer; takes longer.")
    ] = False,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    parameters: ParametersFrom = None,
    fixed_codes: FixedCodes = False,
    endogenous: Endogenous = False,
) -> None:
    """Write a report as one HTML file that loads nothing."""
    from foedus.errors import UsageError
    from foedus.report.writing import write_case, write_library

    if all_ == (scenario is not None):
        raise UsageError("report needs a scenario, or --all without one")
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out}: a report's file ends in .html")
    check_place(out)
    if scenario is None:
        if any((set_, rule, theory, parameters, fixed_codes, endogenous, sensitivity, run)):
            raise UsageError("report --all takes --runs and --seed, and no other option")
        write_library(out, runs, seed, _tell)
    else:
        setup = chosen_setup(
            scenario, set_, rule, theory, parameters, fixed_codes=fixed_codes, endogenous=endogenous
        )
        write_case(out, setup, runs, seed, run, sensitivity=sensitivity)
    _tell(f"wrote {out}")
