from __future__ import annotations

import sqlite3

import pytest

from foedus.experiments.ledger import (
    TRIES,
    Ledger,
    LedgerDamagedError,
    Part,
    Tally,
    read_facts,
    read_state,
)
from foedus.experiments.points import Point

POINTS = [Point(i, f"{i:064x}", "toy", None, None, {}) for i in range(5)]


def part_of(*numbers: int, name: str = "a") -> Part:
    return Part(name, "0" * 64, 10, tuple(POINTS[i].key for i in numbers))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    opened = Ledger.open(path)
    opened.reconcile(POINTS, [], {"manifest": "{}"})
    yield opened
    opened.close()


def test_every_point_is_planned_first(ledger):
    assert ledger.tally() == Tally(5, 0, 0)
    assert ledger.planned() == {0, 1, 2, 3, 4}


def test_a_part_finishes_its_points(ledger):
    ledger.finish(part_of(1, 2))
    assert ledger.planned() == {0, 3, 4}
    assert ledger.tally() == Tally(3, 2, 0)


def test_a_point_is_given_up_after_two_failures_and_planned_again_by_a_resume(ledger):
    for n in range(1, TRIES + 1):
        assert ledger.fail(POINTS[3].key, f"reason {n}") is (n == TRIES == 2 or n == TRIES)
    (failure,) = ledger.failures()
    assert (failure.point, failure.tries, failure.reason) == (3, 2, "reason 2")
    assert ledger.planned() == {0, 1, 2, 4}
    ledger.reconcile(POINTS, [], {})
    assert ledger.planned() == {0, 1, 2, 3, 4}
    assert ledger.failures() == []


def test_a_late_success_clears_a_failure(ledger):
    ledger.fail(POINTS[0].key, "once")
    ledger.finish(part_of(0))
    assert ledger.tally() == Tally(4, 1, 0)


def test_what_is_said_survives_a_process_that_never_closes(ledger, path):
    ledger.finish(part_of(0))
    tally, failures, parts = read_state(path)  # as another process would see it
    assert (tally, failures, parts) == (Tally(4, 1, 0), [], {"a": "0" * 64})
    assert read_facts(path) == {"manifest": "{}"}


def test_reconciling_believes_the_parts_and_not_the_ledger(ledger):
    ledger.finish(part_of(0, 1, name="lost"))
    ledger.reconcile(POINTS, [part_of(4, name="found")], {})
    assert ledger.planned() == {0, 1, 2, 3}


def test_the_ledger_is_written_through_to_the_disk(ledger):
    pragma = ledger._connection.execute
    assert pragma("PRAGMA journal_mode").fetchone() == ("wal",)
    assert pragma("PRAGMA synchronous").fetchone() == (2,)  # FULL


def filled(path) -> None:
    ledger = Ledger.open(path)
    ledger.reconcile(POINTS, [part_of(1)], {"manifest": "x" * 9000})
    ledger.close()


DAMAGES = {
    "emptied": lambda b: b"",
    "cut short": lambda b: b[: len(b) // 2],
    "overwritten": lambda b: b"\xff" * len(b),
    "text": lambda b: b"not a database",
    "header": lambda b: b"\x00" * 100 + b[100:],
    "first page": lambda b: b[:100] + b"\xa5" * 400 + b[500:],
    "write version": lambda b: b[:18] + b"\x09\x09" + b[20:],
    "schema format": lambda b: b[:44] + b"\x00\x00\x00\x63" + b[48:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_ledger_is_found_out(path, damage):
    filled(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(LedgerDamagedError):
        Ledger.open(path).reconcile(POINTS, [], {})
    with pytest.raises(LedgerDamagedError):
        read_state(path)


def test_another_database_is_no_ledger(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE points (key TEXT)")
    connection.execute("CREATE TRIGGER evil AFTER INSERT ON points BEGIN SELECT 1; END")
    connection.close()
    with pytest.raises(LedgerDamagedError):
        Ledger.open(path)
    with pytest.raises(LedgerDamagedError):
        read_state(path)
