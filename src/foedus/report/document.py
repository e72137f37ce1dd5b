"""The page around the sections: head, contents, styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources

from foedus.report.markup import Html, items, joined, tag
from foedus.web.page import script_hash

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page may load: nothing; its styles stand inside it."""


@dataclass(frozen=True)
class Section:
    """One part of a page: the id it is reached by, its heading, and what it says."""

    name: str
    heading: str
    body: Html


def page(
    title: str,
    kicker: str,
    question: str,
    sections: Sequence[Section],
    foot: str,
    *,
    wide: bool = False,
    script: str = "",
) -> str:
    """A whole HTML document.

    Parameters
    ----------
    title, kicker, question
        Heading, the line above it and the line below.
    sections
        In order; each gets a line in the contents.
    foot
        A last line.
    wide
        Whether contents are many and set in columns.
    script
        The one that the page runs; none if it is empty.
    """
    allowed = f"; script-src '{script_hash(script)}'" if script else ""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=f"{POLICY}{allowed}"),
        tag("title", f"{title} · foedus"),
        tag("style", style_sheet()),
    )
    body = tag(
        "body",
        tag("a", "Skip to the answer", href=f"#{sections[0].name}", class_="skip"),
        tag(
            "header",
            tag("p", kicker, class_="kicker"),
            tag("h1", title),
            tag("p", question, class_="question"),
        ),
        contents(sections, wide=wide),
        tag("main", *(section_of(part) for part in sections)),
        tag("footer", tag("p", foot)),
        tag("script", Html(script), type="module") if script else None,
    )
    return f'<!doctype html>\n<html lang="en">\n{head}\n{body}\n</html>\n'


def contents(sections: Iterable[Section], *, wide: bool = False) -> Html:
    """Links to the sections."""
    links = [tag("a", part.heading, href=f"#{part.name}") for part in sections]
    return tag("nav", items(links, "ol"), aria_label="Contents", class_="wide" if wide else None)


def section_of(part: Section, level: int = 2) -> Html:
    """A section under a heading of a level."""
    heading = tag(f"h{level}", part.heading, id=f"{part.name}-heading")
    return tag(
        "section",
        joined([heading, part.body], "\n"),
        id=part.name,
        aria_labelledby=f"{part.name}-heading",
    )


def style_sheet() -> Html:
    """The page's styles; they name no file and no address."""
    return Html(resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8"))
