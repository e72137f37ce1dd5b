"""What MkDocs needs to be told about this folder; named under `hooks` in ``mkdocs.yml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

from foedus.data.library import load_all
from foedus.web.page import page as written

THE_PAGE = "foedus.html"
"""The page without installation, made when the site is built and never kept."""

CARRIES = f"""
[Try it here: five crises, a guess, a council that decides]({THE_PAGE}){{ .md-button }}
One file, no installation: [how it is made](how-to/one-page.md).
"""

ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):(?=<code>)")
"""A role of reStructuredText before a name in a docstring: the name alone is shown."""


def on_config(config: Any) -> Any:
    """Take the pages from beside the configuration, and list only those that are written."""
    folder = Path(config.config_file_path).resolve().parent
    config.docs_dir = str(folder)
    config.nav = list(_written(config.nav, folder))
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the page that simulates in the browser, with every crisis."""
    made = File.generated(config, THE_PAGE, content=written(load_all()))
    files.append(made)
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Give a page that is no part of a section the room of a list with one entry.

    The first page of the site links to the page that the site carries.
    """
    if page.parent is None:
        page.meta.setdefault("hide", ["navigation"])
    if page.file.src_uri != "index.md":
        return markdown
    return markdown.replace("\n## ", f"{CARRIES}\n## ", 1)


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
