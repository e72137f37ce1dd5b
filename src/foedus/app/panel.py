"""A piece of the page made of markup, changed in place when its markup changes.

Only what differs is touched in the browser: focus, open details, a slider being dragged and
running transitions stay as they are.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import events
from nicegui.elements.mixins.content_element import ContentElement

from foedus.app.markup import Markup

SLIDES = """(e) => {
  const control = e.target.closest('[data-name]');
  if (!control) return;
  const shown = control.parentElement.querySelector('output');
  if (shown) shown.textContent = window.foedusNumber(control);
  emit({name: control.dataset.name, value: window.foedusValue(control)});
}"""
"""Tells the server which control was moved to what; shows the number at once."""

PRESSES = """(e) => {
  const control = e.target.closest('[data-do]');
  if (control && !control.disabled) {
    emit({do: control.dataset.do, with: control.dataset.with || ''});
  }
}"""
"""Tells the server which button was pressed."""

OPENS = """async (e) => {
  const control = e.target.closest('input[type=file]');
  if (!control || !control.files.length) return;
  const file = control.files[0];
  const text = file.size > 200000 ? null : await file.text();
  control.value = '';
  emit({file: control.dataset.file, text: text});
}"""
"""Sends a small text file that a person chose."""

Handler = Callable[[dict[str, Any]], Awaitable[None] | None]


class Panel(ContentElement, component="panel.js"):
    """An element whose inside is markup, and which hears what is done inside it.

    Parameters
    ----------
    content
        The markup.
    tag_name
        Of the element itself.
    """

    def __init__(self, content: Markup | None = None, *, tag_name: str = "div") -> None:
        super().__init__(content=content or Markup(""))
        self._props["tag"] = tag_name

    def show(self, content: Markup) -> None:
        """Change the inside, if it differs."""
        if content != self.content:
            self.set_content(content)

    def hears_controls(self, handler: Handler) -> Panel:
        """Call `handler` with name and value of a control (``data-name``) that is moved."""
        listener = _plain(handler)
        self.on("input", listener, throttle=0.05, js_handler=SLIDES)
        self.on("change", listener, js_handler=SLIDES)
        return self

    def hears_buttons(self, handler: Handler) -> Panel:
        """Call `handler` with what a pressed button (``data-do``) is to do, and with what."""
        self.on("click", _plain(handler), js_handler=PRESSES)
        return self

    def hears_files(self, handler: Handler) -> Panel:
        """Call `handler` with the text of a chosen file, None where it is too large."""
        self.on("change", _plain(handler), js_handler=OPENS)
        return self


def _plain(handler: Handler) -> Callable[[events.GenericEventArguments], Awaitable[None] | None]:
    def listener(event: events.GenericEventArguments) -> Awaitable[None] | None:
        return handler(event.args) if isinstance(event.args, dict) else None

    return listener
