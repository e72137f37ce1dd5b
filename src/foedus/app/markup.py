"""HTML built from functions: what is a page's own stays markup, all else is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"br", "hr", "img", "input", "meta"})
"""Elements without content or end."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(element: str, /, *children: str | None, **attributes: object) -> Markup:
    """One element.

    Parameters
    ----------
    element
        Its name.
    children
        Markup is placed as it is, any other text is escaped, None is left out.
    attributes
        ``class_`` is written ``class`` and ``aria_label`` ``aria-label``. True gives a bare
        attribute; None and False give none.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if element in VOID:
        return Markup(f"<{element}{written}>")
    return Markup(f"<{element}{written}>{joined(children)}</{element}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def joined(children: Iterable[str | None]) -> Markup:
    """Several pieces after one another."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else escape(child)
            for child in children
            if child is not None
        )
    )
