"""The figures of the house, for a page with themes and for files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from foedus.analysis.explain.decomposition import explain
from foedus.analysis.explain.influence_network import listening
from foedus.analysis.summary import summarise
from foedus.app.markup import Markup
from foedus.app.place import Place, setup_of
from foedus.app.shelf import case_of
from foedus.errors import UsageError, did_you_mean
from foedus.model.ensemble import DEFAULT_RUNS, ensemble, story
from foedus.plots.frame import Picture, bare, framed, svg_of
from foedus.plots.style import DPI, SHARP, css_tokens, house_style
from foedus.plots.words import source_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

SMALL_WIDTH, SMALL_HEIGHT = 4.8, 3.1
"""Inches of a figure whose words can be read on a phone."""
_ONE_AT_A_TIME = Lock()
"""Matplotlib's settings belong to the whole process."""


def network_of(place: Place) -> Picture:
    """Who listens to whom."""
    from foedus.plots.network import network_picture

    setup = setup_of(place)
    return network_picture(listening(setup), setup.case, _source(place, None))


def small_network_of(place: Place) -> Picture:
    """Who listens to whom, without its key: small enough for a phone; the page says the key."""
    from foedus.plots.network import draw_network

    network, states = listening(setup_of(place)), case_of(place.case).alliance.states

    def paint(canvas: Figure | SubFigure) -> None:
        draw_network(canvas.subplots(), network, states)

    return replace(network_of(place), paint=paint, height=SMALL_HEIGHT)


def story_of(place: Place) -> Picture:
    """One run over all its days."""
    from foedus.plots.story import story_picture

    setup = setup_of(place)
    told = story(setup, place.run, place.seed)
    return story_picture(told, setup.case, setup.parameters, _source(place, None))


def answers_of(place: Place) -> Picture:
    """The thousand runs over the days."""
    from foedus.analysis.explain.shares_by_day import unfold
    from foedus.plots.ensemble import ensemble_picture

    setup = setup_of(place)
    result = ensemble(setup, DEFAULT_RUNS, place.seed)
    days = unfold(setup, DEFAULT_RUNS, place.seed)
    return ensemble_picture(result, summarise(result), days)


def why_of(place: Place) -> Picture:
    """Why one member of the run stood where it stood."""
    from foedus.plots.why import most_moved, why_picture

    setup = setup_of(place)
    explanation = explain(setup, place.run, place.seed)
    account = most_moved(explanation)
    return why_picture(account, explanation, setup.case, _source(place, None))


PICTURES: dict[str, Callable[[Place], Picture]] = {
    "answers": answers_of,
    "run": story_of,
    "network": network_of,
    "why": why_of,
}
"""Figures by the name of their file."""


def _source(place: Place, n_runs: int | None) -> str:
    return source_of(setup_of(place), place.seed, n_runs, version("foedus"))


def themed(picture: Picture, width: float) -> Markup:
    """A figure's body as SVG for a page: house colours become the page's own variables."""
    with _ONE_AT_A_TIME:
        text = svg_of(bare(picture, width))
    text = text[text.index("<svg") :]
    for colour, token in css_tokens().items():
        text = re.sub(re.escape(colour), f"var(--{token})", text, flags=re.IGNORECASE)
    text = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1">', text, count=1)
    return Markup(text)


def figure_file(name: str, ending: str, place: Place) -> bytes:
    """A figure as a file.

    Raises
    ------
    UsageError
        If there is no such figure or format.
    """
    if name not in PICTURES:
        raise UsageError(f"unknown figure '{name[:40]}'{did_you_mean(name[:40], PICTURES)}")
    if ending not in ("svg", "png"):
        raise UsageError(f"a figure is svg or png, not '{ending[:40]}'")
    picture = PICTURES[name](place)
    with _ONE_AT_A_TIME:
        figure = framed(picture)
        return svg_of(figure).encode() if ending == "svg" else _png(figure)


def _png(figure: Figure) -> bytes:
    buffer = BytesIO()
    with house_style():
        figure.savefig(buffer, format="png", dpi=SHARP * DPI, metadata={"Software": None})
    return buffer.getvalue()
