"""Chronicle files: shipped ones are sound, hostile and half-filled ones are refused in place."""

from __future__ import annotations

import pytest

from foedus.chronicle.years import chronicle, chronicle_ids
from foedus.data.chronicle_file import read_chronicle
from foedus.data.drafts import chronicle_draft
from foedus.data.indicators import read_panel
from foedus.data.library import alliance_ids, alliance_named, load_all, shipped
from foedus.errors import FileProblems

SOUND = """\
schema_version: 1
alliance: toy
lead_state: AAA
events:
  - {date: 2000-01-01, kind: found, states: [AAA, BBB, CCC], why: Founded., source: [page]}
  - {date: 2010-06-01, kind: leave, state: BBB, why: Left., source: [page]}
calls:
  - {date: 2004-01-01, state: BBB, kind: state, asked: 3, answer: none, threat: 0.5, source: [page]}
sources:
  page: https://example.org
"""


WHY = "why: x, source: page"
RIVAL = "since: 2001-01-01, name: x, pact: .5, source: page"


def refusal(tmp_path, text):
    path = tmp_path / "chronicle.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblems) as found:
        read_chronicle(path)
    return [str(problem).removeprefix(str(path)) for problem in found.value.problems]


def test_a_sound_file_is_read_and_runs(tmp_path):
    (tmp_path / "chronicle.yaml").write_text(SOUND, encoding="utf-8")
    setup = chronicle(str(tmp_path))
    assert setup.record.call("bbb-2004").asked == 3
    assert setup.timeline.states == ("BBB", "CCC")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("kind: leave", "kind: quit", ":6:30: events.1.kind: expected one of found, join"),
        ("state: BBB, why: Left", "state: DDD, why: Left", ":6:44: events.1.state: DDD is outside"),
        ("asked: 3", "asked: 4", ":8:56: calls.0.asked: expected 3 or less, found 4"),
        ("asked: 3", "asked: .nan", ":8:56: calls.0.asked: expected a finite number"),
        ("threat: 0.5", "danger: 0.5", ":8:73: calls.0.danger: unknown key 'danger'"),
        ("2010-06-01", "1999-06-01", ":6:12: events.1.date: expected a day not before 2000-01-01"),
        ("2010-06-01", "2010-06-31", ":6:12: events.1.date: expected a day of the calendar"),
        ("state: BBB, kind: state", "state: DDD, kind: state", "DDD is no member on 2004-01-01"),
        ("source: [page]}\nsources", "source: [pgae]}\nsources", "unknown source 'pgae' (did"),
        ("states: [AAA, BBB, CCC]", "state: AAA, states: [BBB]", "expected either `state` or"),
        ("schema_version: 1", "schema_version: 2", ":1:17: schema_version: expected 1, found 2"),
        ("alliance: toy\n", "", ":1:1: expected the key 'alliance'"),
        ("  - {date: 2010", "\t- {date: 2010", ":6:1: a tab stands here"),
        ("asked: 3", f"asked: {'9' * 400}", ":8:56: calls.0.asked: expected a number of at most"),
        ("threat: 0.5", "threat: -.inf", ":8:81: calls.0.threat: expected a finite number"),
        ("asked: 3", "asked: yes", ":8:56: calls.0.asked: expected a number, found 'yes'"),
        ("2004-01-01", "20040101", ":8:12: calls.0.date: expected a date such as"),
        ("2010-06-01", "9999-06-01", ":6:12: events.1.date: expected a year from 2000 up to 2300"),
        ("BBB, CCC]", "CCC, CCC]", ":5:45: events.0.states: CCC is member then"),
        ("lead_state: AAA", "lead_state: ZZZ", ":3:13: lead_state: no event names ZZZ"),
        ("lead_state: AAA", "lead_state: AAA\nuntil: 9000-01-01", ":4:8: until: expected a year"),
        ("lead_state: AAA", "lead_state: AAA\nuntil: 1900-01-01", ":4:8: until: expected a year"),
        ("lead_state: AAA", "lead_state: AAA\nuntil: 2003-01-01", ":9:12: calls.0.date"),
        ("calls:", f"renewals: [{{date: 1905-01-01, {WHY}}}]\ncalls:", ":7:19: renewals.0.date"),
        ("calls:", f"rivals: [{{state: QQQ, {RIVAL}}}]\ncalls:", ":7:18: rivals.0.state: no event"),
        (
            "calls:",
            f"rivals: [{{state: BBB, until: 2000-01-01, {RIVAL}}}]\ncalls:",
            "rivals.0: `until` must not be before `since`",
        ),
        ("kind: leave", "kind: dissolve", ":6:5: events.1: a dissolution concerns all members"),
        ("alliance: toy", "alliance: <b>", ":2:11: alliance: expected lower-case words"),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(tmp_path, old, new, line):
    assert old in SOUND
    told = refusal(tmp_path, SOUND.replace(old, new))
    assert any(line in one for one in told), told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "events",
        "- a list",
        "a: &x [1]\nb: *x",
        "events: !!python/object:os.system x",
        "\x00\x01",
        "alliance: toy\nalliance: toy",
        "events: [" * 50,
        "events: " + "[" * 5000,
        "schema_version:\nalliance:\nevents:\ncalls:\nsources:\n",
        SOUND.replace("[AAA, BBB, CCC]", "[AAA]").replace("BBB", "AAA"),
        SOUND.replace("asked: 3", "asked:"),
        SOUND.replace("events:", "events: []\nold:"),
    ],
)
def test_hostile_and_half_filled_files_end_in_located_lines(tmp_path, text):
    for line in refusal(tmp_path, text):
        assert line.split(":")[1].isdecimal(), line
        assert line.split(":")[2].isdecimal(), line


