"""From a picture (what to draw, and what to say about it) to a figure and to bytes.

Every figure stands under a finding, a sentence computed from its data, and over a source line.
Saving is deterministic: the same picture gives the same bytes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import text_to_path

from foedus.errors import InputError, UsageError
from foedus.plots.style import DPI, MUTED, SHARP, TYPE, WIDTH, families, house_style, without_glyph

Canvas = Figure | SubFigure
"""What a picture is drawn on."""

_LINE = {name: 1.32 * size / 72 for name, size in TYPE.items()}
"""Height of a line of text, inches."""
_MARGIN = 0.16
_PLACES = 6


@dataclass(frozen=True)
class Picture:
    """What a figure shows and says.

    Attributes:
        finding: A sentence computed from the data; the figure's title.
        lead: How to read it.
        source: What was run, how often, under which seed, by which version.
        paint: Draws the body on an empty (sub)figure.
        height: Of the body, inches.
    """

    finding: str
    lead: str
    source: str
    paint: Callable[[Canvas], None]
    height: float

    @property
    def credit(self) -> str:
        """The source line."""
        return f"Source: {self.source}"


def framed(picture: Picture, width: float = WIDTH) -> Figure:
    """The figure with finding, lead and source line."""
    with house_style():
        title = _balanced(picture.finding, "title", width)
        lead = _wrapped(picture.lead, "lead", width)
        source = _wrapped(picture.credit, "source", width)
        above = _MARGIN + len(title) * _LINE["title"] + len(lead) * _LINE["lead"] + 0.1
        below = _MARGIN * 0.6 + len(source) * _LINE["source"]
        figure = Figure(figsize=(width, above + picture.height + below), dpi=DPI, layout=_snug())
        rows = figure.add_gridspec(3, 1, height_ratios=(above, picture.height, below))
        head, body, foot = (figure.add_subfigure(rows[k]) for k in range(3))
        left = _MARGIN / width
        y = 1 - _MARGIN / above
        for lines, kind in ((title, "title"), (lead, "lead")):
            y = _write(head, lines, kind, left, y, _LINE[kind] / above) - 0.04 / above
        _write(foot, source, "source", left, 1, _LINE["source"] / below)
        picture.paint(body)
        return _settled(figure)


def _settled(figure: Figure) -> Figure:
    """Lay the figure out once and for all, on places that are the same every time.

    The solver behind the layout differs in the last bits from one call to the next, and names in
    an SVG file are made from places: rounded, they are the same.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for part in figure.subfigs:
        part.bbox_relative.p0 = part.bbox_relative.p0.round(_PLACES)
        part.bbox_relative.p1 = part.bbox_relative.p1.round(_PLACES)
    for ax in figure.axes:
        bounds = [round(side, _PLACES) for side in ax.get_position(original=True).bounds]
        ax.set_position((bounds[0], bounds[1], bounds[2], bounds[3]))
    return figure


def panels(
    *draws: Callable[[Axes], object], heights: Sequence[float] = (1,), sharex: bool = False
) -> Callable[[Canvas], None]:
    """Paint with functions that each draw on axes of their own, one above the other."""

    def paint(canvas: Canvas) -> None:
        grid = {"height_ratios": heights}
        axes = canvas.subplots(len(heights), squeeze=False, sharex=sharex, gridspec_kw=grid)
        for draw, ax in zip(draws, axes.flat, strict=True):
            draw(ax)

    return paint


def _snug() -> ConstrainedLayoutEngine:
    return ConstrainedLayoutEngine(w_pad=0.8 * _MARGIN, h_pad=0.05)


def bare(picture: Picture, width: float = WIDTH) -> Figure:
    """The body alone, for pages that set finding and source in their own type."""
    with house_style():
        figure = Figure(figsize=(width, picture.height), dpi=DPI, layout=_snug())
        figure.patch.set_visible(False)
        picture.paint(figure)
        return _settled(figure)


def _wrapped(text: str, kind: str, width: float) -> list[str]:
    """Break text into lines that fit the figure's width; no-break spaces hold."""
    look = FontProperties(
        family=families(), size=TYPE[kind], weight="bold" if kind == "title" else "normal"
    )
    room = (width - 2 * _MARGIN) * 72
    lines: list[str] = []
    for word in re.split("[ \\n]+", text.strip()):
        longer = f"{lines[-1]} {word}" if lines else word
        points = text_to_path.get_text_width_height_descent(longer, look, ismath=False)[0]
        if lines and points <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(text: str, kind: str, width: float) -> list[str]:
    """The same number of lines, of lengths as even as can be: no last line of one word."""
    lines = _wrapped(text, kind, width)
    for k in range(1, 20):
        narrower = _wrapped(text, kind, width * (1 - k / 40))
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _write(
    canvas: SubFigure, lines: Sequence[str], kind: str, x: float, y: float, high: float
) -> float:
    """Write lines of such a height from `y` down; returns where they end."""
    look: dict[str, Any] = {"fontweight": "bold"} if kind == "title" else {"color": MUTED}
    for line in lines:
        canvas.text(x, y, line, fontsize=TYPE[kind], va="top", ha="left", **look)
        y -= high
    return y


def svg_of(figure: Figure) -> str:
    """The figure as SVG text; the same figure, the same bytes."""
    buffer = BytesIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode("utf-8")


def check_ending(path: Path) -> str:
    """The format that a file's name asks for.

    Raises:
        UsageError: If it is neither PNG nor SVG.
    """
    ending = path.suffix.lower().lstrip(".")
    if ending not in ("png", "svg"):
        raise UsageError(f"{path}: a figure's file ends in .png or .svg")
    return ending


def save(figure: Figure, path: Path, say: Callable[[str], object] = warnings.warn) -> Path:
    """Write a PNG or SVG file, by the name's ending.

    A PNG whose letters no installed font has is written, and `say` is told which they are.

    Raises:
        UsageError: If the ending is neither.
        InputError: If the file cannot be written.
    """
    ending = check_ending(path)
    try:
        if ending == "svg":
            path.write_text(svg_of(figure), encoding="utf-8", newline="\n")
        else:
            with house_style():
                figure.savefig(path, format="png", dpi=SHARP * DPI, metadata={"Software": None})
            if lacking := without_glyph(figure):
                say(f"{path}: no installed font has {' '.join(lacking)}; an SVG file shows them")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    return path
