"""Tables on a terminal narrower than they are: less frame first, then narrower prose.

What a person must read whole or type again (the first column, and numbers) is narrowed last, and
nothing is ever cut off.
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
    _fit(table, console)
    yield table
    if caption:
        yield Text(str(caption), style="table.caption")


def _fit(table: Table, console: Console) -> None:
    unbounded = console.options.update_width(100_000)
    if Measurement.get(console, unbounded, table).maximum <= console.width:
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
    if _least(columns, NARROWEST, with_heads=False) > room:
        whole = []
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
