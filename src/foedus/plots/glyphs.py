"""Scripts that the house font lacks: another installed font draws them, else they are named."""

from __future__ import annotations

from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

HOUSE = "DejaVu Sans"
OTHERS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "Microsoft YaHei"),
    *("PingFang SC", "Hiragino Sans", "Malgun Gothic", "Noto Sans Devanagari", "Noto Sans Thai"),
    *("Arial Unicode MS", "Noto Emoji", "Segoe UI Emoji", "Symbola"),
)
"""Fonts with scripts that the house font lacks; matplotlib takes the first that has a letter."""


@cache
def families() -> tuple[str, ...]:
    """The house font, then those of the others that this machine has."""
    installed = {font.name for font in fontManager.ttflist}
    return (HOUSE, *(name for name in OTHERS if name in installed))


@cache
def _drawn() -> frozenset[int]:
    """Code points of all letters that these fonts have."""
    fonts = (get_font(findfont(name)) for name in families())
    return frozenset(code for font in fonts for code in font.get_charmap())


def without_glyph(figure: Figure) -> str:
    """The letters of a figure that none of the fonts has, each once, in their order."""
    text = "".join(part.get_text() for part in figure.findobj(Text))
    letters = (c for c in dict.fromkeys(text) if c.isprintable() and ord(c) not in _drawn())
    return "".join(letters)
