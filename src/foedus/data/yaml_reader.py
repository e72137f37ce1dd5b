"""YAML 1.2 text to plain values, with the place of every key and value.

Anchors, aliases, tags and directives are refused, as are files that are too large or too deep:
a scenario is a form to fill in, not a program.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

from foedus.errors import FileProblems, Problem, file_problem

MAX_BYTES = 250_000
TOO_LARGE = f"expected at most {MAX_BYTES // 1000} kB"
MAX_DEPTH = 20
MAX_NODES = 10_000
"""Keys and values of one file: a hostile file must not keep the reader busy for long."""

MAX_KEY = 100
"""Characters of a key; no record has a longer one."""

NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would steer a terminal, turns the order of what is read, or is half a character."""

STRAY_COLON = "a colon stands where no key can be; put text with a colon in quotes"
MERGE = "tag:yaml.org,2002:merge"
INTEGER = "tag:yaml.org,2002:int"
MAX_DIGITS = 18
"""Characters of a whole number; Python does not print numbers of thousands of digits."""

PLAIN_WORDS = {
    "mapping values are not allowed": STRAY_COLON,
    "but got ':'": STRAY_COLON,
    r"found character '\t'": "a tab stands here; indent with spaces",
    "that cannot start any token": "text that begins with this character must stand in quotes",
    "expected <block end>": "the indentation does not fit the lines above",
    "could not find expected ':'": "expected a colon and a value after the key above",
    "found unexpected end of stream": "a quotation that opens here or above is not closed",
}
"""What YAML's own messages mean, by a part of each."""

Path_: TypeAlias = tuple[str | int, ...]
Places: TypeAlias = dict[Path_, tuple[str, int, int]]
"""The file, and the 1-based line and column in it, by the path of what stands there."""


@dataclass(frozen=True)
class Tree:
    """Plain values of one file, and where each stands: there, or in a file that it changes.

    Attributes:
        keys, places: Where each key stands, and each value.
    """

    file: str
    values: Any
    keys: Places
    places: Places

    def problem(self, path: Path_, message: str, at_key: bool = False) -> Problem:
        """A problem at `path`, or at its nearest ancestor that stands in a file."""
        places, trail = self.keys if at_key else self.places, path
        while trail and trail not in places:
            trail = trail[:-1]
        where = places.get(trail, (self.file, 1, 1))
        return Problem(*where, ".".join(str(step) for step in path), message)


