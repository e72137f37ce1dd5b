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

NARROWEST = 9
"""Characters in which prose can still be read."""


def pieces(table: Table, console: Console) -> Iterator[RenderableType]:
    """Title, table and caption, the words as wide as the terminal and not as the table."""
    title, caption = table.title, table.caption
    table.title = table.caption = None
    if title:
        yield Text(str(title), style="table.title")
    yield _fitted(table, console)
    if caption:
        yield Text(str(caption), style="table.caption")


def _fitted(table: Table, console: Console) -> Table:
    unbounded = console.options.update_width(100_000)
    if Measurement.get(console, unbounded, table).maximum <= console.width:
        return table
    table.box, table.padding = box.SIMPLE_HEAD, 0
    table.show_edge = table.pad_edge = False
    for column, width in zip(table.columns, _widths(table.columns, console.width), strict=True):
        column.width = width
    return table


def _widths(columns: Sequence[Column], terminal: int) -> list[int]:
    """Characters of each column: what must stay whole first, the rest in fair shares."""
    room = terminal - (len(columns) - 1)
    wanted = [_width(column, with_head=True) for column in columns]
    whole = [k for k, column in enumerate(columns) if k == 0 or column.justify == "right"]
    least = sum(min(NARROWEST, w) for k, w in enumerate(wanted) if k not in whole)
    if least + sum(wanted[k] for k in whole) > room:
        for k in whole:
            wanted[k] = _width(columns[k], with_head=False)
    if least + sum(wanted[k] for k in whole) > room:
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
