"""The settings beside the runs: rule, theory, and a slider for each number that matters."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.app.dials import Board, Dial
from foedus.app.markup import Markup, joined, tag
from foedus.app.place import HIGHEST, Place
from foedus.data.library import Case
from foedus.data.terms import Rule
from foedus.data.theory import theories

RULES: dict[Rule, str] = {
    Rule.CONSENSUS: "Consensus: nobody objects",
    Rule.UNANIMITY: "Unanimity: everybody agrees",
    Rule.MAJORITY: "Majority of members",
    Rule.TWO_THIRDS: "Two thirds of members",
    Rule.WEIGHTED: "Majority of power",
    Rule.PATRON: "The patron decides",
}
"""The council's rules in words."""


def controls_panel(case: Case, board: Board, place: Place, own_rule: Rule) -> Markup:
    """All settings.

    Parameters
    ----------
    own_rule
        The rule that holds when none is chosen: the theory's or the alliance's own.
    """
    return joined(
        [
            tag(
                "div",
                _choice("theory", "Theory", _theory_options(place), _claim(place)),
                _choice("rule", "Council rule", _rule_options(place, own_rule)),
                class_="choices",
            ),
            _group("Influence and council", board.parameters, place, is_open=True),
            _group("The crisis", board.crisis, place, is_open=bool(_changed(board.crisis, place))),
            tag("h3", "The members", class_="group"),
            *(
                _group(case.name_of(state), dials, place, is_open=False)
                for state, dials in board.members.items()
            ),
            _chance(place),
            tag(
                "button",
                "Back to what was coded",
                type="button",
                class_="quiet",
                data_do="reset",
                disabled=not (place.settings or place.rule or place.theory),
            ),
        ]
    )


def _choice(name: str, title: str, options: Iterable[Markup], note: str | None = None) -> Markup:
    return tag(
        "div",
        tag("label", title, for_=f"choose-{name}"),
        tag("select", *options, id=f"choose-{name}", data_name=name),
        tag("p", note, class_="small") if note else None,
        class_="choice",
    )


def _theory_options(place: Place) -> Iterable[Markup]:
    for name, theory in theories().items():
        chosen = name == (place.theory or "full")
        yield tag("option", theory.title, value="" if name == "full" else name, selected=chosen)


def _claim(place: Place) -> str:
    return theories()[place.theory or "full"].claim


def _rule_options(place: Place, own_rule: Rule) -> Iterable[Markup]:
    own = f"As it holds ({own_rule.replace('_', ' ')})"
    yield tag("option", own, value="", selected=place.rule is None)
    for rule, words in RULES.items():
        yield tag("option", words, value=str(rule), selected=place.rule == rule)


def _changed(dials: Iterable[Dial], place: Place) -> int:
    return sum(dial.name in place.settings for dial in dials)


def _group(title: str, dials: tuple[Dial, ...], place: Place, *, is_open: bool) -> Markup:
    n_changed = _changed(dials, place)
    mark = tag("span", f"{n_changed} changed", class_="changed") if n_changed else None
    return tag(
        "details",
        tag("summary", title, mark),
        *(_slider(dial, place) for dial in dials),
        class_="group",
        open=is_open,
    )


def _slider(dial: Dial, place: Place) -> Markup:
    value = place.settings.get(dial.name, dial.default)
    name = f"dial-{dial.name.replace('.', '-')}"
    low, high = min(dial.low, value), max(dial.high, value)
    tick = 100 * (dial.default - low) / (high - low)
    return tag(
        "div",
        tag("label", dial.title, for_=name),
        tag("output", _number(value), for_=name),
        tag(
            "input",
            type="range",
            id=name,
            min=f"{low:g}",
            max=f"{high:g}",
            step="any",
            value=f"{value:.6g}",
            data_name=dial.name,
            data_step=f"{dial.step:g}",
            aria_describedby=f"{name}-ends",
            style=f"--tick:{tick:.2f}%",
        ),
        tag(
            "span",
            tag("span", dial.low_end),
            tag("span", dial.high_end),
            id=f"{name}-ends",
            class_="ends",
        ),
        class_="dial is-changed" if dial.name in place.settings else "dial",
        data_key=dial.name,
    )


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _chance(place: Place) -> Markup:
    return tag(
        "details",
        tag("summary", "Chance"),
        tag("label", "Seed: which thousand runs", for_="number-seed"),
        tag(
            "input",
            type="number",
            id="number-seed",
            min="0",
            max=str(HIGHEST["seed"]),
            step="1",
            value=str(place.seed),
            data_name="seed",
        ),
        class_="group",
    )
