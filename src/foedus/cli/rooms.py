"""Commands for people around a table: the crisis room in a browser, and role play."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.root import (
    FixedCodes,
    Json,
    RuleName,
    Scenario,
    Set,
    TheoryName,
    app,
    chosen_setup,
    print_json,
)
from foedus.errors import UsageError, missing

if TYPE_CHECKING:
    from foedus.roleplay.game import Game


@app.command()
def play(
    scenario: Scenario,
    as_: Annotated[
        list[str] | None,
        typer.Option("--as", metavar="ISO3", help="The seat that a person takes. Repeatable."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**32 - 1, help="The same seed, the same chance.")
    ] = 1,
    run: Annotated[
        int, typer.Option("--run", min=0, max=9_999_999, help="Which chance to play under.")
    ] = 0,
    set_: Set = None,
    rule: RuleName = None,
    theory: TheoryName = None,
    fixed_codes: FixedCodes = False,
    save: Annotated[
        Path | None, typer.Option("--save", help="Save the session here after each day.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", help="Go on with a saved session.")
    ] = None,
    json: Json = False,
) -> None:
    """Take a seat in the council, decide day by day, and look back.

    See what a government knew then; the model plays the seats that nobody takes.
    """
    from rich.console import Console

    from foedus.cli import tables
    from foedus.roleplay.debrief import as_record, debrief
    from foedus.roleplay.debrief_text import of_debrief
    from foedus.roleplay.game import begin
    from foedus.roleplay.terminal import notes, typed_line
    from foedus.roleplay.terminal import play as play_out

    if resume is not None:
        game = _reopened(scenario, resume)
    else:
        setup = chosen_setup(scenario, set_, rule, theory, fixed_codes=fixed_codes)
        if not as_:
            sitting = ", ".join(sorted(setup.case.scenario.members))
            raise UsageError(f"nobody takes a seat: add --as with one of {sitting}")
        game = begin(setup, [state.upper() for state in as_], seed, run)
    game, finished = play_out(
        game, typed_line, Console(stderr=True, highlight=False, markup=False, emoji=False), save
    )
    for note in notes(game, finished, save):
        print(note, file=sys.stderr)
    if not finished:
        return
    review = debrief(game)
    if json:
        print_json(as_record(review))
    else:
        for part in of_debrief(review):
            tables.show(part)


def _reopened(scenario: str, resume: Path) -> Game:
    from foedus.data.library import load
    from foedus.data.sessions import read_session
    from foedus.roleplay.session import game_of, is_changed

    case, session = load(scenario), read_session(resume)
    if is_changed(session, case):
        print(f"{case.id} has changed since this session was saved.", file=sys.stderr)
    return game_of(session, case)


@app.command("app")
def crisis_room(
    crises: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|FILE|FOLDER]...",
            help="Your own scenario files beside the shipped ones; the first crisis is opened.",
        ),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8080,
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            help="Address to listen on; this machine alone if not given. Giving one (0.0.0.0 for "
            "the local network) also opens class rooms.",
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open a browser.")
    ] = False,
) -> None:
    """Open the crisis room in a browser.

    Sliders, one run day by day, why, and role play.
    """
    try:
        from foedus.app.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "websockets"):
            raise
        raise missing("the app", "Starlette and uvicorn", "app") from None
    serve(host=host, port=port, show=not no_browser, crises=crises or ())
