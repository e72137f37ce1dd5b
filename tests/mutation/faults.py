"""The faults that can be put into the code: where, which, and those that change nothing."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("model", "analysis")
EQUIVALENT = Path(__file__).with_name("equivalent.csv")
LEFT_OUT = re.compile(r"RemoveDecorator|VariableInsert|VariableReplac|ExceptionReplacer")
INERT = re.compile(r"\b(strict|frozen|repr|slots)=|^\s*(from|import) |^\s*\*,$|: TypeAlias")


@dataclass(frozen=True)
class Fault:
    """One fault: the `occurrence`-th place in a module where an operator applies."""

    module: Path
    operator: str
    occurrence: int
    line: int

    @property
    def package(self) -> str:
        """The package that it is put into."""
        return self.module.parts[2]

    def put(self, whole: str) -> str:
        """The text of the module with the fault in it."""
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator

        return str(mutate_code(whole, get_operator(self.operator)(), self.occurrence))

    @property
    def change(self) -> tuple[str, str]:
        """The first line that differs, without and with the fault."""
        whole = text_of(self.module)
        pairs = zip(whole.splitlines(), self.put(whole).splitlines(), strict=False)
        return next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", ""))

    @property
    def reason_it_changes_nothing(self) -> str | None:
        """Why no test can find it, where somebody has shown that."""
        return equivalents().get((self.module.as_posix().removeprefix("src/foedus/"), *self.change))

    def __str__(self) -> str:
        before, after = self.change
        return f"`{self.module.relative_to('src/foedus')}:{self.line}` `{before}` → `{after}`"


@cache
def text_of(module: Path) -> str:
    """The source of a module as it is."""
    return (ROOT / module).read_text(encoding="utf-8")


@cache
def equivalents() -> dict[tuple[str, str, str], str]:
    """Faults known to change nothing, by module and line without and with them."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {(r["module"], r["before"], r["after"]): r["reason"] for r in csv.DictReader(file)}


def faults() -> Iterator[Fault]:
    """Every fault that could be put into the packages."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    names = [name for name in operator_names() if not LEFT_OUT.search(name)]
    operators = [(n, get_operator(n)()) for n in names if not get_operator(n).arguments()]
    for package in PACKAGES:
        for path in sorted((ROOT / "src" / "foedus" / package).rglob("*.py")):
            module = path.relative_to(ROOT)
            nodes = list(ast_nodes(get_ast_from_path(path)))
            lines, idle = text_of(module).splitlines(), idle_places(text_of(module))
            for name, operator in operators:
                places = (at for node in nodes for at in operator.mutation_positions(node))
                for k, (start, _) in enumerate(places):
                    if start not in idle and not INERT.search(lines[start[0] - 1]):
                        yield Fault(module, name, k, start[0])


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


def statement_around(module: Path, line: int) -> range:
    """Lines of the innermost statement that holds a line; of a block, its heading alone."""
    best = range(line, line + 1)
    for node in ast.walk(ast.parse(text_of(module))):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno
            if node.lineno <= line <= (end or 0) and node.lineno <= best.start:
                best = range(node.lineno, (end or node.lineno) + 1)
    return best
