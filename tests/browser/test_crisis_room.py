"""The crisis room in a real browser: move, step, ask why, share, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from keyboard import tab_to
from settled import answers_to, connected

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

KAZAKHSTAN = "case=kazakhstan-2022"


def slide(page, name, value):
    page.locator(f"#dial-{name}").evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def test_without_the_patrons_influence_the_bars_change(new_page):
    page = new_page("/?case=tajikistan-2010")
    page.get_by_label("Crisis", exact=True).select_option("kazakhstan-2022")
    page.get_by_role("heading", name="Kazakhstan, January 2022").wait_for()
    before = answers_to(page, KAZAKHSTAN)
    width = page.locator('[data-level="deploy"] .fill').bounding_box()["width"]
    slide(page, "rho", 0)
    assert answers_to(page, f"{KAZAKHSTAN}&set=rho:0") < before
    assert page.locator('[data-level="deploy"] .fill').bounding_box()["width"] < width
    expect(page.locator(".coded")).to_have_count(4)
    expect(page.get_by_text("1 changed")).to_be_visible()
    page.get_by_role("button", name="Back to what was coded").click()
    assert answers_to(page, KAZAKHSTAN) == before
    expect(page.locator(".coded")).to_have_count(0)
    expect(page.locator("#dial-rho")).to_have_value("1")


def test_the_days_are_stepped_to_the_decision_and_a_member_explained(new_page):
    page = new_page()
    page.get_by_role("button", name="Next day").click()
    page.get_by_text("6 January 2022: the danger is").wait_for()
    page.get_by_role("button", name="Day before").click()
    page.get_by_text("5 January 2022: the danger is").wait_for()
    page.get_by_role("button", name="To the decision").click()
    page.get_by_text("The council sits and answers with a force").wait_for()
    page.get_by_role("button", name="Armenia").first.click()
    page.get_by_text("On day 1 Armenia, left to itself").wait_for()
    assert page.locator(".waterfall tr").count() > 8
    turn = page.locator(".turns button").first
    turn.click()
    page.get_by_text("1 changed").wait_for()


def test_playing_the_days_moves_on_by_itself_and_stops_at_the_end(new_page):
    page = new_page("/?day=8")
    page.get_by_role("button", name="Play the days").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function("(d => d.value === d.max)(document.getElementById('day'))")
    expect(page.get_by_role("button", name="Next day")).to_be_disabled()


def test_an_address_is_shared_and_opens_the_same_state(new_page):
    page = new_page()
    slide(page, "rho", 0.3)
    moved = answers_to(page, f"{KAZAKHSTAN}&set=rho:0.3")
    page.get_by_role("button", name="Next day").click()
    page.wait_for_function("location.search.includes('day=1') && location.search.includes('rho')")
    again = new_page("/" + page.evaluate("location.search"))
    assert answers_to(again, f"{KAZAKHSTAN}&set=rho:0.3") == moved
    expect(again.locator("#day")).to_have_value("1")
    expect(again.locator("#dial-rho")).to_have_value("0.3")


def test_a_hostile_address_gives_a_message_on_the_page(new_page):
    page = new_page("/?case=../../etc/passwd&set=<script>alert(1)</script>")
    expect(page.get_by_role("alert")).to_contain_text("cannot be opened")


def test_history_stays_hidden_until_asked_for(new_page):
    page = new_page()
    assert page.get_by_text("The alliance deployed on").count() == 0
    page.get_by_role("button", name="Show what happened").click()
    page.get_by_text("The alliance deployed on 6 January 2022.").wait_for()
    page.wait_for_selector(".happened")


def test_figures_and_numbers_can_be_downloaded(new_page, tmp_path):
    page = new_page("/?set=rho:0")
    for name in ("All numbers as JSON", "Who listens to whom as SVG", "This run as PNG"):
        with page.expect_download() as caught:
            page.get_by_role("link", name=name).click()
        path = Path(caught.value.path())
        assert path.stat().st_size > 1000
        if "JSON" in name:
            assert json.loads(path.read_text())["ensemble"]["settings"] == {"rho": 0.0}


def test_everything_works_by_keyboard_alone(new_page):
    page = new_page()
    press = page.keyboard.press
    press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    tab_to(page, "dial-rho")
    press("Home")
    answers_to(page, f"{KAZAKHSTAN}&set=rho:0")
    press("ArrowRight")
    step = page.locator("#dial-rho").get_attribute("data-step")
    answers_to(page, f"{KAZAKHSTAN}&set=rho:{step}")
    expect(page.locator("#dial-rho")).to_have_value(step)
    tab_to(page, "day")
    press("ArrowRight")
    page.get_by_text("6 January 2022: the danger is").wait_for()
    assert page.evaluate("document.activeElement.id") == "day"
    tab_to(page, None, "Belarus")
    press("Enter")
    page.get_by_text("On day 1 Belarus").wait_for()


@pytest.mark.parametrize("path", ["/", "/play", "/play?as=RUS", "/class"])
def test_every_control_has_a_role_and_a_name(new_page, path):
    page = new_page(path)
    if path == "/":
        page.get_by_role("button", name="Armenia").first.click()
        page.wait_for_selector(".waterfall")
    if "as=" in path:
        page.get_by_role("button", name="Begin").click()
        page.wait_for_selector(".seatcard")
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    tree = page.locator("body").aria_snapshot()
    roles = "button|link|combobox|slider|checkbox|radio|textbox|spinbutton"
    controls = re.findall(rf"""^\s*- '?({roles})(?: "([^"]+)")?""", tree, flags=re.MULTILINE)
    assert len(controls) > 8
    assert [role for role, name in controls if not name] == []
    shown = page.locator("button, a[href], input, select, summary").evaluate_all(
        "(all) => all.filter((e) => e.checkVisibility()).length"
    )
    known = len(controls) + page.locator("summary:visible, input[type=file]:visible").count()
    assert known >= shown


@pytest.mark.parametrize("path", ["/", "/play", "/class"])
def test_no_page_is_wider_than_its_window(new_page, path):
    page = new_page(path)
    if path == "/":
        page.wait_for_selector(".figure svg")
    for width in (1280, 900, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function("(width) => innerWidth === width", arg=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_light_or_dark_as_the_system_or_the_reader_says(new_page):
    page = new_page(color_scheme="dark")
    assert is_dark(page)
    page.emulate_media(color_scheme="light")
    assert not is_dark(page)
    theme = page.get_by_role("button", name="Theme")
    theme.click()
    assert not is_dark(page)
    theme.click()
    assert is_dark(page)
    page.reload()
    connected(page)
    assert is_dark(page)


def is_dark(page):
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", ground)[:3]) < 3 * 60
