"""The tool of the mutation test: its places are right, and its faults without effect are true."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults import ROOT, Fault, equivalents, idle_places, statement_around

COUNCIL = Path("src/foedus/model/council.py")


@pytest.mark.parametrize("fault", equivalents())
def test_a_fault_said_to_change_nothing_is_of_a_line_that_stands_and_has_its_reason(fault):
    module, before, after = fault
    lines = (ROOT / "src" / "foedus" / module).read_text(encoding="utf-8").splitlines()
    assert before in map(str.strip, lines)
    assert before != after
    assert equivalents()[fault]


def test_annotations_are_idle_and_values_are_not():
    text = "x: int = 1\ndef f(a: int | None = 2) -> int | str:\n    return a | 3\n"
    idle = idle_places(text)
    assert {(1, 3), (2, 9), (2, 15), (2, 32)} <= idle
    assert not {(1, 9), (2, 23), (3, 13)} & idle


def test_the_statement_around_a_line_is_the_whole_of_it_and_of_a_block_its_heading():
    lines = (ROOT / COUNCIL).read_text(encoding="utf-8").splitlines()
    for number in range(1, len(lines) + 1):
        assert number in statement_around(COUNCIL, number)
    heading = next(k for k, line in enumerate(lines, 1) if line.startswith("def first_sitting"))
    assert len(statement_around(COUNCIL, heading)) < 4


def test_a_fault_is_put_where_it_belongs_and_nowhere_else():
    pytest.importorskip("cosmic_ray", reason="needs the extra dev")
    fault = Fault(COUNCIL, "core/ReplaceBinaryOperator_Add_Sub", 0, 1)
    before, after = fault.change
    assert before.replace("+", "-", 1) == after
    whole = (ROOT / COUNCIL).read_text(encoding="utf-8")
    assert sum(a != b for a, b in zip(whole, fault.put(whole), strict=True)) == 1