def test_a_file_without_lead_state_and_alliance_file_says_where_it_belongs(tmp_path):
    path = tmp_path / "chronicle.yaml"
    path.write_text(SOUND.replace("lead_state: AAA\n", ""), encoding="utf-8")
    with pytest.raises(FileProblems, match=r"chronicle\.yaml:1:1: expected `lead_state`"):
        chronicle(str(tmp_path))


def test_two_calls_of_one_name_are_refused(tmp_path):
    call = SOUND.splitlines()[7]
    told = refusal(tmp_path, SOUND.replace(call, f"{call}\n{call.replace('01-01', '02-01')}"))
    assert "'bbb-2004' stands here twice" in told[0]


@pytest.mark.parametrize("name", chronicle_ids())
def test_a_shipped_chronicle_runs_and_its_crises_are_the_librarys(name):
    setup = chronicle(name)
    assert len(setup.timeline.standing) == len(setup.years)
    read_panel(shipped() / name / "panel.csv", setup.record.states)
    for call in setup.record.calls:
        if call.name in setup.cases:
            case = setup.cases[call.name].scenario
            assert call.state == case.requester, call.name
            assert call.asked == case.crisis.asked.value, call.name
            if case.history is not None:
                assert call.answer == case.history.level, call.name


@pytest.mark.parametrize("name", chronicle_ids())
def test_rival_protectors_follow_the_one_rule_that_the_page_states(name):
    record = read_chronicle(shipped() / name / "chronicle.yaml")
    for rival in record.rivals:
        assert rival.pact == (1 if rival.name.startswith("Defence treaty with") else 0.5)
        assert "atop" in rival.source
        assert (rival.since.month, rival.since.day) == (1, 1), "it counts from the next year on"
        assert rival.until is None or rival.until.year <= 2025


def test_rival_protectors_are_coded_for_those_who_stayed_as_for_those_who_left():
    stayed, left = set(), set()
    for name in chronicle_ids():
        record = read_chronicle(shipped() / name / "chronicle.yaml")
        gone = {s for e in record.events if e.kind in ("leave", "freeze") for s in e.who}
        for rival in record.rivals:
            (left if rival.state in gone else stayed).add((name, rival.state))
    assert len(stayed) > len(left) > 0


@pytest.mark.parametrize("name", alliance_ids())
def test_a_draft_from_an_alliance_is_valid_as_it_stands(tmp_path, name):
    path = tmp_path / "chronicle.yaml"
    path.write_text(chronicle_draft(alliance_named(name)[0]), encoding="utf-8")
    assert read_chronicle(path).alliance == name


def test_no_chronicle_is_taken_for_a_crisis():
    assert "chronicle" not in {case.id for case in load_all()}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ARM,1992,x,,,", ":2:10: un_distance: expected a number, found 'x'"),
        ("ARM,1992,nan,,,", ":2:10: un_distance: expected 0 to 10, found nan"),
        ("ARM,1992,,2,,", ":2:11: arms_share: expected 0 to 1, found 2"),
        ("ARM,92,,,,", ":2:5: year: expected a year, found '92'"),
        ("ARM,1992,,", ":2:1: expected 6 columns, found 4"),
        ("XXX,1992,,,,", ":2:1: state: unknown state 'XXX'"),
        ("ARM,1992,1,,,\nARM,1992,1,,,", ":3:1: ARM 1992 stands here twice"),
    ],
)
def test_a_bad_row_of_the_yearly_table_is_told_with_its_line_and_column(tmp_path, row, told):
    path = tmp_path / "panel.csv"
    path.write_text(f"state,year,un_distance,arms_share,polyarchy,cinc\n{row}\n", encoding="utf-8")
    with pytest.raises(FileProblems) as found:
        read_panel(path, ("ARM",))
    assert f"panel.csv{told}" in str(found.value)


def test_a_missing_year_is_filled_by_the_nearest_and_says_how_far_off_it_is(csto):
    assert csto.panel.known("ARM", "un_distance", 2025, 10) == (0.546, 3)
    assert csto.panel.known("ARM", "un_distance", 2025, 2) is None
