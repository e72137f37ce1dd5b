"""The lesson with nothing but the page tells what the page shows, figure by figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.data.library import load
from foedus.data.vocabulary import entries
from foedus.web.page import page

STORY = entries("story")

pytestmark = pytest.mark.browser
GUIDE = Path(__file__).parents[2] / "docs" / "teaching.md"


def rows(name):
    """Cells of the guide's table between two markers, without head and rule."""
    text = GUIDE.read_text(encoding="utf-8")
    told = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    lines = [line for line in told.splitlines() if line.startswith("|")][2:]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def opened(chromium, tmp_path_factory):
    """Open the page at an address, as from a link."""
    file = tmp_path_factory.mktemp("lesson") / "foedus.html"
    file.write_text(page(load(name) for name in STORY), encoding="utf-8")
    tab = chromium.new_page(reduced_motion="reduce")

    def open_page(address):
        tab.goto("about:blank")
        tab.goto(f"{file.as_uri()}{address}")
        return tab

    yield open_page
    tab.close()


def shares(tab):
    found = tab.locator(".bars").first.locator(".share-cell").all_inner_texts()
    return [text.replace("\u00a0%", "").strip() for text in found]


def test_the_screens_of_the_story_give_the_shares_of_the_guide(opened):
    told = rows("story on the page")
    assert len(told) == len(STORY)
    for n, (cells, name) in enumerate(zip(told, STORY, strict=True), start=1):
        tab = opened(f"#/story/{n}")
        tab.locator(".guess").first.click()
        tab.wait_for_selector(".verdict")
        assert cells[0].startswith(str(n))
        assert cells[1:5] == shares(tab), cells[0]
        assert cells[5] == load(name).scenario.history.level


def test_the_tasks_give_the_shares_of_the_guide(opened):
    told = rows("changes on the page")
    assert len(told) == 7
    for task, _, address, *figures in told:
        tab = opened(address)
        tab.get_by_role("button", name="Skip the guess").click()
        tab.wait_for_function("(to) => document.documentElement.dataset.slow === to", arg=address)
        assert [share.split(" ")[0] for share in shares(tab)] == figures, task


def test_the_words_of_the_guide_are_those_of_the_page(opened):
    words = opened("#/crisis/armenia-2020").locator("main").text_content()
    guide = GUIDE.read_text(encoding="utf-8").partition("nothing but one page\n")[2]
    for said in (
        "place of the help",
        "a formal call for a force",
        "forces busy elsewhere",
        "Change something",
    ):
        assert said in guide
        assert said in words
