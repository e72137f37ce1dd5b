"""The page without a server: opened from disk, nothing asked of any network."""

from __future__ import annotations

import pytest

from foedus.data.library import load, load_all
from foedus.web.page import page

MOST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "foedus.html"
    path.write_text(page(load_all()), encoding="utf-8")
    return path


@pytest.fixture
def opened(chromium, everything):
    """Open the page at an address with the network cut; every request and error is kept."""
    contexts, seen, errors = [], [], []

    def open_page(address, *, path=everything, width=1280):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", offline=True
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("request", lambda request: seen.append(request.url))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        tab.goto(f"{path.as_uri()}{address}")
        tab.wait_for_selector("h1")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in seen if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []


def test_all_crises_fit_into_one_small_file(everything):
    assert everything.stat().st_size < MOST_BYTES


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_guess_shows_model_history_and_why_from_disk(opened, width):
    tab = opened("#/crisis/kazakhstan-2022", width=width)
    tab.click("button.guess.level-3")
    tab.wait_for_selector(".bars .answer[data-share]")
    assert float(tab.locator(".answer.level-3").first.get_attribute("data-share")) > 0.6
    tab.wait_for_selector(".verdict")
    tab.locator("[data-member=RUS]").click()
    tab.wait_for_selector(".why table")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_back_undoes_a_change(opened):
    tab = opened("#/crisis/kazakhstan-2022?rho=0")
    tab.get_by_role("button", name="Skip the guess").click()
    tab.get_by_role("button", name="Reset").click()
    assert "rho" not in tab.url
    tab.go_back()
    assert "rho=0" in tab.url


@pytest.mark.browser
def test_the_guided_story_ends_with_who_decides(opened):
    tab = opened("#/story/6")
    tab.get_by_text("Five crises prove nothing").wait_for()
    assert tab.locator(".control").count() == 2


@pytest.mark.browser
def test_hostile_words_of_a_scenario_stay_words(opened, toy, tmp_path):
    case = toy.load(("title: ", 'title: </script><img src=x onerror="window.hurt=1"> '))
    path = tmp_path / "hostile.html"
    path.write_text(page([case, load("kazakhstan-2022")]), encoding="utf-8")
    tab = opened("#/crises", path=path)
    assert tab.evaluate("window.hurt") is None
    assert tab.locator("img").count() == 0
