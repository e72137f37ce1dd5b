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

    Raises:
        InputError: If the page or its markers are missing.
    """
    before, after = _around(page, name)
    page.write_text(f"{before}\n\n{text.strip()}\n\n{after}", encoding="utf-8")


def check_markers(page: Path, names: Iterable[str]) -> None:
    """See that a page can be filled, before long work is done for it.

    Raises:
        InputError: If the page or any of the markers is missing.
    """
    for name in names:
        _around(page, name)


def _around(page: Path, name: str) -> tuple[str, str]:
    """The page up to the opening marker and from the closing one on, both included."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    try:
        whole = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise InputError(f"{page}: cannot be read: {reason}") from None
    before, found, rest = whole.partition(opening)
    _, ended, after = rest.partition(closing)
    if not (found and ended):
        raise InputError(f"{page}: expected the markers {opening} and {closing}")
    return before + opening, closing + after
