"""Commands on what foedus knows: crises, alliances, parameters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.root import Json, Scenario, app, hint, print_json


@app.command("list")
def list_cases(json: Json = False) -> None:
    """List the shipped crises."""
    from foedus.cli import tables
    from foedus.data.library import load_all

    cases = list(load_all())
    if json:
        print_json([tables.case_record(case) for case in cases])
    else:
        tables.show(tables.of_cases(cases))
        hint("foedus show ID; foedus run ID; foedus run ID --runs 1000")


@app.command()
def show(scenario: Scenario) -> None:
    """Show a crisis: facts, codes with reasons, members, sources."""
    from foedus.cli import tables
    from foedus.data.library import load

    for part in tables.of_case(load(scenario)):
        tables.show(part)


@app.command()
def validate(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID|FILE|DIR", help="Alliances too. Without any: all shipped scenarios."
        ),
    ] = None,
) -> None:
    """Check scenario files; say each problem with line and column."""
    from foedus.data.library import ALLIANCE_FILE, ids, load, load_alliance
    from foedus.errors import FileProblems, Problem

    problems: list[Problem] = []
    names = [each for name in files or ids() for each in _files_of(name)]
    for name in names:
        try:
            if Path(name).name == ALLIANCE_FILE:
                load_alliance(Path(name).parent)
            else:
                load(name)
        except FileProblems as found:
            problems.extend(found.problems)
    if problems:
        raise FileProblems(problems)
    print(f"{len(names)} valid")


def _files_of(name: str) -> list[str]:
    """What a name stands for: a folder for the alliance and the scenarios in and below it."""
    from foedus.data.library import ALLIANCE_FILE, ids, scenario_files
    from foedus.errors import InputError

    folder = Path(name)
    if name in ids() or not folder.is_dir():
        return [name]
    alliances = sorted(folder.rglob(ALLIANCE_FILE))
    found = [str(path) for path in (*alliances, *scenario_files(folder).values())]
    if not found:
        raise InputError(f"{name}: no scenario and no alliance in this folder")
    return found


@app.command()
def parameters(
    json: Json = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Write the table into a Markdown page between its markers."),
    ] = None,
) -> None:
    """Every number of the model: unit, prior, range and source."""
    from foedus.cli import tables
    from foedus.data.register import register

    if into is not None:
        from foedus.cli.register_page import register_markdown
        from foedus.doc_pages import fill

        fill(into, "parameters", register_markdown(register().values()))
        print(f"wrote {into}", file=sys.stderr)
    if json:
        print_json([vars(row) for row in register().values()])
    else:
        tables.show(tables.of_register(register().values()))
