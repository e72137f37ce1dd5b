"""What MkDocs needs to be told about this folder; named under `hooks` in ``mkdocs.yml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):(?=<code>)")
"""A role of reStructuredText before a name in a docstring: the name alone is shown."""


def on_config(config: Any) -> Any:
    """Take the pages from beside the configuration, and list only those that are written."""
    folder = Path(config.config_file_path).resolve().parent
    config.docs_dir = str(folder)
    config.nav = list(_written(config.nav, folder))
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Give a page that is no part of a section the room of a list with one entry."""
    if page.parent is None:
        page.meta.setdefault("hide", ["navigation"])
    return markdown


def on_page_content(html: str, **_: Any) -> str:
    """Show names in docstrings without their roles."""
    return ROLE.sub("", html)


def _written(entries: Any, folder: Path) -> Any:
    """Entries of the navigation whose page exists; a section without pages is left out."""
    for entry in entries:
        ((title, target),) = entry.items()
        if isinstance(target, list):
            pages = list(_written(target, folder))
            if pages:
                yield {title: pages}
        elif (folder / target).is_file():
            yield entry
