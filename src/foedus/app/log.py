"""The days of a role play so far, one entry for each on which something changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from foedus.app.markup import Markup, joined, tag
from foedus.data.library import Case
from foedus.data.terms import Level
from foedus.model.story import Story
from foedus.plots.words import BY_PROCEDURE, men
from foedus.roleplay.wording import ANSWERS, sides


class Entry(NamedTuple):
    """What one day brought: in a few words, and who said what."""

    day: int
    text: str
    voices: str = ""


def story_log(case: Case, story: Story) -> Markup:
    """The days lived, as a list."""
    lines = list(_log(case, story))
    if not lines:
        return tag("p", "Nothing has happened yet.", class_="small")
    return tag("ol", *(tag("li", *_written(line)) for line in lines), class_="log")


def news(case: Case, story: Story, day: int) -> Markup:
    """What one day brought; nothing where all went on as before."""
    lines = [line for line in _log(case, story) if line.day == day]
    return joined(tag("p", *_written(line), class_="news") for line in lines)


def _log(case: Case, story: Story) -> Iterator[Entry]:
    answer, arrived, said = Level.NONE, False, ""
    for day in story.days:
        rises = day.answer > answer
        answer = day.answer
        level = answer if rises else Level(min(Level.DEPLOY, answer + 1))
        voices = f"{ANSWERS[level].capitalize()}: {sides(case, day, level)}."
        if rises:
            how = f" {BY_PROCEDURE}" if day.by_procedure else ""
            yield Entry(day.day, f"the council answers with {ANSWERS[answer]}.{how}", voices)
        elif day.council_sat and answer < Level.DEPLOY and voices != said:
            yield Entry(day.day, f"the council goes no further than {_so_far(answer)}.", voices)
        said = voices if day.council_sat else said
        if day.in_place and not arrived:
            arrived = True
            yield Entry(day.day, f"{men(day.in_place)} men are in place.")


def _so_far(answer: Level) -> str:
    return ANSWERS[answer] if answer else "words among its members"


def _written(entry: Entry) -> tuple[Markup, ...]:
    return (
        tag("b", f"Day {entry.day}: "),
        tag("span", entry.text),
        tag("span", f" {entry.voices}", class_="small"),
    )
