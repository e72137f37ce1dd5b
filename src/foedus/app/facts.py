"""The facts of a crisis: what happened before the decision, the codes, and history on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.app.dials import CRISIS
from foedus.app.markup import Markup, joined, tag
from foedus.data.library import Case
from foedus.data.schema import Code, Member, mean, spread
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, LEVELS, MEMBER_ATTRIBUTES, Level
from foedus.plots.words import DID, men
from foedus.roleplay.wording import STOOD, TITLES, written

QUALITY = {
    "A": "well sourced",
    "B": "press and mirrors",
    "C": "mostly from memory",
}
"""What the grade of a case's sources means."""


def title_panel(case: Case) -> Markup:
    """The crisis in a headline, its question, and where it stands."""
    scenario = case.scenario
    tags = [
        case.alliance.name,
        f"day 0 is {written(scenario.dates.coded)}",
        f"asks: {case.name_of(scenario.requester)}",
        f"against: {scenario.adversary.name}",
        f"sources: {scenario.quality}, {QUALITY[scenario.quality]}",
    ]
    if scenario.extends:
        tags.append("a supposition")
    return joined(
        [
            tag("h1", scenario.title),
            tag("p", scenario.question, class_="question"),
            tag("ul", *(tag("li", text) for text in tags), class_="tags"),
        ]
    )


def facts_panel(case: Case) -> Markup:
    """Summary, codes of the crisis and of each member, each with its reason and sources."""
    scenario = case.scenario
    return joined(
        [
            tag("p", scenario.summary, class_="summary"),
            tag(
                "details",
                tag("summary", "How the crisis is coded, and why"),
                tag("div", *_crisis_codes(case), class_="codes"),
                class_="group",
            ),
            tag(
                "details",
                tag("summary", "How each member is coded, and why"),
                tag("div", *_member_codes(case), class_="codes"),
                class_="group",
            ),
            tag(
                "details",
                tag("summary", f"Sources ({len(scenario.sources)})"),
                _sources(scenario.sources.items()),
                class_="group",
            ),
        ]
    )


def _crisis_codes(case: Case) -> Iterator[Markup]:
    for name in CRISIS_ATTRIBUTES:
        code: Code[float] = getattr(case.scenario.crisis, name)
        title, low_end, high_end = CRISIS[name]
        yield tag(
            "div",
            tag("h4", title),
            _scale(name, code.coders, low_end, high_end),
            tag("p", code.why),
            tag("p", "Source: " + ", ".join(code.source), class_="source"),
            class_="code",
        )


def _scale(name: str, coders: Sequence[float], low_end: str, high_end: str) -> Markup:
    low, high = ATTRIBUTE_RANGE[name]
    value = mean(tuple(coders))

    def place(x: float) -> float:
        return 100 * (x - low) / (high - low)

    differ = f", the coders differ by {spread(tuple(coders)):g}" if spread(tuple(coders)) else ""
    return tag(
        "p",
        tag(
            "span",
            tag(
                "span",
                class_="between",
                style=f"left:{place(min(coders)):.1f}%;"
                f"width:{place(max(coders)) - place(min(coders)):.1f}%",
            ),
            tag("span", class_="at", style=f"left:{place(value):.1f}%"),
            class_="scale",
            aria_hidden="true",
        ),
        tag("span", f"{value:.2f}", class_="number"),
        tag("span", f" from {low:g} ({low_end}) to {high:g} ({high_end}){differ}", class_="small"),
        class_="scaled",
    )


def _member_codes(case: Case) -> Iterator[Markup]:
    for state, member in case.scenario.members.items():
        yield tag(
            "div",
            tag("h4", case.name_of(state)),
            tag("p", member.why),
            tag("dl", *_member_values(member), class_="values"),
            tag("p", "Source: " + ", ".join(member.source), class_="source"),
            class_="code",
        )


def _member_values(member: Member) -> Iterator[Markup]:
    for name in MEMBER_ATTRIBUTES:
        coders = getattr(member, name)
        if coders is not None:
            differ = f" (coders: {', '.join(f'{c:g}' for c in coders)})" if spread(coders) else ""
            yield tag("dt", TITLES[name])
            yield tag("dd", f"{mean(coders):.2f}{differ}")


def _sources(sources: object) -> Markup:
    rows = []
    for key, where in sources:  # type: ignore[attr-defined]
        is_link = where.startswith(("https://", "http://")) and " " not in where
        shown = tag("a", where, href=where, rel="noreferrer noopener") if is_link else where
        rows += [tag("dt", key), tag("dd", shown)]
    return tag("dl", *rows, class_="sources")


def history_panel(case: Case, revealed: bool) -> Markup:
    """What the alliance did, once somebody asks for it."""
    history = case.scenario.history
    if history is None:
        return tag("p", "This crisis is a supposition: it has no history.", class_="small")
    button = tag(
        "button",
        "Hide what happened" if revealed else "Show what happened",
        type="button",
        data_do="history",
        aria_expanded="true" if revealed else "false",
    )
    if not revealed:
        note = "First decide what you expect; the answer of history is hidden."
        return joined([tag("p", note, class_="small"), button])
    level = Level(LEVELS.index(history.level))
    when = f" on {written(history.decided)}" if history.decided else ""
    return joined(
        [
            tag("p", f"The alliance {DID[level]}{when}.", class_="lead"),
            tag("p", history.why),
            _reported(case),
            tag("p", f"Apart from the alliance: {history.unilateral}")
            if history.unilateral
            else None,
            tag("p", "Source: " + ", ".join(history.source), class_="source"),
            button,
        ]
    )


def _reported(case: Case) -> Markup | None:
    history = case.scenario.history
    if history is None or not (history.troops or history.stances):
        return None
    states = dict.fromkeys((*history.stances, *history.troops))
    rows = [
        tag(
            "tr",
            tag("th", case.name_of(state), scope="row"),
            tag("td", STOOD.get(history.stances.get(state, ""), "")),
            tag("td", men(*history.troops[state]) if state in history.troops else ""),
        )
        for state in states
    ]
    head = tag("tr", *(tag("th", word, scope="col") for word in ("State", "Stance", "Men")))
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="plain")
