"""The command that measures: that it measures the same model, and says what it found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import measure, measurements, mesa_runs, tables
from benchmarks.measurements import Engines, Growth, Memories, Sizes, enlarged
from benchmarks.stopwatch import Memory, Started, best_seconds, memory_of, process
from foedus.data.register import defaults
from foedus.errors import FoedusError
from foedus.model.array_engine import run_batch, simulate
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.outcome import FIELDS
from toys import toy_situation

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
TINY = Sizes(1024, 2, 1, (1, 10), (2, 3), (3, 5), 1)

FOUND = Engines(arrays=2e-6, drawing=5e-7, arrays_loop=1.5e-6, agents=4e-3, mesa=2e-3, lean=4e-4)


@pytest.mark.parametrize("model", [mesa_runs.agents_of_foedus, mesa_runs.lean_agents])
def test_batch_run_gives_the_answers_of_the_arrays(model):
    situation, p, n = measurements.kazakhstan(), defaults(), 25
    chance, codes = draw_chance(situation, 3, 0, n), draw_codes(situation, 3, 0, n)
    expected = simulate(situation, codes, p, chance).level
    answers = mesa_runs.answers_by_batch_run(model(situation, p, codes, chance), n)
    mesa_runs.forget_models()
    assert answers.tolist() == expected.tolist()
    assert len(set(answers.tolist())) > 1


def test_nothing_is_compared_where_the_answers_differ(monkeypatch):
    def wrong(model, n_runs):
        return measurements.np.full(n_runs, -1)

    monkeypatch.setattr(mesa_runs, "answers_by_batch_run", wrong)
    with pytest.raises(FoedusError, match="disagree"):
        measurements.engines(TINY)


def test_a_larger_company_is_the_same_crisis_among_more():
    situation = toy_situation()
    same = enlarged(situation, 4)
    assert same.requester == 0
    assert same.patron == 1
    assert [same.standing["stake"][i] for i in (0, 1)] == [
        situation.standing["stake"][i] for i in (situation.requester, situation.patron)
    ]
    large = enlarged(situation, 30)
    assert len(set(large.members)) == large.n_members == 30
    outcome = run_batch(large, defaults(), 0, 50)
    assert outcome.troops.shape == (30, 50)
    for name in FIELDS:
        assert getattr(run_batch(enlarged(situation, 2), defaults(), 0, 5), name).shape[-1] == 5


def test_every_way_to_run_has_its_row_with_its_ratio():
    text = tables.of_engines(FOUND)
    rows = {row.split(" | ")[0].strip("| "): row for row in text.splitlines()[2:]}
    assert rows["arrays"].split(" | ")[1:] == ["2.00", "500,000", "1,000", "200 |"]
    assert len(rows) == 4
    assert "| drawing chance and codes, no model | 0.50 | 25% |" in tables.of_limits(FOUND)


def test_the_command_fills_every_part_of_the_page(monkeypatch, capsys):
    monkeypatch.setattr(measurements, "QUICK", TINY)
    monkeypatch.setattr(measurements, "start_up", lambda sizes: {"list": Started(0.5, 0.4)})
    measure.main(["--quick"])
    out = capsys.readouterr().out
    assert [part for part in tables.PARTS if f"{part}\n\n" in out] == list(tables.PARTS)
    assert "times `batch_run`" in out


def test_tables_carry_what_was_measured():
    grown = tables.of_growth(Growth({1: 0.005, 1000: 0.01}, {3: 2e-6, 6: 3e-6}, {30: 3e-6}))
    assert "| 1,000 | 0.01 | 10.00 |" in grown
    assert "| 6 | 3.00 | 500 |" in grown
    assert "| 30 | 3.00 | 100 |" in grown
    mega = 1024 * 1024
    held = Memories(
        48, Memory(21 * mega, 0), Memory(22 * mega, 0), mega // 48, Memory(2048, 0), 9e3
    )
    assert "| 20 MB |" in tables.of_memory(held)
    started = tables.of_start_up({"python": Started(0.01, 0.01), "list": Started(0.5, 0.4)})
    assert "| `foedus list` | 0.50 | 0.40 |" in started


def test_the_stopwatch_takes_the_best_of_turns():
    turns = []
    times = iter([0.0, 5.0, 0.0, 1.0, 0.0, 3.0, 0.0, 9.0])
    actions = {name: lambda name=name: turns.append(name) for name in "ab"}
    best = best_seconds(actions, 2, clock=lambda: next(times))
    assert turns == ["a", "b", "a", "b"]
    assert best == {"a": 3.0, "b": 1.0}


def test_memory_tells_what_an_action_took_from_what_it_left():
    kept = []

    def action():
        bytearray(3_000_000)
        kept.append(bytearray(1_000_000))

    found = memory_of(action)
    assert 3_000_000 <= found.peak < 3_500_000
    assert 1_000_000 <= found.remains < 1_100_000


def test_a_process_is_timed_to_its_end():
    assert process(["-c", "import time; time.sleep(0.2)"], 1).wall >= 0.2
    with pytest.raises(Exception, match="non-zero exit status"):
        process(["-c", "raise SystemExit(1)"], 1)


def test_the_committed_page_has_its_figures():
    text = PAGE.read_text(encoding="utf-8")
    for part in tables.PARTS:
        inside = text.partition(f"<!-- {part} -->")[2].partition(f"<!-- /{part} -->")[0]
        assert re.search(r"\d", inside), part
