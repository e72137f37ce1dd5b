"""How fast is the page without a server, in a real Chromium?

::

    python tests/browser/page_speed.py                              # prints the table
    python tests/browser/page_speed.py --into docs/performance.md   # writes it between its markers

A thousand runs of a crisis of eight members, the time from opening the file to the first picture,
and how evenly the council moves on a narrow screen, at full speed and with the processor slowed
down to a quarter. The best of several rounds counts for work, all frames for movement.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

import foedus
from doc_pages import fill, markdown_table
from foedus.data.library import load_all
from foedus.web.page import bundle, page
from foedus.web.page_data import situation_data

EIGHT = "liberia-1990"
ROUNDS = 15
PLAYS = 5000
"""Milliseconds for which the council is watched."""
SLOWER = 4
RUNS = """([told, rounds]) => {
  const situation = { ...told.situation, alliancePool: told.situation.alliancePool ?? Infinity,
    pools: told.situation.pools.map((pool) => pool ?? Infinity) };
  const timed = (seed) => {
    const begun = performance.now();
    ensemble(situation, () => told.p, { seed, n: 1000, decides: false });
    return performance.now() - begun;
  };
  const seeds = Array.from({ length: rounds }, (_, n) => n + 1);
  return { first: Math.min(...seeds.map(timed)), again: Math.min(...seeds.map(() => timed(1))) };
}"""
FRAMES = """(lasts) => new Promise((done) => {
  const times = [];
  const note = (now) => {
    times.push(now);
    if (now - times[0] < lasts) requestAnimationFrame(note);
    else done(times.slice(1).map((time, n) => time - times[n]));
  };
  requestAnimationFrame(note);
})"""
NOTES_READY = """new MutationObserver((_, watching) => {
  if (!document.documentElement.dataset.ready) return;
  watching.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.drawn = performance.now(); }));
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });"""
"""Notes when the page has built what it was asked for and the browser has painted it."""


def ensembles(tab):
    """Milliseconds of 1,000 runs: chance drawn anew, and chance kept as when a slider moves."""
    setup = foedus.prepare(EIGHT)
    assert setup.situation.n_members == 8
    script = f"{bundle(['draws', 'model', 'ensemble'])}\nwindow.ensemble = ensemble;"
    tab.add_script_tag(content=script, type="module")
    tab.wait_for_function("() => Boolean(window.ensemble)")
    told = {"situation": situation_data(setup.situation), "p": setup.parameters}
    return tab.evaluate(RUNS, [json.loads(json.dumps(told)), ROUNDS])


def first_picture(browser, address, width=1280):
    """Milliseconds from opening the file until its content is drawn; the best of some rounds."""
    found = []
    for _ in range(5):
        tab = browser.new_page(viewport={"width": width, "height": 900})
        tab.add_init_script(NOTES_READY)
        tab.goto(address)
        tab.wait_for_function("() => Boolean(window.drawn)")
        found.append(tab.evaluate("window.drawn"))
        tab.close()
    return min(found)


def movement(browser, address, slower=1):
    """Milliseconds between frames while the council moves at 390 px."""
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto(address)
    tab.locator(".guess").first.click()
    tab.wait_for_selector(".verdict")
    tab.wait_for_timeout(500)
    tools = tab.context.new_cdp_session(tab)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    between = sorted(tab.evaluate(FRAMES, PLAYS))
    tab.close()
    return median(between), between[int(0.95 * len(between))]


def rows(browser, file):
    """What was measured, by its words."""
    tab = browser.new_page()
    runs = ensembles(tab)
    tab.close()
    yield f"1,000 runs of `{EIGHT}`, eight members", f"{runs['first']:.0f} ms"
    yield "the same after a slider has moved (chance is kept)", f"{runs['again']:.0f} ms"
    yield "the file with every crisis", f"{file.stat().st_size / 1e6:.2f} MB"
    address = file.as_uri()
    yield "from opening the file to the first picture", f"{first_picture(browser, address):.0f} ms"
    crisis = first_picture(browser, f"{address}#/crisis/kazakhstan-2022")
    yield "the same at a crisis, with its 1,000 runs", f"{crisis:.0f} ms"
    for slower, words in ((1, ""), (SLOWER, f", processor slowed to 1/{SLOWER}")):
        half, most = movement(browser, f"{address}#/story/4", slower)
        yield f"between frames at 390 px{words}: median, 95 %", f"{half:.0f} ms, {most:.0f} ms"


def table(measured, version, load):
    rows = markdown_table(("the page", "#"), measured)
    machine = f"{os.cpu_count()} processors, load {load:.1f} at the start, Chromium {version}"
    return f"{rows}\n\nMeasured on: {machine}."


def measure():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    load = os.getloadavg()[0]
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "foedus.html"
        file.write_text(page(load_all()), encoding="utf-8")
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        text = table(list(rows(browser, file)), browser.version.split(".")[0], load)
        browser.close()
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, help="a page with the markers of the table")
    options = parser.parse_args()
    text = measure()
    print(text)
    if options.into is not None:
        fill(options.into, "page", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
