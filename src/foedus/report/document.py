"""From templates and figures to a page: what all reports share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from foedus.data.terms import Level
from foedus.data.vocabulary import entry, words
from foedus.plots import words as said
from foedus.plots.frame import Picture, bare, svg_of
from foedus.plots.style import css_tokens
from foedus.web.page import script_hash

WIDTH = 7.6
"""Width in inches at which figures of a page are drawn."""

ADDRESS = re.compile(r"""(https?://[^\s<>"']*[^\s<>"'.,;)])""")
"""A web address in a text; the full stop or bracket after it is not a part of it."""

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


@dataclass(frozen=True)
class Section:
    """One part of a page: the id it is reached by, its heading, and what it says."""

    name: str
    heading: str
    body: Markup


def section(template: str, heading: str, prefix: str = "", **data: object) -> Section:
    """A section that has the name of its template, after the prefix of its page."""
    name = f"{prefix}{template.rpartition('/')[2]}"
    return Section(name, heading, rendered(f"{template}.html", prefix=prefix, **data))


def page(sections: Iterable[Section], **said: object) -> str:
    """A whole HTML document.

    Args:
        sections: In order; each gets a line in the contents.
        said: ``title``, ``kicker`` and ``question`` (the heading, the line above and the line below
            it); ``n_runs`` and ``seed`` of the last line; ``wide``, whether contents are many;
            ``script``, the one that the page runs.
    """
    given = {"wide": False, "script": "", "version": version("foedus"), **said}
    return f"{rendered('page.html', sections=list(sections), **given)}\n"


def rendered(template: str, **data: object) -> Markup:
    """A template filled in; text becomes markup in templates alone, all else is escaped."""
    return Markup(_environment().get_template(template).render(data))


@cache
def _environment() -> Environment:
    """Templates of this package, and how they say numbers."""
    environment = Environment(
        loader=PackageLoader("foedus.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = ("listed", "meaning_of", "number", "percent", "runs", "short_title", "signed")
    environment.filters |= {name: getattr(said, name) for name in names}
    environment.filters |= {"addresses": ADDRESS.split, "drawing": drawing, "hashed": script_hash}
    environment.globals |= {"answers": list(Level), "entry": entry, "said": said, "words": words}
    return environment


def drawing(picture: Picture, name: str) -> tuple[str, str]:
    """The view box and the body of a figure, a vector drawing in the page's type and colours.

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
