"""A bad file gets one line a problem, all of them at once, each where it stands."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foedus.data.library import load, load_alliance
from foedus.data.register import defaults
from foedus.errors import FileProblems, InputError
from foedus.model.array_engine import run_batch
from foedus.model.compilation import situation_of
from toys import ALLIANCE, COUNTERFACTUAL, INDICATORS, SCENARIO, build_toy, changed

ONE_LINE = re.compile(r"(?P<file>.+?\.(yaml|csv)):(?P<line>\d+):(?P<column>\d+): \S.*")

# What is changed in the good scenario, and the whole lines expected: place, path, message.
BAD = {
    "an unknown key": (
        [("horizon_days: 20", "horizon: 20")],
        ["12:1: horizon: unknown key 'horizon' (did you mean 'horizon_days'?)"],
    ),
    "an unknown key within a mapping": (
        [("threat: {coders: [0.75], why: w", "threat: {coders: [0.75], wy: w, why: w")],
        ["19:28: crisis.threat.wy: unknown key 'wy' (did you mean 'why'?)"],
    ),
    "an unknown key of a member": (
        [("LED: {alignment", "LED: {aligment: [1], alignment")],
        ["27:9: members.LED.aligment: unknown key 'aligment' (did you mean 'alignment'?)"],
    ),
    "a missing key": (
        [("  coded: 2020-01-05\n", "")],
        ["9:3: dates: expected the key 'coded'"],
    ),
    "a value too high": (
        [("threat: {coders: [0.75]", "threat: {coders: [0.75, 1.5]")],
        ["19:27: crisis.threat.coders.1: expected 1 or less, found 1.5"],
    ),
    "a value too low": (
        [("trend: {coders: [1]", "trend: {coders: [-2]")],
        ["22:20: crisis.trend.coders.0: expected -1 or more, found -2"],
    ),
    "no horizon": (
        [("horizon_days: 20", "horizon_days: 0")],
        ["12:15: horizon_days: expected 1 or more, found 0"],
    ),
    "text for a number": (
        [("threat: {coders: [0.75]", "threat: {coders: ['high']")],
        ["19:21: crisis.threat.coders.0: expected a number, found 'high'"],
    ),
    "true for a number": (
        [("threat: {coders: [0.75]", "threat: {coders: [yes, true]")],
        [
            "19:21: crisis.threat.coders.0: expected a number, found 'yes'",
            "19:26: crisis.threat.coders.1: expected a number, found True",
        ],
    ),
    "a number that is none": (
        [("threat: {coders: [0.75]", "threat: {coders: [.nan, .inf]")],
        [
            "19:21: crisis.threat.coders.0: expected a finite number, found nan",
            "19:27: crisis.threat.coders.1: expected a finite number, found inf",
        ],
    ),
    "no coder": (
        [("threat: {coders: [0.75]", "threat: {coders: []")],
        ["19:20: crisis.threat.coders: expected at least 1 entries"],
    ),
    "a fraction for days": (
        [("horizon_days: 20", "horizon_days: 20.5")],
        ["12:15: horizon_days: expected a whole number, found 20.5"],
    ),
    "a list for text": (
        [("title: A toy crisis", "title: [A, toy]")],
        ["3:8: title: expected text, found a list"],
    ),
    "text for a mapping": (
        [("adversary: {kind: domestic, name: a crowd}", "adversary: a crowd")],
        ["14:12: adversary: expected keys and values, found 'a crowd'"],
    ),
    "nothing for a mapping": (
        [("adversary: {kind: domestic, name: a crowd}", "adversary:")],
        ["14:1: adversary: expected keys and values, found nothing"],
    ),
    "no text": (
        [("title: A toy crisis", "title: ' '")],
        ["3:8: title: expected some text"],
    ),
    "a word that is none of a set": (
        [("kind: domestic", "kind: domestik")],
        [
            "14:19: adversary.kind: expected one of domestic, nonstate, state, member; "
            "found 'domestik' (did you mean 'domestic'?)"
        ],
    ),
    "a state code in small letters": (
        [("requester: ASK", "requester: ask")],
        ["13:12: requester: expected a three-letter state code such as KAZ, found 'ask'"],
    ),
    "a date that is no date": (
        [("  onset: 2020-01-01", "  onset: early 2020")],
        ["9:10: dates.onset: expected a date such as 2022-01-05, found 'early 2020'"],
    ),
    "a day that no month has": (
        [("  onset: 2020-01-01", "  onset: 2020-02-30")],
        ["9:10: dates.onset: expected a day of the calendar, found '2020-02-30'"],
    ),
    "a number for a date": (
        [("  onset: 2020-01-01", "  onset: 20200101")],
        ["9:10: dates.onset: expected a date such as 2022-01-05, found 20200101"],
    ),
    "seconds since 1970 for a date": (
        [("  onset: 2020-01-01", "  onset: 86400")],
        ["9:10: dates.onset: expected a date such as 2022-01-05, found 86400"],
    ),
    "an hour for a date": (
        [("  onset: 2020-01-01", "  onset: 2020-01-01T10:00:00")],
        ["9:10: dates.onset: expected a date such as 2022-01-05, found 2020-01-01 10:00:00"],
    ),
    "midnight for a date": (
        [("  onset: 2020-01-01", "  onset: 2020-01-01T00:00:00")],
        ["9:10: dates.onset: expected a date such as 2022-01-05, found 2020-01-01 00:00:00"],
    ),
    "a council before the crisis is coded": (
        [("  coded: 2020-01-05\n", "  coded: 2020-01-05\n  council: 2020-01-04\n")],
        ["12:12: dates.council: 2020-01-04 is an earlier day than `coded` (2020-01-05)"],
    ),
    "a version that only equals the number": (
        [("schema_version: 1", "schema_version: true")],
        ["1:17: schema_version: expected 1, found True"],
    ),
    "a number with more digits than a number can have": (
        [("horizon_days: 20", f"horizon_days: {'9' * 5000}")],
        ["12:15: horizon_days: expected a number of at most 18 characters"],
    ),
    "yes for true": (
        [("horizon_days: 20", "base_veto: yes")],
        ["12:12: base_veto: expected true or false, found 'yes'"],
    ),
    "a text that would steer a terminal": (
        [("title: A toy crisis", 'title: "A \\e[31mred crisis"')],
        ["3:8: control characters are not allowed here"],
    ),
    "fewer troops at most than at least": (
        [("forces_needed: {value: 2000,", "forces_needed: {value: 2000, low: 3000, high: 500,")],
        [
            "35:24: forces_needed.value: 2000 is less than `low` (3000)",
            "35:47: forces_needed.high: 500 is less than `value` (2000)",
        ],
    ),
    "a paragraph that the document does not have": (
        [("source: [document ¶12, a-page]", "source: [document ¶24, a-page]")],
        [
            "35:47: forces_needed.source.0: unknown source 'document ¶24' (known: a-page); "
            "expected a key of `sources`, 'document ¶n' or 'assumed'"
        ],
    ),
    "half a character": (
        [("title: A toy crisis", 'title: "A \\ud800"')],
        ["3:8: control characters are not allowed here"],
    ),
    "a merge": (
        [("  onset: 2020-01-01", "  onset: 2020-01-01\n  <<: {}")],
        ["10:3: dates.<<: unknown key '<<' (known: coded, council, onset, requested)"],
    ),
    "dates out of order": (
        [("  coded: 2020-01-05", "  coded: 2019-12-31")],
        ["11:10: dates.coded: 2019-12-31 is an earlier day than `requested` (2020-01-05)"],
    ),
    "a request before the crisis": (
        [("  requested: 2020-01-05", "  requested: 2019-12-31")],
        ["10:14: dates.requested: 2019-12-31 is an earlier day than `onset` (2020-01-01)"],
    ),
    "the day of a request that was not made": (
        [("request: {coders: [1]", "request: {coders: [0, 0]")],
        ["10:14: dates.requested: the code `request` is 0: expected no day of a request"],
    ),
    "an answer before the day that the codes describe": (
        [
            (
                "\nsources:",
                "\nhistory: {level: none, decided: 2020-01-04, why: w, source: assumed}\nsources:",
            )
        ],
        ["36:33: history.decided: 2020-01-04 is an earlier day than `coded` (2020-01-05)"],
    ),
    "a total that is less than what the members sent": (
        [
            (
                "\nsources:",
                "\nhistory: {level: deploy, decided: 2020-01-06, why: w, source: assumed,\n"
                "  troops: {LED: [800, 900], FRI: [200, 300], total: [900, 999]}}\nsources:",
            )
        ],
        ["37:59: history.troops.total.1: 999 is less than what the members sent, at least 1000"],
    ),
    "a thousands' point": (
        [("value: 2000", "value: 2.500")],
        ["35:24: forces_needed.value: expected a whole number of troops, found 2.5"],
    ),
    "capabilities that are no shares of one whole": (
        [("capability: [0.125]", "capability: [1, .9]"), ("capability: [0.75]", "capability: [1]")],
        ["27:3: members: the capabilities add up to 2.08, expected about 1 (0.75 to 1.25)"],
    ),
    "a state that no file of the alliance knows": (
        [("  FRI: {alignment", "  ZZZ: {alignment")],
        [
            "31:3: members.ZZZ: ZZZ was not a member of toy on 2020-01-05; members: ASK FAR FRI "
            "LED; an outsider needs an alliance of its own, or a reason under `admits`"
        ],
    ),
    "an unknown state": (
        [("  FRI: {alignment", "  FRJ: {alignment")],
        ["31:3: members.FRJ: unknown state 'FRJ' (did you mean 'FRI'?)"],
    ),
    "a member that had left": (
        [("  FRI: {alignment", "  OUT: {alignment")],
        [
            "31:3: members.OUT: OUT was not a member of toy on 2020-01-05; members: ASK FAR FRI "
            "LED; an outsider needs an alliance of its own, or a reason under `admits`"
        ],
    ),
    "an unknown adversary state": (
        [("kind: domestic", "kind: state, iso3: FOE")],
        [
            "14:32: adversary.iso3: unknown state 'FOE' (known: ASK, FAR, FRI, LED, OUT); "
            "without iso3 any `name` will do"
        ],
    ),
    "an adversary that is a member without a name": (
        [("kind: domestic", "kind: member")],
        ["14:12: adversary: expected the key 'iso3' for an adversary that is a member"],
    ),
    "an unknown source": (
        [("document ¶12, a-page", "document ¶12, a-pge")],
        [
            "35:61: forces_needed.source.1: unknown source 'a-pge' (did you mean 'a-page'?); "
            "expected a key of `sources`, 'document ¶n' or 'assumed'"
        ],
    ),
    "no force needed": (
        [("value: 2000", "value: 0")],
        ["35:24: forces_needed.value: expected more than 0 troops"],
    ),
    "no dependence where codes are used": (
        [("dependence: [0.25],", "")],
        ["33:8: members.FAR: expected the key 'dependence'"],
    ),
    "a key that stands twice": (
        [("title: A toy crisis", "title: A toy crisis\ntitle: Another")],
        ["4:1: the key 'title' stands here twice"],
    ),
    "a newer format": (
        [("schema_version: 1", "schema_version: 2")],
        ["1:17: schema_version: expected 1, found 2"],
    ),
    "another alliance than the one beside it": (
        [("alliance: toy", "alliance: toi")],
        ["5:11: alliance: the file beside it describes 'toy'"],
    ),
}  # fmt: skip
PIECES = st.sampled_from(
    ["", "~", "[]", "{}", "[", "{", "}", ":", "- x", "? ", "\n", "&a ", "*a", "!!str ", "---\n",
     "<<: {}",
     "-1", "0", "1e999", ".nan", "9" * 400, "yes", "true", "2020-01-01", "2020-02-30", "0",
     "'a\\nb'", '"a\\nb"', '"\\ud800"', '"[key]"', "|\n  a\n  b\n", "schema_version", "ASK", "OUT",
     "extends: toy-2020", "history: {}", "assumed", "[assumed, x]", "10_0", "0x_", "\x00", "\u2028"]
)  # fmt: skip


def problems(toy, text, name="toy-2020.yaml"):
    with pytest.raises(FileProblems) as caught:
        load(str(toy.write(text, name)))
    return str(caught.value).replace(f"{toy.folder}/{name}:", "").splitlines()


def test_the_good_scenario_loads(toy):
    assert toy.load().id == "toy-2020"


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_is_one_line_that_says_where_it_stands_and_what_was_expected(toy, fault):
    swaps, lines = BAD[fault]
    assert problems(toy, changed(SCENARIO, *swaps)) == lines


def test_all_faults_of_one_file_are_reported_at_once_in_the_order_of_its_lines(toy):
    text = changed(
        SCENARIO,
        ("quality: C", "quality: D"),
        ("horizon_days: 20", "horizon_days: many"),
        ("external: {coders: [0.25]", "external: {coders: [2]"),
        ("asked: {coders: [2.5]", "asked: {coders: [4]"),
        ("a-page: https://example.org/a-page", "a-page: 3"),
    )
    assert [line.split(": ")[1] for line in problems(toy, text)] == [
        "quality",
        "horizon_days",
        "crisis.external.coders.0",
        "crisis.asked.coders.0",
        "sources.a-page",
    ]


def test_all_misfits_with_the_alliance_are_reported_at_once(toy):
    text = changed(
        SCENARIO,
        ("kind: domestic", "kind: state, iso3: FOE"),
        ("external: {coders: [0.25], why: w, source: assumed",
         "external: {coders: [0.25], why: w, source: x"),
        ("  FRI: {alignment", "  OUT: {alignment"),
        ("value: 2000", "value: -5"),
    )  # fmt: skip
    assert [line.split(": ")[1] for line in problems(toy, text)] == [
        "adversary.iso3",
        "crisis.external.source.0",
        "members.OUT",
        "forces_needed.value",
    ]


def test_malformed_values_do_not_hide_misfits(toy):
    text = changed(
        SCENARIO, ("quality: C", "quality: D"), ("  FRI: {alignment", "  OUT: {alignment")
    )
    assert [line.split(": ")[1] for line in problems(toy, text)] == ["quality", "members.OUT"]


def test_a_missing_lead_state_and_a_missing_council_are_named(toy):
    no_lead = SCENARIO.replace("  LED: {alignment", "  FRX: {alignment")
    assert any("expected the lead state LED" in line for line in problems(toy, no_lead))
    early = changed(
        SCENARIO,
        ("  onset: 2020-01-01", "  onset: 1990-01-01"),
        ("  coded: 2020-01-05", "  coded: 1999-01-05"),
    )
    lines = problems(toy, early)
    assert "11:10: dates.coded: toy has no council rule for 1999-01-05" in lines
    assert "11:10: dates.coded: toy has no lead state on 1999-01-05; state a `patron`" in lines


@pytest.mark.parametrize(
    ("key", "state"), [("requester: ASK", "requester: FOE"), ("requester: ASK", "requester: OUT")]
)
def test_a_requester_that_does_not_sit_is_refused(toy, key, state):
    (line,) = problems(toy, changed(SCENARIO, (key, state)))
    assert line.endswith(f"the requester {state[-3:]} must be listed under `members`")


@pytest.mark.parametrize("value", ["|\n  a\n  b", '"a\\nb"', '"a\\u2028b"', '"\\ud800"'], ids=repr)
@pytest.mark.parametrize("key", ["quality", '"[key]"', '"a\\nb"', '"\\ud800"'])
def test_a_fault_with_strange_words_is_still_one_line(toy, key, value):
    text = SCENARIO.replace("quality: C", f"{key}: {value}")
    path = toy.write(text)
    with pytest.raises(FileProblems) as caught:
        load(str(path))
    assert all(is_as_promised(problem, path, text) for problem in caught.value.problems)


@pytest.mark.parametrize("text", ["just text", "- a\n- list\n", "3", "2020-01-01"])
def test_a_file_that_is_no_mapping_is_refused(toy, text):
    assert problems(toy, text) == ["1:1: expected keys and values"]


def test_an_alliance_file_is_checked_as_a_scenario_is(tmp_path):
    text = changed(
        ALLIANCE,
        ("state: LED, why", "state: LAD, why"),
        ("{since: 2000-01-01, state: FAR, source: assumed}",
         "{since: 2000-01-01, state: FAZ, source: nobody}"),
        ("FRI: 500}", "FRO: 500}"),
    )  # fmt: skip
    toy = build_toy(tmp_path / "bad", text)
    with pytest.raises(FileProblems) as caught:
        load_alliance(toy.folder)
    assert [(p.line, p.path) for p in caught.value.problems] == [
        (13, "lead_state.0.state"),
        (16, "members.1.state"),
        (16, "members.1.source.0"),
        (21, "pools.0.by_state.FRO"),
    ]
    assert "did you mean 'LED'" in str(caught.value)


@pytest.mark.parametrize(
    ("swaps", "said"),
    [
        (
            [("until: 2009-12-31, state: OUT", "state: OUT"),
             ("{since: 2000-01-01, state: FAR", "{since: 2010-01-01, state: OUT")],
            "16:13: members.1.since: 2010-01-01 is before the end of another entry of OUT",
        ),
        (
            [("{since: 2000-01-01, state: LED, source", "{since: 2000-01-02, state: LED, source")],
            "13:32: lead_state.0.state: LED leads on 2000-01-01 and is not a member then",
        ),
        (
            [("{since: 2000-01-01, state: LED, source",
              "{since: 2000-01-01, until: 2012-05-01, state: LED, source")],
            "13:32: lead_state.0.state: LED leads on 2012-05-02 and is not a member then",
        ),
    ],
    ids=["memberships overlap", "the lead state comes late", "the lead state leaves"],
)  # fmt: skip
def test_an_alliance_whose_periods_contradict_each_other_is_refused(tmp_path, swaps, said):
    toy = build_toy(tmp_path / "bad", changed(ALLIANCE, *swaps))
    with pytest.raises(FileProblems) as caught:
        load_alliance(toy.folder)
    assert str(caught.value) == f"{toy.folder}/alliance.yaml:{said}"


def test_a_lead_state_may_leave_and_come_back_and_lead_only_in_between(tmp_path):
    twice = changed(
        ALLIANCE,
        ("{since: 2000-01-01, state: LED, source: assumed}",
         "{since: 1990-01-01, until: 2005-01-01, state: LED, source: assumed}\n"
         "  - {since: 2005-01-02, state: LED, source: assumed}"),
    )  # fmt: skip
    alliance, _ = load_alliance(build_toy(tmp_path / "good", twice).folder)
    assert alliance.lead_state[0].state == "LED"


def test_a_fault_of_the_alliance_is_reported_in_the_alliances_file(tmp_path):
    toy = build_toy(tmp_path / "bad", changed(ALLIANCE, ("abstention: 1,", "abstention: 2,")))
    with pytest.raises(FileProblems, match=r"alliance\.yaml:11:\d+: council\.1\.abstention: "):
        toy.load()


def test_a_fault_of_the_indicators_is_reported_in_their_file(tmp_path):
    toy = build_toy(tmp_path / "bad", indicators=changed(INDICATORS, ("memory,from", "memry,from")))
    with pytest.raises(FileProblems, match=r"indicators\.csv:4:39: origin: unknown origin 'memry'"):
        toy.load()


@pytest.mark.parametrize("name", ["nowhere.yaml", "no/such/place", "kazakstan-2022", "x" * 300, ""])
def test_a_name_that_leads_nowhere_is_an_input_error(name):
    with pytest.raises(InputError):
        load(name)


def test_an_unknown_id_is_refused_with_the_nearest_known():
    with pytest.raises(InputError, match=r"unknown scenario 'kazakstan-2022' \(did you mean 'kaz"):
        load("kazakstan-2022")


# The version of the format.


@pytest.mark.parametrize("version", ["'1'", "0", "-1", "null", "[1]"])
def test_a_version_that_is_no_known_number_is_refused(toy, version):
    (line,) = problems(toy, changed(SCENARIO, ("schema_version: 1", f"schema_version: {version}")))
    assert line.startswith("1:17: schema_version: expected ")


# Counterfactuals: `extends`.


def counterfactual(toy, *swaps, base=SCENARIO):
    toy.write(base)
    return load(str(toy.write(changed(COUNTERFACTUAL, *swaps), "toy-2020-calm.yaml"))).scenario


def test_a_counterfactual_changes_what_it_states_and_keeps_the_rest(toy):
    base, child = toy.load().scenario, counterfactual(toy)
    differing = {
        name for name in type(base).model_fields if getattr(base, name) != getattr(child, name)
    }
    assert differing == {"id", "title", "question", "extends", "summary", "crisis"}
    attributes = type(base.crisis).model_fields
    assert [
        name for name in attributes if getattr(base.crisis, name) != getattr(child.crisis, name)
    ] == ["threat"]


def test_a_counterfactual_merges_mappings_and_replaces_lists(toy):
    child = counterfactual(
        toy, ("summary: Nothing threatens.", "summary: s\nmembers: {FRI: {alignment: [0.25]}}")
    )
    assert child.members["FRI"].alignment == (0.25,)
    assert child.members["FRI"].stake == (0.5,)
    assert set(child.members) == {"ASK", "FAR", "FRI", "LED"}


def test_a_counterfactual_has_no_history_unless_it_states_one(toy):
    history = "history: {level: deploy, why: w, source: assumed}\n"
    assert counterfactual(toy, base=SCENARIO + history).history is None
    stated = counterfactual(
        toy,
        ("summary: Nothing threatens.", "summary: s\n" + history.replace("deploy", "none")),
        base=SCENARIO + history,
    )
    assert stated.history.level == "none"


def test_a_counterfactual_may_extend_another_and_the_last_word_counts(toy):
    toy.write(SCENARIO)
    toy.write(COUNTERFACTUAL, "toy-2020-calm.yaml")
    second = changed(
        COUNTERFACTUAL,
        ("id: toy-2020-calm", "id: toy-2020-calmer"),
        ("extends: toy-2020", "extends: toy-2020-calm"),
        ("threat: {coders: [0.25]", "trend: {coders: [-1]"),
    )
    scenario = load(str(toy.write(second, "toy-2020-calmer.yaml"))).scenario
    assert scenario.crisis.threat.coders == (0.25,)
    assert scenario.crisis.trend.coders == (-1.0,)


def test_a_counterfactual_in_a_folder_below_finds_base_and_alliance_above(toy):
    toy.write(SCENARIO)
    (toy.folder / "counterfactuals").mkdir()
    path = toy.write(COUNTERFACTUAL, "counterfactuals/toy-2020-calm.yaml")
    assert load(str(path)).scenario.crisis.threat.coders == (0.25,)


def test_a_fault_of_a_counterfactual_stands_where_it_is_written(toy):
    toy.write(SCENARIO)
    text = changed(COUNTERFACTUAL, ("coders: [0.25]", "coders: [7]"))
    assert problems(toy, text, "toy-2020-calm.yaml") == [
        "8:21: crisis.threat.coders.0: expected 1 or less, found 7"
    ]


@pytest.mark.parametrize("base_id", ["toy-2021", "../../secret", "a b", "x" * 300])
def test_a_base_that_does_not_exist_is_refused(toy, base_id):
    text = changed(COUNTERFACTUAL, ("extends: toy-2020", f"extends: {base_id}"))
    toy.write(SCENARIO)
    (line,) = problems(toy, text, "toy-2020-calm.yaml")
    assert line.startswith("5:10: extends: ")


def test_a_base_outside_the_folders_of_scenarios_is_not_opened(toy):
    (toy.folder.parent.parent / "elsewhere.yaml").write_text("secret: 1\n", encoding="utf-8")
    text = changed(COUNTERFACTUAL, ("extends: toy-2020", "extends: ../../elsewhere"))
    assert "extends" in problems(toy, text, "toy-2020-calm.yaml")[0]


def test_scenarios_that_extend_each_other_are_refused(toy):
    toy.write(changed(SCENARIO, ("alliance: toy", "alliance: toy\nextends: toy-2020-calm")))
    with pytest.raises(FileProblems, match=r"extends: a scenario cannot extend itself"):
        load(str(toy.write(COUNTERFACTUAL, "toy-2020-calm.yaml")))


def chain(toy, n, filler=""):
    """The path of the last of n scenarios of which each extends the one before."""
    toy.write(SCENARIO)
    before = "toy-2020"
    for k in range(n):
        text = changed(
            COUNTERFACTUAL,
            ("toy-2020-calm", f"calm-{k}"),
            ("extends: toy-2020", f"extends: {before}"),
        )
        before = f"calm-{k}"
        path = toy.write(text + filler.format(k=k), f"{before}.yaml")
    return path


def test_a_chain_of_scenarios_may_be_eight_long_and_no_longer(toy):
    assert load(str(chain(toy, 8))).id == "calm-7"
    with pytest.raises(FileProblems, match="extends: more than 8 scenarios extend each other"):
        load(str(chain(toy, 1100)))


def test_the_limit_of_a_file_holds_for_all_that_it_extends_together(toy):
    many = "sources:\n" + "".join(f"  s{{k}}-{i}: x\n" for i in range(3000))
    assert load(str(chain(toy, 1, many)))
    with pytest.raises(FileProblems, match="more than 10,000 keys and values, with what it ext"):
        load(str(chain(toy, 4, many)))


def test_a_scenario_that_extends_itself_is_refused(toy):
    text = changed(SCENARIO, ("alliance: toy", "alliance: toy\nextends: toy-2020"))
    assert problems(toy, text) == ["6:10: extends: a scenario cannot extend itself"]


def test_a_broken_base_is_reported_in_the_file_of_the_base(toy):
    toy.write("just text")
    with pytest.raises(FileProblems, match=r"toy-2020\.yaml:1:1: expected keys and values"):
        load(str(toy.write(COUNTERFACTUAL, "toy-2020-calm.yaml")))


# Whatever is done to a file: a case that can be run, or located problems.


@pytest.fixture(scope="module")
def shared_toy(tmp_path_factory):
    return build_toy(tmp_path_factory.mktemp("fuzz") / "toy")


def spoiled(data):
    """The good scenario after a few random edits."""
    text = SCENARIO
    for _ in range(data.draw(st.integers(1, 3))):
        lines = text.splitlines(keepends=True)
        here = data.draw(st.integers(0, max(0, len(lines) - 1)))
        edit = data.draw(st.sampled_from(["drop", "twice", "move", "value", "key", "cut"]))
        line = lines[here] if lines else ""
        head, colon, _ = line.partition(": ")
        piece = data.draw(PIECES | st.text(max_size=5))
        if edit == "drop":
            lines[here : here + 1] = []
        elif edit == "twice":
            lines[here : here + 1] = [line, line]
        elif edit == "move":
            lines[here : here + 1] = [" " + line]
        elif edit == "value" and colon:
            lines[here : here + 1] = [f"{head}: {piece}\n"]
        elif edit == "key" and colon:
            indent = head[: len(head) - len(head.lstrip())]
            lines[here : here + 1] = [f"{indent}{piece}{line.lstrip()[len(head.lstrip()) :]}"]
        else:
            start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            lines = [text[:start] + piece + text[min(stop, start + 12) :]]
        text = "".join(lines)
    return text


def is_as_promised(problem, path, text):
    """One printable line that names the file and a place within it."""
    found = ONE_LINE.fullmatch(str(problem))
    n_lines = text.count("\n") + text.count("\r") + 2
    inside = found and found["file"] == str(path) and 1 <= int(found["line"]) <= n_lines
    return bool(inside and str(problem).encode())


def holds_for(toy, text):
    """Load the text; if it loads, it compiles and runs; if not, its problems are as promised."""
    path = toy.folder / "toy-2020.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        case = load(str(path))
    except FileProblems as caught:
        return bool(caught.problems) and all(is_as_promised(p, path, text) for p in caught.problems)
    outcome = run_batch(situation_of(case), defaults(), 0, 3)
    return set(outcome.level) <= {0, 1, 2, 3} and bool((outcome.troops >= 0).all())


@given(data=st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_spoiled_scenario_is_a_case_that_runs_or_located_problems(shared_toy, data):
    assert holds_for(shared_toy, spoiled(data))


@given(text=st.text(max_size=40))
@example('"[key]": 1')
@example("extends: toy-2020")
@example("schema_version: 0\ncrisis: text")
@example("9" * 5000 + ": 1")
@settings(deadline=None)
def test_random_text_is_never_more_than_a_bad_file(shared_toy, text):
    assert holds_for(shared_toy, text)


@pytest.mark.parametrize("value", ["1e308", "3000000000", "10000001"])
def test_a_need_beyond_all_armies_is_refused(toy, value):
    (line,) = problems(toy, changed(SCENARIO, ("value: 2000", f"value: {value}")))
    assert line.startswith("35:24: forces_needed.value: expected at most 10000000 troops, found ")


def test_the_greatest_need_is_met_in_whole_troops(tmp_path):
    start, stop = ALLIANCE.index("pools:"), ALLIANCE.index("institutions:")
    free = build_toy(tmp_path / "free", ALLIANCE[:start] + ALLIANCE[stop:])
    case = free.load(
        ("value: 2000", "value: 10000000"), ("asked: {coders: [2.5]", "asked: {coders: [3]")
    )
    situation = replace(situation_of(case), force=None)
    outcome = run_batch(situation, defaults() | {"b_baseline": 5.0}, 0, 100)
    sent = outcome.troops.sum(axis=0)
    assert (sent[outcome.level == 3] > 9_999_990).all()
    assert sent.max() <= 10_000_000
