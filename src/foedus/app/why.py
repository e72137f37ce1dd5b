"""Why one member stands where it stands: its view as a sum, what it heard, what would turn it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from foedus.analysis.explain.decomposition import Explanation, MemberAccount, Turn
from foedus.app.dials import CRISIS
from foedus.app.markup import Markup, joined, tag
from foedus.data.library import Case
from foedus.plots.why import Step, reached, stances_said, steps_of
from foedus.plots.words import BY_PROCEDURE, percent, signed
from foedus.roleplay.wording import ANSWERS, BACKS, TITLES

N_TURNS = 6
"""Changes shown that would turn the answer."""


def why_panel(case: Case, explanation: Explanation, state: str) -> Markup:
    """One member's position explained, on the day of the answer."""
    account = next(m for m in explanation.members if m.state == state)
    return joined(
        [
            _members(case, explanation, state),
            tag("p", finding(case, explanation, account), class_="lead", role="status"),
            *([tag("p", BY_PROCEDURE, class_="small")] if explanation.by_procedure else []),
            _waterfall(account, explanation.bars),
            tag("p", _hears(case, account), class_="small"),
            tag("h3", "What would have changed the answer", class_="group"),
            _turns(case, explanation.turns),
        ]
    )


def _members(case: Case, explanation: Explanation, chosen: str) -> Markup:
    return tag(
        "div",
        *(
            tag(
                "button",
                case.name_of(m.state),
                type="button",
                data_do="why",
                data_with=m.state,
                aria_pressed="true" if m.state == chosen else "false",
            )
            for m in explanation.members
        ),
        class_="tabs",
        role="group",
        aria_label="Member to explain",
    )


def finding(case: Case, explanation: Explanation, account: MemberAccount) -> str:
    """Where the member stood, and how far influence moved it, in one sentence."""
    name = case.name_of(account.state)
    own = reached(account.private, explanation.bars)
    after = reached(account.position, explanation.bars)
    said = f"On day {explanation.day} {name}, left to itself, {BACKS[own]} "
    said += f"({signed(account.private)})"
    if account.susceptibility == 0:
        return f"{said}; it listens to nobody, and {stances_said(account.stances)}."
    still = "still " if after is own else ""
    return (
        f"{said}; the talk moves it by {signed(account.moved)}, and it {still}{BACKS[after]} "
        f"({signed(account.position)}): it {stances_said(account.stances)}."
    )


def _waterfall(account: MemberAccount, bars: Sequence[float]) -> Markup:
    rows = steps_of(account)
    ends = [0.0, *bars, *(x for row in rows for x in (row.start, row.end))]
    low, high = min(ends), max(ends)

    def place(x: float) -> float:
        return 100 * (x - low) / (high - low)

    marks = [
        tag("span", class_=f"bar level-{k}", style=f"left:{place(bar):.2f}%")
        for k, bar in enumerate(bars, start=1)
    ]
    return tag(
        "table",
        tag(
            "caption",
            "Each row adds to the one above, in log-odds; the upright lines are the bars of "
            "consult, support and deploy.",
        ),
        tag(
            "tbody",
            *(_step(row, marks, place) for row in rows),
        ),
        class_="waterfall",
    )


def _step(row: Step, marks: Sequence[Markup], place: Callable[[float], float]) -> Markup:
    left, right = place(min(row.start, row.end)), place(max(row.start, row.end))
    way = "total" if row.is_sum else "raises" if row.change >= 0 else "lowers"
    bar = tag("span", class_=f"step {way}", style=f"left:{left:.2f}%;width:{right - left:.2f}%")
    return tag(
        "tr",
        tag("th", row.label, scope="row"),
        tag("td", *marks, bar, class_="strip", aria_hidden="true"),
        tag("td", signed(row.change), class_="number"),
        class_="sum" if row.is_sum else None,
    )


def _hears(case: Case, account: MemberAccount) -> str:
    if not account.heard or account.susceptibility == 0:
        return f"{case.name_of(account.state)} listens to nobody."
    voices = "; ".join(
        f"{case.name_of(h.state)} ({percent(h.weight)} of what it hears) at {signed(h.position)}"
        for h in account.heard[:3]
    )
    return (
        f"It depends on the patron by {percent(account.dependence)} and takes "
        f"{percent(account.susceptibility)} of its position from others: {voices}."
    )


def _turns(case: Case, turns: Sequence[Turn]) -> Markup:
    if not turns:
        return tag(
            "p",
            "No change of a single attribute would have changed the answer of this run.",
            class_="small",
        )
    return tag("ul", *_turn_items(case, turns[:N_TURNS]), class_="turns")


def _turn_items(case: Case, turns: Sequence[Turn]) -> Iterator[Markup]:
    for turn in turns:
        yield tag(
            "li",
            tag(
                "button",
                f"{attribute_title(case, turn.attribute)}: {turn.value:.2f} to {turn.becomes:.2f}",
                type="button",
                data_do="turn",
                data_with=f"{turn.attribute}:{turn.becomes:.4f}",
                title="Set it so",
            ),
            f" and the alliance answers with {ANSWERS[turn.answer]}",
        )


def attribute_title(case: Case, name: str) -> str:
    """An attribute in words: ``Danger to the government``, ``What Russia may lose``."""
    state, dot, attribute = name.rpartition(".")
    if not dot:
        return CRISIS[attribute][0]
    return f"{case.name_of(state)}, {TITLES[attribute].lower()}"
