"""The long campaign behind docs/reliability.md: speed, sameness, kills, damage.

Run from the repository: ``python tests/experiments/campaign.py --into docs/reliability.md``.
It writes its table between the two marks of that page, and stops with an error where a table
comes out different.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from distributed import LocalCluster

from foedus.errors import FoedusError
from foedus.experiments.executor import on_cluster, on_this_machine
from foedus.experiments.manifest import versions
from foedus.experiments.study import read_study
from sweeps import (
    InlineExecutor,
    begin_foedus,
    compute,
    digest,
    foedus,
    go_on,
    n_parts,
    workers_of,
)

START, END = "<!-- campaign: begin -->", "<!-- campaign: end -->"
PLAN = """\
schema_version: 1
name: five-crises
scenarios: [kazakhstan-2022, armenia-2020, kyrgyzstan-2010, tajikistan-2010, ukraine-2022]
runs: 1000
points_per_task: {size}
designs:
  - kind: latin_hypercube
    points: {points}
    over: {{rho: {{low: 0, high: 2}}, b_need: {{prior: true}}, threat: {{}}, RUS.stake: {{}}}}
"""
Row = tuple[str, str]


def timed(*words: object) -> float:
    """Seconds that a command takes, to its good end."""
    began = time.perf_counter()
    done = foedus(*words)
    demand(done.returncode == 0, done.stderr)
    return time.perf_counter() - began


def plan_file(folder: Path, points: int, size: int) -> Path:
    path = folder / f"plan-{points}.yaml"
    path.write_text(PLAN.format(points=points, size=size))
    return path


def demand(condition: bool, words: str) -> None:
    if not condition:
        raise SystemExit(f"campaign: {words}")


def speed(folder: Path) -> Iterator[Row]:
    """A million runs with the results on the disk, as a user would start them."""
    plan, out = plan_file(folder, 200, 32), folder / "million"
    sizes = os.sched_getaffinity(0)
    seconds = timed("experiment", "run", plan, "--out-dir", out, "--workers", 2)
    yield (
        "5 crises x 200 points x 1,000 runs = 1,000,000 runs, 2 workers, results on the disk",
        f"{seconds:.1f} s, {1e6 / seconds:,.0f} runs/s ({len(sizes)} cores, load "
        f"{os.getloadavg()[0]:.1f})",
    )
    table = folder / "million.csv"
    yield (
        "collecting its 1,000 rows as CSV",
        f"{timed('experiment', 'table', out, '--out', table):.1f} s",
    )
    yield (
        "checking every part again (`foedus experiment resume`, nothing left to do)",
        f"{timed('experiment', 'resume', out):.1f} s",
    )


def sameness(folder: Path, study, expected: str) -> Iterator[Row]:
    """The same digest for any number of workers, here or on a cluster."""
    for n in (1, 2, 5):
        compute(study, folder / f"same-{n}", lambda n=n: on_this_machine(n))
        demand(digest(folder / f"same-{n}") == expected, f"{n} workers give another table")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        address = cluster.scheduler_address
        compute(study, folder / "same-cluster", lambda: on_cluster(address))
    demand(digest(folder / "same-cluster") == expected, "a cluster gives another table")
    yield "tables of 1, 2 and 5 workers, and of a cluster of 2", "the same, byte for byte"


def coordinator_kills(folder: Path, plan: Path, expected: str, n_kills: int) -> Row:
    """Kill -9 the coordinator at random times, from its first moment to its last."""
    chance, out, tables = random.Random(1), folder / "coordinator", 0
    for n in range(n_kills):
        before = n_parts(out)
        process = begin_foedus("experiment", "run", plan, "--out-dir", out, "--workers", 1 + n % 2)
        if n % 3:  # a third die early, the others while results come in
            while process.poll() is None and n_parts(out) == before:
                time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.4))
        process.kill()
        process.communicate()
        demand(n_parts(out) >= before, "a finished part was lost")
        if (out / "manifest.json").exists() and '"finished"' in (out / "manifest.json").read_text():
            demand(digest(out) == expected, "a killed sweep gives another table")
            shutil.rmtree(out)
            tables += 1
    return f"main process killed (kill -9) {n_kills} times", kept(out, plan, expected, tables)


def worker_kills(folder: Path, plan: Path, expected: str, n_kills: int) -> Row:
    """Kill -9 workers at random times."""
    chance, out, killed, tables = random.Random(2), folder / "workers", 0, 0
    while killed < n_kills:
        process = begin_foedus("experiment", "run", plan, "--out-dir", out, "--workers", 2)
        while process.poll() is None and killed < n_kills:
            time.sleep(chance.uniform(0.05, 0.5))
            workers = workers_of(process.pid)
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed += 1
        process.communicate()
        if process.returncode == 0:
            demand(digest(out) == expected, "killed workers give another table")
            shutil.rmtree(out)
            tables += 1
    return f"workers killed (kill -9) {n_kills} times", kept(out, plan, expected, tables)


def kept(out: Path, plan: Path, expected: str, tables: int) -> str:
    """Finish the last sweep, and say how many were; a point hit twice alone waits for a resume."""
    words = ("experiment", "run", plan, "--out-dir", out, "--workers", 2)
    demand(any(foedus(*words).returncode == 0 for _ in range(5)), "a sweep comes to no end")
    demand(digest(out) == expected, "what was killed gives another table")
    sweeps = "1 sweep" if tables == 0 else f"{tables + 1} sweeps"
    return f"nothing finished lost; {sweeps} finished, table as undisturbed"


def damages(folder: Path, study, expected: str, n_damages: int) -> Row:
    """Spoil random bytes of random files of a finished sweep, and resume."""
    chance, out = random.Random(3), folder / "damage"
    compute(study, out)
    whole = folder / "whole"
    shutil.copytree(out, whole)
    refused = 0
    for _ in range(n_damages):
        files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.stat().st_size]
        for path in chance.sample(files, chance.randint(1, 3)):
            spoil(path, chance)
        try:
            go_on(out, InlineExecutor)
            demand(digest(out) == expected, "a damaged sweep gives another table")
        except FoedusError:
            refused += 1
            shutil.rmtree(out)
            shutil.copytree(whole, out)
    mended = n_damages - refused
    return (
        f"random bytes of 1 to 3 files of a finished sweep spoiled, {n_damages} times",
        f"{mended} mended by a resume with the same table, {refused} refused in one line, "
        "0 wrong tables",
    )


def spoil(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    how = chance.random()
    at = chance.randrange(len(content))
    if how < 0.5:
        content[at] ^= 1 << chance.randrange(8)
    elif how < 0.8:
        content[at : at + 400] = chance.randbytes(len(content[at : at + 400]))
    else:
        del content[at:]
    path.write_bytes(content)


def campaign(n_kills: int, n_damages: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        plan = plan_file(folder, 16, 2)
        study = read_study(plan)
        compute(study, folder / "undisturbed")
        expected = digest(folder / "undisturbed")
        rows = [*speed(folder), *sameness(folder, study, expected)]
        rows.append(coordinator_kills(folder, plan, expected, n_kills))
        rows.append(worker_kills(folder, plan, expected, n_kills))
        rows.append(damages(folder, study, expected, n_damages))
    return rows


def page_table(rows: list[Row]) -> str:
    here = versions()
    made = ", ".join(f"{name} {here[name]}" for name in ("python", "numpy", "pyarrow", "foedus"))
    lines = ["| what | result |", "|---|---|", *(f"| {what} | {result} |" for what, result in rows)]
    return "\n".join([*lines, "", f"Made on {platform.system()} {platform.machine()}: {made}."])


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--into", type=Path, help="a page with the two marks")
    words.add_argument("--kills", type=int, default=50)
    words.add_argument("--damages", type=int, default=100)
    asked = words.parse_args()
    table = page_table(campaign(asked.kills, asked.damages))
    print(table)
    if asked.into:
        before, _, rest = asked.into.read_text(encoding="utf-8").partition(START)
        _, _, after = rest.partition(END)
        text = f"{before}{START}\n\n{table}\n\n{END}{after}"
        asked.into.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
