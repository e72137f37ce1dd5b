"""What the commands print: results as a table, JSON or CSV; remarks and progress aside.

Results go to standard output, all else to standard error. A table fits the terminal; in a pipe it
is as wide as COLUMNS says, else 160.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from foedus.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from foedus.plots.frame import Picture

PIPED_WIDTH = 160
"""Columns of a table where the output is no terminal and COLUMNS is not set."""


class Format(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class _Manner:
    """How this command speaks: set once, before it begins."""

    quiet = False
    form = Format.TABLE


manner = _Manner()


def give(
    record: Any,
    parts: RenderableType | Iterable[RenderableType],
    rows: Callable[[], Sequence[Mapping[Any, Any]]] | None = None,
) -> None:
    """Print a result in the form that was asked for.

    Args:
        record: The result as plain values, for JSON.
        parts: Its tables and sentences, for a person.
        rows: Its main table as flat records, for CSV; where not given, taken from `record`.
    """
    from rich.table import Table

    if manner.form is Format.JSON:
        is_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
        print(json.dumps(record, indent=2, ensure_ascii=is_ascii))
    elif manner.form is Format.CSV:
        print_csv(rows() if rows else rows_of(record))
    else:
        for part in (parts,) if isinstance(parts, str | Table) else parts:  # type: ignore[union-attr]
            show(part)


def rows_of(record: Any) -> list[dict[str, Any]]:
    """The flat rows in a record: the record if it is a list, its first list of records, or itself.

    Records inside a record become columns with a dot in their names.
    """
    if isinstance(record, Mapping):
        lists = (v for v in record.values() if isinstance(v, list) and v)
        record = next((v for v in lists if isinstance(v[0], Mapping)), [record])
    return [dict(_flat(row)) for row in record]


def _flat(row: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{before}{name}", "; ".join(map(str, value))
        else:
            yield f"{before}{name}", value


def print_csv(rows: Sequence[Mapping[Any, Any]]) -> None:
    """Print flat records as CSV; a record without a column leaves it empty."""
    heads = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(sys.stdout, list(heads), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def show(part: RenderableType) -> None:
    """Print one table or text to standard output; its words are shown as they are, never obeyed."""
    from rich.console import Console

    console = Console(
        width=None if sys.stdout.isatty() else width(),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not sys.stdout.isatty() and _columns() is None,
    )
    put(part, console)


def width() -> int:
    """Characters in a line of standard output."""
    if sys.stdout.isatty():
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    return _columns() or PIPED_WIDTH


def _columns() -> int | None:
    """What the variable COLUMNS says, where it is a number that can be one."""
    given = os.environ.get("COLUMNS", "")
    return int(given) if given.isdecimal() and 0 < int(given) < 10_000 else None


def put(part: RenderableType, console: Console) -> None:
    """Print one table or text to a console, fitted to its width."""
    from rich.table import Table

    from foedus.cli.fitting import pieces

    for piece in pieces(part, console) if isinstance(part, Table) else (part,):
        console.print(piece)


def note(line: str) -> None:
    """Say something that is no result, unless the command is to be quiet."""
    if not manner.quiet:
        print(line, file=sys.stderr)


def hint(words: str) -> None:
    """Say what one may do next, where a person looks on."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        note(f"Next: {words}")


def is_watched() -> bool:
    """Whether a person sees progress as it is made."""
    return sys.stderr.isatty() and not manner.quiet


def tell(line: str) -> None:
    """Say how far the work is, where a person looks on."""
    if is_watched():
        note(line)


def progress_line(text: str) -> None:
    """Write over the line of progress."""
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


LONG = 2.0
"""Seconds from which work has a line that says how long it will take."""


@contextmanager
def time_left(seconds: Callable[[], float], is_long: bool = True) -> Iterator[None]:
    """Count down while work is done, on a terminal alone.

    Args:
        seconds: Estimates how long it will take; not called where nobody looks on.
        is_long: Whether the work can be long at all.
    """
    expected = seconds() if is_long and is_watched() else 0.0
    if expected < LONG:
        yield
        return
    done = Event()
    teller = Thread(target=_count_down, args=(expected, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        progress_line("")


def _count_down(expected: float, done: Event) -> None:
    began = time.monotonic()
    while True:
        left = expected - (time.monotonic() - began)
        progress_line(f"about {duration(left)} left" if left > 0 else "nearly done")
        if done.wait(0.5):
            return


def duration(seconds: float) -> str:
    """A time in words: ``45 s``, ``12 min``, ``1.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def steps(total: int) -> Callable[[str], None]:
    """A teller of steps, so many in all, with the time left on a terminal."""
    began, done = time.monotonic(), 0

    def tell(line: str) -> None:
        nonlocal done
        spent = time.monotonic() - began
        left = f", about {duration(spent / done * (total - done))} left" if done else ""
        note(f"{line}{left if is_watched() and done < total else ''}")
        done += 1

    return tell


def check_place(out: Path, *, force: bool = True) -> None:
    """Refuse a file that cannot be written, or may not be, before long work is done for it."""
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}")
    if out.is_dir():
        raise InputError(f"{out}: expected a file, found a directory")
    if out.exists() and not force:
        raise UsageError(f"{out} exists already; --force overwrites it")


def make_folder(folder: Path, *files: str, force: bool = True) -> None:
    """Make the folder of results; refuse the name of a file, and files that may not be written."""
    if folder.suffix.lower() in (".csv", ".json", ".html", ".png", ".svg", ".parquet"):
        raise UsageError(f"--out-dir {folder}: expected the name of a folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        check_place(folder / name, force=force)


def check_figure(out: Path, *, force: bool) -> None:
    """Refuse a figure's file that is no figure's, or that cannot be written."""
    from foedus.plots.frame import check_ending

    check_ending(out)
    check_place(out, force=force)


def check_html(out: Path, what: str) -> None:
    """Refuse the name of a file that is no page's."""
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out}: a {what}'s file ends in .html")


def write_figure(picture: Picture, out: Path) -> None:
    """Write a figure, and say what it shows."""
    from foedus.plots.frame import framed, save

    save(framed(picture), out, note)
    note(f"wrote {out}: {picture.finding}")
