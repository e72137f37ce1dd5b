"""Role play in a real browser: a seat to the debrief, and two browsers in one class room."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyboard import tab_to
from settled import answers_to, connected

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser


def test_a_seat_is_played_to_the_debrief(new_page):
    page = new_page("/play")
    page.get_by_role("checkbox", name="Russia").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Day 0, 5 January 2022").wait_for()
    page.locator("#line-RUS-object").check()
    page.get_by_role("button", name="Live the day").click()
    page.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()
    page.get_by_role("button", name="Live the day").click()
    page.locator(".log", has_text="Day 1: the council answers with consultations").wait_for()
    page.get_by_role("button", name="Let the lines stand to the end").click()
    page.get_by_role("heading", name="How likely each answer was").wait_for()
    expect(page.get_by_text("The alliance consulted")).to_be_visible()
    expect(page.locator(".odds tbody tr")).to_have_count(7)


def test_ones_own_crisis_is_in_the_room_and_at_the_table(new_page):
    page = new_page()
    page.get_by_label("Crisis", exact=True).select_option("my-crisis")
    page.get_by_role("heading", name="My own crisis").wait_for()
    answers_to(page, "case=my-crisis")
    page.get_by_role("link", name="Take a seat in this council").click()
    page.get_by_role("heading", name="Take a seat in the council").wait_for()
    connected(page)
    page.get_by_role("checkbox", name="Russia").check()
    page.get_by_role("button", name="Begin").click()
    page.locator("#line-RUS-object").check()
    page.get_by_role("button", name="Let the lines stand to the end").click()
    page.get_by_role("heading", name="How likely each answer was").wait_for()


def test_a_new_day_begins_at_its_heading(new_page):
    page = new_page("/play?as=BLR", width=390, height=844)
    page.get_by_role("button", name="Begin").click()
    page.locator("#line-BLR-consult").check()
    for day in ("Day 1", "Day 2"):
        page.get_by_role("button", name="Live the day").click()
        heading = page.get_by_role("heading", name=f"{day}, ")
        expect(heading).to_be_focused()
        expect(heading).to_be_in_viewport(ratio=1)
    expect(page.locator(".news")).to_contain_text("Day 1: the council")


def test_a_seat_is_played_by_keyboard_alone(new_page):
    page = new_page("/play")
    press = page.keyboard.press
    tab_to(page, "seat-RUS")
    press("Space")
    expect(page.get_by_role("button", name="Begin")).to_be_enabled()
    tab_to(page, None, "Begin")
    press("Enter")
    expect(page.get_by_role("heading", name="Day 0, ")).to_be_focused()
    tab_to(page, "line-RUS-object")
    press("Space")
    press("ArrowDown")
    expect(page.locator("#line-RUS-aside")).to_be_checked()
    press("ArrowUp")
    expect(page.locator("#line-RUS-object")).to_be_checked()
    tab_to(page, None, "Let the lines stand to the end")
    press("Enter")
    expect(page.get_by_role("heading", name="Looking back")).to_be_focused()
    page.get_by_text("The alliance consulted").wait_for()


def test_a_session_is_saved_and_opened_again(new_page):
    page = new_page("/play?as=BLR")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("radio", name="Stand aside").check()
    page.get_by_role("button", name="Live the day").click()
    page.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save the session").click()
    saved = Path(caught.value.path()).read_bytes()
    assert json.loads(saved)["days"] == [{"BLR": "aside"}]
    again = new_page("/play")
    file = {"name": "game.json", "mimeType": "application/json", "buffer": saved}
    again.locator("#session-file").set_input_files(file)
    again.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()
    other = new_page("/play")
    for wrong, why in ((b"{", "cannot be opened"), (b"x" * 300_000, "too large")):
        other.locator("#session-file").set_input_files({**file, "buffer": wrong})
        expect(other.get_by_role("alert")).to_contain_text(why)


def test_two_browsers_sit_in_one_class_room(new_page):
    host = new_page("/class")
    host.get_by_role("button", name="Open", exact=True).click()
    host.wait_for_selector(".bigcode")
    code = host.locator(".bigcode").inner_text()

    pupil = new_page("/class", width=390, height=844)
    pupil.get_by_label("The code on the board").fill(code.lower())
    pupil.keyboard.press("Enter")
    pupil.get_by_role("button", name="Sit for Russia").click()
    pupil.locator("#line-RUS-object").check()
    host.get_by_text("1 of 1").wait_for()

    late = new_page(f"/class/{code}")
    expect(late.get_by_role("button", name="Sit for Russia")).to_have_count(0)
    late.get_by_role("button", name="Sit for Belarus").click()
    late.wait_for_selector(".seatcard")
    host.get_by_text("1 of 2").wait_for()

    host.get_by_role("button", name="Live the day").click()
    pupil.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()
    late.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()

    late.context.close()
    host.get_by_text("away, the model plays").wait_for()
    pupil.reload()
    connected(pupil)
    pupil.get_by_text("Your line of yesterday stands").wait_for()
    expect(pupil.locator(".seatlist li", has_text="(you)")).to_contain_text("is thinking")

    host.get_by_role("button", name="Let the lines stand to the end").click()
    for page in (host, pupil):
        page.get_by_role("heading", name="How likely each answer was").wait_for()
    expect(pupil.get_by_text("The alliance consulted")).to_be_visible()
    assert pupil.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_wrong_code_is_said_on_the_page(new_page):
    page = new_page("/class")
    page.get_by_label("The code on the board").fill("WRONG2")
    page.get_by_role("button", name="Join").click()
    page.get_by_text("there is no class room of that code").wait_for()


def test_a_page_loaded_again_goes_on_with_its_game(new_page):
    page = new_page("/play?as=BLR")
    page.get_by_role("button", name="Begin").click()
    page.locator("#line-BLR-aside").check()
    page.get_by_role("button", name="Live the day").click()
    page.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()
    page.wait_for_function("sessionStorage.getItem('foedus-game') !== null")
    page.reload()
    page.get_by_role("button", name="Go on with the game you left").click()
    page.get_by_role("heading", name="Day 1, 6 January 2022").wait_for()
    expect(page.locator("#line-BLR-aside")).to_be_checked()
