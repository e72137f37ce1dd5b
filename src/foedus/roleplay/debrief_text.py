"""The debrief on a terminal: tables and sentences, made with rich."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.data.terms import LEVELS, Level
from foedus.plots.words import n_troops, percent
from foedus.roleplay import wording
from foedus.roleplay.debrief import Debrief


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