def read_tree(path: Path) -> Tree:
    """Read one YAML file, by way of :func:`read_text` and :func:`parse_tree`.

    Raises:
        FileProblems: If the file is missing, a directory, too large, not UTF-8 text, or not plain
            YAML 1.2.
    """
    return parse_tree(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a file.

    Size and kind are checked on the open file, and no more is read than is allowed.

    Raises:
        FileProblems: If the file is missing, no plain file, too large, or not UTF-8 text.
    """
    try:
        text = _bytes_of(path).decode("utf-8-sig")
        if "\x00" not in text:
            return text
        message = "expected UTF-8 text, found binary data"
    except (FileNotFoundError, NotADirectoryError):
        message = "no such file"
    except IsADirectoryError:
        message = "expected a file, found a directory"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        message = "expected UTF-8 text, found binary data"
    except ValueError as error:
        message = str(error)
    raise file_problem(path, message)


def _bytes_of(path: Path) -> bytes:
    """What the file holds; `ValueError` says why a file that could be opened is not read."""
    with open(path, "rb", opener=_never_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("expected a plain file")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(TOO_LARGE)
    return content


def _never_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe is opened too, though nobody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def parse_tree(text: str, file: str) -> Tree:
    """Parse YAML 1.2 text; `file` names it in problems.

    Raises:
        FileProblems: If it is empty or not plain YAML 1.2; all problems of form at once.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    loader = YAML(typ="safe", pure=True)
    builder = _Builder(file, loader, loader.parse(StringIO(text)))
    try:
        builder.read()
    except MarkedYAMLError as error:
        builder.refuse(error.problem_mark or error.context_mark, _plain_words(error))
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        message = f"the character U+{ord(text[error.position]):04X} is not allowed here"
        builder.problems.append(Problem(file, line, column, "", message))
    except (YAMLError, ValueError) as error:
        builder.refuse(None, f"not valid YAML: {(str(error).splitlines() or ['?'])[0]}")
    if not builder.problems and builder.values is None:
        builder.refuse(None, "the file is empty")
    if builder.problems:
        raise FileProblems(builder.problems)
    return Tree(file, builder.values, builder.keys, builder.places)


def _plain_words(error: Any) -> str:
    """What is wrong with the form, for people who do not know YAML's own terms."""
    told = (error.problem or "not valid YAML").splitlines()[0]
    plain = next((words for part, words in PLAIN_WORDS.items() if part in told), None)
    if plain is None and told.startswith("expected ','") and error.context_mark:
        line = error.context_mark.line + 1
        return f"the bracket that opens in line {line} is not closed before this"
    return plain or told


@dataclass
class _Builder:
    """Builds the tree from the parser's events, and notes what is refused."""

    file: str
    loader: Any
    events: Iterator[Any]
    values: Any = None
    keys: Places = field(default_factory=dict)
    places: Places = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    n_nodes: int = 0

    def refuse(self, mark: Any, message: str, path: Path_ = ()) -> None:
        where = self._place(mark) if mark is not None else (self.file, 1, 1)
        self.problems.append(Problem(*where, ".".join(str(step) for step in path), message))

    def _place(self, mark: Any) -> tuple[str, int, int]:
        return (self.file, mark.line + 1, mark.column + 1)

    def read(self) -> None:
        from ruamel.yaml import events as ev

        documents = 0
        for event in self.events:
            if isinstance(event, ev.DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self.refuse(event.start_mark, "directives (%) are not allowed here")
                if documents > 1:
                    self.refuse(event.start_mark, "several documents (---) are not allowed here")
                    return
            elif isinstance(event, ev.NodeEvent):
                self.values = self._node(event, (), 1)

    def _node(self, event: Any, path: Path_, depth: int) -> Any:
        from ruamel.yaml import events as ev

        self.places[path] = self._place(event.start_mark)
        self.n_nodes += 1
        if self.n_nodes > MAX_NODES:
            raise ValueError(f"more than {MAX_NODES:,} keys and values")
        if isinstance(event, ev.AliasEvent):
            self.refuse(event.start_mark, "aliases (*) are not allowed here")
            return None
        if event.anchor is not None:
            self.refuse(event.start_mark, "anchors (&) are not allowed here")
        if event.ctag is not None and str(event.ctag):
            self.refuse(event.start_mark, "tags (!) are not allowed here")
        if isinstance(event, ev.ScalarEvent):
            return self._scalar(event, path)
        if depth >= MAX_DEPTH:
            raise ValueError(f"line {event.start_mark.line + 1}: more than {MAX_DEPTH} levels")
        entries: dict[str, Any] = {}
        items: list[Any] = []
        while not isinstance(first := next(self.events), ev.CollectionEndEvent):
            if isinstance(event, ev.MappingStartEvent):
                self._entry(entries, first, path, depth + 1)
            else:
                self.keys[*path, len(items)] = self._place(first.start_mark)
                items.append(self._node(first, (*path, len(items)), depth + 1))
        return entries if isinstance(event, ev.MappingStartEvent) else items

    def _entry(self, entries: dict[str, Any], event: Any, path: Path_, depth: int) -> None:
        """Read a key, which begins with an event, and its value."""
        key = self._node(event, (*path, "?"), depth)
        del self.places[*path, "?"]
        if not isinstance(key, str):
            self.refuse(event.start_mark, "a key must be a word")
            key = str(key)
        if len(key) > MAX_KEY:
            self.refuse(event.start_mark, f"expected a key of at most {MAX_KEY} characters")
            key = key[:MAX_KEY]
        if key in entries:
            self.refuse(event.start_mark, f"the key '{key}' stands here twice")
        trail = (*path, key)
        self.keys[trail] = self._place(event.start_mark)
        value = next(self.events)
        entries[key] = self._node(value, trail, depth)
        if getattr(value, "value", None) == "" and value.style is None:
            self.places[trail] = self.keys[trail]  # nothing stands there: point at the key

    def _scalar(self, event: Any, path: Path_) -> Any:
        from ruamel.yaml.nodes import ScalarNode

        tag = self.loader.resolver.resolve(ScalarNode, event.value, event.implicit)
        if NO_TEXT.search(event.value):
            self.refuse(event.start_mark, "control characters are not allowed here")
            return None
        if str(tag) == MERGE:
            return event.value
        if str(tag) == INTEGER and len(event.value) > MAX_DIGITS:
            message = f"expected a number of at most {MAX_DIGITS} characters"
            self.refuse(event.start_mark, message, path)
            return None
        try:
            node = ScalarNode(tag, event.value, event.start_mark, event.end_mark)
            return self.loader.constructor.construct_object(node)
        except ValueError:  # looks like a date or number and is none: the record says what it wants
            return event.value
