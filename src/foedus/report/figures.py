"""Figures inside a page: vector drawings in the page's own type and colours."""

from __future__ import annotations

import re

from foedus.plots.frame import Picture, bare, svg_of
from foedus.plots.style import css_tokens

WIDTH = 7.6
"""Width in inches at which figures of a page are drawn."""

_IDS = re.compile(r'(\bid="|url\(#|xlink:href="#)')
_SVG = re.compile(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>(.*)</svg>', re.S)
_FONTS = re.compile(r"'DejaVu Sans', [^;\"]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_IDLE = re.compile(
    r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->"
    r"|(?<=<g) id=\"[^\"]*\"| transform=\"rotate\(-0 [^\"]*\"|(?<=\.\d\d)\d+(?=[^<>]*>)",
    re.S,
)
"""What only a file needs: its metadata and names of groups, turns by nothing, digits past 1/100."""


def drawing(picture: Picture, name: str) -> tuple[str, str]:
    """The view box and the body of a figure as an element of a page.

    Ids become unique, colours of the house style become the page's variables, fonts the page's
    own, and what only a file needs is dropped.

    Args:
        name: Unique in the page; prefixes every id inside the drawing.
    """
    found = _SVG.search(svg_of(bare(picture, WIDTH)))
    if found is None:
        raise ValueError("not an SVG document with a viewBox")
    body = _IDLE.sub("", found[2])
    body = _IDS.sub(rf"\g<1>{name}-", body).replace("xlink:href=", "href=")
    body = _FONTS.sub("var(--figure-type)", body)
    tokens = css_tokens()
    body = _COLOUR.sub(lambda c: f"var(--{tokens[c[0]]})" if c[0] in tokens else c[0], body)
    return found[1], re.sub(r"\n\s*", "\n", body).strip()
