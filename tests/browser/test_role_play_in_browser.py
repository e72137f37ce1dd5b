"""Role play for one: days go on after a decision, and a game can be saved and gone on with."""

from __future__ import annotations

import pytest
from classes import CRISIS, close_day, reach
from hands import tab_to

pytestmark = pytest.mark.browser


def begin(new_page, *seats, crisis=CRISIS, **options):
    page = new_page(f"/#/play/{crisis}", **options)
    for seat in seats:
        page.locator(".chair", has_text=seat).locator("input").check()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector(".decide")
    return page


def test_nobody_plays_without_a_seat(new_page):
    page = new_page(f"/#/play/{CRISIS}")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("alert").get_by_text("Take at least one seat.").wait_for()


def test_after_a_force_is_decided_the_days_bring_news_until_the_board(new_page):
    every = ("Russia", "Belarus", "Armenia", "Kyrgyzstan", "Tajikistan", "Kazakhstan")
    page = begin(new_page, *every)
    day = 0
    while page.locator(".decide").count():
        for n in range(page.locator(".decide").count()):
            page.locator(".decide").nth(n).locator("input").last.check()
        page.get_by_text("Decided.").wait_for()
        close_day(page, day)
        day += 1
        assert day < 5
    assert page.locator(".outcome").count() == 0
    page.get_by_text("The force is decided. The crisis goes on").wait_for()
    assert "The council agrees on a force." in page.locator(".news").inner_text()
    while not page.locator(".news", has_text="troops have arrived").count():
        close_day(page, day)
        day += 1
        assert day < 29  # a force may take weeks to arrive
    page.get_by_text("Earlier news").click()
    page.get_by_text("The council agrees on a force.").wait_for()
    page.get_by_role("button", name="To the end").click()
    page.wait_for_selector(".outcome")
    assert "What it cost" in page.locator(".play").inner_text()


def test_a_role_play_is_saved_and_gone_on_with(new_page, tmp_path):
    page = begin(new_page, "Russia")
    page.locator(".decide input").first.check()
    page.wait_for_selector(".decide .chosen")
    close_day(page, 0)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    file = tmp_path / "saved.json"
    saved.value.save_as(file)
    other = new_page(f"/#/play/{CRISIS}")
    other.get_by_text("Go on with a saved role play").click()
    other.get_by_label("A saved role play").set_input_files(file)
    reach(other, 1)
    assert other.get_by_role("heading", name="You govern Russia").is_visible()


def test_a_file_that_is_no_role_play_costs_one_clear_line(new_page, tmp_path):
    file = tmp_path / "other.json"
    file.write_text('{"a": 1}')
    page = new_page(f"/#/play/{CRISIS}")
    page.get_by_text("Go on with a saved role play").click()
    page.get_by_label("A saved role play").set_input_files(file)
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text()
    assert "Traceback" not in alert.inner_text()


def test_the_address_of_a_role_play_holds_no_key(new_page):
    page = begin(new_page, "Russia")
    keys = page.evaluate("() => Object.values(sessionStorage)")
    assert keys
    assert all(key not in page.url for key in keys)


def test_a_member_that_is_chosen_says_what_it_wanted_and_heard(new_page):
    page = begin(new_page, "Russia")
    close_day(page, 0)
    page.locator("foedus-council").get_by_role("button", name="Armenia").click()
    note = page.get_by_role("status", name="Armenia")
    note.wait_for()
    assert "By its own view" in note.inner_text()
    assert "Votes:" in note.inner_text()


def test_a_role_play_is_played_by_keyboard_alone(new_page):
    page = new_page(f"/#/play/{CRISIS}")
    tab_to(page, "Russia")
    page.keyboard.press("Space")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_selector(".decide")
    tab_to(page, "|INPUT:radio")
    page.keyboard.press("Space")
    page.wait_for_selector(".decide .chosen")
    tab_to(page, "Close day 0")
    page.keyboard.press("Enter")
    reach(page, 1)
    tab_to(page, "To the end")
    page.keyboard.press("Enter")
    page.wait_for_selector(".outcome")
    tab_to(page, "Take this page home")


def test_a_hostile_title_stays_words(new_page, address):
    page = new_page("/#/crises")
    page.get_by_role("link", name="<img src=x onerror=alert(1)>").wait_for()
    page.goto(f"{address}/#/play/hostile")
    page.locator("h1").wait_for()
    page.locator(".chair", has_text="Russia").locator("input").check()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector(".decide")
    assert page.locator("h1").inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator("main img").count() == 0
