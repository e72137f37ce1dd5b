"""Every error foedus raises on purpose.

::

    FoedusError
    ├── InputError        something a person wrote cannot be used      (exit 65)
    │   └── FileProblems    one or more located problems in a file
    ├── UsageError        a command was given words it does not know   (exit 2)
    └── UnfinishedError   the work ended, but some of it failed        (exit 3)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class FoedusError(Exception):
    """Root of the tree; its text is one clear line for a person."""

    exit_code = 1


class InputError(FoedusError):
    """Something a person wrote (a file, a number, a name) cannot be used."""

    exit_code = 65


class UsageError(FoedusError):
    """A command or function was given words it does not know."""

    exit_code = 2


class UnfinishedError(FoedusError):
    """The work ended, but part of it failed and is recorded as failed."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One located problem, in one line: ``file:line:column: path: what was expected``."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        text = f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"
        return " ".join(text.splitlines()).encode(errors="backslashreplace").decode()


class FileProblems(InputError):
    """All the problems found in files, each once, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"``, or the known words where none is near.

    Parameters
    ----------
    word
        What was written.
    known
        What would have been understood.
    """
    words = sorted(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f" (did you mean '{near[0]}'?)"
    return f" (known: {', '.join(words)})" if words else ""
