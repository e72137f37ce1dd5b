"""A plan that cannot be used is refused at the line and column of its fault."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from foedus.analysis.summary import summarise
from foedus.data.library import ALLIANCE_FILE, load, load_all
from foedus.data.record_reader import record_from
from foedus.data.yaml_reader import parse_tree, read_tree
from foedus.errors import FileProblems
from foedus.experiments.plan import MAX_POINTS, Plan, plan_schema, plan_template
from foedus.experiments.store import Folder, collected
from foedus.experiments.study import read_study
from foedus.experiments.sweep import resume, start
from foedus.model.council import PASSES
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare
from sweeps import N_POINTS, PLAN, InlineExecutor, study_in, write_plan
from toys import changed


def refusal(toy, text: str) -> list[str]:
    with pytest.raises(FileProblems) as caught:
        read_study(write_plan(toy, text))
    return [f"{p.line}:{p.column}: {p.path}: {p.message}" for p in caught.value.problems]


def test_a_plan_knows_its_size_before_it_is_made(toy):
    study = study_in(toy)
    assert study.plan.n_points == N_POINTS
    assert [case.id for case in study.cases] == ["toy-2020"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: small", "name: ../small", "2:7: name: expected lower-case words joined by hyphens"),
        ("name: small", "name: a/b", "2:7: name: expected lower-case words"),
        ("runs: 50", "runs: 0", "4:7: runs: expected 1 or more, found 0"),
        ("runs: 50", "runs: 1.5", "4:7: runs: expected a whole number, found 1.5"),
        ("runs: 50", "runz: 50", "4:1: runz: unknown key 'runz' (did you mean 'runs'?)"),
        ("rho: [0,", "rhp: [0,", "9:7: designs.0.values.rhp: unknown name 'rhp'"),
        ("[0, 0.5, 1]", "[0, 0.5, -1]", "9:21: designs.0.values.rho.2: rho: -1 is out of range"),
        ("0.75, 1]", "0.75, 2]", "10:33: designs.0.values.threat.3: threat: 2 is out of range"),
        ("[0, 0.5, 1]", "[]", "9:12: designs.0.values.rho: expected at least 1 entries"),
        ("[0, 0.5, 1]", "[.nan]", "9:13: designs.0.values.rho.0: expected a finite number"),
        ("kind: grid", "kind: grit", "7:11: designs.0.kind: expected one of grid"),
        ("kind: grid", "kind: sobol", "7:5: designs.0: a sobol design takes over, points, seed"),
        ("toy-2020.yaml", "nowhere-1999", "3:13: scenarios.0: unknown scenario 'nowhere-1999'"),
        ("[toy-2020.yaml]", "[toy-2020.yaml, ./toy-2020.yaml]", "stands here twice"),
        ("runs: 50", "runs: 50\ntheories: [realists]", "(did you mean 'realist'?)"),
        (
            "runs: 50",
            "runs: 50\nrules: [tribe]",
            "5:9: rules.0: unknown rule 'tribe' (known:",
        ),
        ("runs: 50", "runs: 50\nsettings: {threat: 7}", "threat: 7 is out of range"),
        ("runs: 50", "runs: 50\nsettings: {horizon_days: 9.5}", "horizon_days: expected a whole"),
        ("runs: 50", "runs: 50\nsettings: {horizon_days: 900}", "horizon_days: 900 is out of"),
        ("runs: 50", "runs: 50\nsettings: {XXX.stake: 1}", "unknown name 'XXX.stake'"),
        ("[0, 0.5, 1]", "[0, 0.5, 0.0]", "9:12: designs.0.values.rho: 0 stands here twice"),
        ("runs: 50", "runs: 50\nrules: [own, own]", "5:8: rules: 'own' stands here twice"),
        ("runs: 50", "runs: 50\ntheories: [full, full]", "theories: 'full' stands here twice"),
        ("runs: 50", "runs: 0x" + "f" * 5000, "4:7: runs: expected a number of at most 18"),
        ("runs: 50", "runs: " + "9" * 4300, "4:7: runs: expected a number of at most 18"),
        ("schema_version: 1", "schema_version: 9", "1:17: schema_version: expected"),
    ],
)
def test_a_fault_is_told_with_its_place(toy, old, new, expected):
    found = refusal(toy, changed(PLAN, (old, new)))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ("{kind: sobol, points: 12, over: {rho: {}}}", "a power of 2 points, found 12"),
        ("{kind: sobol, points: 262144, over: {rho: {}}}", "expected 100000 or less"),
        ("{kind: list, rows: [{rule: tribe}]}", "designs.0.rows.0.rule: unknown rule 'tribe'"),
        ("{kind: sobol, points: 8}", "a sobol design needs `over`"),
        ("{kind: latin_hypercube, over: {rho: {}}}", "a latin_hypercube design needs `points`"),
        ("{kind: list, rows: [{settings: {rho: 99}}]}", "designs.0.rows.0.settings.rho: rho: 99"),
        ("{kind: list, rows: [{theory: marxist}]}", "designs.0.rows.0.theory: unknown theory"),
        (
            "{kind: sobol, points: 8, over: {rho: {low: 1, high: 1}}}",
            "designs.0.over.rho: expected `low` below `high`, found 1 and 1",
        ),
        ("{kind: sobol, points: 8, over: {rho: {low: 1}}}", "expected both `low` and `high`"),
        (
            "{kind: sobol, points: 8, over: {threat: {prior: true}}}",
            "designs.0.over.threat.prior: threat has no prior in the register",
        ),
        ("{kind: sobol, points: 8, over: {omega: {prior: true}}}", "omega has no prior"),
        ("{kind: sobol, points: 8, over: {rho: {low: 0, high: 99}}}", "over.rho.high: rho: 99"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused(toy, design, expected):
    text = PLAN[: PLAN.index("designs")] + f"designs: [{design}]\n"
    found = refusal(toy, text)
    assert any(expected in line for line in found), found


def test_a_plan_of_too_many_points_is_refused_without_making_them(toy):
    many = ", ".join(str(i / 1000) for i in range(1000))
    text = changed(PLAN, ("[0, 0.5, 1]", f"[{many}]"), ("[0.25, 0.5, 0.75, 1]", f"[{many}]"))
    (line,) = refusal(toy, text)
    assert f"expected at most {MAX_POINTS:,} points, found 1,000,000" in line


def test_the_plan_in_the_guide_is_a_plan(tmp_path):
    page = (Path(__file__).parents[2] / "docs/how-to/large-experiments.md").read_text()
    plan = tmp_path / "influence.yaml"
    plan.write_text(page.partition("```yaml\n")[2].partition("```")[0])
    study = read_study(plan)
    assert f"{study.plan.n_points} points in" in page


@pytest.mark.parametrize("rule", sorted(PASSES))
def test_a_plan_takes_every_rule_that_councils_know(toy, rule):
    study = study_in(toy, changed(PLAN, ("runs: 50", f"runs: 50\nrules: [{rule}]")))
    assert study.plan.rules == (rule,)


def test_a_crisis_or_an_alliance_in_place_of_a_plan_is_said_in_one_line(toy):
    for path, words in (
        (toy.write(), "toy-2020.yaml:14:1: adversary: this is a crisis, not a plan"),
        (toy.folder / ALLIANCE_FILE, "alliance.yaml:7:1: treaty: this is an alliance, not a plan"),
    ):
        with pytest.raises(FileProblems) as caught:
            read_study(path)
        assert [words in str(problem) for problem in caught.value.problems] == [True]


def test_a_plan_in_place_of_a_crisis_is_said_in_one_line(toy):
    with pytest.raises(FileProblems, match=r"^[^\n]*3:1: scenarios: this is the plan [^\n]*$"):
        load(str(write_plan(toy)))


def test_plans_and_folders_of_results_may_lie_among_crises(toy):
    plan = write_plan(toy)
    start(
        read_study(plan), plan.read_bytes(), Folder(toy.folder / "out"), InlineExecutor, command=""
    )
    assert [case.id for case in load_all(toy.folder)] == ["toy-2020"]


OWN_THEORY = "title: Mine\nclaim: Talk moves nobody.\nparameters: {rho: 0}\nsources: [assumed]\n"


def test_a_plan_crosses_requests_empty_seats_set_stances_and_theories_of_its_own(toy):
    toy.write(OWN_THEORY, "mine.yaml")
    crossed = "requests: [history, none]\ntheories: [full, ./mine.yaml]"
    seats = "without: [FAR]\nstances: {FRI: object}"
    study = study_in(toy, changed(PLAN, ("runs: 50", f"runs: 50\n{crossed}\n{seats}")))
    sweep = start(study, b"", Folder(toy.folder / "out"), InlineExecutor, command="")
    table = collected(sweep.folder)[0].to_pandas()
    assert len(table) == study.plan.n_points == 4 * N_POINTS
    toy.write("title: [", "mine.yaml")  # a resume needs no file of the theory
    assert len(resume(sweep.folder, InlineExecutor).points) == 4 * N_POINTS
    for row in table.iloc[[0, 1, 17, 30, 47]].itertuples():
        claim = study.plan.claim(row.theory)
        changes = {"rho": row.rho, "threat": row.threat}
        setup = prepare(
            study.cases[0],
            changes,
            theory=claim,
            request=row.request,
            without=["FAR"],
            stances={"FRI": "object"},
        )
        found = summarise(ensemble(setup, 50, 1)).p_levels
        assert (row.p_none, row.p_consult, row.p_support, row.p_deploy) == tuple(found)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("without: [ZZZ]", "without: "),
        ("without: [ASK]", "without: "),
        ("stances: {ZZZ: object}", "stances: ZZZ is not a member here"),
        ("stances: {FRI: maybe}", "stances.FRI: expected one of support, abstain, object"),
        ("requests: [loud]", "requests.0: expected one of history, treaty, none"),
        ("without: [FAR]\nsettings: {FAR.stake: 1}", "FAR.stake is set, and its state does not"),
        ("theories: [./nowhere.yaml]", "nowhere.yaml"),
    ],
)
def test_seats_requests_and_theories_that_nobody_knows_are_refused(toy, more, expected):
    with pytest.raises(FileProblems, match=re.escape(expected)):
        study_in(toy, changed(PLAN, ("runs: 50", f"runs: 50\n{more}")))


def test_the_template_is_a_plan_and_mentions_every_key(tmp_path):
    text = plan_template("influence")
    path = tmp_path / "influence.yaml"
    path.write_text(text)
    assert read_study(path).plan.name == "influence"
    whole = re.sub(r"^#(?=\w|  - |    )", "", text, flags=re.MULTILINE)
    path.write_text(whole)
    assert set(record_from(read_tree(path), Plan).model_fields_set) == set(Plan.model_fields)


def test_the_schema_takes_the_template_and_refuses_what_a_plan_does_not_know(tmp_path):
    schema = json.loads(plan_schema())
    plan = yaml_values(plan_template("influence"))
    jsonschema.validate(plan, schema)
    for spoiled in ({**plan, "runz": 1}, {**plan, "runs": 0}, {**plan, "name": "a/b"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoiled, schema)


def yaml_values(text: str) -> dict:
    return parse_tree(text, "plan").values
