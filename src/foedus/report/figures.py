"""Figures inside a page: vector drawings in the page's own type and colours."""

from __future__ import annotations

import re

from foedus.plots.frame import Picture, bare, svg_of
from foedus.plots.style import css_tokens
from foedus.report.markup import Html, escaped, tag

WIDTH = 7.6
"""Width in inches at which figures of a page are drawn."""

_IDS = re.compile(r'(\bid="|url\(#|xlink:href="#)')
_SIZE = re.compile(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', re.S)
_FONTS = re.compile(r"'DejaVu Sans', [^;\"]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_IDLE = re.compile(
    r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->"
    r"|(?<=<g) id=\"[^\"]*\"| transform=\"rotate\(-0 [^\"]*\"|(?<=\.\d\d)\d+(?=[^<>]*>)",
    re.S,
)
"""What only a file needs: its metadata and names of groups, turns by nothing, digits past 1/100."""


def inline_figure(picture: Picture, name: str) -> Html:
    """A figure with its finding as caption.

    Parameters
    ----------
    name
        Unique in the page; prefixes every id inside the drawing.
    """
    drawing = themed(svg_of(bare(picture, WIDTH)), name, f"{picture.finding}. {picture.lead}")
    return tag(
        "figure",
        tag("figcaption", tag("strong", picture.finding), " ", tag("span", picture.lead)),
        tag(
            "div",
            drawing,
            class_="scroll drawing",
            role="group",
            tabindex="0",
            aria_label=f"Figure: {picture.finding}",
        ),
        tag("p", picture.credit, class_="source"),
        id=name,
    )


def themed(svg: str, name: str, says: str) -> Html:
    """An SVG document as an element of a page.

    Ids become unique, colours of the house style become the page's variables, fonts the page's
    own, and what only a file needs is dropped.

    Parameters
    ----------
    svg
        The document.
    name
        Prefix of its ids.
    says
        What it shows, for those who do not see it.
    """
    start = _SIZE.search(svg)
    if start is None:
        raise ValueError("not an SVG document with a viewBox")
    body = _IDLE.sub("", svg[start.end() : svg.rindex("</svg>")])
    body = _IDS.sub(rf"\g<1>{name}-", body).replace("xlink:href=", "href=")
    body = _FONTS.sub("var(--figure-type)", body)
    tokens = css_tokens()
    body = _COLOUR.sub(lambda c: f"var(--{tokens[c[0]]})" if c[0] in tokens else c[0], body)
    body = re.sub(r"\n\s*", "\n", body)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{start[1]}" role="img" '
        f'aria-label="{escaped(says)}" style="stroke-linejoin:round;stroke-linecap:butt">'
    )
    return Html(head + body.strip() + "</svg>")
