"""Commands for people who write crises of their own: a template, its schema, its sources."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.root import Json, app, day_of, print_json
from foedus.data.terms import FileKind


@app.command()
def new(
    alliance: Annotated[
        str,
        typer.Argument(
            metavar="ALLIANCE",
            help="Id of a shipped alliance, or of the alliance.yaml in the folder or above it.",
        ),
    ],
    scenario_id: Annotated[
        str, typer.Argument(metavar="ID", help="Id of the new crisis, such as my-crisis.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the file.")] = Path(),
    day: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="YYYY-MM-DD",
            help="The day the codes will describe; the members that sat on it are listed, and the "
            "treaty and council of that day hold. Default: today.",
        ),
    ] = None,
    requester: Annotated[
        str | None,
        typer.Option("--requester", metavar="ISO3", help="Default: the first that does not lead."),
    ] = None,
) -> None:
    """Write a commented scenario to fill in; it runs as it stands."""
    from foedus.data.drafts import write_draft

    on = day_of(day) if day else date.today()
    path, schema = write_draft(
        alliance, scenario_id, out, on, requester.upper() if requester else None
    )
    print(path)
    told = f"The members of {on} are listed; the editor reads {schema}."
    print(f"{told}\nNext: foedus validate {path}; foedus run {path} --runs 1000", file=sys.stderr)


@app.command()
def schema(
    kind: Annotated[FileKind, typer.Argument(help="Which file it describes.")] = FileKind.SCENARIO,
) -> None:
    """Print the JSON Schema of the files, for editors."""
    from foedus.data.json_schema import schema_text

    print(schema_text(kind), end="")


@app.command()
def sources(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="ID|FILE", help="Without it: all shipped crises."),
    ] = None,
    parameters: Annotated[
        bool, typer.Option("--parameters", help="The numbers of the model too.")
    ] = False,
    json: Json = False,
) -> None:
    """Every number of the crises and what it rests on."""
    from foedus.cli import source_tables, tables
    from foedus.data.library import load, load_all
    from foedus.data.sources import numbers_of, numbers_of_the_model

    cases = [load(scenario)] if scenario else load_all()
    numbers = [stated for case in cases for stated in numbers_of(case, _reach())]
    if parameters:
        numbers.extend(numbers_of_the_model())
    if json:
        print_json([source_tables.stated_record(stated) for stated in numbers])
    else:
        for part in source_tables.of_numbers(numbers):
            tables.show(part)


@app.command()
def coverage(json: Json = False) -> None:
    """Which indicators are missing, and how much is assumed."""
    from foedus.cli import source_tables, tables
    from foedus.data.coverage import backing, measured
    from foedus.data.library import load_all

    cases = list(load_all())
    known, backed = measured(cases, _reach()), backing(cases, _reach())
    if json:
        print_json(source_tables.coverage_record(known, backed))
    else:
        for part in source_tables.of_coverage(known, backed):
            tables.show(part)


def _reach() -> float:
    from foedus.data.register import defaults

    return defaults()["indicator_reach"]
