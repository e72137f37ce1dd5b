"""One look for all figures: colours, type, and the words for the roles they play.

Colours are tokens, each with one role, so that a page can swap them for a dark theme. The four
levels are one ramp whose lightness falls from ``none`` to ``deploy`` (88, 75, 49, 24 in CIELAB),
so they keep their order in grey print and for every kind of colour vision; what happened is
vermilion, the hue that stays apart from blue for deuteranopes and protanopes, and it is always a
frame or a diamond too, so that nothing rests on hue alone. Tests hold both.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

from foedus.data.terms import Stance

HOUSE = mpl.rc_params_from_file(
    str(Path(__file__).with_name("house.mplstyle")), use_default_template=False
)
"""What matplotlib itself is told."""

INK: str = HOUSE["text.color"]
"""Text and axes."""
MUTED: str = HOUSE["axes.labelcolor"]
"""Second text."""
FAINT: str = HOUSE["grid.color"]
"""Grid and connecting lines."""
PAPER: str = HOUSE["figure.facecolor"]
"""Ground."""
WASH = "#f3f4f6"
"""Bands that group rows."""
HISTORY = "#c8500a"
"""What happened."""

LEVEL_COLOURS = ("#d9dce1", "#94bfdb", "#3578ad", "#123a63")
"""None, consult, support, deploy."""
ON_LEVEL = ("#1b1e23", "#1a1d22", "#fffffe", "#fefffe")
"""Text that stands on each of them."""

RAISES = "#3f9583"
"""Terms that raise a position."""
LOWERS = "#9b3d2a"
"""Terms that lower it."""
TOTALS = "#3d4350"
"""Sums of terms."""

STANCE_COLOURS = {Stance.SUPPORT: "#2a6f97", Stance.ABSTAIN: "#c5cad3", Stance.OBJECT: "#bf4d28"}
"""What a member says; each is also a sign."""

DEPENDENCE = LinearSegmentedColormap.from_list(
    "dependence", ["#fbf3df", "#e7c58a", "#b9794a", "#7a3b3a", "#3c1a2e"]
)
"""From free of the lead state (pale) to wholly dependent (dark)."""

ON_DEPENDENCE = "#1b1f24"
"""Text on its pale end; no token, so that it stays dark where a page's theme is dark."""

TYPE = {
    **{"title": 13.0, "large": 11.0, "lead": 9.5, "text": HOUSE["font.size"]},
    **{"small": HOUSE["axes.labelsize"], "source": 7.5},
}
"""Sizes in points; a figure is 9 inches wide, so at 900 pixels a point is 1.39 pixels."""

WIDTH = 9.0
"""Width of a figure in inches."""

DPI = 100
SHARP = 2
"""Pixels of a saved PNG for one at `DPI`: for projectors, print and dense screens."""


@cache
def families() -> tuple[str, ...]:
    """The fonts of the house style that this machine has; a letter takes the first that has it."""
    installed = {font.name for font in fontManager.ttflist}
    return tuple(name for name in HOUSE["font.sans-serif"] if name in installed)


@cache
def _drawn() -> frozenset[int]:
    """Code points of all letters that these fonts have."""
    return frozenset().union(*(get_font(findfont(name)).get_charmap() for name in families()))


def without_glyph(figure: Figure) -> str:
    """The letters of a figure that none of the fonts has, each once, in their order."""
    text = "".join(part.get_text() for part in figure.findobj(Text))
    return "".join(c for c in dict.fromkeys(text) if c.isprintable() and ord(c) not in _drawn())


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save in the house style, whatever the reader's own settings are."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing")  # saving says it once, in one line
        mpl.rcdefaults()
        mpl.rcParams.update({**HOUSE, "font.sans-serif": list(families())})
        yield


def css_tokens() -> dict[str, str]:
    """The name of each neutral and level colour by its hex value, for pages with themes."""
    tokens = {
        **{INK: "ink", MUTED: "muted", FAINT: "faint", WASH: "wash", PAPER: "paper"},
        **{HISTORY: "history", RAISES: "raises", LOWERS: "lowers", TOTALS: "totals"},
    }
    tokens.update({colour: f"level-{k}" for k, colour in enumerate(LEVEL_COLOURS)})
    tokens.update({colour: f"on-level-{k}" for k, colour in enumerate(ON_LEVEL)})
    tokens.update({colour: f"stance-{stance.label}" for stance, colour in STANCE_COLOURS.items()})
    return tokens
