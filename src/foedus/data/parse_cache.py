"""Shipped files are parsed once and recalled after that: YAML takes thirty times longer to read.

What is kept is what the parser gave, with the place of every key and value; validation runs each
time. An entry is found by the content of its file and by the code that read it, and begins with
its own checksum: a changed file, a changed parser or a damaged entry is parsed anew. Entries lie
in the user's cache folder, or in ``FOEDUS_CACHE``; where that is empty, or the folder cannot be
written, nothing is kept.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from foedus.data import yaml_reader
from foedus.data.yaml_reader import Path_, Place, Tree, parse_tree, read_text

MOST_ENTRIES = 400
"""Entries kept; the oldest go first."""

DATE = "\x00date"
"""Key that marks a date; no file can hold it, for files with a zero byte are refused."""


def recalled_tree(path: Path) -> Tree:
    """As :func:`foedus.data.yaml_reader.read_tree`, from the cache where the text was read before.

    Raises
    ------
    FileProblems
        If the file cannot be used; such files are parsed each time.
    """
    text = read_text(path)
    folder = cache_folder()
    if folder is None:
        return parse_tree(text, str(path))
    entry = folder / f"{_key(text)}.json"
    known = _recalled(entry, str(path))
    if known is not None:
        return known
    tree = parse_tree(text, str(path))
    with suppress(OSError, TypeError):  # no place to keep it, or a value that JSON does not know
        _keep(entry, tree)
    return tree


def cache_folder() -> Path | None:
    """Where entries lie; None where none are kept."""
    stated = os.environ.get("FOEDUS_CACHE")
    if stated is not None:
        return Path(stated) if stated else None
    try:
        return _user_folder() / "foedus"
    except RuntimeError:  # nobody's home
        return None


def _user_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@cache
def _reader() -> bytes:
    """What read a file: this code, the parser's code and ruamel's version."""
    code = [Path(module).read_bytes() for module in (__file__, yaml_reader.__file__)]
    return sha256(b"\0".join([*code, version("ruamel.yaml").encode()])).digest()


def _key(text: str) -> str:
    return sha256(_reader() + text.encode()).hexdigest()


def _recalled(entry: Path, file: str) -> Tree | None:
    """The tree of an entry, None where there is no sound one."""
    try:
        checksum, _, body = entry.read_bytes().partition(b"\n")
    except OSError:
        return None
    if sha256(body).hexdigest().encode() != checksum:
        return None
    kept = json.loads(body, object_hook=_with_dates)
    return Tree(file, kept["values"], _places(kept["keys"]), _places(kept["places"]))


def _with_dates(entry: dict[str, Any]) -> Any:
    return date.fromisoformat(entry[DATE]) if DATE in entry else entry


def _places(rows: list[Any]) -> dict[Path_, Place]:
    return {tuple(path): (line, column) for path, line, column in rows}


def _keep(entry: Path, tree: Tree) -> None:
    """Write an entry whole or not at all."""
    body = json.dumps(
        {"values": tree.values, "keys": _rows(tree.keys), "places": _rows(tree.places)},
        default=_marked,
    ).encode()
    entry.parent.mkdir(parents=True, exist_ok=True)
    draft = entry.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)
    draft.replace(entry)
    _forget_oldest(entry.parent)


def _rows(places: dict[Path_, Place]) -> list[tuple[Path_, int, int]]:
    return [(path, line, column) for path, (line, column) in places.items()]


def _marked(value: Any) -> dict[str, str]:
    if type(value) is not date:
        raise TypeError(f"{type(value)} is not kept")
    return {DATE: value.isoformat()}


def _forget_oldest(folder: Path) -> None:
    entries = list(folder.glob("*.json"))
    if len(entries) > MOST_ENTRIES:
        for entry in sorted(entries, key=lambda e: e.stat().st_mtime)[:-MOST_ENTRIES]:
            entry.unlink(missing_ok=True)
