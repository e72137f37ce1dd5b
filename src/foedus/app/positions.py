"""Where each member stands on a day, against the bars, and what it says to each level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from foedus.app.markup import Markup, tag
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.model.story import Day, MemberDay, Story
from foedus.plots.words import SAYS, signed
from foedus.roleplay.wording import BACKS

SIGNS = {Stance.SUPPORT: "✓", Stance.ABSTAIN: "–", Stance.OBJECT: "✕"}
"""What a member says, as a sign."""
LATE = 80.0
"""Place of a bar on the strip, per cent, from which its name stands left of it."""
MARGIN = 0.06
"""Share of the strip left free at either end."""

Scale: TypeAlias = Callable[[float], float]
"""A position in log-odds to a place on the strip, per cent from the left."""


def _reach(story: Story) -> tuple[float, float]:
    """Lowest and highest position or bar of the whole run, so that the scale stands still."""
    every = [x for day in story.days for m in day.members for x in (m.private, m.position)]
    every += [bar for day in story.days for bar in day.bars]
    return min(every), max(every)


def positions_table(case: Case, story: Story, today: Day, chosen: str | None) -> Markup:
    """One row a member; the scale stands still over the days of the run.

    Parameters
    ----------
    chosen
        The member whose position is explained.
    """
    low, high = _reach(story)

    def place(x: float) -> float:
        return 100 * (MARGIN + (1 - 2 * MARGIN) * (x - low) / (high - low))

    order = _order(case, today.members)
    return tag(
        "table",
        tag(
            "caption",
            "Where each member stands: a ring for its own view, a dot after the talk. A dot right "
            "of a bar backs that level. Choose a member to see why.",
        ),
        tag("thead", _head(today, place)),
        tag("tbody", *(_row(case, m, today, place, m.state == chosen) for m in order)),
        class_="positions",
    )


def _order(case: Case, members: Sequence[MemberDay]) -> list[MemberDay]:
    """The patron, then the others by the size of their seat, and last who asks."""
    capability = {state: sum(m.capability) for state, m in case.scenario.members.items()}
    return sorted(
        members,
        key=lambda m: (
            m.state == case.scenario.requester,
            m.state != case.patron,
            -capability[m.state],
        ),
    )


def _head(today: Day, place: Scale) -> Markup:
    where = [place(bar) for bar in today.bars]
    labels = [
        tag(
            "span",
            word,
            style=f"left:{at:.2f}%",
            class_="barname leftward" if at > LATE else "barname",
        )
        for word, at in zip(LEVELS[1:], where, strict=True)
    ]
    return tag(
        "tr",
        tag("th", "Member", scope="col"),
        tag("th", *labels, tag("span", "Position", class_="unseen"), scope="col", class_="strip"),
        *(tag("th", word, scope="col", class_="says") for word in LEVELS[1:]),
    )


def _row(case: Case, member: MemberDay, today: Day, place: Scale, is_chosen: bool) -> Markup:
    own, at = place(member.private), place(member.position)
    bars = [place(bar) for bar in today.bars]
    state = member.state
    role = "patron" if state == case.patron else ""
    role = "asker" if state == case.scenario.requester else role
    marks = [
        *_ground(bars),
        tag("span", class_="talk", style=f"left:{min(own, at):.2f}%;width:{abs(at - own):.2f}%"),
        tag("span", class_="own", style=f"left:{own:.2f}%"),
        tag("span", class_=f"dot {role}", style=f"left:{at:.2f}%"),
    ]
    button = tag(
        "button",
        case.name_of(state),
        type="button",
        class_="name",
        data_do="why",
        data_with=state,
        aria_pressed="true" if is_chosen else "false",
        title=f"Why {case.name_of(state)} stands there",
    )
    return tag(
        "tr",
        tag("th", button, _role_note(case, state), scope="row"),
        tag(
            "td",
            tag("span", *marks, class_="marks", aria_hidden="true"),
            tag("span", f"{signed(member.position)}, {_backs(member, today)}", class_="unseen"),
            class_="strip",
        ),
        *_stances(case, member),
        class_="chosen" if is_chosen else None,
        data_key=state,
    )


def _role_note(case: Case, state: str) -> Markup | None:
    if state == case.scenario.requester:
        return tag("span", "asks", class_="role")
    if state == case.patron:
        return tag("span", "patron", class_="role")
    if state == case.scenario.adversary.iso3:
        return tag("span", "adversary", class_="role")
    return None


def _ground(bars: Sequence[float]) -> Iterator[Markup]:
    edges = [0.0, *bars, 100.0]
    for level in Level:
        left, right = edges[level], edges[level + 1]
        yield tag(
            "span",
            class_=f"ground level-{int(level)}",
            style=f"left:{left:.2f}%;width:{max(0.0, right - left):.2f}%",
        )


def _backs(member: MemberDay, today: Day) -> str:
    return BACKS[Level(sum(member.position >= bar for bar in today.bars))]


def _stances(case: Case, member: MemberDay) -> Iterator[Markup]:
    votes = member.state != case.scenario.requester or len(case.scenario.members) == 1
    for word, stance in zip(LEVELS[1:], member.stances, strict=True):
        if not votes:
            yield tag("td", tag("span", "no vote", class_="unseen"), class_="says")
            continue
        yield tag(
            "td",
            tag("span", SIGNS[stance], aria_hidden="true"),
            tag("span", f"{SAYS[stance]} {word}", class_="unseen"),
            class_=f"says stance-{stance.name.lower()}",
        )
