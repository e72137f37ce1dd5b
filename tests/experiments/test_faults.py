"""Whatever is killed, torn, filled up or damaged: nothing finished is lost, the rest is computed.

After every fault the sweep is resumed, and the digest of its table must be that of a sweep that
nobody disturbed.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foedus.data import durable
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.manifest import manifest_text
from foedus.experiments.store import Folder, collected, state_of
from sweeps import (
    N_POINTS,
    PLAN,
    InlineExecutor,
    begin_foedus,
    begin_held_foedus,
    compute,
    digest,
    foedus,
    go_on,
    is_alive,
    n_parts,
    study_in,
    workers_of,
    write_plan,
)
from toys import build_toy, changed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made the Linux way")

TWO = changed(
    PLAN,
    ("runs: 50", "runs: 5"),
    ("rho: [0, 0.5, 1]", "rho: [0, 0.5]"),
    ("threat: [0.25, 0.5, 0.75, 1]", "threat: [1]"),
    ("points_per_task: 3", "points_per_task: 1"),
)
"""Two points in two tasks: as few steps as a sweep can have."""

LONGER = changed(
    PLAN,
    ("runs: 50", "runs: 500"),
    ("rho: [0, 0.5, 1]", "rho: [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4]"),
    ("points_per_task: 3", "points_per_task: 2"),
)
"""Thirty-two points in sixteen tasks: long enough to be hit while it works."""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Digests of undisturbed sweeps, by plan."""
    toy = build_toy(tmp_path_factory.mktemp("toy"))
    found = {}
    for text in (TWO, PLAN, LONGER):
        out = tmp_path_factory.mktemp("out")
        compute(study_in(toy, text), out)
        found[text] = digest(out)
    return found


def finish(*words: object) -> None:
    """Resume until it is done; a point that was hit twice takes one more."""
    for _ in range(3):
        if foedus(*words).returncode == 0:
            return
    pytest.fail("the sweep does not come to an end")


