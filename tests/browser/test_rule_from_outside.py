"""A council rule that an extension adds: the app offers it, a page alone says that it cannot."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hands import TWO_VETOES

from foedus.data.terms import LEVELS

pytestmark = pytest.mark.browser
CRISIS = "kazakhstan-2022"


def foedus(*words):
    """The command line with the extension."""
    command = [sys.executable, "-m", "foedus", "--extension", str(TWO_VETOES), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_the_app_offers_the_rule_and_shows_pythons_shares(new_page):
    told = foedus("run", CRISIS, "--rule", "two-vetoes", "-n", "1000", "-F", "json")
    shares = json.loads(told.stdout)
    page = new_page(f"/#/crisis/{CRISIS}")
    page.get_by_role("button", name="Skip the guess").click()
    page.get_by_text("Change something").click()
    page.get_by_label("Council rule").select_option("two-vetoes")
    for level, word in enumerate(LEVELS):
        bar = page.locator(f".bars .answer.level-{level}").first
        page.wait_for_function(
            "([bar, share]) => bar.dataset.share === share",
            arg=[bar.element_handle(), f"{shares[f'p_{word}']:.4f}"],
        )
    page.get_by_text('The rule "two-vetoes" is written in Python').wait_for()
    page.locator("foedus-council").get_by_role("button", name="Belarus").click()
    page.locator(".why table").wait_for()
    page.go_back()
    page.go_back()
    page.wait_for_function("() => document.querySelector('[name=rule]').value === ''")


def test_an_unknown_rule_in_an_address_costs_one_clear_line(chromium, address):
    page = chromium.new_page()
    page.goto(f"{address}/#/crisis/{CRISIS}?rule=nonsense")
    page.get_by_role("alert").get_by_text("unknown rule 'nonsense'").wait_for()
    page.close()


def test_a_page_alone_names_the_rule_and_does_not_let_it_be_chosen(chromium, tmp_path):
    out = tmp_path / "page.html"
    assert "two-vetoes" in foedus("page", CRISIS, "--out", str(out)).stderr
    page = chromium.new_page()
    page.goto(f"{out.as_uri()}#/crisis/{CRISIS}?rule=two-vetoes")
    page.get_by_role("alert").get_by_text(
        'cannot work out the council rule "two-vetoes"'
    ).wait_for()
    option = page.locator("option[value=two-vetoes]")
    assert option.is_disabled()
    assert "in Python only, not in this page" in option.text_content()
    page.close()
