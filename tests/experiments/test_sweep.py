"""A sweep from plan to table: the same bytes for any number of workers, and nothing given up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import partial

import pandas as pd
import pytest

from foedus.analysis.summary import summarise
from foedus.cli import run
from foedus.data.durable import sole_writer
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments import executor as executor_module
from foedus.experiments import sweep as sweep_module
from foedus.experiments.executor import on_this_machine
from foedus.experiments.executor import work as own_work
from foedus.experiments.manifest import DECIDES, CodeVersion, code_version, read_manifest
from foedus.experiments.store import Folder, collected, collected_runs, state_of
from foedus.experiments.sweep import start
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare
from sweeps import (
    N_POINTS,
    PLAN,
    InlineExecutor,
    compute,
    digest,
    foedus,
    go_on,
    n_parts,
    study_in,
    write_plan,
)
from toys import SCENARIO, changed


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_every_row_is_the_summary_of_its_own_ensemble(toy, out):
    study = study_in(toy)
    compute(study, out)
    table = collected(Folder(out))[0].to_pandas()
    assert len(table) == N_POINTS
    for row in table.itertuples():
        alone = ensemble(prepare(study.cases[0], {"rho": row.rho, "threat": row.threat}), 50, 1)
        summary = summarise(alone)
        shares = (row.p_none, row.p_consult, row.p_support, row.p_deploy)
        errors = (row.se_none, row.se_consult, row.se_support, row.se_deploy)
        assert shares == summary.p_levels
        assert errors == summary.errors
        assert row.expected_level == summary.expected_level
        assert row.days_to_end_median == summary.days_to_end.median
        assert row.p_quelled == summary.p_quelled


@pytest.mark.parametrize("n", [2, pytest.param(5, marks=pytest.mark.slow)])
def test_local_processes_give_the_bytes_of_this_process_however_many_they_are(toy, tmp_path, n):
    """One process: see the commands below."""
    study = study_in(toy)
    compute(study, tmp_path / "inline")
    compute(study, tmp_path / "local", lambda: on_this_machine(n))
    assert digest(tmp_path / "local") == digest(tmp_path / "inline")
    files = [
        {path.name for path in (tmp_path / d / "parts").iterdir()} for d in ("local", "inline")
    ]
    assert files[0] == files[1]


def test_the_size_of_a_task_moves_no_byte(toy, tmp_path):
    compute(study_in(toy), tmp_path / "threes")
    text = changed(PLAN, ("points_per_task: 3", "points_per_task: 5"))
    compute(study_in(toy, text), tmp_path / "fives")
    assert digest(tmp_path / "threes") == digest(tmp_path / "fives")


def test_a_finished_sweep_is_not_computed_again(toy, out):
    study = study_in(toy)
    compute(study, out)
    before = (out / "manifest.json").read_bytes()

    def none():
        raise AssertionError("a executor was made")

    compute(study, out, none)
    go_on(out, none)
    assert (out / "manifest.json").read_bytes() == before


def test_progress_counts_up_to_all_points(toy, out):
    told = []
    compute(study_in(toy), out, notify=told.append)
    assert [p.tally.done for p in told] == [3, 6, 9, 12]
    assert all(p.tally.total == N_POINTS and p.runs == 50 for p in told)


def poisoned(*bad: float):
    """A executor in which a task that holds one of these thresholds breaks."""

    def breaks(message: bytes) -> str | None:
        points = json.loads(message)["points"]
        hit = [p for p in points if (p["settings"]["rho"], p["settings"]["threat"]) in bad]
        return "it went up in smoke" if hit else None

    return InlineExecutor(breaks)


def test_a_poison_point_fails_after_two_tries_alone_and_takes_no_neighbour_along(toy, out):
    study = study_in(toy)
    executor = poisoned((0.5, 0.75))
    with pytest.raises(UnfinishedError, match=r"1 of 12 points failed.*point 6.*up in smoke"):
        compute(study, out, lambda: executor)
    alone = [m for m in executor.submitted if len(json.loads(m)["points"]) == 1]
    tries = [m for m in alone if json.loads(m)["points"][0]["index"] == 6]
    assert len(tries) == 2
    state = state_of(Folder(out))
    assert (state.tally.done, state.tally.failed) == (11, 1)
    assert [f.point for f in state.failures] == [6]
    assert read_manifest(out / "manifest.json").result.failed == 1


def test_a_resume_tries_again_what_failed(toy, tmp_path):
    study = study_in(toy)
    with pytest.raises(UnfinishedError):
        compute(study, tmp_path / "a", lambda: poisoned((0.5, 0.75), (1.0, 1.0)))
    go_on(tmp_path / "a")
    compute(study, tmp_path / "b")
    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def bad_work(message: bytes, code: str, seconds: float) -> tuple[str, bytes, bytes]:
    """Dies of point 3, fails at point 6, hangs over point 9, and with that alone soon gives up."""
    here = {point["index"] for point in json.loads(message)["points"]}
    if 3 in here:
        os.kill(os.getpid(), 9)
    if 6 in here:
        raise ValueError("no such luck")
    if 9 in here:
        executor_module.perform, seconds = (lambda _: time.sleep(600)), 0.5
    return own_work(message, code, seconds)


def test_a_point_that_kills_fails_or_hangs_its_worker_costs_itself_alone(toy, out, monkeypatch):
    monkeypatch.setattr(executor_module, "work", bad_work)
    study = study_in(toy, changed(PLAN, ("points_per_task: 3", "points_per_task: 1")))
    patient = partial(on_this_machine, 2, patience=600.0)  # a worker may start slowly
    with pytest.raises(UnfinishedError, match="3 of 12 points failed"):
        compute(study, out, patient)
    died = "its worker died, or took longer than the time limit of 600 s"
    assert {f.point: f.reason for f in state_of(Folder(out)).failures} == {
        3: died,
        6: "ValueError: no such luck",
        9: died,
    }


def test_a_task_has_the_time_limit_whatever_the_number_of_its_points(toy, out):
    executor = InlineExecutor()
    text = changed(PLAN, ("points_per_task: 3", "points_per_task: 5\ntime_limit: 7"))
    compute(study_in(toy, text), out, lambda: executor)
    assert set(executor.patience) == {7.0}


def test_workers_that_cannot_start_stop_the_sweep(toy, out, monkeypatch):
    def no_room(*_, **__):
        raise RuntimeError("no room in the inn")

    monkeypatch.setattr("distributed.LocalCluster", no_room)
    with pytest.raises(UnfinishedError, match="no worker can be started: no room in the inn"):
        compute(study_in(toy), out, lambda: on_this_machine(1))
    go_on(out)
    assert collected(Folder(out))[0].num_rows == N_POINTS


def test_a_folder_computed_by_other_code_is_left_alone(toy, out, monkeypatch):
    compute(study_in(toy), out)
    before = digest(out)
    other = CodeVersion("9.9.9", code_version().source, code_version().numpy)
    monkeypatch.setattr(sweep_module, "code_version", lambda: other)
    with pytest.raises(UsageError, match=r"computed by foedus 0.*this is foedus 9\.9\.9"):
        go_on(out)
    assert digest(out) == before


def test_all_code_that_a_worker_computes_with_is_part_of_the_version():
    """What is left out carries tasks and answers, or says what is asked, which the keys hold."""
    carries = {"executor", "manifest"}
    program = "import sys, foedus.experiments.executor\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    names = (name.removeprefix("foedus.") for name in loaded if name.startswith("foedus."))
    ours = {name.replace(".", "/") for name in names} - {"errors", "analysis", "experiments"}
    decides = {part.removesuffix(".py") for part in DECIDES}
    left_out = {name for name in ours if decides.isdisjoint({name, name.split("/")[0]})}
    doors = {"extensions"}  # what they let in is part of the version as a file of its own
    shows = {"analysis/frames"}
    assert left_out == doors | shows | {f"experiments/{name}" for name in carries}


def test_reading_a_table_starts_no_thread(toy, out):
    """Arrow's own would now and then abort a process that is through."""
    compute(study_in(toy), out)
    program = (
        "import os, pyarrow.parquet\nfrom pathlib import Path\n"
        "from foedus.experiments.store import collected\n"
        "from foedus.experiments.store import Folder\n"
        "def n_threads(): return len(os.listdir('/proc/self/task'))\n"
        f"before = n_threads()\ncollected(Folder(Path({str(out)!r})))\n"
        "print(n_threads() - before)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (said.stdout, said.stderr) == ("0\n", "")


def test_the_same_points_under_another_time_limit_go_on_under_that(toy, out):
    def breaks(message: bytes) -> str:
        return "too slow"

    with pytest.raises(UnfinishedError):
        compute(study_in(toy), out, lambda: InlineExecutor(breaks))
    patient = ("points_per_task: 3", "points_per_task: 4\ntime_limit: 1200")
    executor = InlineExecutor()
    compute(study_in(toy, changed(PLAN, patient)), out, lambda: executor)
    assert set(executor.patience) == {1200.0}
    assert len(executor.submitted) == 4  # tasks are cut as they were
    assert read_manifest(out / "manifest.json").plan.time_limit == 1200.0


def test_a_table_collected_into_the_sweeps_own_folder_is_in_nobodys_way(toy, out):
    study = study_in(toy)
    compute(study, out)
    assert run(["experiment", "table", str(out), "--out", str(out / "table.csv")]) == 0
    compute(study, out)


def test_a_command_that_is_no_unicode_can_be_written_down(toy, out):
    folder = Folder(out)
    start(study_in(toy), b"", folder, InlineExecutor, command="foedus sweep \udcff")
    assert folder.manifest().command == r"foedus sweep \udcff"


def test_another_plan_is_refused_where_a_sweep_lives(toy, out):
    compute(study_in(toy), out)
    with pytest.raises(UsageError, match="another plan's sweep lives here"):
        compute(study_in(toy, changed(PLAN, ("runs: 50", "runs: 51"))), out)


def test_a_folder_with_other_things_in_it_is_left_alone(toy, out):
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    with pytest.raises(UsageError, match="holds files that are no sweep's"):
        compute(study_in(toy), out)
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]


