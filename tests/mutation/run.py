"""Mutation test: small faults put into model and analysis, one at a time; tests must find them.

    python tests/mutation/run.py --sample 300 [--seed 1] [--into docs/reliability.md]

Faults are those of cosmic-ray (the extra `dev`): another operator, another comparison, a number
one higher or lower, `and` for `or`, a loop that never runs. Half of the sample is drawn from each
package. Each is put into a copy of `src`. All tests that matter run once without a fault, to see
which lines each runs; then only those that run the line meet the fault, until one fails. What has
no effect at run time is left out (annotations, `strict=`, `frozen=`). `equivalent.csv` names
faults that change nothing, each with its reason.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from faults import PACKAGES, ROOT, Fault, faults
from touched import FOLDERS, LONGEST, Recorder, Touched, file_of

MARKS = ("<!-- mutation -->", "<!-- /mutation -->")
NOTHING_COLLECTED = 5
PLAIN = ["-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}", "-c", str(ROOT / "pyproject.toml")]


class Chosen:
    """A plugin of pytest that runs the tests named, in that order, and draws the same examples."""

    def __init__(self, tests: list[str]) -> None:
        self.place = {test: k for k, test in enumerate(tests)}

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutation",
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
        )
        settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list) -> None:  # type: ignore[type-arg]
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place),
            key=lambda item: self.place[item.nodeid],
        )


def in_a_child(work: Callable[[], int], seconds: float) -> int:
    """Exit status of work done in a child that has the heavy libraries loaded already."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        os._exit(int(work()))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


def touched_lines(copy: Path, kept: Path | None) -> Touched:
    """Which tests run which line, from a file of an earlier call if there is one."""
    import pytest

    into = kept or copy / "touched.json"

    def work() -> int:
        recorder = Recorder(copy)
        folders = [str(ROOT / "tests" / folder) for folder in FOLDERS]
        pytest.main([*PLAIN, *folders], plugins=[recorder])
        recorder.write(copy, into)
        return 0

    if not into.exists() and in_a_child(work, 3600):
        raise SystemExit("the tests could not be run without a fault")
    return Touched(**json.loads(into.read_text(encoding="utf-8")))


def survives(fault: Fault, copy: Path, touched: Touched) -> bool:
    """Whether all tests pass with the fault in the copy."""
    place = copy / fault.module
    whole = place.read_text(encoding="utf-8")
    place.write_text(fault.put(whole), encoding="utf-8")
    try:
        return all(passes(lot) for lot in touched.tests_of(fault))
    finally:
        place.write_text(whole, encoding="utf-8")


def passes(tests: list[str]) -> bool:
    """Whether tests pass against the copy as it is now."""
    import pytest

    files = list(dict.fromkeys(str(ROOT / file_of(test)) for test in tests))
    status = in_a_child(
        lambda: int(pytest.main(["-x", *PLAIN, *files], plugins=[Chosen(tests)])), 6 * LONGEST
    )
    if status == NOTHING_COLLECTED:
        raise SystemExit(f"none of the tests was found: {tests[:3]}")
    return status == 0


def report(tried: list[tuple[Fault, bool]], n_all: int, seed: int) -> str:
    """Killed, equivalent and surviving faults as Markdown."""
    lines = [
        "| package | tried | killed | change nothing | survived | killed, of those that can be |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    alive = [fault for fault, lives in tried if lives]
    idle = [fault for fault in alive if fault.reason_it_changes_nothing]
    for package in PACKAGES:
        own = [fault for fault, _ in tried if fault.package == package]
        lost, same = ([f for f in some if f.package == package] for some in (alive, idle))
        if own:
            killed, real = len(own) - len(lost), len(own) - len(same)
            counts = f"{len(own)} | {killed} | {len(same)} | {len(lost) - len(same)}"
            lines.append(f"| {package} | {counts} | {killed / real:.0%} |")
    lines += ["", f"{len(tried)} of {n_all:,} faults, drawn with seed {seed}.", "", "Survived:", ""]
    lines += [f"- {fault}" for fault in alive if fault not in idle] or ["- none"]
    lines += ["", "Change nothing:", ""]
    lines += [f"- {f}: {f.reason_it_changes_nothing}" for f in idle] or ["- none"]
    return "\n".join(lines) + "\n"


def drawn(sample: int, seed: int, packages: tuple[str, ...]) -> tuple[list[Fault], int]:
    """A sample with the same number from each package, in the order of the files."""
    every = [fault for fault in faults() if fault.package in packages]
    chosen: list[Fault] = []
    for package in packages:
        own = [fault for fault in every if fault.package == package]
        few = min(sample // len(packages), len(own))
        chosen += random.Random(f"{seed} {package}").sample(own, few)
    return chosen, len(every)


def prepare(copy: Path) -> None:
    """The copy of the source, and all that no fault touches loaded from it."""
    shutil.copytree(ROOT / "src", copy / "src")
    (copy / "scenarios").symlink_to(ROOT / "scenarios")
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    sys.path[:0] = [str(copy / "src"), str(ROOT / "tests")]
    heavy = ("scipy.stats", "pandas", "hypothesis", "pytest", "mesa", "emcee", "SALib")
    for name in (*heavy, "statsmodels.miscmodels.ordinal_model", "foedus.data.library"):
        __import__(name)
    if any(name.startswith(("foedus.model", "foedus.analysis")) for name in sys.modules):
        raise SystemExit("a package that is to be changed is loaded already")


def main() -> None:
    """Try a sample and say what survived."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--sample", type=int, default=300, help="faults tried")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--package", choices=PACKAGES, help="this package only")
    words.add_argument("--log", type=Path, help="file of outcomes, to go on with")
    words.add_argument("--touched", type=Path, help="file that keeps which tests run which line")
    words.add_argument("--into", type=Path, help="write the table into a page")
    given = words.parse_args()
    chosen, n_all = drawn(given.sample, given.seed, (given.package,) if given.package else PACKAGES)
    before = given.log.read_text(encoding="utf-8") if given.log and given.log.exists() else ""
    tried = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        prepare(copy)
        touched = touched_lines(copy, given.touched)
        for test in touched.failed:
            print("left out, it fails without a fault:", test, flush=True)
        for fault in chosen:
            known = f"killed   {fault}\n" in before
            tried.append((fault, not known and survives(fault, copy, touched)))
            line = f"{'survived' if tried[-1][1] else 'killed  '} {fault}"
            print(line, flush=True)
            if given.log and not known:
                with given.log.open("a", encoding="utf-8") as log:
                    log.write(line + "\n")
    text = report(tried, n_all, given.seed)
    print(text)
    if given.into:
        page = given.into.read_text(encoding="utf-8")
        before, _, rest = page.partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        given.into.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
