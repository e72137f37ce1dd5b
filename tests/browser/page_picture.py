"""Write the picture of the page that the README shows: ``python tests/browser/page_picture.py``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from foedus.data.library import load
from foedus.data.vocabulary import entries
from foedus.web.page import page

STORY = entries("story")

PICTURE = Path(__file__).parents[2] / "docs" / "figures" / "page.png"
STEP = 4
LEVEL = 3
WIDTH, HEIGHT = 1080, 858


def main():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "foedus.html"
        file.write_text(page(load(name) for name in STORY), encoding="utf-8")
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        tab = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
        )
        tab.goto(f"{file.as_uri()}#/story/{STEP}")
        tab.locator(f".guess.level-{LEVEL}").click()
        tab.locator("foedus-council").get_by_role("button", name="Pause").click()
        tab.locator("foedus-council input").press("ArrowRight")
        tab.evaluate("scrollTo(0, 0)")
        tab.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
