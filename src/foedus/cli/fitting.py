"""Tables on a terminal narrower than they are: less frame first, then narrower prose.

What a person must read whole or type again (the first column, and numbers) is never broken: where
there is no room for it, each row is a block of its own. Nothing is ever cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

ROOMY, NARROWEST = 20, 9
"""Characters of prose that are worth a frame, and the least in which it can still be read."""


def pieces(table: Table, console: Console) -> Iterator[RenderableType]:
    """Title, table and caption, the words as wide as the terminal and not as the table."""
    title, caption = table.title, table.caption
    table.title = table.caption = None
    if title:
        yield Text(str(title), style="table.title")
    if _is_too_wide(table, console):
        yield from _blocks(table)
    else:
        _fit(table, console)
        yield table
    if caption:
        yield Text(str(caption), style="table.caption")


def _whole_width(table: Table, console: Console) -> int:
    unbounded = console.options.update_width(100_000)
    return Measurement.get(console, unbounded, table).maximum


def _is_too_wide(table: Table, console: Console) -> bool:
    """Whether even without a frame and with narrow prose something would be broken."""
    room = console.width - (len(table.columns) - 1)
    least = _least(table.columns, NARROWEST, with_heads=False)
    return _whole_width(table, console) > console.width and least > room


def _blocks(table: Table) -> Iterator[Text]:
    """Each row as a block: its first cell, and below it the others with their headings."""
    heads = [str(column.header) for column in table.columns]
    for row in zip(*(column.cells for column in table.columns), strict=True):
        lines = [f"  {head}: {cell}" for head, cell in zip(heads[1:], row[1:], strict=True)
                 if str(cell).strip()]  # fmt: skip
        yield Text("\n".join([str(row[0]), *lines]))


def _fit(table: Table, console: Console) -> None:
    if _whole_width(table, console) <= console.width:
        return
    columns = table.columns
    room = console.width - (3 * len(columns) + 1)
    if _least(columns, ROOMY) > room:
        table.box, table.padding = box.SIMPLE_HEAD, 0
        table.show_edge = table.pad_edge = False
        room = console.width - (len(columns) - 1)
    for column, width in zip(columns, _widths(columns, room), strict=True):
        column.width = width


def _is_whole(place: int, column: Column) -> bool:
    return place == 0 or column.justify == "right"


def _least(columns: Sequence[Column], prose: int, *, with_heads: bool = True) -> int:
    """Characters that the columns need where none of prose has more than that many."""
    return sum(
        _width(column, with_head=with_heads)
        if _is_whole(k, column)
        else min(prose, _width(column, with_head=True))
        for k, column in enumerate(columns)
    )


def _widths(columns: Sequence[Column], room: int) -> list[int]:
    """Characters of each column: what must stay whole first, the rest in fair shares."""
    wanted = [_width(column, with_head=True) for column in columns]
    whole = [k for k, column in enumerate(columns) if _is_whole(k, column)]
    if _least(columns, NARROWEST) > room:
        for k in whole:
            wanted[k] = _width(columns[k], with_head=False)
    left = room - sum(wanted[k] for k in whole)
    shared = sorted((k for k in range(len(columns)) if k not in whole), key=wanted.__getitem__)
    for place, k in enumerate(shared):
        wanted[k] = max(1, min(wanted[k], left // (len(shared) - place)))
        left -= wanted[k]
    for k in whole:  # room that the prose did not take goes to headings that were folded
        more = min(left, max(0, _width(columns[k], with_head=True) - wanted[k]))
        wanted[k], left = wanted[k] + more, left - more
    return wanted


def _width(column: Column, *, with_head: bool) -> int:
    """Characters of the longest cell, and of the longest word of the heading if it counts."""
    head = str(column.header).split() if with_head else []
    lines = [line for cell in column.cells for line in str(cell).splitlines()]
    return max((cell_len(text) for text in (*head, *lines)), default=1)
