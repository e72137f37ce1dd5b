"""What every page has: the look, the head with its links, and a place for the page's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from nicegui import ui

from foedus.app.markup import Markup, joined, tag
from foedus.app.panel import Panel
from foedus.plots.style import css_tokens

PAGES = {"/": "Crisis room", "/play": "Role play", "/class": "Class room"}
THEME = """
window.foedusTheme = (wanted) => {
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];
  const now = localStorage.getItem("foedus-theme") || "auto";
  const next = wanted || order[(order.indexOf(now) + 1) % order.length];
  localStorage.setItem("foedus-theme", next);
  root.dataset.theme = next;
  document.querySelectorAll("[data-theme-word]").forEach((e) => (e.textContent = next));
};
try {
  document.documentElement.dataset.theme = localStorage.getItem("foedus-theme") || "auto";
} catch (e) { /* a browser that keeps nothing follows its own setting */ }
"""
CHANGES_THEME = """(e) => {
  if (e.target.closest('[data-do=theme]')) window.foedusTheme();
}"""


@cache
def look() -> str:
    """The style sheet, with the figures' own colours as variables."""
    tokens = "".join(f"--{token}:{colour};" for colour, token in css_tokens().items())
    sheet = (Path(__file__).parent / "look.css").read_text(encoding="utf-8")
    return f":root{{{tokens}}}\n{sheet}"


@contextmanager
def page_frame(path: str, title: str) -> Iterator[None]:
    """A page: head, main part, foot.

    Parameters
    ----------
    path
        Of the page, to mark it in the head.
    title
        Of the browser's tab.
    """
    ui.page_title(f"{title} · foedus")
    ui.add_head_html(f"<style>{look()}</style><script>{THEME}</script>")
    ui.add_body_html('<script>document.documentElement.lang = "en"</script>')
    Panel(_head(path), tag_name="header").on("click", js_handler=CHANGES_THEME)
    with ui.element("main").props('id="main" tabindex="-1"'):
        yield
    Panel(_foot(), tag_name="footer")


def _head(path: str) -> Markup:
    links = [
        tag("a", word, href=where, aria_current="page" if where == path else None)
        for where, word in PAGES.items()
    ]
    return joined(
        [
            tag("a", "To the content", href="#main", class_="skip"),
            tag("a", "foedus", href="/", class_="mark"),
            tag("nav", *links, aria_label="Pages"),
            tag(
                "button",
                tag("span", "Theme: ", class_="long"),
                tag("span", "auto", data_theme_word=True),
                type="button",
                data_do="theme",
                class_="quiet",
                title="Light, dark, or as the system says",
            ),
        ]
    )


def _foot() -> Markup:
    return tag(
        "p",
        "A model's probabilities, not a forecast of any one crisis: every number has its source or "
        "says that it is assumed. Nothing leaves this machine.",
        class_="small",
    )


def lost_page() -> str:
    """A whole page for an address that leads nowhere."""
    head = tag("head", tag("meta", charset="utf-8"), tag("title", "foedus"),
               tag("style", Markup(look())))  # fmt: skip
    way = tag(
        "p", "An address may have been typed wrong. ", tag("a", "To the crisis room", href="/")
    )
    words = tag("main", tag("h1", "There is no such page"), way, class_="lost")
    return f"<!doctype html>{tag('html', head, tag('body', words), lang='en')}"


def problem(text: str) -> Markup:
    """A message that something cannot be used."""
    return tag("p", text, class_="problem", role="alert")
