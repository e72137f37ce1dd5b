"""A class in real browsers: from the door to the board."""

from __future__ import annotations

import json

import pytest
from classes import CRISIS, close_day, code_of, join, open_class, reach, take_seat, to_the_board
from hands import AMISS, tab_to

pytestmark = pytest.mark.browser


def choose(pupil, nth):
    """Choose one of the lines; they go from votes against everything to a force."""
    pupil.locator(".decide input").nth(nth).check()
    pupil.wait_for_selector(".decide .chosen")


def test_a_class_plays_from_the_door_to_the_board_and_on_to_the_next_crisis(new_page):
    host = open_class(new_page)
    assert code_of(host) in host.url
    one = join(new_page, host, "Russia", width=390)
    other = join(new_page, host, "Russia", width=390)
    looker = join(new_page, host)
    looker.get_by_role("button", name="deploy").click()
    looker.get_by_role("img", name="Your forecast").wait_for()
    goals = one.locator(".brief-card .goals li").all_inner_texts()
    assert goals
    assert all(goal not in looker.content() for goal in goals)

    # a seat of two: both choices are seen in it, and the host sees that it has decided
    choose(one, -1)
    other.locator(".decide .votes", has_text="1 of 2").wait_for()
    choose(other, -1)
    host.locator(".seats li.is-decided", has_text="Russia").wait_for()
    host.get_by_text("All seats have decided.").wait_for()
    close_day(host, 0)
    for page in (one, other, looker):
        reach(page, 1)
        page.locator("foedus-council").wait_for()

    # words
    one.get_by_label("What you tell everybody").fill("Russia calls for <b>unity</b>.")
    one.get_by_role("button", name="Publish").click()
    looker.locator(".messages", has_text="Russia calls for <b>unity</b>.").wait_for()
    other.get_by_text("Your statement of day 1 is out.").wait_for()

    # somebody is undecided: the page asks, and says what happens
    host.locator("[data-keep=live]").click()
    host.get_by_role("alertdialog").get_by_text("Russia has not decided.").wait_for()
    host.get_by_text("The last line stands for Russia.").wait_for()
    host.get_by_role("button", name="Wait").click()
    host.get_by_role("alertdialog").wait_for(state="detached")
    close_day(host, 1)

    to_the_board(host)
    for page in (one, looker):
        page.wait_for_selector(".outcome")
        assert page.evaluate(AMISS) == []
    assert "an onlooker (you)" in looker.locator(".scores").first.inner_text()
    assert "Russia (your seat)" in one.locator(".cards").inner_text()
    titles = host.get_by_label("Next crisis").locator("option").all_inner_texts()
    shown = host.evaluate("() => document.querySelector('[data-keep=next]').selectedIndex")
    assert titles[shown] == "Kazakhstan, January 2022, with a larger membership", "the next one"
    host.get_by_label("Next crisis").select_option("armenia-2020")
    host.get_by_label("Request").select_option("treaty")
    host.get_by_role("button", name="Play this crisis").click()
    one.get_by_role("heading", name="You govern Russia").wait_for()
    reach(one, 0)
    assert "Armenia" in one.locator("h1").inner_text()
    one.get_by_text("Armenia has formally asked for a force.").wait_for()


def test_a_pupil_whose_page_is_loaded_again_has_seat_and_choice_still(new_page):
    host = open_class(new_page)
    pupil = join(new_page, host, "Belarus")
    choose(pupil, 2)
    pupil.reload()
    pupil.get_by_role("heading", name="You govern Belarus").wait_for()
    assert pupil.locator(".decide input").nth(2).is_checked()


