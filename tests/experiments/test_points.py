"""A point's address holds all that decides its result; tasks are fixed by the study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.theory import theory
from foedus.experiments import manifest as manifest_module
from foedus.experiments.manifest import CodeVersion, code_version
from foedus.experiments.study import Point, Study, digest_of, points_of, read_study, tasks_of
from foedus.model.council import PASSES
from sweeps import N_POINTS, PLAN, study_in
from toys import SCENARIO, changed

CODE = CodeVersion("1", "a" * 64, "2")


def keys(study, code=CODE):
    return [point.key for point in points_of(study, code)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("runs: 50", "runs: 51"),
        ("runs: 50", "runs: 50\nseed: 2"),
        ("runs: 50", "runs: 50\ndrawn_codes: false"),
        ("runs: 50", "runs: 50\nendogenous: true"),
        ("runs: 50", "runs: 50\nkeep_runs: true"),
        ("runs: 50", "runs: 50\nsettings: {eta: 0}"),
        ("runs: 50", "runs: 50\ntheories: [realist]"),
        ("runs: 50", "runs: 50\nrules: [patron]"),
    ],
)
def test_whatever_decides_the_results_changes_every_key(toy, old, new):
    before = set(keys(study_in(toy)))
    assert before.isdisjoint(keys(study_in(toy, changed(PLAN, (old, new)))))


@pytest.mark.parametrize(
    ("old", "new"), [("name: small", "name: other"), ("points_per_task: 3", "points_per_task: 5")]
)
def test_what_decides_nothing_changes_no_key(toy, old, new):
    assert keys(study_in(toy)) == keys(study_in(toy, changed(PLAN, (old, new))))


def test_another_scenario_file_or_other_code_changes_every_key(toy):
    study = study_in(toy)
    before = set(keys(study))
    toy.write(changed(SCENARIO, ("threat: {coders: [0.75]", "threat: {coders: [0.5]")))
    assert before.isdisjoint(keys(read_study(toy.folder / "plan.yaml")))
    for change in ({"foedus": "2"}, {"source": "b" * 64}, {"numpy": "3"}):
        assert before.isdisjoint(keys(study, replace(CODE, **change)))


def test_equal_points_are_computed_once(toy):
    twice = PLAN + "  - {kind: list, rows: [{settings: {threat: 1, rho: 0.5}}, {}]}\n"
    assert len(keys(study_in(toy, twice))) == N_POINTS + 1


def test_theories_and_rules_are_crossed_with_every_design(toy):
    text = changed(PLAN, ("runs: 50", "runs: 50\ntheories: [full, realist]\nrules: [own, patron]"))
    points = points_of(study_in(toy, text), CODE)
    assert len(points) == 4 * N_POINTS
    assert {(p.theory, p.rule) for p in points} == {
        ("full", None), ("full", "patron"), ("realist", None), ("realist", "patron"),
    }  # fmt: skip


def test_a_row_that_states_its_theory_or_rule_keeps_it(toy):
    text = PLAN[: PLAN.index("designs")] + (
        "theories: [full]\nrules: [patron]\n"
        "designs: [{kind: list, rows: [{rule: majority}, {theory: realist}, {rule: own}]}]\n"
    )
    points = points_of(study_in(toy, text), CODE)
    assert [(p.theory, p.rule) for p in points] == [
        ("full", "majority"), ("realist", "patron"), ("full", None),
    ]  # fmt: skip


def made_up(n: int, n_scenarios: int) -> list[Point]:
    size = -(-n // n_scenarios)
    return [Point(i, f"{i:064x}", f"s{i // size}", None, None, "history", {}) for i in range(n)]


@given(n=st.integers(1, 60), k=st.integers(1, 4), size=st.integers(1, 9), data=st.data())
def test_tasks_hold_just_what_is_wanted_in_order_and_never_interleave(n, k, size, data):
    points = made_up(n, k)
    wanted = data.draw(st.sets(st.integers(0, n - 1)))
    tasks = tasks_of(points, size, wanted)
    held = [point.index for task in tasks for point in task]
    assert held == sorted(wanted)
    blocks = {p.index: i for i, t in enumerate(tasks_of(points, size, set(range(n)))) for p in t}
    for task in tasks:
        assert len({point.scenario for point in task}) == 1
        assert len({blocks[point.index] for point in task}) == 1
        assert all(b.index == a.index + 1 for a, b in pairwise(task))


def test_the_digest_of_points_knows_their_order():
    points = made_up(3, 1)
    assert digest_of(points) != digest_of(reversed(points))


def test_the_code_version_covers_whatever_decides_a_result_and_no_face(tmp_path, monkeypatch):
    package, here = tmp_path / "foedus", code_version().source
    own = Path(manifest_module.__file__).parents[1]
    shutil.copytree(own, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(manifest_module, "__file__", str(package / "experiments" / "manifest.py"))
    digest = manifest_module._source_digest
    before = digest()
    assert before == here
    for name in ("model/crisis.py", "data/register.csv", "data/theories/realist.yaml"):
        (package / name).write_text((package / name).read_text() + "\n")
        assert digest() != before
        before = digest()
    (package / "cli" / "tables.py").write_text("")
    assert digest() == before


def only_the_first(ballot):
    return ballot.supports[0]


def test_a_rule_from_outside_the_package_is_part_of_the_code_version(monkeypatch):
    before = code_version()
    monkeypatch.setitem(PASSES, "only_the_first", only_the_first)
    assert code_version().source != before.source
    monkeypatch.undo()
    assert code_version() == before


def test_a_theory_that_says_something_else_changes_the_keys_of_its_points(toy):
    study = study_in(toy, changed(PLAN, ("runs: 50", "runs: 50\ntheories: [full, realist]")))
    before = keys(study)
    other = theory("realist").model_copy(update={"parameters": {"rho": 0.25}})
    plan = study.plan.model_copy(update={"claims": {"realist": other}})
    after = keys(Study(plan, study.cases))
    assert after[:N_POINTS] == before[:N_POINTS]
    assert set(after[N_POINTS:]).isdisjoint(before)
