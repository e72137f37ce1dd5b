"""What a page makes of an address: the crisis as set, and the sentence on how it ends."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest

from foedus.data.library import load
from foedus.data.terms import Ending
from foedus.model.ensemble import story
from foedus.model.setup import prepare
from foedus.plots.words import end_on
from foedus.roleplay.stakes import dependence_of
from foedus.web.page_data import OTHER_REQUESTS, page_data, situation_data
from javascript import NODE, WEB

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")

CRISES = ("kazakhstan-2022", "armenia-2020", "ukraine-2022", "belarus-2020")
"""A formal call, no call, a lead state's own crisis, and a date of the council."""


@pytest.fixture(scope="module")
def cases():
    return [load(name) for name in CRISES]


@pytest.fixture(scope="module")
def called(cases):
    """What node makes of an expression with the page's parts and its data."""
    data = json.dumps(page_data(cases, "0"))

    def call(expression):
        place, setup = ((WEB / name).as_uri() for name in ("place.js", "setup.js"))
        script = f"""
          globalThis.document = {{ getElementById: () => ({{ textContent: {json.dumps(data)} }}) }};
          const {{ DATA, PLAIN, placeOf, hashOf, settingOf }} = await import("{place}");
          const {{ setupOf, councilData }} = await import("{setup}");
          process.stdout.write(JSON.stringify({expression}));"""
        words = [NODE, "--input-type=module"]
        done = subprocess.run(words, input=script, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return call


@pytest.mark.parametrize("day", [1, 12])
def test_the_page_ends_a_crisis_in_the_words_of_the_command_line(called, cases, day):
    found = called(
        f"""DATA.crises.map(({{ id }}) => [0, 1, 2].map((ending) =>
        councilData(setupOf({{ ...PLAIN, id }}), {{ ending, dayEnded: {day}, days: [] }}).end))"""
    )
    for case, ends in zip(cases, found, strict=True):
        told = story(prepare(case), 0)
        for ending, end in zip(sorted(Ending), ends, strict=True):
            said = end_on(case, replace(told, ending=ending, day_ended=day))
            assert end == f"{said[0].upper()}{said[1:]}."


@pytest.mark.parametrize("request_", OTHER_REQUESTS)
def test_another_request_is_the_same_crisis_in_the_page_as_in_python(called, cases, request_):
    found = called(
        f"""DATA.crises.map(({{ id }}) =>
        setupOf({{ ...PLAIN, id, call: "{request_}" }}).situation)"""
    )
    for case, situation in zip(cases, found, strict=True):
        changed = prepare(case, request=request_).situation
        assert situation == json.loads(json.dumps(situation_data(changed)))


def test_a_request_moves_the_day_on_which_some_council_may_first_sit(cases):
    moved = [
        prepare(case, request=name).situation.day_first_sitting
        != prepare(case).situation.day_first_sitting
        for case in cases
        for name in OTHER_REQUESTS
    ]
    assert any(moved)


def test_an_address_keeps_all_that_is_set_and_held_against_it(called):
    address = "#/crisis/kazakhstan-2022?beside=armenia-2020&pin=rho%3D0.5&day=3&member=RUS&rho=2"
    place, again, setting = called(
        f'[placeOf("{address}")].flatMap((p) => [p, hashOf(p), hashOf(settingOf(p))])'
    )
    assert again == address
    assert setting == "#/crisis/kazakhstan-2022?rho=2"
    assert (place["pin"], place["day"], place["set"]) == ("rho=0.5", 3, {"rho": 2})


def test_the_request_that_is_made_and_its_code_are_two_things_in_an_address(called):
    found = called(
        '["call=none&request=0.5", "request=treaty", "request=0.25"]'
        '.map((q) => placeOf("#/crisis/armenia-2020?" + q)).map(({ call, set }) => [call, set])'
    )
    assert found == [["none", {"request": 0.5}], ["treaty", {}], ["", {"request": 0.25}]]


def test_a_member_has_one_dependence_in_its_codes_on_its_slider_and_in_its_brief(called, cases):
    coded = called("DATA.crises.map(({ reasons }) => reasons)")
    for case, reasons in zip(cases, coded, strict=True):
        for state in case.scenario.members:
            why = reasons[state]["why"]
            share = dependence_of(prepare(case), state)
            assert f"dependence on the lead state {round(share, 2):g}," in why
