"""Which tests run which line: one run of all tests that matter, under coverage."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from faults import PACKAGES, ROOT, Fault, statement_around

FOLDERS = ("unit", "property", "equivalence", "extensions", "statistical")
LONGEST = 60.0  # seconds that the tests of one fault take together where nothing is wrong


class Recorder:
    """A plugin of pytest that notes the lines, the seconds and the outcome of each test."""

    def __init__(self, copy: Path) -> None:
        import coverage

        own = [str(copy / "src" / "foedus" / package / "*") for package in PACKAGES]
        self.cover = coverage.Coverage(data_file=None, include=own, config_file=False)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.cover.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        self.cover.switch_context(item.nodeid)
        began = time.perf_counter()
        yield
        self.seconds[item.nodeid] = time.perf_counter() - began
        self.cover.switch_context("")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def write(self, copy: Path, into: Path) -> None:
        """Lines, seconds and failures as JSON."""
        self.cover.stop()
        data = self.cover.get_data()
        lines = {
            str(Path(file).relative_to(copy)): {
                line: sorted(set(tests) - {""} - self.failed)
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        held = {"lines": lines, "seconds": self.seconds, "failed": sorted(self.failed)}
        into.write_text(json.dumps(held), encoding="utf-8")


@dataclass(frozen=True)
class Touched:
    """Tests by module and line, their seconds, and those that fail without any fault."""

    lines: dict[str, dict[str, list[str]]]
    seconds: dict[str, float]
    failed: list[str]

    def tests_of(self, fault: Fault) -> list[list[str]]:
        """Tests for a fault, the likeliest to find it first, in two lots."""
        of_line = self.lines.get(str(fault.module), {})
        near = statement_around(fault.module, fault.line)
        on_it = {test for line in near for test in of_line.get(str(line), [])}
        beside = {test for tests in of_line.values() for test in tests}
        # a test whose fixture ran for another test before it touches nothing itself
        homes = {file for file in map(file_of, self.seconds) if imports(file, fault.module)}
        beside |= {test for test in self.seconds if file_of(test) in homes} - set(self.failed)
        beside -= on_it
        ordered = [*self._ordered(on_it, fault.module), *self._ordered(beside, fault.module)]
        ordered = ordered or self._ordered(set(self.seconds) - set(self.failed), fault.module)
        kept, total = [], 0.0
        for test in ordered:
            total += self.seconds[test]
            if total <= LONGEST:
                kept.append(test)
        first = [test for test in kept[:25] if file_of(test) in {file_of(t) for t in kept[:8]}]
        return [lot for lot in (first, [t for t in kept if t not in set(first)]) if lot]

    def _ordered(self, tests: set[str], module: Path) -> list[str]:
        """Tests of files that import the module first; quick ones first."""
        own = {file for file in map(file_of, tests) if imports(file, module)}
        return sorted(tests, key=lambda t: (file_of(t) not in own, self.seconds[t], t))


def file_of(test: str) -> str:
    """The file of a test's id."""
    return test.partition("::")[0]


def imports(file: str, module: Path) -> bool:
    """Whether a test file imports a module."""
    dotted = ".".join(module.with_suffix("").parts[1:])
    parent, _, name = dotted.rpartition(".")
    words = rf"{re.escape(dotted)}\b|from {re.escape(parent)} import .*\b{name}\b"
    return bool(re.search(words, (ROOT / file).read_text(encoding="utf-8")))
