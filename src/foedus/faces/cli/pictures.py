"""Commands that draw figures and write reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from foedus.faces.cli.root import (
    Endogenous,
    FixedCodes,
    RuleName,
    Seed,
    Set,
    TheoryName,
    app,
    chosen_setup,
)

KIND_HELP = (
    "answer, history, tournament, reliability (the library); ensemble, story, network, "
    "positions, why, tiles, response (one scenario)."
)


@app.command()
def plot(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=KIND_HELP)],
    out: Annotated[Path, typer.Option("--out", help="File to write, .png or .svg.")],
    scenario: Annotated[
        str | None, typer.Argument(metavar="[ID|FILE]", help="A scenario id or file.")
    ] = None,
    runs: Annotated[
        int | None, typer.Option("--runs", min=1, max=10_000_000, help="Number of runs.")
    ] = None,
    seed: Seed = 1,
    run: Annotated[
        int | None, typer.Option("--run", min=0, help="A run; story shows run 0 without it.")
    ] = None,
    member: Annotated[
        str | None, typer.Option("--member", metavar="ISO3", help="The member that why explains.")
    ] = None,
    along: Annotated[
        str | None,
        typer.Option("--along", metavar="NAME", help="What response moves, e.g. rho or threat."),
    ] = None,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    fixed_codes: FixedCodes = False,
    endogenous: Endogenous = False,
) -> None:
    """Draw one figure, titled with what it finds, into a PNG or SVG file."""
    from foedus.data.settings import parse_settings
    from foedus.engines.ensemble import DEFAULT_RUNS
    from foedus.errors import UsageError
    from foedus.faces.plots.catalogue import Wanted, kind_of, picture
    from foedus.faces.plots.frame import check_ending, framed, save

    shape = kind_of(kind)
    given = {"runs": runs, "run": run, "member": member, "along": along}
    for name, value in given.items():
        if value is not None and name not in shape.options:
            raise UsageError(f"plot {kind} takes no --{name}")
    if shape.of_case != (scenario is not None):
        needs = "needs a scenario" if shape.of_case else "shows the library and takes no scenario"
        raise UsageError(f"plot {kind} {needs}")
    if scenario is None and (rule or theory or fixed_codes or endogenous):
        raise UsageError(f"plot {kind} takes --set, but no other change of the model")
    check_ending(out)
    drawn = picture(
        kind,
        Wanted(
            setup=None
            if scenario is None
            else chosen_setup(
                scenario, set_, rule, theory, fixed_codes=fixed_codes, endogenous=endogenous
            ),
            settings=parse_settings(set_ or ()) if scenario is None else None,
            n_runs=runs or DEFAULT_RUNS,
            seed=seed,
            run=run,
            member=member,
            along=along,
        ),
    )
    save(framed(drawn), out)
    print(f"wrote {out}: {drawn.finding}", file=sys.stderr)
