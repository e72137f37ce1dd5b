"""What the commands print and write: results as tables, JSON or CSV, and the files asked for.

Results go to standard output, all else to standard error. A table fits the terminal; in a pipe it
is as wide as COLUMNS says, else 160. A column of a table is its heading, and what stands in its
cells: a template of the row's own names, ``"{low:.2f} to {high:.2f}"``, or a function of the row.
What is not known (None, NaN) leaves its cell empty. Tables and sentences that do not depend on the
library stand in ``printed.md``.
"""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.fitting import pieces
from foedus.cli.progress import manner, note
from foedus.errors import InputError, UsageError

if TYPE_CHECKING:
    from foedus.plots.frame import Picture

PIPED_WIDTH = 160
"""Columns of a table where the output is no terminal and COLUMNS is not set."""

Parts = Iterator[RenderableType]
Cell = str | Callable[[Any], Any]
Columns = tuple[tuple[str, Cell], ...]


Format = StrEnum("Format", ["TABLE", "JSON", "CSV"])


def give(
    record: Any,
    parts: RenderableType | Iterable[RenderableType],
    rows: Callable[[], Sequence[Mapping[Any, Any]]] | None = None,
) -> None:
    """Print a result in the form that was asked for.

    Args:
        record: The result as :func:`foedus.analysis.frames.plain` takes it, for JSON.
        parts: Its tables and sentences, for a person.
        rows: Its main table as flat records, for CSV; where not given, taken from `record`.
    """
    if manner.form == Format.TABLE:
        for part in (parts,) if isinstance(parts, str | Table) else parts:  # type: ignore[union-attr]
            show(part)
        return
    from foedus.analysis.frames import plain  # numpy comes with it

    if manner.form == Format.CSV:
        print_csv(rows() if rows else rows_of(plain(record)))
    else:
        is_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
        print(json.dumps(plain(record), indent=2, ensure_ascii=is_ascii))


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
    is_terminal = sys.stdout.isatty()
    console = Console(
        width=None if is_terminal else width(),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not is_terminal and _columns() is None,
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
    for piece in pieces(part, console) if isinstance(part, Table) else (part,):
        console.print(piece)


def table(
    title: str,
    columns: Iterable[tuple[str, Cell]],
    rows: Iterable[Any],
    caption: str | None = None,
) -> Table:
    """A table; a column whose heading ends with ``#``, ``%`` or ``±`` holds numbers.

    A row that is None is a line between groups, and one that is a text heads a group.
    """
    declared = list(columns)
    made = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for head, _ in declared:
        is_number = head.endswith(("%", "±", "#"))
        made.add_column(head.rstrip("#"), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        if row is None:
            made.add_section()
        elif isinstance(row, Text):
            made.add_row(row)
        else:
            made.add_row(*(cell_of(cell, row) for _, cell in declared))
    return made


@cache
def _sections() -> dict[str, list[str]]:
    text = Path(__file__).with_name("printed.md").read_text(encoding="utf-8")
    parts = (part.strip().splitlines() for part in text.split("\n## ")[1:])
    return {name: lines for name, *lines in parts}


def said(name: str, /, **words: Any) -> str:
    """A sentence of ``printed.md``, with these words in it."""
    return _filled(" ".join(_sections()[name]), (), **words)


def printed(name: str, rows: Iterable[Any], /, **words: Any) -> Table:
    """A table of ``printed.md``; the words stand in its title, or are functions of a row."""
    title, heads, cells, *below = _sections()[name]
    columns = [
        (_filled(head, (), **words), cell if not callable(own := words.get(cell[1:-1])) else own)
        for head, cell in zip(heads.split(" | "), cells.split(" | "), strict=True)
    ]
    caption = _filled(" ".join(below), (), **words) or None
    return table(_filled(title, (), **words), columns, rows, caption)


def styled(words: str, style: str = "bold") -> Text:
    """Words in a style of the terminal: bold, dim, red."""
    return Text(words, style=style)


def plain_columns(heads: Iterable[str]) -> list[tuple[str, Cell]]:
    """Columns of rows that are sequences of texts, in their order."""
    return [(head, f"{{{k}}}") for k, head in enumerate(heads)]


def cell_of(cell: Cell, row: Any) -> RenderableType:
    """What stands in one cell of a row: an object, a mapping or a sequence."""
    return _filled(cell, row) if isinstance(cell, str) else cell(row)


class _Templates(Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], words: Mapping[str, Any]) -> Any:
        row = args[0]
        if key in words:
            return words[str(key)]
        by_key = isinstance(key, int) or isinstance(row, Mapping)
        return row[key] if by_key else getattr(row, str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        return number(value, format_spec)


def _filled(template: str, row: Any, **words: Any) -> str:
    return _Templates().vformat(template, (row,), words)


def percent(share: float) -> str:
    """A probability as a whole percentage; small ones stay visible."""
    whole = f"{100 * share:.0f}"
    return "<1" if whole == "0" and share > 0 else whole


def number(value: Any, form: str = ".2f") -> str:
    """A value in the form of a cell, or nothing where it is not known."""
    if value is None or value != value:
        return ""
    if form == "%":
        return percent(value)
    if form == "yes":
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return format(100 * value, form[:-1]) if form.endswith("%") else format(value, form)


def check_place(out: Path, *, force: bool = True) -> None:
    """Refuse a file that cannot be written, or may not be, before long work is done for it."""
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}")
    if out.is_dir():
        raise InputError(f"{out}: expected a file, found a directory")
    if out.exists() and not force:
        raise UsageError(f"{out} exists already; --force overwrites it")


def check_figure(out: Path, *, force: bool) -> None:
    """Refuse a figure's file that is no figure's, or that cannot be written."""
    from foedus.plots.frame import check_ending

    check_ending(out)
    check_place(out, force=force)


def check_html(out: Path, what: str, *, force: bool) -> None:
    """Refuse the file of a report or a page that is no page's, or that cannot be written."""
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out}: a {what}'s file ends in .html")
    check_place(out, force=force)


def make_folder(folder: Path, *files: str, force: bool = True) -> None:
    """Make the folder of results; refuse the name of a file, and files that may not be written."""
    if folder.suffix.lower() in (".csv", ".json", ".html", ".png", ".svg", ".parquet"):
        raise UsageError(f"--out-dir {folder}: expected the name of a folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        check_place(folder / name, force=force)


def write_figure(picture: "Picture", out: Path) -> None:
    """Write a figure, and say what it shows."""
    from foedus.plots.frame import framed, save

    save(framed(picture), out, note)
    note(f"wrote {out}: {picture.finding}")
