"""One run, day by day: the danger, what the council does, and where each member stands."""

from __future__ import annotations

from foedus.app.markup import Markup, joined, tag
from foedus.app.positions import positions_table
from foedus.data.library import Case
from foedus.data.terms import Ending, Level
from foedus.model.story import Day, Story
from foedus.plots.words import BY_PROCEDURE, listed, men, percent
from foedus.roleplay.wording import ANSWERS, danger, date_of, sides

TIMELINE_KEY = "A bar is a day: its height the danger, its colour the answer that stands."
"""What the marks of the timeline mean."""


def shown_day(story: Story, day: int) -> Day:
    """The day of that number, or the last one lived."""
    return story.days[min(day, len(story.days) - 1)]


def day_panel(
    case: Case, story: Story, day: int, chosen: str | None, *, plays: bool = False
) -> Markup:
    """Everything about one day of one run.

    Parameters
    ----------
    plays
        Whether the days are being played.
    chosen
        The member whose position is explained.
    """
    today = shown_day(story, day)
    return joined(
        [
            _steps(story, today, plays),
            tag("p", telling(case, story, today), class_="telling", role="status"),
            _timeline(story, today),
            tag("p", TIMELINE_KEY, class_="key"),
            positions_table(case, story, today, chosen),
        ]
    )


def _steps(story: Story, today: Day, plays: bool) -> Markup:
    last = len(story.days) - 1
    return tag(
        "div",
        _button("Day before", "back", "◂", today.day == 0),
        tag(
            "div",
            tag("label", "Day", for_="day"),
            tag(
                "input",
                type="range",
                id="day",
                min="0",
                max=str(last),
                step="1",
                data_step="1",
                data_digits="0",
                value=str(today.day),
                data_name="day",
            ),
            tag("output", str(today.day), for_="day"),
            class_="dayslider",
        ),
        _button("Next day", "forward", "▸", today.day == last),
        _button("Pause", "play", "❚❚", False)
        if plays
        else _button("Play the days", "play", "▸▸", last == 0),
        tag(
            "button",
            "To the decision",
            type="button",
            data_do="decision",
            disabled=story.day_decided < 0,
        ),
        tag("button", f"Another run (now {story.run})", type="button", data_do="another"),
        class_="steps",
        role="group",
        aria_label="Days of this run",
    )


def _button(name: str, does: str, sign: str, disabled: bool) -> Markup:
    return tag(
        "button",
        tag("span", sign, aria_hidden="true"),
        type="button",
        aria_label=name,
        title=name,
        data_do=does,
        disabled=disabled,
    )


def telling(case: Case, story: Story, today: Day) -> str:
    """What this day brings, in a few sentences."""
    before = story.days[today.day - 1] if today.day else None
    parts = [
        f"{date_of(case, today.day)}: the danger is {danger(today.intensity)} "
        f"({percent(today.intensity)})."
    ]
    parts.append(_council(case, today, before))
    if today.in_place and not (before and before.in_place):
        parts.append(f"{men(today.in_place)} men are in place.")
    if today is story.days[-1]:
        parts.append(_end(case, story))
    return " ".join(part for part in parts if part)


def _council(case: Case, today: Day, before: Day | None) -> str:
    stood = before.answer if before else Level.NONE
    if today.answer > stood:
        asked = f"The council sits and answers with {ANSWERS[today.answer]}: "
        how = f" {BY_PROCEDURE}" if today.by_procedure else ""
        return asked + sides(case, today, today.answer) + _pledged(case, today) + "." + how
    if not today.council_sat:
        return "The council does not sit yet."
    if today.answer is Level.NONE:
        return f"The council finds no answer: {sides(case, today, Level.CONSULT)}."
    return f"The answer stands: {ANSWERS[today.answer]}."


def _pledged(case: Case, today: Day) -> str:
    pledged = sorted(((m.troops, m.state) for m in today.members if m.troops), reverse=True)
    if not pledged:
        return ""
    return ". Pledged: " + listed([f"{case.name_of(state)} {men(n)}" for n, state in pledged])


def _end(case: Case, story: Story) -> str:
    return {
        Ending.QUELLED: f"The crisis is over on day {story.day_ended}.",
        Ending.LOST: f"{case.name_of(case.scenario.requester)} is lost on day {story.day_ended}.",
        Ending.HORIZON: "The crisis goes on beyond the days simulated.",
    }[story.ending]


def _timeline(story: Story, today: Day) -> Markup:
    """One cell a day: its height the danger, its colour the answer that stands."""
    return tag(
        "div",
        *(
            tag(
                "span",
                tag("span", style=f"height:{100 * day.intensity:.0f}%"),
                class_=f"cell level-{int(day.answer)}" + (" now" if day is today else ""),
                title=f"day {day.day}: danger {percent(day.intensity)}, {day.answer.label}",
            )
            for day in story.days
        ),
        class_="timeline",
        role="img",
        aria_label=_timeline_words(story),
    )


def _timeline_words(story: Story) -> str:
    rises = [
        f"{ANSWERS[day.answer]} from day {day.day}"
        for before, day in zip((None, *story.days), story.days, strict=False)
        if day.answer > (before.answer if before else Level.NONE)
    ]
    ended = f"danger {percent(story.days[0].intensity)} on day 0, "
    ended += f"{percent(story.days[-1].intensity)} on day {story.days[-1].day}"
    return f"{ended}; answer: {listed(rises) or 'none'}"
