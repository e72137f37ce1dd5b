"""The debrief on a page: what was decided, what the model and history did, what theories say."""

from __future__ import annotations

from foedus.app.markup import Markup, joined, tag
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level
from foedus.plots.words import men, percent
from foedus.roleplay import wording
from foedus.roleplay.debrief import Debrief, Odds, SeatReview


def debrief_panel(review: Debrief) -> Markup:
    """A role play looked back on."""
    case = review.case
    return joined(
        [
            tag("h2", "Looking back", tabindex="-1", data_arrival="debrief"),
            tag(
                "div",
                _column(
                    "As you played it", review.played.level, wording.outcome(case, review.played)
                ),
                _column(
                    "Without you", review.modelled.level, wording.outcome(case, review.modelled)
                ),
                _column("In history", review.history, wording.history(review)),
                class_="columns three",
            ),
            _more_of_history(case),
            *(_seat(review, seat) for seat in review.seats),
            tag("h3", "How likely each answer was", class_="group"),
            _odds_table(review),
            tag(
                "p",
                "With these lines: the same decisions under other chance. Without you: the model "
                "in every seat. Then what each theory expected. The orange column is what "
                f"happened. {wording.uncertainty(review)}",
                class_="small",
            ),
        ]
    )


def _more_of_history(case: Case) -> Markup | None:
    if case.scenario.history is None:
        return None
    return tag(
        "details",
        tag("summary", "More of what happened"),
        tag("p", case.scenario.history.why, class_="summary"),
        class_="group",
    )


def _column(title: str, level: Level | None, text: str) -> Markup:
    answer = wording.ANSWERS[level] if level is not None else "no history"
    key = f"level-{int(level)}" if level is not None else ""
    return tag(
        "div",
        tag("h3", title),
        tag("p", tag("span", class_=f"swatch {key}", aria_hidden="true"), answer, class_="lead"),
        tag("p", text, class_="small"),
    )


def _seat(review: Debrief, seat: SeatReview) -> Markup:
    rows = [
        ("You", f"{wording.decided(seat)}; {men(seat.men)} men sent"),
        ("The model, by the decision", wording.model_said(seat)),
        ("History", wording.stood(seat)),
        ("Did it matter", wording.mattered(review, seat)),
    ]
    return tag(
        "article",
        tag("h3", review.case.name_of(seat.state)),
        tag(
            "dl", *(part for k, v in rows for part in (tag("dt", k), tag("dd", v))), class_="values"
        ),
        class_="seatcard",
    )


def _odds_table(review: Debrief) -> Markup:
    rows = (review.with_lines, review.without_lines, *review.theories[1:])
    head = tag(
        "tr",
        tag("td"),
        tag("th", tag("span", "Distribution", class_="unseen"), scope="col", class_="strip"),
        *(
            tag(
                "th",
                word,
                tag("span", "what happened", class_="unseen") if review.history is k else None,
                scope="col",
                class_="says happened-col" if review.history is k else "says",
            )
            for k, word in zip(Level, LEVELS, strict=True)
        ),
    )
    return tag(
        "table",
        tag("thead", head),
        tag("tbody", *(_odds_row(review, odds) for odds in rows)),
        class_="odds",
    )


def _odds_row(review: Debrief, odds: Odds) -> Markup:
    pieces = [
        tag("span", class_=f"piece level-{int(k)}", style=f"width:{100 * p:.2f}%")
        for k, p in zip(Level, odds.p_levels, strict=True)
    ]
    cells = [
        tag("td", percent(p), class_="says happened-col" if review.history is k else "says")
        for k, p in zip(Level, odds.p_levels, strict=True)
    ]
    return tag(
        "tr",
        tag("th", odds.name, scope="row", title=odds.claim or None),
        tag("td", tag("span", *pieces, class_="stack", aria_hidden="true"), class_="strip"),
        *cells,
    )
