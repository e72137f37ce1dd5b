"""The seats of a role play on a page: which are taken, what each knows, and what it may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foedus.app.log import news
from foedus.app.markup import Markup, joined, tag
from foedus.app.positions import SIGNS
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Line
from foedus.model.story import Story
from foedus.plots.words import SAYS
from foedus.roleplay import wording
from foedus.roleplay.day import Morning, Offer, SeatView


def seat_choice(case: Case, taken: tuple[str, ...]) -> Markup:
    """Every seat with the reasons of its state, to be ticked.

    Parameters
    ----------
    taken
        Seats ticked so far.
    """
    return tag(
        "ul",
        *(_seat_row(case, state, state in taken) for state in in_order(case)),
        class_="seats",
    )


def in_order(case: Case) -> list[str]:
    """Members as a council would list them: the patron, who asks, then by name."""
    first = (case.patron, case.scenario.requester)
    others = [state for state in case.scenario.members if state not in first]
    return [*dict.fromkeys(first), *sorted(others, key=case.name_of)]


def _seat_row(case: Case, state: str, ticked: bool) -> Markup:
    name = f"seat-{state}"
    return tag(
        "li",
        tag(
            "input",
            type="checkbox",
            id=name,
            data_name=name,
            checked=ticked,
            aria_describedby=f"{name}-why",
        ),
        tag("label", case.name_of(state), role_of(case, state), for_=name),
        tag("p", case.scenario.members[state].why, class_="small", id=f"{name}-why"),
    )


def role_of(case: Case, state: str) -> Markup | None:
    """What is special about a state in this crisis."""
    roles = {
        case.scenario.requester: "asks for help",
        case.patron: "the patron",
        case.scenario.adversary.iso3: "the adversary",
    }
    return tag("span", roles[state], class_="role") if state in roles else None


def morning_lines(case: Case, now: Morning, so_far: Story) -> Markup:
    """The head of a day: what the day before brought, and where things stand."""
    title = f"Day {now.day}, {wording.date_of(case, now.day)}"
    return joined(
        [
            tag("h2", title, tabindex="-1", data_arrival=f"day-{now.day}"),
            news(case, so_far, now.day - 1),
            tag("p", wording.situation(case, now), class_="telling", role="status"),
        ]
    )


def seat_card(case: Case, now: Morning, view: SeatView, chosen: Line | None) -> Markup:
    """What one seat knows, and its choice for the day.

    Parameters
    ----------
    chosen
        The line chosen for the day so far.
    """
    state = view.state
    return tag(
        "article",
        tag("h3", case.name_of(state), role_of(case, state)),
        tag("p", wording.standing(view), class_="small"),
        tag("p", wording.advice(view)),
        _heard(case, now, state),
        tag(
            "fieldset",
            tag("legend", f"The line of {case.name_of(state)} today"),
            *(_choice(view, offer, chosen) for offer in view.offers),
        ),
        _codes(case, state),
        class_="seatcard",
        data_key=state,
    )


def _heard(case: Case, now: Morning, state: str) -> Markup:
    heard = wording.hears(case, now, state)
    if not heard:
        return tag("p", "You hear nobody.", class_="small")
    return joined(
        [tag("h4", "You hear"), tag("ul", *(tag("li", one) for one in heard), class_="heard")]
    )


def _choice(view: SeatView, offer: Offer, chosen: Line | None) -> Markup:
    name = f"line-{view.state}"
    which = f"{name}-{offer.line.label}"
    return tag(
        "label",
        tag(
            "input",
            type="radio",
            name=name,
            id=which,
            value=offer.line.label,
            checked=offer.line is chosen,
            data_name=name,
        ),
        tag(
            "span",
            tag("span", wording.title_of(view, offer.line), class_="linename"),
            tag("span", wording.hint_of(view, offer.line), class_="small"),
        ),
        None if view.asks else _said(offer),
        class_="line",
        for_=which,
    )


def _said(offer: Offer) -> Markup:
    """What the line says to each level, as signs with words behind them."""
    return tag(
        "span",
        *(
            tag(
                "span",
                tag("span", SIGNS[stance], aria_hidden="true"),
                tag("span", f" {word}", aria_hidden="true"),
                tag("span", f" {SAYS[stance]} {word};", class_="unseen"),
                class_=f"stance-{stance.name.lower()}",
            )
            for word, stance in zip(LEVELS[1:], offer.stances, strict=True)
        ),
        class_="said",
    )


def _codes(case: Case, state: str) -> Markup:
    return tag(
        "details",
        tag("summary", "How your state is coded"),
        tag("p", case.scenario.members[state].why, class_="small"),
        tag("dl", *_values(case, state), class_="values"),
        class_="group",
    )


def _values(case: Case, state: str) -> Iterator[Markup]:
    for title, value, word in wording.codes_of(case, state):
        yield tag("dt", title)
        yield tag("dd", f"{value:.2f}, {word}")


def facts_of(case: Case) -> Markup:
    """What every government could read on the day."""
    return tag(
        "details",
        tag("summary", "What was known then"),
        tag("p", case.scenario.summary, class_="summary"),
        class_="group",
        open=True,
    )


def chosen_line(lines: Mapping[str, Line], view: SeatView) -> Line | None:
    """The line that stands for a seat: chosen for today, or held since yesterday."""
    return lines.get(view.state, view.held)
