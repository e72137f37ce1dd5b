"""A council rule from one file outside the package is known wherever a rule is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from itertools import product

import numpy as np
import pytest

import foedus
from foedus import extensions
from foedus.analysis.voting_power import council_on, power_table
from foedus.data.json_schema import schema_text
from foedus.data.library import alliance_named
from foedus.data.terms import FileKind, Rule, Stance
from foedus.errors import FileProblems, FoedusError, InputError, UsageError
from foedus.experiments.manifest import code_version
from foedus.model.council import PASSES
from foedus.web.page import page
from foedus.web.page_data import page_data
from sweeps import InlineExecutor, compute, study_in
from toys import toy_situation

PLAN = """\
schema_version: 1
name: rules
scenarios: [toy-2020.yaml]
runs: 50
rules: [own, two-vetoes]
"""


def test_an_answer_passes_only_with_both_vetoes_and_a_majority(two_vetoes):
    situation = toy_situation()
    assert situation.n_members > 2
    passes = PASSES["two-vetoes"]
    members = ("ARM", "BLR", "RUS")
    for yes in product([False, True], repeat=3):
        ballot = extensions.Ballot(
            supports=[np.bool_(said) for said in yes],
            objects=[np.bool_(not said) for said in yes],
            positions=[np.float64(said) for said in yes],
            capability=[np.float64(1 / 3)] * 3,
            patron_supports=np.bool_(yes[2]),
            bar=np.float64(0.5),
            members=members,
        )
        assert bool(passes(ballot)) is (yes[1] and yes[2])


def test_story_and_ensemble_agree_under_it_and_no_veto_is_overruled(two_vetoes):
    setup = foedus.prepare("kazakhstan-2022", rule="two-vetoes")
    result = foedus.ensemble(setup, 40, seed=3)
    assert len(set(result.outcome.level.tolist())) > 1
    for run in range(40):
        told = foedus.story(setup, run, seed=3)
        assert told.level == result.outcome.level[run]
        day = told.days[max(told.day_decided, 0)]
        stances = {member.state: member.stances for member in day.members}
        if told.level > 0 and not day.by_procedure:
            for state in ("BLR", "RUS"):
                assert stances[state][told.level - 1] is Stance.SUPPORT


def test_the_command_line_takes_it_by_the_global_option(called, two_vetoes):
    code, out, err = called("--extension", two_vetoes, "run", "kursk-2024", "-n", 20, "-F", "json")
    assert (code, err) == (0, "")
    more = ("--rule", "two-vetoes", "-n", 20, "-F", "json")
    code, under, _ = called("--extension", two_vetoes, "run", "kursk-2024", *more)
    assert code == 0
    assert json.loads(under) != json.loads(out)


def test_voting_power_under_it_is_told_behind_the_option(called, two_vetoes):
    code, out, err = called(
        *("--extension", two_vetoes, "data", "power", "csto", "--date", "2022-01-05"),
        *("--only-rule", "two-vetoes", "-F", "json"),
    )
    assert (code, err) == (0, "")
    assert list(json.loads(out)["rules"]) == ["two-vetoes"]


def test_the_list_of_rules_shows_it_with_its_words(called, two_vetoes):
    _, out, _ = called("--extension", two_vetoes, "list", "rules")
    assert "two-vetoes │ An answer passes if more than half agree, Belarus and Russia too." in out


def test_a_process_takes_it_from_the_variable(two_vetoes):
    told = subprocess.run(
        [sys.executable, "-c", "import foedus; foedus.prepare('kursk-2024', rule='two-vetoes')"],
        env={**os.environ, extensions.VARIABLE: str(two_vetoes)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_voting_power_gives_the_vetoes_their_weight(two_vetoes, library):
    table = power_table(council_on(alliance_named("csto")[0], date(2022, 1, 5), library))
    found = table.powers["two-vetoes"]
    power = dict(zip(table.council.members, found.shapley_shubik, strict=True))
    # Another member tips the balance where both vetoes and one of three others came before it.
    assert power["ARM"] == pytest.approx(3 * 36 * 2 / 720 / 6)
    assert power["RUS"] == power["BLR"] == pytest.approx((1 - 4 * 0.05) / 2)
    assert table.missing == ()


def test_a_rule_may_say_itself_which_sets_win(library):
    council = council_on(alliance_named("csto")[0], date(2022, 1, 5), library)
    extensions.council_rule(
        "armenia-alone", "Armenia decides.", wins=lambda states, members, power: "ARM" in states
    )(lambda ballot: ballot.patron_supports)
    power = power_table(council, ["armenia-alone"]).powers["armenia-alone"]
    assert power.banzhaf == (1, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("rule", [r for r in Rule if r not in (Rule.WEIGHTED, Rule.CONSENSUS)])
def test_trying_all_coalitions_counts_the_swings_of_the_weighted_games(library, rule):
    council = council_on(alliance_named("csto")[0], date(2022, 1, 5), library)
    words = f"As {rule}."
    extensions.council_rule("again", words)(PASSES[rule])
    table = power_table(council, [rule, "again"])
    assert table.powers["again"] == table.powers[rule]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (lambda ballot: np.True_, "passes with nobody for it"),
        (lambda ballot: ~ballot.supports[0] & ballot.supports[1], "fails with all for it"),
        (
            lambda ballot: (
                (ballot.supports[0] ^ ballot.supports[1])
                | (ballot.supports[0] & ballot.supports[2])
            ),
            "can stop a motion",
        ),
    ],
)
def test_a_rule_that_is_no_vote_has_no_voting_power_and_says_why(library, rule, why):
    council = council_on(alliance_named("csto")[0], date(2022, 1, 5), library)
    extensions.council_rule("odd", "Odd.")(rule)
    table = power_table(council, ["odd"])
    assert table.powers["odd"] is None
    assert why in table.missing[0]


def test_a_plan_crosses_it_with_the_alliances_own(two_vetoes, toy, tmp_path):
    toy.write()
    study = study_in(toy, PLAN)
    assert [point.rule for point in study_points(study)] == [None, "two-vetoes"]
    compute(study, tmp_path / "out", InlineExecutor)


def study_points(study):
    from foedus.experiments.study import points_of

    return points_of(study, code_version())


def test_a_scenario_and_a_theory_may_name_it_and_an_unknown_one_has_its_line(two_vetoes, toy):
    rule = ("requester: ASK", "requester: ASK\ncouncil_rule: two-vetoes")
    assert foedus.prepare(toy.load(rule)).situation.rule == "two-vetoes"
    text = "title: T\nclaim: C\nrule: two-vetoes\nsources: [assumed]\n"
    claim = toy.write(text, "claim.yaml")
    assert foedus.prepare("kursk-2024", theory=claim).situation.rule == "two-vetoes"
    with pytest.raises(FileProblems, match=r"expected one of .*two-vetoes; found 'two-vetos'"):
        toy.load(("requester: ASK", "requester: ASK\ncouncil_rule: two-vetos"))


def test_the_schema_knows_it_once_it_is_loaded():
    assert "two-vetoes" not in schema_text(FileKind.SCENARIO)
    extensions.council_rule("two-vetoes", "Two vetoes.")(lambda ballot: ballot.patron_supports)
    assert '"two-vetoes"' in schema_text(FileKind.SCENARIO)


def test_another_file_of_rules_is_another_code(two_vetoes, tmp_path):
    before = code_version()
    own = tmp_path / "own.py"
    own.write_text("A = 1\n")
    extensions.load(own)
    assert code_version() != before


def test_a_page_alone_names_what_it_cannot_run_and_leaves_out_what_rests_on_it(two_vetoes, toy):
    text = "title: Vetoes\nclaim: C\nrule: two-vetoes\nsources: [assumed]\n"
    extensions.theory("by two vetoes", toy.write(text, "claim.yaml"))
    data = page_data([foedus.load("kursk-2024")], "")
    assert [rule["name"] for rule in data["rules"] if rule["isPython"]] == ["two-vetoes"]
    assert "by two vetoes" not in [theory["name"] for theory in data["theories"]]
    served = page_data([foedus.load("kursk-2024")], "", with_python=True)
    assert "by two vetoes" in [theory["name"] for theory in served["theories"]]
    own = toy.load(("requester: ASK", "requester: ASK\ncouncil_rule: two-vetoes"))
    with pytest.raises(InputError, match="toy-2020: a page cannot run the rule 'two-vetoes'"):
        page([own])
    assert "two-vetoes" in page([own], served={"class": False, "where": ""})


def test_the_app_runs_it_as_python_does(two_vetoes):
    pytest.importorskip("starlette", reason="the app needs the extra `app`")
    from foedus.app.crises import simulated

    asked = {"rule": "two-vetoes", "rho": "0.5", "RUS.stake": "0.2", "day": "3", "member": "RUS"}
    found = simulated("kazakhstan-2022", asked)
    settings = {"rho": 0.5, "RUS.stake": 0.2}
    setup = foedus.prepare("kazakhstan-2022", settings, rule="two-vetoes")
    levels = foedus.ensemble(setup, 1000).outcome.level
    assert [run["level"] for run in found["runs"]] == levels.tolist()
    most = np.bincount(levels).argmax()
    told = foedus.story(setup, int(np.argmax(levels == most)))
    days = found["told"]["days"]
    assert [day["answer"] for day in days] == [day.answer for day in told.days]
    assert days[0]["members"][0]["position"] == told.days[0].members[0].position


@pytest.mark.parametrize(
    ("crisis", "asked", "why"),
    [
        ("nowhere-1900", {}, "unknown crisis"),
        ("kursk-2024", {"rule": "none-such"}, "unknown rule 'none-such'"),
        ("kursk-2024", {"theory": "none-such"}, "none-such"),
        ("kursk-2024", {"call": "perhaps"}, "perhaps"),
        ("kursk-2024", {"rho": "much"}, "rho: expected a number"),
        ("kursk-2024", {"rho": "inf"}, "rho: expected a number"),
        ("kursk-2024", {"nonsense": "1"}, "nonsense"),
    ],
)
def test_the_app_refuses_what_it_does_not_know_in_one_line(crisis, asked, why):
    pytest.importorskip("starlette", reason="the app needs the extra `app`")
    from foedus.app.crises import simulated

    with pytest.raises(FoedusError, match=re.escape(why)):
        simulated(crisis, asked)


@pytest.mark.parametrize("name", ["Two vetoes", "", "a" * 41, "../x", "consensus"])
def test_a_name_that_cannot_be_used_is_refused(name):
    with pytest.raises(UsageError):
        extensions.council_rule(name, "Words.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\nraise OSError('gone')\n", "own.py:2: OSError: gone"),
        ("x = 1\ny = = 2\n", "own.py:2: SyntaxError: invalid syntax"),
        ("import foedus.extensions as e\ne.council_rule('A', 'b')\n", "own.py:2: 'A': expected a"),
    ],
)
def test_a_file_that_fails_is_named_with_its_line(tmp_path, called, text, said):
    own = tmp_path / "own.py"
    own.write_text(text)
    code, out, err = called("--extension", own, "list", "rules")
    assert (code, out) == (65, "")
    assert said in err
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_refused(called):
    code, _, err = called("--extension", "nowhere.py", "list", "rules")
    assert code == 65
    assert "nowhere.py: no such extension file" in err
