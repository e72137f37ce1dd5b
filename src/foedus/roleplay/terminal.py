"""Role play in the terminal: brief each seat, take its line, live the day, and look back.

The dialogue goes to standard error, so that standard output holds the debrief alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from foedus.data.library import Case
from foedus.data.sessions import write_session
from foedus.data.terms import Line
from foedus.plots.story_text import date_of
from foedus.roleplay import wording
from foedus.roleplay.day import Morning, SeatView
from foedus.roleplay.game import Game, decide, morning, play_on
from foedus.roleplay.session import session_of

Ask = Callable[[str], str]
"""Asks a person and returns what was typed; raises EOFError where nobody answers."""

HELP = (
    "Type the number or the first letters of a choice. Enter keeps your last choice (on the first "
    "day: your advisers'). 'hold' keeps all choices to the end; 'leave' stops here."
)


class Leaving(Exception):
    """A player stops before the end."""


class Holding(Exception):
    """A player lets all lines stand to the end."""


def play(game: Game, ask: Ask, console: Console, save: Path | None = None) -> tuple[Game, bool]:
    """Play a game to its end, or until a player leaves.

    Args:
        ask: Asks for one line of input.
        console: Where the dialogue goes.
        save: File to which the session is saved after each day.

    Returns:
        The game as decided, and whether it was played to the end.
    """
    case = game.setup.case
    console.print(opening(game))
    holding = False
    try:
        while not holding and not (now := morning(game)).is_settled:
            console.print(dawn(case, now))
            lines, holding = day_of_lines(case, now, ask, console)
            game = _saved(decide(game, lines), save)
    except Leaving:
        return game, False
    return _saved(play_on(game), save), True


def day_of_lines(
    case: Case, now: Morning, ask: Ask, console: Console
) -> tuple[dict[str, Line], bool]:
    """The lines of all seats for one day, and whether they are to stand to the end."""
    lines: dict[str, Line] = {}
    try:
        for view in now.seats:
            lines[view.state] = choice(case, now, view, ask, console)
    except (Holding, EOFError) as stop:
        why = "No more input: all" if isinstance(stop, EOFError) else "All"
        console.print(Text(f"{why} choices stand to the end."))
        return {view.state: usual(view) for view in now.seats} | lines, True
    return lines, False


def _saved(game: Game, save: Path | None) -> Game:
    if save is not None:
        write_session(session_of(game), save)
    return game


def opening(game: Game) -> RenderableType:
    """The facts of the crisis and the codes of each seat; nothing of what came after."""
    case = game.setup.case
    scenario = case.scenario
    parts: list[RenderableType] = [
        Text(f"\n{scenario.title}", style="bold"),
        Text(f"{scenario.question}\n", style="italic"),
        Text(f"{scenario.summary}\n"),
    ]
    for state in game.seats:
        parts.append(Text(f"You play {case.name_of(state)} ({state})", style="bold"))
        parts.append(Text(scenario.members[state].why))
        parts.append(Padding(_codes(case, state), (0, 0, 1, 2)))
    parts.append(Text(HELP, style="dim"))
    return Group(*parts)


def _codes(case: Case, state: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for title, value, word in wording.codes_of(case, state):
        table.add_row(title, f"{value:.2f}", word)
    return table


def dawn(case: Case, now: Morning) -> RenderableType:
    """The start of a day."""
    return Group(
        Text(f"\nDay {now.day}, {date_of(case, now.day)}", style="bold"),
        Text(wording.situation(case, now)),
    )


def choice(case: Case, now: Morning, view: SeatView, ask: Ask, console: Console) -> Line:
    """Brief one seat and take its line; asks again until it is understood."""
    console.print(_briefing(case, now, view))
    while True:
        typed = ask(f"{view.state}> ").strip().lower()
        if typed in ("leave", "quit", "exit"):
            raise Leaving
        if typed == "hold":
            raise Holding
        line = understood(view, typed)
        if line is not None:
            return line
        console.print(Text(f"'{typed}' is no choice of {view.state}. {HELP}"))


def understood(view: SeatView, typed: str) -> Line | None:
    """The line that was meant; None where it cannot be told."""
    lines = [offer.line for offer in view.offers]
    if not typed:
        return usual(view)
    if typed.isdecimal() and len(typed) < 3:
        return lines[int(typed) - 1] if 1 <= int(typed) <= len(lines) else None
    meant = [line for line in lines if line.label.startswith(typed)]
    return meant[0] if len(meant) == 1 else None


def usual(view: SeatView) -> Line:
    """The line held so far; else what the advisers stand for, or the mildest refusal open."""
    if view.held is not None:
        return view.held
    if view.advice:
        return Line(int(view.advice))
    return max(offer.line for offer in view.offers if offer.line <= Line.ASIDE)


def _briefing(case: Case, now: Morning, view: SeatView) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for number, offer in enumerate(view.offers, start=1):
        kept = "  (your choice so far)" if offer.line is view.held else ""
        detail = wording.hint_of(view, offer.line) if view.asks else wording.says(offer)
        table.add_row(str(number), offer.line.label, detail + kept)
    return Group(
        Text(f"\n{case.name_of(view.state)}", style="bold"),
        Text(wording.standing(view)),
        Text(wording.advice(view)),
        Text("You hear: " + "; ".join(wording.hears(case, now, view.state)) + "."),
        Padding(table, (0, 0, 0, 2)),
    )


def typed_line(prompt: str) -> str:
    """Ask on standard error and read one line of standard input."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    read = sys.stdin.readline()
    if not read:
        raise EOFError
    return read


def notes(game: Game, finished: bool, save: Path | None) -> Iterator[str]:
    """What to say about a game that a player left."""
    if not finished:
        where = f" and saved in {save}; go on with --resume {save}" if save else "; not saved"
        yield f"Left after {len(game.days)} days{where}."
