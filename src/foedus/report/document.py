"""From templates to a page: what all reports share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from foedus.data.terms import Level
from foedus.data.vocabulary import words
from foedus.plots import words as said
from foedus.report.figures import drawing
from foedus.web.page import script_hash

ADDRESS = re.compile(r"""(https?://[^\s<>"']*[^\s<>"'.,;)])""")
"""A web address in a text; the full stop or bracket after it is not a part of it."""


@dataclass(frozen=True)
class Section:
    """One part of a page: the id it is reached by, its heading, and what it says."""

    name: str
    heading: str
    body: Markup


def page(sections: Sequence[Section], **said: object) -> str:
    """A whole HTML document.

    Args:
        sections: In order; each gets a line in the contents.
        said: ``title``, ``kicker`` and ``question`` (the heading, the line above and the line below
            it); ``version``, ``n_runs`` and ``seed`` of the last line; ``wide``, whether contents
            are many; ``script``, the one that the page runs.
    """
    given = {"sections": sections, "wide": False, "script": "", **said}
    return f"{_environment().get_template('page.html').render(given)}\n"


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
    environment.filters |= {
        "addresses": ADDRESS.split,
        "drawing": drawing,
        "hashed": script_hash,
        "listed": said.listed,
        "number": said.number,
        "percent": said.percent,
        "runs": said.runs,
        "short_title": said.short_title,
        "signed": said.signed,
    }
    environment.globals |= {"answers": list(Level), "n_troops": said.n_troops, "words": words}
    return environment
