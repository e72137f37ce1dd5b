"""HTML as nested calls; whatever is not markup already is escaped, so no text can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Content = str | float | int | None
_VOID = frozenset({"br", "hr", "meta", "link", "col"})
_WEB = re.compile(r"https?://[^\s<>\"']+")


def escaped(content: Content) -> Html:
    """Markup as it stands, anything else with its special signs escaped; None is nothing."""
    if isinstance(content, Html):
        return content
    return Html("" if content is None else escape(str(content), quote=True))


def joined(parts: Iterable[Content], between: str = "") -> Html:
    """Parts one after the other."""
    return Html(between.join(escaped(part) for part in parts))


def tag(name: str, /, *children: Content, **attributes: Content | bool) -> Html:
    """One element.

    Parameters
    ----------
    name
        Of the element.
    children
        Escaped unless they are :class:`Html`.
    attributes
        Values are escaped; a trailing underscore is dropped and others become hyphens; None and
        False leave the attribute out, True gives it no value.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{joined(children)}</{name}>")


def _attribute(key: str, value: Content | bool) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'


def linked(text: str) -> Html:
    """Text in which web addresses are links; nothing else becomes one."""
    parts: list[Content] = []
    end = 0
    for found in _WEB.finditer(text):
        address = found.group().rstrip(".,;)")
        parts += [text[end : found.start()], _outward(address)]
        end = found.start() + len(address)
    return joined([*parts, text[end:]])


def _outward(address: str) -> Html:
    return tag("a", address, href=address, rel="noopener noreferrer external")


def table(
    caption: Content,
    heads: Sequence[Content],
    rows: Iterable[Sequence[Content]],
    numbers: Iterable[int] = (),
    *,
    class_: str | None = None,
) -> Html:
    """A table whose first column names its rows, in a frame that scrolls where it is too wide.

    Parameters
    ----------
    numbers
        Columns of numbers, set to the right.
    """
    right = set(numbers)
    head = tag(
        "tr",
        *(
            tag("th", text, scope="col", class_="n" if k in right else None)
            for k, text in enumerate(heads)
        ),
    )
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(
                tag("td", cell, class_="n" if k in right else None)
                for k, cell in enumerate(row[1:], start=1)
            ),
        )
        for row in rows
    ]
    inner = tag(
        "table",
        tag("caption", caption),
        tag("thead", head),
        tag("tbody", *body),
        class_=class_,
    )
    label = re.sub("<[^>]+>", "", escaped(caption))
    return Html(f'<div class="scroll" role="group" tabindex="0" aria-label="{label}">{inner}</div>')


def subheading(text: str, prefix: str) -> Html:
    """A heading inside a section, one deeper where several crises share the page."""
    return tag("h4" if prefix else "h3", text)


def items(rows: Iterable[Content], kind: str = "ul", **attributes: Content) -> Html:
    """A list."""
    return tag(kind, *(tag("li", row) for row in rows), **attributes)


def facts(pairs: Iterable[tuple[Content, Content]]) -> Html:
    """Names and values, as a description list."""
    return tag(
        "dl",
        *(joined([tag("dt", name), tag("dd", value)]) for name, value in pairs),
        class_="facts",
    )
