"""Put generated tables into Markdown pages, between markers, so that the figures stay true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from foedus.errors import InputError


def markdown_table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a column whose name ends with ``#`` holds numbers."""
    heads = list(columns)
    marks = ["---:" if head.endswith("#") else "---" for head in heads]
    lines = [[head.rstrip("#") for head in heads], marks, *map(list, rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def fill(page: Path, name: str, text: str) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->``.

    Raises
    ------
    InputError
        If the page or its markers are missing.
    """
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    try:
        whole = page.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{page}: cannot be read: {error.strerror}") from None
    before, found, rest = whole.partition(opening)
    _, ended, after = rest.partition(closing)
    if not (found and ended):
        raise InputError(f"{page}: expected the markers {opening} and {closing}")
    page.write_text(f"{before}{opening}\n\n{text.strip()}\n\n{closing}{after}", encoding="utf-8")
