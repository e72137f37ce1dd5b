"""Every shipped file loads; cases are found by id, and a digest follows every number."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.data.library import (
    ALLIANCE_FILE,
    find,
    ids,
    load,
    load_all,
    load_alliance,
    scenario_files,
    shipped,
)
from foedus.data.register import defaults
from foedus.errors import FileProblems
from foedus.model.array_engine import run_batch
from foedus.model.compilation import situation_of
from toys import ALLIANCE, SCENARIO, build_toy, changed

FOLDERS = sorted(path.parent for path in shipped().glob(f"*/{ALLIANCE_FILE}"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_alliance_loads_and_is_named_for_its_folder(folder):
    alliance, indicators = load_alliance(folder)
    assert alliance.id == folder.name
    assert {row.state for row in indicators} <= set(alliance.states)
    assert bool(indicators) == (alliance.dependence_from == "indicators")


@pytest.mark.parametrize("name", ids())
def test_a_shipped_scenario_loads_runs_and_is_named_for_its_file(name):
    case = load(name)
    assert case.id == name
    assert run_batch(situation_of(case), defaults(), 0, 2).n_runs == 2


def test_something_is_shipped():
    assert len(FOLDERS) > 1
    assert len(ids()) > len(FOLDERS)


def test_no_two_shipped_scenarios_share_an_id():
    files = [
        path
        for path in shipped().rglob("*.yaml")
        if path.name not in (ALLIANCE_FILE, "chronicle.yaml")
    ]
    assert len(files) == len(ids())


def test_a_case_is_found_by_id_and_by_path():
    assert load(str(find("kazakhstan-2022"))).scenario == load("kazakhstan-2022").scenario


def test_all_cases_below_a_folder_come_in_the_order_of_their_ids(toy):
    for name in ("b", "a", "c"):
        toy.write(changed(SCENARIO, ("id: toy-2020", f"id: {name}")), f"{name}.yaml")
    assert list(scenario_files(toy.folder)) == ["a", "b", "c"]
    assert [case.id for case in load_all(toy.folder)] == ["a", "b", "c"]


def test_the_patron_is_the_scenarios_own_or_else_the_alliances(toy):
    assert toy.load().patron == "LED"
    assert toy.load(("requester: ASK", "requester: ASK\npatron: FRI")).patron == "FRI"


def test_the_digest_ignores_comments_and_order_and_follows_every_number(toy, tmp_path):
    digest = toy.load().digest
    assert toy.load(("quality: C", "# only a comment\nquality: C")).digest == digest
    reordered = toy.load(
        ("  onset: 2020-01-01\n", ""),
        ("  coded: 2020-01-05\n", "  coded: 2020-01-05\n  onset: 2020-01-01\n"),
    )
    assert reordered.digest == digest
    assert toy.load(("threat: {coders: [0.75]", "threat: {coders: [0.5]")).digest != digest
    other = build_toy(tmp_path / "other", changed(ALLIANCE, ("total: 3000", "total: 2999")))
    assert other.load().digest != digest
    without = build_toy(tmp_path / "without", indicators=None)
    assert without.load().digest != digest


def test_plans_and_parameter_files_beside_crises_are_passed_over(toy):
    toy.write()
    toy.write("schema_version: 1\nname: first\nscenarios: [toy-2020.yaml]\nruns: 20\n", "plan.yaml")
    toy.write("schema_version: 1\nparameters: {rho: 1}\n", "fit.yaml")
    toy.write("horizon: 3\n", "unknown.yaml")
    assert list(scenario_files(toy.folder)) == ["toy-2020", "unknown"]


def test_a_fault_is_told_once_however_the_folder_was_named(toy, monkeypatch):
    toy.write()
    toy.write("not,a,header\n", "indicators.csv")
    monkeypatch.chdir(toy.folder.parent)
    with pytest.raises(FileProblems) as of_alliance:
        load_alliance(Path(toy.folder.name))
    with pytest.raises(FileProblems) as of_scenario:
        load(f"{toy.folder.name}/toy-2020.yaml")
    assert of_scenario.value.problems == of_alliance.value.problems
    assert of_alliance.value.problems[0].file == f"{toy.folder.name}/indicators.csv"