def test_two_cannot_work_on_one_folder(toy, out):
    study = study_in(toy)
    compute(study, out)
    with sole_writer(out):
        assert state_of(Folder(out)).is_running
        with pytest.raises(UsageError, match="another foedus is at work"):
            go_on(out)
    assert not state_of(Folder(out)).is_running


def test_a_scenario_that_changed_on_the_disk_does_not_change_a_resume(toy, out, tmp_path):
    study = study_in(toy)
    with pytest.raises(UnfinishedError):
        compute(study, out, lambda: poisoned((0.0, 0.25)))
    toy.write(changed(SCENARIO, ("threat: {coders: [0.75]", "threat: {coders: [0.5]")))
    go_on(out)
    toy.write()
    compute(study, tmp_path / "b")
    assert digest(out) == digest(tmp_path / "b")


def test_runs_are_kept_where_the_plan_says_so(toy, out):
    text = changed(PLAN, ("runs: 50", "runs: 50\nkeep_runs: true"))
    study = study_in(toy, text)
    compute(study, out)
    parts = [part.to_pandas() for part in collected_runs(Folder(out))]
    runs = pd.concat(parts)
    assert list(runs["point"]) == [i for i in range(N_POINTS) for _ in range(50)]
    alone = ensemble(prepare(study.cases[0], {"rho": 0.5, "threat": 1.0}), 50, 1).outcome
    own = runs[runs["point"] == 7]
    assert list(own["run"]) == list(range(50))
    assert list(own["level"]) == alone.level.tolist()
    assert list(own["troops"]) == alone.troops.sum(axis=0).tolist()


