"""A first visit: I guessed, I saw, I know why."""

from __future__ import annotations

import time

import pytest
from hands import AMISS, CLICKS, tab_to

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_a_visitor_guesses_sees_and_knows_why_in_under_six_clicks_and_three_minutes(
    new_page, width
):
    page = new_page("/", width=width)
    page.evaluate(CLICKS)
    begun = time.monotonic()
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="support").click()
    page.locator(".verdict").wait_for()
    assert "In history" in page.locator(".verdict").inner_text()
    assert page.locator(".happened:visible").count() == 1
    page.locator("foedus-council").get_by_role("button", name="Russia").click()
    why = page.locator(".why")
    why.wait_for()
    assert "Russia" in why.inner_text()
    assert why.locator("h2").evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.top < innerHeight; }"
    )
    assert page.evaluate("window.clicks") < 6
    assert time.monotonic() - begun < 180


def test_the_guided_start_is_walked_by_keyboard_alone(new_page):
    page = new_page("/")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_selector(".guess")
    tab_to(page, "deploy")
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    tab_to(page, "Why?")
    page.keyboard.press("Enter")
    page.locator(".why h2").wait_for()


def test_back_undoes_and_the_address_keeps_member_and_day(new_page):
    page = new_page("/#/crisis/kazakhstan-2022?member=RUS&day=1")
    if page.get_by_role("button", name="Skip the guess").count():
        page.get_by_role("button", name="Skip the guess").click()
    page.locator(".why h2").wait_for()
    assert "Russia" in page.locator(".why h2").inner_text()
    page.get_by_role("button", name="Close").click()
    page.locator(".why").wait_for(state="hidden")
    page.go_back()
    page.locator(".why h2").wait_for()
    assert "member=RUS" in page.url


def test_an_unknown_part_of_an_address_does_no_harm_and_an_unknown_crisis_is_said(new_page):
    page = new_page("/#/crisis/kazakhstan-2022?x=1&rho=nonsense&RUS.nothing=2")
    assert "Kazakhstan" in page.locator("h1").inner_text()


@pytest.mark.parametrize(
    "path", ["/", "/#/story/1", "/#/story/6", "/#/crises", "/#/play", "/#/class"]
)
@pytest.mark.parametrize("width", [1280, 390])
def test_every_view_fits_the_screen_and_says_no_word_of_the_script(new_page, path, width):
    page = new_page(path, width=width)
    assert page.evaluate(AMISS) == []
    page.evaluate("document.querySelector('h1').append(' null')")
    assert page.evaluate(AMISS), "the check sees nothing"


COUNCIL = """() => {
  const council = document.querySelector("foedus-council");
  const seats = [...council.shadowRoot.querySelectorAll(".strength")];
  return {
    title: council.data.title,
    head: document.querySelector("h1").textContent,
    seats: seats.map((seat) => [seat.getAttribute("cx"), seat.getAttribute("cy")]),
  };
}"""


def test_a_council_stands_under_its_own_title_alone_and_its_seats_stay_where_they_are(new_page):
    page = new_page("/#/crisis/kazakhstan-2022")
    page.get_by_role("button", name="Skip the guess").click()
    first = page.evaluate(COUNCIL)
    for rho in ("0", "2.5"):
        page.evaluate(f"location.hash = '#/crisis/kazakhstan-2022?rho={rho}'")
        page.wait_for_function(
            "rho => document.documentElement.dataset.ready.endsWith(rho)", arg=rho
        )
        assert page.evaluate(COUNCIL)["seats"] == first["seats"]
    page.evaluate("""() => addEventListener("hashchange", () => {
      window.seen = [...document.querySelectorAll("foedus-council")].map((one) => one.data?.title);
      window.head = document.querySelector("h1").textContent;
    })""")
    page.evaluate("location.hash = '#/crisis/pakistan-1965'")
    page.wait_for_function("window.head")
    assert page.evaluate("window.head").startswith("Pakistan")
    assert page.evaluate("window.seen.every((title) => title === window.head)")
