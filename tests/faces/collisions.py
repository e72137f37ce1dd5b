"""Which texts of a drawn figure run into each other or out of the figure."""

from __future__ import annotations

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

TOUCHING = 1.0
"""Overlap in pixels that nobody sees."""


def texts_of(figure):
    """Every text that is seen, with its box in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    unseen = {label for axes in figure.axes for label in _unseen_ticks(axes)}
    return {
        # A note's own extent would count its arrow.
        artist: Text.get_window_extent(artist, renderer)
        for artist in figure.findobj(Text)
        if artist.get_visible() and artist.get_text().strip() and artist not in unseen
    }


def _unseen_ticks(axes):
    """Labels of ticks that exist but are not drawn."""
    for axis in (axes.xaxis, axes.yaxis):
        drawn = axis._update_ticks() if axes.axison else []
        for tick in (*axis.majorTicks, *axis.minorTicks):
            if tick not in drawn:
                yield from (tick.label1, tick.label2)


def collisions(figure):
    """Pairs of texts that overlap."""
    boxes = texts_of(figure)
    return [
        (a.get_text(), b.get_text())
        for (a, x), (b, y) in combinations(boxes.items(), 2)
        if min(x.x1, y.x1) - max(x.x0, y.x0) > TOUCHING
        and min(x.y1, y.y1) - max(x.y0, y.y0) > TOUCHING
    ]


def outside(figure):
    """Texts that the figure's edge cuts."""
    frame = figure.bbox
    return [
        text.get_text()
        for text, box in texts_of(figure).items()
        if box.x0 < -TOUCHING
        or box.y0 < -TOUCHING
        or box.x1 > frame.x1 + TOUCHING
        or box.y1 > frame.y1 + TOUCHING
    ]