def test_a_sweep_that_keeps_no_runs_says_so(toy, out):
    compute(study_in(toy), out)
    with pytest.raises(UsageError, match="keeps no runs"):
        list(collected_runs(Folder(out)))


def test_an_unfinished_sweep_cannot_be_rerun(toy, out, capsys):
    with pytest.raises(ZeroDivisionError):
        compute(study_in(toy), out, lambda: 1 / 0)
    assert run(["experiment", "verify", str(out / "manifest.json")]) == 65
    assert "no result yet" in capsys.readouterr().err


def test_no_sweep_in_a_folder_is_said(tmp_path):
    for look in (go_on, lambda path: state_of(Folder(path)), lambda path: collected(Folder(path))):
        with pytest.raises(InputError, match="no such folder"):
            look(tmp_path / "nowhere")
        with pytest.raises(InputError, match="no sweep lives here"):
            look(tmp_path)


def test_the_commands_go_all_the_way_from_plan_to_repetition(toy, tmp_path, capsys):
    plan, out = write_plan(toy), tmp_path / "out"
    assert run(["experiment", "run", str(plan), "--dry-run", "--workers", "2"]) == 0
    assert capsys.readouterr().out.startswith("12 points in 4 tasks, 600 runs\nabout ")
    assert not out.exists()
    swept = foedus("experiment", "run", plan, "--out-dir", out, "--workers", 1)
    assert (swept.returncode, swept.stderr) == (0, "")
    result = read_manifest(out / "manifest.json").result
    assert result.table_sha256[:12] in swept.stdout
    compute(study_in(toy), tmp_path / "inline")
    assert digest(out) == digest(tmp_path / "inline")
    assert run(["experiment", "status", str(out)]) == 0
    assert capsys.readouterr().out.startswith("12 of 12 points done, 0 failed\n4 files of results")
    again = foedus("experiment", "verify", out / "manifest.json", "--workers", 1)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == f"the same: 12 points, table {result.table_sha256[:12]}\n"


