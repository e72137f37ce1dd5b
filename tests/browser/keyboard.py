"""A reader without a mouse."""

from __future__ import annotations


def tab_to(page, element_id, words=None) -> None:
    """Press Tab until an element has the focus, by its id or its text."""
    for _ in range(150):
        page.keyboard.press("Tab")
        now = page.evaluate("[document.activeElement.id, document.activeElement.textContent]")
        if now[0] == element_id or (words is not None and now[1] == words):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", "what has the focus shows it"
            return
    raise AssertionError(f"the Tab key never reaches {element_id or words}")