def test_a_double_click_plays_one_game_and_one_day_and_says_a_thing_once(new_page):
    host = open_class(new_page)
    pupil = join(new_page, host, "Russia", width=390)
    long = "<img src=x onerror='window.hurt=1'>" + "W" * 300
    pupil.get_by_label("What you tell everybody").fill(long)
    pupil.get_by_role("button", name="Publish").dblclick()
    host.locator(".messages li", has_text="<img src=x").wait_for()
    for page in (host, pupil):
        assert page.evaluate("window.hurt") is None
        assert page.locator(".messages img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    to_the_board(host)
    host.get_by_role("button", name="Play again, other chance").dblclick()
    pupil.wait_for_function("() => document.documentElement.dataset.day === '2.0.on'")
    host.wait_for_timeout(500)
    assert host.evaluate("document.documentElement.dataset.day") == "2.0.on"


def join_by_a_line_that_can_fail(new_page, host, address, seat):
    """A pupil whose connection can be cut and mended."""
    line = {"is down": False, "open": []}

    def routed(socket):
        if line["is down"]:
            socket.close()
        else:
            socket.connect_to_server()
            line["open"].append(socket)

    pupil = new_page("/#/class")
    pupil.route_web_socket(lambda url: url.endswith("/room"), routed)
    pupil.goto(f"{address}/class/{code_of(host)}")
    take_seat(pupil, seat)
    return pupil, line


def cut(pupil, line):
    line["is down"] = True
    line["open"][-1].close()
    pupil.get_by_text("The connection is lost.").wait_for()


def test_a_choice_made_without_a_connection_is_sent_when_it_is_back(new_page, address):
    host = open_class(new_page)
    pupil, line = join_by_a_line_that_can_fail(new_page, host, address, "Belarus")
    cut(pupil, line)
    pupil.locator(".decide input").nth(2).check()
    pupil.get_by_text("Not connected now.").wait_for()
    line["is down"] = False
    pupil.wait_for_selector(".decide .chosen")
    host.locator(".seats li.is-decided", has_text="Belarus").wait_for()


def test_a_choice_that_comes_back_too_late_is_said_to_be_late(new_page, address):
    host = open_class(new_page)
    pupil, line = join_by_a_line_that_can_fail(new_page, host, address, "Belarus")
    cut(pupil, line)
    host.locator(".seats li", has_text="Belarus").get_by_text("nobody is here").wait_for()
    pupil.locator(".decide input").nth(2).check()
    close_day(host, 0)
    line["is down"] = False
    pupil.get_by_role("alert").get_by_text("Too late: day 0 is over").wait_for()
    host.get_by_text("1 decision came too late and did not count.").wait_for()
    assert pupil.locator(".decide .chosen").count() == 0


def test_pupils_are_told_that_the_teacher_is_away(new_page):
    host = open_class(new_page)
    pupil = join(new_page, host)
    host.close()
    pupil.get_by_text("The teacher's page is away. Your choices are kept.").wait_for()


def test_a_teacher_who_lost_the_page_comes_back_with_code_and_key(new_page):
    host = open_class(new_page)
    host.get_by_text("If you lose this page").click()
    code, key = code_of(host), host.locator("code").inner_text()
    assert key not in host.url
    host.close()
    again = new_page("/#/class")
    again.get_by_text("Come back with a key").click()
    again.get_by_label("Code of the room").fill(code)
    again.get_by_label("Key", exact=True).fill(key)
    again.get_by_role("button", name="Come back").click()
    again.locator("[data-keep=live]").wait_for()
    assert key not in again.url


def test_a_wrong_code_costs_one_clear_line(new_page):
    page = new_page("/class/QQQQQQ")
    page.get_by_role("alert").get_by_text("There is no class room of that code.").wait_for()
    page.get_by_role("link", name="Type another code").click()
    page.get_by_label("Code from the teacher").wait_for()


def test_what_is_being_typed_stays_when_others_choose(new_page):
    host = open_class(new_page)
    one, other = join(new_page, host, "Russia"), join(new_page, host, "Belarus")
    field = one.get_by_label("What you write")
    field.fill("Dear Minsk, ")
    field.focus()
    one.get_by_text("What your government is like").click()
    field.focus()
    choose(other, 1)
    one.locator(".seats li.is-decided", has_text="Belarus").wait_for()
    one.keyboard.type("come")
    assert field.input_value().endswith("come")
    assert field.input_value().startswith("Dear Minsk, ")
    assert one.locator("[data-keep=codes-RUS]").evaluate("e => e.open")


def test_the_page_that_a_pupil_takes_home_stands_alone(new_page, tmp_path):
    host = open_class(new_page)
    pupil = join(new_page, host, "Russia")
    pupil.get_by_label("What you tell everybody").fill("<script>alert(1)</script>")
    pupil.get_by_role("button", name="Publish").click()
    to_the_board(host)
    pupil.wait_for_selector(".outcome")
    with pupil.expect_download() as taken:
        pupil.get_by_role("button", name="Take this page home").click()
    file = tmp_path / "home.html"
    taken.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    for words in ("Russia (your seat)", "Forecasts", "What it cost", "Statements", "<svg"):
        assert words in text
    assert "Next game" not in text
    assert "<script" not in text
    with pupil.expect_download() as taken:
        pupil.get_by_role("button", name="Download the data").click()
    data = tmp_path / "data.json"
    taken.value.save_as(data)
    assert json.loads(data.read_text(encoding="utf-8"))["seats"][0]["name"] == "Russia"
    assert taken.value.suggested_filename == f"{CRISIS}-game-1.json"


def test_the_board_is_printed_without_its_buttons(new_page):
    host = open_class(new_page)
    pupil = join(new_page, host, "Russia")
    to_the_board(host)
    pupil.wait_for_selector(".outcome")
    pupil.emulate_media(media="print")
    assert not pupil.locator(".take").is_visible()
    assert pupil.locator(".outcome").is_visible()
    assert pupil.locator(".scores").first.is_visible()
    assert pupil.locator(".cards .card").first.is_visible()


def test_a_class_is_played_by_keyboard_alone(new_page):
    host = new_page("/#/class")
    tab_to(host, "Open a class room")
    host.keyboard.press("Enter")
    host.wait_for_selector(".code")
    pupil = new_page("/#/class")
    tab_to(pupil, "Code from the teacher")
    pupil.keyboard.type(code_of(host))
    pupil.keyboard.press("Enter")
    pupil.wait_for_selector(".seats")
    tab_to(pupil, "Take this seat")
    pupil.keyboard.press("Enter")
    pupil.wait_for_selector(".decide")
    tab_to(pupil, "What you tell everybody", back=True)
    pupil.keyboard.type("We are ready.")
    pupil.keyboard.press("Enter")
    pupil.locator(".messages", has_text="We are ready.").wait_for()
    tab_to(pupil, "|INPUT:radio", back=True)
    pupil.keyboard.press("Space")
    pupil.wait_for_selector(".decide .chosen")
    host.locator(".is-decided").wait_for()
    tab_to(host, "Close day 0")
    host.keyboard.press("Enter")
    reach(host, 1)
    tab_to(host, "To the end")
    host.keyboard.press("Enter")
    for page in (host, pupil):
        page.wait_for_selector(".outcome")


def test_a_seat_that_is_left_can_be_taken_by_another(new_page):
    host = open_class(new_page)
    one = join(new_page, host, "Russia")
    one.locator(".seats li.mine").get_by_role("button", name="Leave").click()
    one.get_by_text("You look on.").wait_for()
    take_seat(join(new_page, host), "Russia")
