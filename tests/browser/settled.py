"""When a page may be read: each waits for a state that the page itself shows, never for a time."""

from __future__ import annotations


def connected(page) -> None:
    """Wait until a page that was opened, or loaded again, talks with the server."""
    page.wait_for_selector("h1")
    page.wait_for_function("window.did_handshake === true")


def answers_to(page, query: str) -> float:
    """Wait until the bars show the answers to a place; returns the share of `deploy`."""
    page.locator(f'.answers[data-place="{query}"]').wait_for()
    return float(page.locator('[data-level="deploy"]').get_attribute("data-share"))
