"""One way to show records as a table: a column is its heading, and what stands in its cells.

A cell is a template of the row's own names, ``"{low:.2f} to {high:.2f}"``, or a function of the
row. What is not known (None, NaN) leaves its cell empty. The format ``%`` shows a share as a whole
percentage, ``.1f%`` a hundredfold with one decimal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

Cell = str | Callable[[Any], Any]
Column = tuple[str, Cell]
Columns = tuple[Column, ...]


def table(
    title: str, columns: Iterable[Column], rows: Iterable[Any], caption: str | None = None
) -> Table:
    """A table; a column whose heading ends with ``#``, ``%`` or ``±`` holds numbers.

    A row that is None is a line between groups, and one that is a text heads a group.
    """
    from rich.table import Table
    from rich.text import Text

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


def styled(words: str, style: str = "bold") -> Text:
    """Words in a style of the terminal: bold, dim, red."""
    from rich.text import Text

    return Text(words, style=style)


def plain_columns(heads: Iterable[str], start: int = 0) -> list[Column]:
    """Columns of rows that are sequences of texts, in their order."""
    return [(head, f"{{{k}}}") for k, head in enumerate(heads, start)]


def cell_of(cell: Cell, row: Any) -> RenderableType:
    """What stands in one cell of a row: an object, a mapping or a sequence."""
    return _TEMPLATES.vformat(cell, (row,), {}) if isinstance(cell, str) else cell(row)


class _Templates(Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], _: Any) -> Any:
        row = args[0]
        by_key = isinstance(key, int) or isinstance(row, Mapping)
        return row[key] if by_key else getattr(row, str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        return number(value, format_spec)


_TEMPLATES = _Templates()


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
    return format(100 * value, form[:-1]) if form.endswith("%") else format(value, form)
