"""Side by side in the served room: a pinned setting, another crisis, and what goes by it."""

from __future__ import annotations

import json

import pytest
from hands import AMISS

from foedus.data.terms import LEVELS

pytestmark = pytest.mark.browser
CRISIS = "kazakhstan-2022"


def opened(new_page, query="", **options):
    """The room of a crisis, its guess skipped and all of it worked out."""
    page = new_page(f"/#/crisis/{CRISIS}{query}", **options)
    page.get_by_role("button", name="Skip the guess").click()
    page.wait_for_function("() => document.documentElement.dataset.slow")
    return page


def shares(page, part):
    """The four shares that a part of the page shows."""
    bars = page.locator(f"{part} .answer")
    return [float(bars.nth(level).get_attribute("data-share")) for level in range(len(LEVELS))]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_pinned_setting_stands_beside_another_and_back_takes_it_away(new_page, width):
    page = opened(new_page, width=width)
    coded = shares(page, ".answer-side > .bars")
    page.get_by_role("button", name="Pin for comparison").click()
    page.locator(".pinned .bars").wait_for()
    page.get_by_text("Change something").click()
    page.locator("[name=call]").select_option("none")
    page.wait_for_function(
        "before => document.querySelector('.bars .level-3').dataset.share !== before",
        arg=f"{coded[3]:.4f}",
    )
    page.get_by_role("heading", name="Pinned: as coded").wait_for()
    assert shares(page, ".pinned") == coded
    assert shares(page, ".answer-side > .bars") != coded
    assert page.evaluate(AMISS) == []
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("() => !location.hash.includes('call')")
    assert page.locator(".pinned .bars").is_visible(), "the pin stays"
    for _ in range(3):
        page.go_back()
    page.locator(".pinned").wait_for(state="hidden")
    assert "pin" not in page.url
    page.go_forward()
    page.locator(".pinned .bars").wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_another_crisis_stands_beside_this_one_in_the_served_room(new_page, width):
    page = opened(new_page, width=width)
    page.get_by_label("Side by side with").select_option("kyrgyzstan-2010")
    page.locator(".side-by-side .bars").nth(1).wait_for()
    there = shares(page, ".side-by-side section:nth-child(2)")
    assert page.evaluate(AMISS) == []
    page.locator(".side-by-side foedus-council").get_by_role("button", name="Play").click()
    page.locator(".side-by-side").get_by_role("link", name="Kyrgyzstan").click()
    page.get_by_role("button", name="Skip the guess").click()
    assert shares(page, ".answer-side > .bars") == there
    page.go_back()
    page.locator(".side-by-side .bars").nth(1).wait_for()
    page.go_back()
    page.locator(".side-by-side").wait_for(state="hidden")


def test_an_address_opens_with_all_that_is_held_against_the_crisis(new_page):
    page = opened(new_page, "?beside=kyrgyzstan-2010&pin=rho%3D0.5&rho=2")
    page.get_by_role("heading", name="Pinned: Weight of the lead state").wait_for()
    page.locator(".side-by-side .bars").nth(1).wait_for()
    bare = opened(new_page, "?rho=0.5")
    assert shares(page, ".pinned") == shares(bare, ".answer-side > .bars")


def test_report_download_and_role_play_go_by_what_is_set_in_the_room(new_page, address):
    page = opened(new_page, "?call=none&BLR.stake=0.9&member=BLR")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    told = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert told["set"] == {"BLR.stake": 0.9}
    assert "call=none" in told["address"]
    assert "member=BLR" in told["address"]
    assert told["shares"] == pytest.approx(shares(page, ".answer-side > .bars"), abs=1e-4)
    link = page.get_by_role("link", name="Report").get_attribute("href")
    assert link == f"/report/{CRISIS}?call=none&BLR.stake=0.9"
    report = page.context.request.get(address + link)
    assert report.ok
    assert "BLR.stake" in report.text()
    assert page.context.request.get(f"{address}/report/{CRISIS}?rho=x").status == 404
    page.get_by_role("link", name="Take a seat").click()
    page.get_by_text("Not as coded: Belarus: own stake 0.9.").wait_for()
    assert page.get_by_label("Request").input_value() == "none"
    page.locator(".chair", has_text="Belarus").locator("input").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("Kazakhstan has asked for nothing.").wait_for()
