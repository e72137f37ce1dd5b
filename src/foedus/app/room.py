"""The crisis room: one page, its state, and what happens when something on it is moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import Client, ui

from foedus.analysis.explain.decomposition import Explanation, explain
from foedus.app import place as places
from foedus.app.answer import answer_panel
from foedus.app.chooser import chooser
from foedus.app.controls import controls_panel
from foedus.app.downloads import downloads_panel
from foedus.app.facts import facts_panel, history_panel, title_panel
from foedus.app.figures import SMALL_WIDTH, small_network_of, themed
from foedus.app.frame import page_frame, problem
from foedus.app.latest import Latest
from foedus.app.markup import Markup, joined, tag
from foedus.app.panel import Panel
from foedus.app.place import Place
from foedus.app.seen import Seen, board, seen
from foedus.app.shelf import case_of
from foedus.app.today import day_panel
from foedus.app.why import why_panel
from foedus.data.terms import LEVELS, Level
from foedus.errors import FoedusError
from foedus.model.ensemble import DEFAULT_RUNS

PAUSE = 0.35
"""Seconds without a change before what is slow (network, why) is drawn again."""
PACE = 0.8
"""Seconds a day takes while the days are played."""

NETWORK_KEY = "Wide arrows carry much of a position, large circles are strong, dark ones dependent."
"""What the marks of the network mean."""


class Room:
    """One visitor's crisis room."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.client: Client = ui.context.client
        self.message = ""
        try:
            self.place = places.place_of(query)
        except FoedusError as error:
            self.place = Place()
            self.message = f"This address cannot be opened: {error}. Here is the first crisis."
        self.revealed = False
        self.member: str | None = None
        self.now = seen(self.place)
        self.fast, self.slow, self.deep = Latest(), Latest(PAUSE), Latest()
        self.client.on_delete(self._gone)
        self._build()
        self._show_place()
        self._show(self.now)

    @property
    def case(self) -> Any:
        """The loaded case."""
        return case_of(self.place.case)

    def _build(self) -> None:
        with page_frame("/", "Crisis room"):
            self.warning = Panel()
            with ui.element("div").classes("top"):
                self.chooser = Panel().classes("chooser").hears_controls(self._moved)
                self.actions = Panel().classes("actions").hears_buttons(self._pressed)
            self.title = Panel(tag_name="div").classes("title")
            with ui.element("div").classes("room"):
                with ui.element("div").classes("answerside"):
                    self.answer = _section("answer", "How the alliance answers")
                with ui.element("aside").props('aria-label="Settings"').classes("settings"):
                    self.controls = Panel().hears_controls(self._moved).hears_buttons(self._pressed)
                with ui.element("div").classes("telling-side"):
                    self.day = _section("day", "One possible history, day by day")
                    self.day.hears_controls(self._moved).hears_buttons(self._pressed)
                    self.network = _section("network", "Who listens to whom")
                    self.why = _section("why", "Why")
                    self.why.hears_buttons(self._pressed)
                    self.facts = _section("facts", "What was known then")
                    self.history = _section("history", "What happened")
                    self.history.hears_buttons(self._pressed)
                    self.downloads = _section("downloads", "Take it with you")
        self.clock = ui.timer(PACE, self._tick, active=False)

    def _gone(self) -> None:
        for work in (self.fast, self.slow, self.deep):
            work.stop()

    # ---- what is moved and pressed -------------------------------------------------------------

    def _moved(self, event: Mapping[str, Any]) -> None:
        """A control was moved."""
        name, value = str(event.get("name")), event.get("value")
        try:
            moved = self._after(name, value)
            places.setup_of(moved)
        except (FoedusError, TypeError, ValueError, OverflowError) as error:
            self._warn(str(error) if isinstance(error, FoedusError) else f"{name}: not understood")
            return
        self._go(moved)

    def _after(self, name: str, value: Any) -> Place:
        if name == "case":
            return Place(case_of(str(value)).id, seed=self.place.seed)
        if name in ("rule", "theory"):
            return self.place.moved(**{name: str(value) or None})
        if name in places.HIGHEST:
            return self.place.moved(**{name: min(places.HIGHEST[name], max(0, int(value)))})
        dial = board(self.place.case).find(name)
        if dial is None:
            raise ValueError(name)
        return self.place.set_to(name, dial.accepted(float(value)))

    def _pressed(self, event: Mapping[str, Any]) -> None:
        """A button was pressed."""
        does = self._deeds().get(str(event.get("do")))
        if does is not None:
            try:
                does(str(event.get("with", "")))
            except FoedusError as error:
                self._warn(str(error))

    def _deeds(self) -> dict[str, Callable[[str], None]]:
        last = len(self.now.story.days) - 1
        day = min(self.place.day, last)
        return {
            "reset": lambda _: self._go(Place(self.place.case, seed=self.place.seed)),
            "back": lambda _: self._go(self.place.moved(day=max(0, day - 1))),
            "forward": lambda _: self._go(self.place.moved(day=min(last, day + 1))),
            "decision": lambda _: self._go(
                self.place.moved(day=max(0, self.now.story.day_decided))
            ),
            "play": lambda _: self._play(),
            "another": lambda _: self._go(self.place.moved(run=self.place.run + 1, day=0)),
            "why": self._choose,
            "turn": self._turn,
            "history": lambda _: self._reveal(),
            "share": lambda _: self._copy(),
        }

    def _choose(self, state: str) -> None:
        if state in self.case.scenario.members:
            self.member = state
            self._show(self.now)
            self._ask_why()

    def _turn(self, words: str) -> None:
        name, _, number = words.partition(":")
        self._moved({"name": name, "value": number})

    def _reveal(self) -> None:
        self.revealed = not self.revealed
        self.history.show(history_panel(self.case, self.revealed))
        self._show(self.now)

    def _play(self) -> None:
        self.clock.active = not self.clock.active
        at_end = self.place.day >= len(self.now.story.days) - 1
        self._go(self.place.moved(day=0) if at_end and self.clock.active else self.place)

    def _tick(self) -> None:
        last = len(self.now.story.days) - 1
        self.clock.active = self.place.day + 1 < last
        self._go(self.place.moved(day=min(last, self.place.day + 1)))

    def _copy(self) -> None:
        self._run_js(
            "navigator.clipboard?.writeText(location.href);"
            "document.getElementById('shared').textContent ="
            " 'Copied: the address holds everything you set.'"
        )

    # ---- what is shown -------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        """Move to another place and show it, no more than what differs."""
        before, self.place = self.place, place
        self._warn("")
        if place.case != before.case:
            self.member, self.revealed = None, False
        if place.moved(day=0) == before.moved(day=0):
            self._show(self.now)
            self._show_address()
            return
        self._show_place()
        self.fast.wants(lambda: seen(place), self._show)

    def _show(self, now: Seen) -> None:
        """Show the fast half: the answers, and the day."""
        if now.place.case != self.place.case:
            return
        self.now = now
        history = self.case.scenario.history
        happened = Level(LEVELS.index(history.level)) if history and self.revealed else None
        query = places.query_of(now.place.moved(day=0))
        self.answer.show(
            answer_panel(now.summary, now.coded, now.over_priors, DEFAULT_RUNS, happened, query)
        )
        plays = self.clock.active
        self.day.show(day_panel(self.case, now.story, self.place.day, self.member, plays=plays))

    def _show_place(self) -> None:
        """Show what depends on the place alone; what is slow to draw follows in a moment."""
        case, place = self.case, self.place
        own_rule = places.setup_of(place.moved(rule=None)).situation.rule
        self._warn(self.message)
        self.message = ""
        self.chooser.show(chooser(place.case))
        self.title.show(title_panel(case))
        self.controls.show(controls_panel(case, board(place.case), place, own_rule))
        self.actions.show(_actions(place))
        self.downloads.show(downloads_panel(place))
        self.facts.show(facts_panel(case))
        self.history.show(history_panel(case, self.revealed))
        self._show_address()
        self.slow.wants(lambda: _network(place), self._show_network)
        if self.member is not None:
            self._ask_why()
        elif not self.why.content or place.case:
            self.why.show(_why_not_yet())

    def _show_network(self, drawn: Markup) -> None:
        self.network.show(drawn)

    def _ask_why(self) -> None:
        place = self.place
        self.deep.wants(
            lambda: (place, explain(places.setup_of(place), place.run, place.seed)), self._show_why
        )

    def _show_why(self, found: tuple[Place, Explanation]) -> None:
        place, explanation = found
        if self.member is not None and place.case == self.place.case:
            self.why.show(why_panel(self.case, explanation, self.member))

    def _show_address(self) -> None:
        self._run_js(f"history.replaceState(null, '', '?{places.query_of(self.place)}')")

    def _warn(self, text: str) -> None:
        self.warning.show(problem(text) if text else Markup(""))

    def _run_js(self, code: str) -> None:
        self.client.run_javascript(code)


def _section(key: str, title: str) -> Panel:
    """A titled part of the page."""
    with ui.element("section").props(f'aria-labelledby="title-{key}"').classes(f"part part-{key}"):
        Panel(tag("h2", title, id=f"title-{key}"))
        return Panel()


def _actions(place: Place) -> Markup:
    """What can be done with the crisis as it is set."""
    query = places.query_of(place)
    return joined(
        [
            tag("button", "Copy the address", type="button", data_do="share"),
            tag("a", "Take a seat in this council", href=f"play?{query}"),
            tag("a", "Open a class room", href=f"class?{query}"),
            tag("span", id="shared", class_="small", role="status"),
        ]
    )


def _why_not_yet() -> Markup:
    return tag("p", "Choose a member in the table above to see why it stands where it stands.",
               class_="small")  # fmt: skip


def _network(place: Place) -> Markup:
    picture = small_network_of(place)
    return joined(
        [
            tag("p", picture.finding, class_="lead"),
            tag(
                "div",
                themed(picture, SMALL_WIDTH),
                class_="figure",
                role="img",
                aria_label=picture.finding,
            ),
            tag("p", f"{picture.lead} {NETWORK_KEY}", class_="small"),
        ]
    )
