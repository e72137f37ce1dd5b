"""Mutation test: small faults put into model and analysis, one at a time; tests must find them.

    python tests/mutation/run.py --sample 300 [--seed 1] [--into docs/reliability.md]

Faults are those of cosmic-ray (the extra `dev`): another operator, another comparison, a number
one higher or lower, `and` for `or`, a loop that never runs. Each is put into a copy of `src`; the
test files that import the module, and a few that guard its package, run against it until one test
fails; where they fail without a fault the mutant is not tried. What has no effect at run time is
left out (annotations, `strict=`, `frozen=`).
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("model", "analysis")
LONGEST = 240  # seconds until a mutant counts as killed: its tests do not end
GUARDS = {
    "model": ("equivalence/test_engines_agree.py", "property/test_signs.py"),
    "analysis": (),
}
LEFT_OUT = re.compile(r"RemoveDecorator|VariableInsert|VariableReplac|ExceptionReplacer")
INERT = re.compile(r"\b(strict|frozen|repr|slots)=|^\s*(from|import) |^\s*\*,$|: TypeAlias")
MARKS = ("<!-- mutation -->", "<!-- /mutation -->")


@dataclass(frozen=True)
class Mutant:
    """One fault: the `occurrence`-th place in a module where an operator applies."""

    module: Path
    operator: str
    occurrence: int
    line: int

    @property
    def package(self) -> str:
        """The package that it is put into."""
        return self.module.parts[2]

    def __str__(self) -> str:
        text = (ROOT / self.module).read_text(encoding="utf-8").splitlines()[self.line - 1].strip()
        what = self.operator.partition("/")[2].replace("ReplaceBinaryOperator_", "")
        return f"{self.module}:{self.line} {what.replace('ReplaceComparisonOperator_', '')}: {text}"


def mutants() -> Iterator[Mutant]:
    """Every fault that could be put into the packages."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    names = [name for name in operator_names() if not LEFT_OUT.search(name)]
    operators = [(n, get_operator(n)()) for n in names if not get_operator(n).arguments()]
    for package in PACKAGES:
        for path in sorted((ROOT / "src" / "foedus" / package).rglob("*.py")):
            nodes = list(ast_nodes(get_ast_from_path(path)))
            text = path.read_text(encoding="utf-8")
            lines, idle = text.splitlines(), idle_places(text)
            for name, operator in operators:
                places = (at for node in nodes for at in operator.mutation_positions(node))
                for k, (start, _) in enumerate(places):
                    if start not in idle and not INERT.search(lines[start[0] - 1]):
                        yield Mutant(path.relative_to(ROOT), name, k, start[0])


def idle_places(text: str) -> set[tuple[int, int]]:
    """Places (line, column) within annotations, which nothing reads at run time."""
    idle: set[tuple[int, int]] = set()
    for node in ast.walk(ast.parse(text)):
        notes = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        for note in filter(None, notes):
            lines = range(note.lineno, (note.end_lineno or note.lineno) + 1)
            for line in lines:
                low = note.col_offset if line == note.lineno else 0
                high = (note.end_col_offset or 0) if line == note.end_lineno else 200
                idle |= {(line, column) for column in range(low, high)}
    return idle


def tests_of(module: Path) -> list[str]:
    """Test files that import a module, and those that guard its package."""
    dotted = ".".join(module.with_suffix("").parts[1:])
    parent, _, name = dotted.rpartition(".")
    imports = re.compile(rf"{re.escape(dotted)}\b|from {re.escape(parent)} import .*\b{name}\b")
    folders = ("unit", "statistical")
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / "tests" / folder).glob("test_*.py"))
        if imports.search(path.read_text(encoding="utf-8"))
    ]
    guards = [ROOT / "tests" / name for name in GUARDS[module.parts[2]]]
    return [str(path) for path in [*found, *guards] if path.exists()]


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether all tests pass with the fault in the copy."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    tests = tests_of(mutant.module)
    place = copy / mutant.module
    whole = place.read_text(encoding="utf-8")
    changed = mutate_code(whole, get_operator(mutant.operator)(), mutant.occurrence)
    for stale in (place.parent / "__pycache__").glob(f"{place.stem}.*"):
        stale.unlink()
    place.write_text(changed, encoding="utf-8")
    try:
        return passes(tests, copy)
    finally:
        place.write_text(whole, encoding="utf-8")


def passes(tests: list[str], copy: Path) -> bool:
    """Run tests against the copy in a child that has the heavy libraries loaded already.

    No tests pass: a module that none imports is guarded by none.
    """
    if not tests:
        return True
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        sys.path[:0] = [str(copy / "src"), str(ROOT / "tests")]
        import pytest

        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", f"--rootdir={ROOT}"]
        os._exit(int(pytest.main([*words, "-c", str(ROOT / "pyproject.toml"), *tests])))
    return wait(child) == 0


def wait(child: int) -> int:
    """Exit status of a child that is stopped when it takes too long."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


def report(tried: list[tuple[Mutant, bool]], n_all: int, seed: int) -> str:
    """Killed and survivors as Markdown."""
    lines = ["| package | tried | killed | share |", "| --- | ---: | ---: | ---: |"]
    for package in PACKAGES:
        own = [alive for mutant, alive in tried if mutant.package == package]
        if own:
            killed = own.count(False)
            lines.append(f"| {package} | {len(own)} | {killed} | {killed / len(own):.0%} |")
    lines += ["", f"{len(tried)} of {n_all:,} mutants, drawn with seed {seed}. Survivors:", ""]
    return "\n".join([*lines, *(f"- `{mutant}`" for mutant, alive in tried if alive)]) + "\n"


def main() -> None:
    """Try a sample and say what survived."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--sample", type=int, default=300, help="mutants tried")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--package", choices=PACKAGES, help="this package only")
    words.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    words.add_argument("--into", type=Path, help="write the table into a page")
    given = words.parse_args()
    sys.dont_write_bytecode = True
    for heavy in ("numpy", "scipy.stats", "pandas", "pydantic", "hypothesis", "ruamel.yaml"):
        __import__(heavy)
    every = [m for m in mutants() if given.package in (None, m.package)]
    drawn = random.Random(given.seed).sample(every, min(given.sample, len(every)))
    until, tried = time.monotonic() + 60 * given.minutes, []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "src", copy / "src")
        (copy / "scenarios").symlink_to(ROOT / "scenarios")
        sound: dict[Path, bool] = {}
        for mutant in drawn:
            if time.monotonic() > until:
                break
            if mutant.module not in sound:
                sound[mutant.module] = passes(tests_of(mutant.module), copy)
            if not sound[mutant.module]:
                print("not tried: its tests fail without a fault", mutant, flush=True)
                continue
            alive = survives(mutant, copy)
            tried.append((mutant, alive))
            print("survived" if alive else "killed  ", mutant, flush=True)
    text = report(tried, len(every), given.seed)
    print(text)
    if given.into:
        page = given.into.read_text(encoding="utf-8")
        before, _, rest = page.partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        given.into.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
