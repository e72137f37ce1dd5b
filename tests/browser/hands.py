"""Using a page as a person does: by keyboard alone, and through an accessibility check."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TWO_VETOES = Path(__file__).parents[1] / "extensions" / "two_vetoes.py"
"""A council rule from outside: the app offers it beside its own."""

FOCUSED = """() => {
  let e = document.activeElement;
  while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  const label = e.labels && e.labels.length ? e.labels[0].textContent : "";
  const name = e.getAttribute("aria-label") || label || e.textContent || "";
  return `${name}|${e.tagName}:${e.type}`;
}"""
CLICKS = """() => {
  window.clicks = 0;
  addEventListener("click", () => { window.clicks += 1; }, true);
}"""

AMISS = """() => {
  const wide = document.documentElement.clientWidth;
  const shown = (e) => e.checkVisibility() && !e.closest(".unseen");
  const all = (names) => [...document.querySelectorAll(names)].filter(shown);
  const told = (why) => (e) => `${why}: ${e.tagName} ${e.className} ${e.textContent.slice(0, 60)}`;
  const out = all("main *").filter((e) => e.getBoundingClientRect().right > wide + 1);
  const cut = all(".wide, td, th, button, .chip").filter((e) => e.scrollWidth > e.clientWidth + 1);
  const ofScript = /\\b(null|undefined|NaN|Infinity|object Object)\\b.*/g;
  const words = document.querySelector("main").innerText.match(ofScript) ?? [];
  return [...out.map(told("wider than the screen")), ...cut.map(told("cut")), ...words];
}"""
"""What is amiss with a view: wider than the screen, cut, or a word that only a script knows."""


def tab_to(page, words, *, back=False, most=160):
    """Press Tab until what has the focus is called so."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        passed.append(page.evaluate(FOCUSED))
        if words in passed[-1]:
            return
    pytest.fail(f"'{words}' is not reached by keyboard; passed {passed[-40:]}")


def violations(page):
    """What axe finds, one line each."""
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def axe_source():
    """The script of axe-core where FOEDUS_AXE says it is; it is not part of this project."""
    named = os.environ.get("FOEDUS_AXE", "")
    if not named or not Path(named).is_file():
        pytest.skip("FOEDUS_AXE names no axe.min.js (npm install axe-core)")
    return Path(named).read_text(encoding="utf-8")