def until(condition, seconds: float = 300.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail("it never came about")
        time.sleep(0.01)


# --- killed -------------------------------------------------------------------------------


def dies_at(step: int, study, out: Path) -> bool:
    """Compute in a child that is killed (kill -9) at the given durable step; whether it was."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        counted = 0

        def counting(act):
            def counted_act(*words, **options):
                nonlocal counted
                counted += 1
                if counted == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return act(*words, **options)

            return counted_act

        os.fsync = counting(os.fsync)
        Path.replace = counting(Path.replace)
        Path.mkdir = counting(Path.mkdir)
        compute(study, out)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"  # the child waits for no thread
)
def test_killed_before_any_step_that_touches_the_disk_it_goes_on_from_there(
    toy, tmp_path, reference
):
    """Every step in turn: a new sweep, killed there, begun again with the same command."""
    study, step = study_in(toy, TWO), 1
    while dies_at(step, study, tmp_path / str(step)):
        out = tmp_path / str(step)
        kept, executor = n_parts(out), InlineExecutor()
        compute(study, out, lambda executor=executor: executor)
        assert digest(out) == reference[TWO]
        assert len(executor.submitted) == 2 - kept
        assert not list(out.rglob("*" + durable.UNFINISHED_SUFFIX))
        step += 1
    assert step > 15


def test_workers_and_their_coordinator_killed_in_the_middle_of_their_work_lose_nothing(
    toy, tmp_path, reference
):
    """No worker ends the last tasks, so that the middle lasts until the blows have fallen."""
    plan, out = write_plan(toy, LONGER), tmp_path / "out"
    process = begin_held_foedus(24, "experiment", "run", plan, "--out-dir", out, "--workers", 2)
    for n in (1, 3):
        until(lambda: n_parts(out) >= n and workers_of(process.pid))  # noqa: B023
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    until(lambda: n_parts(out) >= 5)
    workers = workers_of(process.pid)
    process.kill()
    process.communicate()
    until(lambda: not any(map(is_alive, workers)))
    assert n_parts(out) >= 5
    assert 0 < n_computed_again(out) < 16
    assert digest(out) == reference[LONGER]


@pytest.mark.slow
@pytest.mark.parametrize("n_kills", [40])
def test_a_coordinator_that_is_killed_again_and_again_arrives_at_the_same_table(
    toy, tmp_path, reference, n_kills
):
    chance = random.Random(n_kills)
    plan, out = write_plan(toy, LONGER), tmp_path / "out"
    for n in range(n_kills):
        before = n_parts(out)
        process = begin_foedus("experiment", "run", plan, "--out-dir", out, "--workers", 1 + n % 2)
        until(lambda: n_parts(out) > before or process.poll() is not None)  # noqa: B023
        time.sleep(chance.uniform(0, 0.05))
        workers = workers_of(process.pid)
        process.kill()
        process.communicate()
        until(lambda: not any(map(is_alive, workers)))  # noqa: B023 - none is left behind
        assert n_parts(out) >= before
        if n_parts(out) == 16:
            shutil.rmtree(out)
    finish("experiment", "run", plan, "--out-dir", out, "--workers", 2)
    assert digest(out) == reference[LONGER]


@pytest.mark.slow
@pytest.mark.parametrize("n_kills", [40])
def test_workers_that_are_killed_at_random_lose_nothing(toy, tmp_path, reference, n_kills):
    chance = random.Random(n_kills)
    plan, out, killed = write_plan(toy, LONGER), tmp_path / "out", 0
    while killed < n_kills:
        process = begin_foedus("experiment", "run", plan, "--out-dir", out, "--workers", 2)
        while process.poll() is None and killed < n_kills:
            time.sleep(chance.uniform(0.02, 0.3))
            workers = workers_of(process.pid)
            if workers and n_parts(out) < 14:
                with suppress(ProcessLookupError):  # it has just been replaced
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed += 1
        said = process.communicate(timeout=300)[1]
        assert process.returncode in (0, 3), said
        if killed < n_kills and process.returncode == 0:
            assert digest(out) == reference[LONGER]
            shutil.rmtree(out)
    finish("resume", out, "--workers", 2)
    assert digest(out) == reference[LONGER]


@pytest.mark.parametrize(
    "how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_an_interrupted_sweep_leaves_with_130_and_says_how_to_go_on(toy, tmp_path, how, reference):
    plan, out = write_plan(toy, LONGER), tmp_path / "out"
    process = begin_held_foedus(6, "experiment", "run", plan, "--out-dir", out, "--workers", 1)
    until(lambda: n_parts(out) == 3)
    workers = workers_of(process.pid)
    os.kill(process.pid, how)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert said.strip() == f"interrupted; go on with: foedus experiment resume {out}"
    until(lambda: not any(map(is_alive, workers)))
    go_on(out)
    assert digest(out) == reference[LONGER]


# --- the disk ------------------------------------------------------------------------------


def limited(n_bytes: int):
    """No file may grow beyond this size."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))


@pytest.mark.parametrize(
    "n_bytes", [8_000, *(pytest.param(n, marks=pytest.mark.slow) for n in (200, 1_000, 5_000))]
)
def test_files_that_may_not_grow_stop_a_sweep_cleanly(toy, tmp_path, reference, n_bytes):
    plan, out = write_plan(toy), tmp_path / "out"
    stopped = foedus(
        "experiment", "run", plan, "--out-dir", out, "--workers", 1, preexec_fn=limited(n_bytes)
    )
    assert stopped.returncode == 3
    assert "Traceback" not in stopped.stderr
    assert len(stopped.stderr.strip().splitlines()) == 1
    assert str(out) in stopped.stderr
    compute(study_in(toy), out)
    assert digest(out) == reference[PLAN]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 kB (where the system lets one be mounted)."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_stops_a_sweep_and_room_lets_it_go_on(toy, small_disk, reference):
    out = small_disk / "out"
    out.mkdir()
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 356_000)
    study = study_in(toy)
    with pytest.raises(UnfinishedError, match=r"(No space left|full).*foedus experiment resume"):
        compute(study, out)
    assert not list(out.rglob("*" + durable.UNFINISHED_SUFFIX))
    kept = n_parts(out)
    ballast.unlink()
    executor = InlineExecutor()
    compute(study, out, lambda: executor)
    assert len(executor.submitted) == 4 - kept
    assert digest(out) == reference[PLAN]


