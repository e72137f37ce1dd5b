"""Role play in the terminal: brief each seat, take its line, live the day, and look back.

The dialogue goes to standard error, so that standard output holds the debrief alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from foedus.data.library import Case
from foedus.data.sessions import write_session
from foedus.data.terms import LEVELS, Level, Line
from foedus.plots.words import date_of, n_troops, percent
from foedus.roleplay import wording
from foedus.roleplay.debrief import Debrief
from foedus.roleplay.game import Game, decide, morning, play_on, session_of
from foedus.roleplay.player_choice import Morning, SeatView

HELP = (
    "Type the number or the first letters of a choice. Enter keeps your last choice (on the first "
    "day: your advisers'). 'hold' keeps all choices to the end; 'leave' stops here."
)


class Leaving(Exception):
    """A player stops before the end."""


class Holding(Exception):
    """A player lets all lines stand to the end."""


def play(game: Game, console: Console, save: Path | None = None) -> tuple[Game, bool]:
    """Play a game to its end, or until a player leaves.

    Args:
        console: Where the dialogue goes; what is typed comes from standard input.
        save: File to which the session is saved after each day.

    Returns:
        The game as decided, and whether it was played to the end.
    """
    case, lines = game.setup.case, dict[str, Line]()
    console.print(opening(game))
    try:
        while not (now := morning(game)).is_settled:
            console.print(Text(f"\nDay {now.day}, {date_of(case, now.day)}", style="bold"))
            console.print(Text(wording.situation(case, now)))
            lines = {view.state: usual(view) for view in now.seats}
            for view in now.seats:
                lines[view.state] = choice(case, now, view, console)
            game = _saved(decide(game, lines), save)
    except Leaving:
        return game, False
    except (Holding, EOFError) as stop:
        why = "No more input: all" if isinstance(stop, EOFError) else "All"
        console.print(Text(f"{why} choices stand to the end."))
        game = decide(game, lines)
    return _saved(play_on(game), save), True


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
        codes = [
            (title, f"{value:.2f}", word) for title, value, word in wording.codes_of(case, state)
        ]
        parts.append(_table(codes, below=1))
    parts.append(Text(HELP, style="dim"))
    return Group(*parts)


def _table(rows: Iterable[tuple[str, ...]], below: int = 0) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    return Padding(table, (0, 0, below, 2))


def choice(case: Case, now: Morning, view: SeatView, console: Console) -> Line:
    """Brief one seat and take its line; asks again until it is understood.

    Raises:
        Leaving: If the player leaves.
        Holding: If all lines are to stand.
        EOFError: If nobody answers any more.
    """
    console.print(_briefing(case, now, view))
    while True:
        typed = console.input(f"{view.state}> ").strip().lower()
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
    lines = list(view.offers)
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
    return max(line for line in view.offers if line <= Line.ASIDE)


def _briefing(case: Case, now: Morning, view: SeatView) -> RenderableType:
    rows = []
    for number, line in enumerate(view.offers, start=1):
        kept = "  (your choice so far)" if line is view.held else ""
        detail = (
            wording.meaning_of(view, line).description if view.asks else wording.says(view, line)
        )
        rows.append((str(number), line.label, detail + kept))
    return Group(
        Text(f"\n{case.name_of(view.state)}", style="bold"),
        Text(wording.standing(view)),
        Text(wording.advice(view)),
        Text("You hear: " + "; ".join(wording.hears(case, now, view.state)) + "."),
        _table(rows),
    )


def of_debrief(review: Debrief) -> Iterator[RenderableType]:
    """What came of a role play, beside the model and history."""
    case = review.case
    yield Text(f"\n{case.scenario.title}: debrief", style="bold")
    yield Text(f"As you played it. {wording.outcome(case, review.played)}")
    yield Text(f"Without you. {wording.outcome(case, review.modelled)}")
    known = case.scenario.history
    yield Text(f"In history. {wording.history(review)} {known.why if known else ''}\n")
    for seat in review.seats:
        yield Text(f"{case.name_of(seat.state)} ({seat.state})", style="bold")
        yield Text(f"  You: {wording.decided(seat)}; {n_troops(seat.troops)} troops sent.")
        yield Text(f"  The model, by the decision: {wording.model_said(seat)}.")
        yield Text(f"  History: {wording.stood(seat)}.")
        yield Text(f"  {wording.mattered(review, seat)}\n")
    yield of_odds(review)
    yield Text(wording.uncertainty(review))


def of_odds(review: Debrief) -> Table:
    """What other chance would have brought, and what each theory expected."""
    table = Table(title="How likely each answer is", title_justify="left")
    table.add_column("")
    for level in Level:
        mark = " <-" if review.history is level else ""
        table.add_column(LEVELS[level] + mark, justify="right")
    for odds in (review.with_lines, review.without_lines, *review.theories[1:]):
        table.add_row(odds.name, *(percent(p) for p in odds.p_levels))
    if review.history is not None:
        table.caption = "<- what the alliance did in history"
        table.caption_justify = "left"
    return table
