"""The model in JavaScript gives Python's answers in Chromium's engine too, not in node's alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import foedus
from foedus.web.page import bundle
from javascript import differences, told

N = 500
GIVEN = Path(__file__).parents[1] / "web" / "given_runs.js"
CRISES = [
    ("kazakhstan-2022", {}),
    ("drc-1998", {}),
    ("kyrgyzstan-2010", {"endogenous": True}),
    ("mali-2013", {"theory": "realist"}),
    ("armenia-2020", {"rule": "weighted"}),
]


def in_chromium(tab, plain, altered=("", "")):
    script = bundle(["model"]).replace(*altered)
    given = GIVEN.read_text(encoding="utf-8").replace("export ", "")
    tab.add_script_tag(
        content=f"{script}\n{given}\nwindow.given = (told) => givenRuns(told, run);", type="module"
    )
    tab.wait_for_function("() => Boolean(window.given)")
    return tab.evaluate("(told) => given(told)", plain)


@pytest.fixture
def tab(chromium):
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("name", "more"), CRISES)
def test_the_same_draws_give_the_same_run_in_chromium(tab, name, more):
    plain, outcome = told(foedus.prepare(name, **more), N)
    assert differences(in_chromium(tab, plain), outcome) == []


@pytest.mark.browser
def test_a_changed_equation_is_found_in_chromium(tab):
    plain, outcome = told(foedus.prepare("kazakhstan-2022"), N)
    altered = ("1 - (1 - a) ** rho", "1 - (1 - a) ** (rho + 0.1)")
    assert differences(in_chromium(tab, plain, altered), outcome)