def test_the_collected_table_is_the_same_in_both_formats_and_its_dictionary_fits(toy, tmp_path):
    compute(study_in(toy), tmp_path / "out")
    for name in ("t.csv", "t.parquet"):
        assert (
            run(["experiment", "table", str(tmp_path / "out"), "--out", str(tmp_path / name)]) == 0
        )
    csv, parquet = pd.read_csv(tmp_path / "t.csv"), pd.read_parquet(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(csv, parquet, check_dtype=False)
    dictionary = json.loads((tmp_path / "t.dictionary.json").read_text())
    assert [column["name"] for column in dictionary["columns"]] == list(csv.columns)
    assert all(column["description"] for column in dictionary["columns"])
    assert "`rho`" in (tmp_path / "t.dictionary.md").read_text()


def test_a_table_of_another_format_is_refused(toy, tmp_path, capsys):
    compute(study_in(toy), tmp_path / "out")
    assert (
        run(["experiment", "table", str(tmp_path / "out"), "--out", str(tmp_path / "t.xlsx")]) == 2
    )
    assert "expected a name that ends in .csv or .parquet" in capsys.readouterr().err


def test_a_rerun_finds_out_a_scenario_that_is_not_what_it_was(toy, tmp_path, capsys):
    compute(study_in(toy), tmp_path / "out")
    alone = tmp_path / "moved" / "manifest.json"
    alone.parent.mkdir()
    alone.write_bytes((tmp_path / "out" / "manifest.json").read_bytes())
    assert run(["experiment", "verify", str(alone), "--workers", "1"]) == 65
    assert "toy-2020.json: damaged or missing" in capsys.readouterr().err


def test_a_collected_table_that_lacks_points_says_so_with_exit_3(toy, out, tmp_path, capsys):
    with pytest.raises(UnfinishedError):
        compute(study_in(toy), out, lambda: poisoned((0.0, 0.25)))
    assert run(["experiment", "table", str(out), "--out", str(tmp_path / "t.csv")]) == 3
    told = capsys.readouterr().err
    assert "the table holds 11 of 12 points: 0 are not computed, 1 failed" in told
    assert len(pd.read_csv(tmp_path / "t.csv")) == 11
    assert n_parts(out) == 5


@pytest.mark.parametrize(
    "words",
    [
        ["experiment", "run", "p", "--dry-run"],
        ["experiment", "resume", "d"],
        ["experiment", "verify", "m"],
    ],
)
def test_without_the_extra_a_command_says_what_to_install(words, capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert run(words) == 2
    assert capsys.readouterr().err == (
        "a large experiment needs pyarrow: pip install 'foedus[experiments]' "
        "(in a checkout: '.[experiments]')\n"
    )


def test_days_and_troops_of_a_case_can_be_swept(toy, out):
    over = "{horizon_days: {low: 5, high: 40}, forces_needed: {low: 500, high: 3000}}"
    text = PLAN[: PLAN.index("designs")] + (
        f"designs: [{{kind: latin_hypercube, points: 6, over: {over}}}]\n"
    )
    study = study_in(toy, text)
    compute(study, out)
    table = collected(Folder(out))[0].to_pandas()
    for row in table.itertuples():
        days = {"horizon_days": row.horizon_days, "forces_needed": row.forces_needed}
        alone = summarise(ensemble(prepare(study.cases[0], days), 50, 1))
        assert row.horizon_days == round(row.horizon_days)
        assert row.expected_level == alone.expected_level
        assert row.days_to_end_high == alone.days_to_end.high
    assert len(set(table.days_to_end_high)) > 1


def test_equal_points_of_a_plan_are_computed_once_and_said(toy, out, capsys):
    text = PLAN + "  - {kind: list, rows: [{settings: {threat: 1, rho: 0.5}}]}\n"
    assert compute(study_in(toy, text), out).n_repeated == 1
    assert run(["experiment", "run", str(toy.folder / "plan.yaml"), "--dry-run"]) == 0
    assert "1 point of the plan equal to others, computed once" in capsys.readouterr().out
