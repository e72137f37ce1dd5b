"""No view has a violation that axe finds, light or dark, on a wide screen or a phone."""

from __future__ import annotations

import pytest
from classes import CRISIS, close_day, join, open_class, to_the_board
from hands import AMISS, axe_source, violations

pytestmark = pytest.mark.browser

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def axe():
    return axe_source()


@pytest.fixture
def judged(axe):
    """Judge a view; a view is judged by its name, so that a failure says which."""

    def judge(page, view):
        page.evaluate(axe)
        found = violations(page) + page.evaluate(AMISS)
        assert found == [], f"{view}: {found}"

    return judge


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_for_one_reader(new_page, judged, width, scheme):
    look = {"width": width, "color_scheme": scheme}
    for path in ("/#/story", "/#/crises", "/#/play", "/#/class", "/#/story/6"):
        judged(new_page(path, **look), path)
    page = new_page("/#/story/1", **look)
    judged(page, "a guess")
    page.locator(".guess").nth(1).click()
    page.locator(".verdict").wait_for()
    judged(page, "after a guess")
    page = new_page(f"/#/crisis/{CRISIS}?member=RUS&pin=rho%3D0.5&beside=kyrgyzstan-2010", **look)
    page.get_by_role("button", name="Skip the guess").click()
    page.locator(".why h2").wait_for()
    page.locator(".side-by-side .bars").nth(1).wait_for()
    page.locator(".pinned .bars").wait_for()
    judged(page, "the crisis room")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_class(new_page, judged, width, scheme):
    look = {"width": width, "color_scheme": scheme}
    host = open_class(new_page, **look)
    looker, pupil = join(new_page, host, **look), join(new_page, host, "Russia", **look)
    judged(host, "host, lobby")
    judged(looker, "onlooker, lobby")
    judged(pupil, "pupil, lobby")
    looker.locator(".guess").nth(3).click()
    host.locator("[data-keep=timer-3]").click()
    host.locator("[data-keep=live]").click()
    host.locator("[data-keep=anyway]").wait_for()
    judged(host, "confirm")
    host.locator("[data-keep=wait]").click()
    pupil.locator(".decide input").last.check()
    pupil.get_by_label("What you tell everybody").fill("We stand together.")
    pupil.get_by_role("button", name="Publish").click()
    close_day(host, 0)
    close_day(host, 1)
    pupil.locator("foedus-council").get_by_role("button", name="Russia").click()
    judged(host, "host, a day")
    judged(looker, "onlooker, a day")
    judged(pupil, "pupil, a day")
    to_the_board(host)
    for page, who in ((host, "host"), (looker, "onlooker"), (pupil, "pupil")):
        page.wait_for_selector(".outcome")
        judged(page, f"{who}, board")
    judged(new_page("/class/QQQQQQ", **look), "no such room")


def test_the_check_would_see_a_fault(new_page, judged):
    page = new_page("/#/story")
    page.evaluate("() => document.querySelector('h1').after(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        judged(page, "a page with a button that has no name")
