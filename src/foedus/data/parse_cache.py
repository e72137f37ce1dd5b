"""Shipped files are parsed once and kept: to read YAML takes thirty times longer.

What is kept is what the parser gave, with the place of every key and value; validation runs each
time. An entry is found by the content of its file and by the code that read it, and begins with
its own checksum: a changed file, a changed parser or a damaged entry is parsed anew. Entries lie
in the user's cache folder, or in ``FOEDUS_CACHE``; where that is empty, or the folder cannot be
written, nothing is kept.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from foedus.data import yaml_reader
from foedus.data.yaml_reader import Tree, parse_tree, read_text

DATE = "\x00date"
"""Key that marks a date; no file can hold it, for files with a zero byte are refused."""


def cached_tree(path: Path) -> Tree:
    """As :func:`foedus.data.yaml_reader.read_tree`, from the cache where the text was read before.

    Raises:
        FileProblems: If the file cannot be used; such files are parsed each time.
    """
    text, file, folder = read_text(path), str(path), cache_folder()
    if folder is None:
        return parse_tree(text, file)
    entry = folder / f"{sha256(_reader() + text.encode()).hexdigest()}.json"
    with suppress(OSError, ValueError):  # no entry, or a damaged one
        return _kept(entry, file)
    tree = parse_tree(text, file)
    with suppress(OSError, TypeError):  # no place to keep it, or a value that JSON does not know
        _keep(entry, tree)
    return tree


def cache_folder() -> Path | None:
    """Where entries lie; None where none are kept."""
    stated = os.environ.get("FOEDUS_CACHE")
    if stated is not None:
        return Path(stated) if stated else None
    try:
        local = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
        return Path(local or Path.home() / ".cache") / "foedus"
    except RuntimeError:  # a user without a home
        return None


@cache
def _reader() -> bytes:
    """What read a file: this code, the parser's code and ruamel's version."""
    code = [Path(module).read_bytes() for module in (__file__, yaml_reader.__file__)]
    return sha256(b"\0".join([*code, version("ruamel.yaml").encode()])).digest()


def _kept(entry: Path, file: str) -> Tree:
    checksum, _, body = entry.read_bytes().partition(b"\n")
    if sha256(body).hexdigest().encode() != checksum:
        raise ValueError("a damaged entry")
    values, *places = json.loads(body, object_hook=_with_dates)
    keys, values_at = ({tuple(path): (file, *at) for path, at in rows} for rows in places)
    return Tree(file, values, keys, values_at)


def _with_dates(entry: dict[str, Any]) -> Any:
    return date.fromisoformat(entry[DATE]) if DATE in entry else entry


def _keep(entry: Path, tree: Tree) -> None:
    """Write an entry whole or not at all."""
    rows = ([(path, at) for path, (_, *at) in of.items()] for of in (tree.keys, tree.places))
    body = json.dumps([tree.values, *rows], default=_marked).encode()
    entry.parent.mkdir(parents=True, exist_ok=True)
    draft = entry.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)
    draft.replace(entry)


def _marked(value: Any) -> dict[str, str]:
    if type(value) is not date:
        raise TypeError(f"{type(value)} is not kept")
    return {DATE: value.isoformat()}