def test_a_disk_that_is_read_only_is_said_and_can_still_be_read(toy, small_disk, reference):
    out = small_disk / "out"
    study = study_in(toy)
    compute(study, out)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert state_of(Folder(out)).tally.done == N_POINTS
    assert digest(out) == reference[PLAN]
    for attempt in (lambda: go_on(out), lambda: compute(study, small_disk / "new")):
        with pytest.raises(UnfinishedError, match="Read-only file system"):
            attempt()


def test_a_place_that_cannot_be_written_is_said(toy, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UnfinishedError, match=r"Not a directory.*choose another folder"):
        compute(study_in(toy), tmp_path / "file" / "out")


def test_a_disk_that_knows_no_locks_is_said(toy, tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(UnfinishedError, match="No locks available; choose a folder"):
        compute(study_in(toy), tmp_path / "out")


def test_new_folders_are_on_the_disk_with_those_above_them(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(durable, "sync_folder", synced.append)
    durable.make_durably(tmp_path / "a" / "b" / "c")
    assert sorted(synced) == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]


def test_a_disk_whose_folders_cannot_be_flushed_is_good_enough(tmp_path, monkeypatch):
    def of_files_alone(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", of_files_alone)
    durable.write_durably(tmp_path / "file", b"content")
    assert (tmp_path / "file").read_bytes() == b"content"


# --- damage --------------------------------------------------------------------------------


@pytest.fixture
def finished(toy, tmp_path):
    out = tmp_path / "out"
    compute(study_in(toy), out)
    return out


def flip(path: Path, where: float) -> None:
    """Flip one bit."""
    content = bytearray(path.read_bytes())
    content[int(where * (len(content) - 1))] ^= 0x10
    path.write_bytes(content)


def parts(out: Path) -> list[Path]:
    return sorted((out / "parts").iterdir())


def n_computed_again(out: Path) -> int:
    """Tasks that a resume computes."""
    executor = InlineExecutor()
    go_on(out, lambda: executor)
    return len(executor.submitted)


PART_DAMAGES = {
    "a bit at the start": lambda p: flip(p, 0.0),
    "a bit in the middle": lambda p: flip(p, 0.5),
    "a bit at the end": lambda p: flip(p, 1.0),
    "cut short": lambda p: p.write_bytes(p.read_bytes()[:-9]),
    "emptied": lambda p: p.write_bytes(b""),
    "gone": lambda p: p.unlink(),
}


@pytest.mark.parametrize("damage", PART_DAMAGES.values(), ids=PART_DAMAGES)
def test_a_damaged_part_is_never_collected_and_is_computed_again(finished, damage, reference):
    damage(parts(finished)[1])
    with pytest.raises(UnfinishedError, match=r"parts.*foedus experiment resume"):
        collected(Folder(finished))
    assert n_computed_again(finished) == 1
    assert digest(finished) == reference[PLAN]


def other_type(table):
    return table.set_column(2, "scenario", pa.array([1.0] * table.num_rows))


def other_points(table):
    return table.set_column(0, "point", pa.array([99] * table.num_rows, pa.int64()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop_columns(["scenario"]), "the column 'scenario' is missing"),
        (lambda t: t.append_column("zz", t["runs"]), "the column 'zz' is not one of this table's"),
        (lambda t: t.append_column("runs", t["runs"]), "the column 'runs' is not one"),
        (other_type, "the column 'scenario': expected string, found double"),
        (lambda t: t.select(t.column_names[::-1]), "the columns are not in their order"),
        (other_points, "holds points that the sweep does not have"),
        (lambda t: t.replace_schema_metadata(None), "belongs to another sweep"),
    ],
)
def test_a_part_of_other_columns_or_points_costs_one_line_and_is_computed_again(
    finished, change, words, reference
):
    """Under a name that fits its bytes, so that nothing but its content gives it away."""
    place = parts(finished)[1]
    table = change(pq.read_table(place))
    place.unlink()
    pq.write_table(table, finished / "spoiled")
    content = (finished / "spoiled").read_bytes()
    (finished / "spoiled").unlink()
    (place.parent / f"points-000003-{durable.sha256(content)}.parquet").write_bytes(content)
    (problem,) = state_of(Folder(finished)).damaged
    assert words in problem
    with pytest.raises(UnfinishedError, match=rf"^[^\n]*{words}[^\n]*foedus experiment resume"):
        collected(Folder(finished))
    assert n_computed_again(finished) == 1
    assert digest(finished) == reference[PLAN]


def test_a_part_under_another_parts_name_is_found_out(finished, reference):
    one, other, *_ = parts(finished)
    other.write_bytes(one.read_bytes())
    go_on(finished)
    assert digest(finished) == reference[PLAN]


def test_the_manifest_and_its_copy_restore_each_other(finished, reference):
    both = [finished / "manifest.json", finished / "manifest.copy.json"]
    before = both[0].read_bytes()
    for path in both:
        for damage in (lambda path=path: path.unlink(), lambda path=path: flip(path, 0.3)):
            damage()
            assert n_computed_again(finished) == 0
            assert [one.read_bytes() for one in both] == [before, before]
    assert digest(finished) == reference[PLAN]


def test_with_both_lost_the_plan_alone_brings_everything_back(finished, toy, reference):
    (finished / "manifest.copy.json").unlink()
    flip(finished / "manifest.json", 0.3)
    with pytest.raises(InputError, match="run `foedus experiment run` with its plan"):
        go_on(finished)
    executor = InlineExecutor()
    compute(study_in(toy), finished, lambda: executor)
    assert executor.submitted == []
    assert digest(finished) == reference[PLAN]


@pytest.mark.parametrize("rho", ["[1, 0.5, 0.3]", "[1, 0.5, 0]", "[0, 0.5]"])
def test_with_both_lost_another_plan_takes_over_no_row_of_the_one_before(
    finished, toy, tmp_path, rho
):
    """Not even of points that both have, where they bear other numbers."""
    (finished / "manifest.copy.json").unlink()
    (finished / "manifest.json").unlink()
    study = study_in(toy, changed(PLAN, ("[0, 0.5, 1]", rho)))
    compute(study, finished)
    compute(study, tmp_path / "apart")
    assert digest(finished) == digest(tmp_path / "apart")


def test_another_plan_is_refused_where_a_sweep_lives_even_if_its_case_is_damaged(finished, toy):
    (finished / "inputs" / "toy-2020.json").write_text("{}")
    before = (finished / "manifest.json").read_bytes()
    with pytest.raises(UsageError, match="another plan's sweep lives here"):
        compute(study_in(toy, changed(PLAN, ("runs: 50", "runs: 51"))), finished)
    assert (finished / "manifest.json").read_bytes() == before


def test_the_same_plan_mends_a_damaged_copy_of_its_case(finished, toy, reference):
    (finished / "inputs" / "toy-2020.json").write_text("{}")
    compute(study_in(toy), finished)
    go_on(finished)
    assert digest(finished) == reference[PLAN]


def test_a_manifest_that_is_none_is_set_aside_and_not_overwritten(toy, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("of another program")
    compute(study_in(toy), out)
    (aside,) = (out / "set-aside").iterdir()
    assert aside.read_text() == "of another program"


def test_whoever_only_reads_a_manifest_mends_nothing(finished):
    good = (finished / "manifest.json").read_bytes()
    (finished / "manifest.json").write_text("spoiled")
    assert manifest_text(Folder(finished).manifest()).encode() == good
    assert (finished / "manifest.json").read_text() == "spoiled"
    assert not (finished / "set-aside").exists()


def test_a_pipe_in_the_place_of_a_part_keeps_nobody_waiting(finished, reference):
    place = parts(finished)[0]
    place.unlink()
    os.mkfifo(place)
    go_on(finished)
    assert digest(finished) == reference[PLAN]


def test_a_link_in_the_place_of_a_file_leads_nowhere(finished, tmp_path, reference):
    precious = tmp_path / "precious"
    precious.write_text("not of the sweep")
    (finished / "manifest.json").unlink()
    for name in (f"parts/{parts(finished)[0].name}", "manifest.json.unfinished"):
        (finished / name).unlink(missing_ok=True)
        (finished / name).symlink_to(precious)
    go_on(finished)
    assert precious.read_text() == "not of the sweep"
    assert digest(finished) == reference[PLAN]


def test_a_damaged_copy_of_a_case_is_found_out(finished):
    flip(finished / "inputs" / "toy-2020.json", 0.6)
    with pytest.raises(InputError, match=r"toy-2020\.json: damaged"):
        go_on(finished)
