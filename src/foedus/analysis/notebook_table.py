"""Results as small tables of HTML, as notebooks show them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def html_table(heads: Iterable[str], rows: Iterable[Iterable[object]], title: str = "") -> str:
    """A heading and rows of cells, all escaped; `title` stands above them."""
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    lines = (("th", heads), *(("td", row) for row in rows))
    body = (
        "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) for tag, cells in lines
    )
    return f"<table>{caption}{''.join(f'<tr>{line}</tr>' for line in body)}</table>"


def span(interval: tuple[float, float]) -> str:
    """An interval of a skill, as a cell."""
    low, high = interval
    return f"{low:+.2f} to {high:+.2f}"
