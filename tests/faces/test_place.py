"""The address of the crisis room: what is written is read back, what is hostile is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.app.place import KEYS, Place, case_of, place_of, query_of, setup_of
from foedus.data.library import ids
from foedus.data.register import register
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, Rule
from foedus.data.theory import theories
from foedus.errors import FoedusError, UsageError

VALUES = {name: (row.low, row.high) for name, row in register().items()} | {
    name: ATTRIBUTE_RANGE[name] for name in CRISIS_ATTRIBUTES
}


@st.composite
def places(draw):
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=5))
    chosen = {n: float(f"{draw(st.floats(*VALUES[n])):g}") for n in names}
    inside = {n: v for n, v in chosen.items() if VALUES[n][0] <= v <= VALUES[n][1]}
    return Place(
        case=draw(st.sampled_from(["kazakhstan-2022", "kuwait-1990", "kursk-2024"])),
        settings=inside,
        rule=draw(st.none() | st.sampled_from([str(rule) for rule in Rule])),
        theory=draw(st.none() | st.sampled_from(sorted(theories()))),
        seed=draw(st.integers(0, 2**32 - 1)),
        run=draw(st.integers(0, 9_999_999)),
        day=draw(st.integers(0, 364)),
    )


@settings(max_examples=60, deadline=None)
@given(places())
def test_an_address_brings_back_the_place_it_was_taken_from(place):
    assert place_of(dict(parse_qsl(query_of(place)))) == place


def test_an_empty_address_is_the_first_crisis():
    assert place_of({}) == Place()
    assert place_of({"set": "", "seed": "", "rule": ""}) == Place()


def test_a_member_attribute_can_be_shared():
    place = place_of({"case": "kazakhstan-2022", "set": "RUS.stake:.5"})
    assert setup_of(place).situation.standing["stake"][4].mode == 0.5


HOSTILE = [
    {"case": "../../etc/passwd"},
    {"case": "/etc/passwd"},
    {"case": "scenarios/csto/kazakhstan-2022.yaml"},
    {"case": "x" * 3000},
    {"case": "<script>alert(1)</script>"},
    {"case": "kazakhstan-2022\x00"},
    {"set": "rho"},
    {"set": "rho:"},
    {"set": "rho:nan"},
    {"set": "rho:inf"},
    {"set": "rho:1e400"},
    {"set": "rho:-1"},
    {"set": "rho:eleven"},
    {"set": "__class__:1"},
    {"set": "USA.stake:1"},
    {"set": "RUS.stake:2"},
    {"set": "," * 9 + "a:b:c"},
    {"rule": "dictatorship"},
    {"theory": "../full"},
    {"theory": "marxism"},
    {"seed": "-1"},
    {"seed": "1e3"},
    {"seed": "99999999999999999999"},
    {"seed": "4294967296"},
    {"seed": "٣"},
    {"run": "0x10"},
    {"run": "10000000"},
    {"day": "365"},
    {"day": "tomorrow"},
    {"pickle": "gASV"},
    {"set": "rho:0," * 2000},
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda q: str(q)[:40])
def test_a_hostile_address_is_refused_in_one_short_line(query):
    with pytest.raises(FoedusError) as caught:
        place_of(query)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert len(message) < 1200


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), st.text(max_size=30)))
def test_no_address_whatever_gives_anything_but_a_place_or_a_refusal(query):
    try:
        place = place_of(query)
    except FoedusError:
        return
    assert place.case in ids()


def test_a_case_is_found_by_id_and_never_by_path(tmp_path, monkeypatch):
    beside = tmp_path / "mine.yaml"
    beside.write_text("title: mine")
    monkeypatch.chdir(tmp_path)
    for name in ("mine.yaml", "mine", str(beside)):
        with pytest.raises(UsageError, match="unknown crisis"):
            case_of(name)


def test_a_setting_taken_back_leaves_no_trace():
    place = Place().set_to("rho", 0.0)
    assert place.settings == {"rho": 0.0}
    assert place.set_to("rho", None) == Place()
