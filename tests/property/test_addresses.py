"""A result depends on its address alone: not on chunks, splits, order, company or process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data.library import load
from foedus.data.register import defaults
from foedus.model import array_engine
from foedus.model.array_engine import run_batch, simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.compilation import situation_of
from foedus.model.outcome import FIELDS, joined
from foedus.model.situation import Span
from situations import situations
from toys import SCENARIO, build_toy, fixed, toy_situation

QUICKLY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
P = defaults()


def open_toy(**changes):
    """A toy situation with open codes, so that codes are drawn too."""
    base = toy_situation(**changes)
    return replace(base, crisis={**base.crisis, "threat": Span(0.25, 0.5, 1.0)})


def same(one, other):
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        and getattr(one, name).dtype == getattr(other, name).dtype
        for name in FIELDS
    )


def digest(outcome):
    return hashlib.sha256(b"".join(getattr(outcome, n).tobytes() for n in FIELDS)).hexdigest()


def days_of(situation, n_runs=30, endogenous=False, parameters=P):
    chance = draw_chance(situation, 0, 0, n_runs, with_doubt=endogenous)
    codes = draw_codes(situation, 0, 0, n_runs)
    return simulate_traced(situation, codes, parameters, chance)


@pytest.mark.parametrize("endogenous", [False, True])
@pytest.mark.parametrize("chunk", [100, 1023, 1024, 1025])
def test_results_do_not_depend_on_the_size_of_a_chunk(monkeypatch, chunk, endogenous):
    whole = run_batch(open_toy(), P, 0, 2500, endogenous=endogenous)
    monkeypatch.setattr(array_engine, "CHUNK", chunk)
    assert same(run_batch(open_toy(), P, 0, 2500, endogenous=endogenous), whole)


def test_a_chunk_may_be_a_single_run(monkeypatch):
    whole = run_batch(open_toy(), P, 0, 8, start=1020)
    monkeypatch.setattr(array_engine, "CHUNK", 1)
    assert same(run_batch(open_toy(), P, 0, 8, start=1020), whole)


def test_parameters_that_differ_by_run_follow_their_runs_into_every_chunk(monkeypatch):
    by_run = P | {"rho": np.linspace(0, 2, 50)}
    whole = run_batch(open_toy(), by_run, 0, 50, start=1000)
    monkeypatch.setattr(array_engine, "CHUNK", 7)
    assert same(run_batch(open_toy(), by_run, 0, 50, start=1000), whole)


@given(st.lists(st.integers(1, 600), min_size=1, max_size=5), st.integers(0, 3000))
@QUICKLY
def test_results_do_not_depend_on_how_the_runs_are_split(sizes, start):
    whole = run_batch(open_toy(), P, 0, sum(sizes), start=start)
    parts, low = [], start
    for size in sizes:
        parts.append(run_batch(open_toy(), P, 0, size, start=low))
        low += size
    assert same(joined(parts), whole)


@pytest.mark.parametrize("seed", [0, 1, 2**64])
def test_the_same_seed_gives_the_same_runs_and_another_seed_others(seed):
    one, again = (days_of_seed(seed) for _ in range(2))
    assert (one == again).all()
    assert not (one == days_of_seed(seed + 1)).any()


def days_of_seed(seed):
    return draw_chance(toy_situation(), seed, 0, 20).members


def members_listed(text, order):
    """The scenario's text with its members listed in another order."""
    head, _, rest = text.partition("members:\n")
    rows, _, tail = rest.partition("forces_needed:")
    lines = rows.splitlines(keepends=True)
    pairs = ["".join(lines[n : n + 2]) for n in range(0, len(lines), 2)]
    return head + "members:\n" + "".join(pairs[i] for i in order) + "forces_needed:" + tail


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_in_which_a_file_lists_the_members_does_not_matter(toy, order):
    plain = situation_of(toy.load())
    shuffled = situation_of(load(str(toy.write(members_listed(SCENARIO, order)))))
    assert shuffled == plain
    assert same(run_batch(shuffled, P, 0, 200), run_batch(plain, P, 0, 200))


@given(situation=situations(max_members=5), data=st.data())
@QUICKLY
def test_the_order_of_members_in_the_arrays_moves_no_position_but_for_rounding(situation, data):
    order = data.draw(st.permutations(range(situation.n_members)))
    _, plain = days_of(situation)
    _, other = days_of(situation.seated(order))
    assert other.positions[0] == pytest.approx(plain.positions[0][list(order)], abs=1e-9)


SCRIPT = """
import sys
from foedus.data.library import load
from foedus.data.register import defaults
from foedus.model.array_engine import run_batch
from foedus.model.compilation import situation_of
from foedus.model.outcome import FIELDS

case = load(sys.argv[1])
outcome = run_batch(situation_of(case), defaults(), 0, 1500, endogenous=True)
sys.stdout.buffer.write(case.digest.encode())
sys.stdout.buffer.write(b"".join(getattr(outcome, name).tobytes() for name in FIELDS))
"""


def test_results_do_not_depend_on_the_hash_seed_of_the_process(tmp_path):
    path = build_toy(tmp_path / "toy").write()
    source = Path(array_engine.__file__).parents[2]
    answers = []
    for hash_seed in ("0", "4242"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(source)}
        command = [sys.executable, "-c", SCRIPT, str(path)]
        answers.append(subprocess.run(command, env=environment, capture_output=True, check=True))
    assert answers[0].stdout == answers[1].stdout
    assert len(answers[0].stdout) > 1500


def with_bystander(situation, code, at):
    """The situation with one more member that has no capability and nothing to say."""

    def grown(row, extra):
        return (*row[:at], extra, *row[at:])

    def moved(index):
        return index if index is None or index < at else index + 1

    return replace(
        situation,
        members=grown(situation.members, code),
        standing={
            name: grown(row, fixed(0.0 if name == "capability" else 0.5))
            for name, row in situation.standing.items()
        },
        indicators=situation.indicators and grown(situation.indicators, {}),
        requester=moved(situation.requester),
        patron=moved(situation.patron),
        adversary=moved(situation.adversary),
        pools=grown(situation.pools, np.inf),
        stated_dependence={moved(i): d for i, d in situation.stated_dependence.items()},
    )


@given(situation=situations(max_members=5), data=st.data(), endogenous=st.booleans())
@QUICKLY
def test_a_member_without_capability_moves_nobodys_position(situation, data, endogenous):
    # A patron that asks for itself turns to all the others, so there company does count.
    endogenous = endogenous and situation.requester != situation.patron
    at = data.draw(st.sampled_from([0, situation.n_members]))
    grown = with_bystander(situation, "A00" if at == 0 else "ZZZ", at)
    _, plain = days_of(situation, endogenous=endogenous)
    _, other = days_of(grown, endogenous=endogenous)
    others = [i for i in range(grown.n_members) if i != at]
    # Its vote may change the answer, and an answer the crisis: hold the days before any force.
    calm = (np.maximum.accumulate(plain.in_place + other.in_place) == 0).all(axis=1)
    assert calm[0]
    for name in ("positions", "private"):
        kept, grown_by = getattr(plain, name)[calm], getattr(other, name)[calm][:, others]
        assert (grown_by == kept).all(), name


def test_a_member_with_capability_does_move_positions():
    grown = with_bystander(toy_situation(), "ZZZ", 4)
    loud = replace(
        grown,
        standing={**grown.standing, "capability": (*grown.standing["capability"][:4], fixed(0.5))},
    )
    _, plain = days_of(toy_situation())
    _, other = days_of(loud)
    assert (other.private[0, :4] == plain.private[0]).all()
    assert not (other.positions[0, 1] == plain.positions[0, 1]).any()


def test_what_an_adversary_thinks_reaches_nobody_and_what_a_member_thinks_does():
    for adversary, reaches in ((1, False), (None, True)):
        situation = toy_situation(adversary=adversary)
        _, plain = days_of(situation)
        _, other = days_of(situation.with_attributes({"BBB.stake": 1.0}))
        assert (other.private[0, 1] > plain.private[0, 1]).all()
        assert (other.private[0, [0, 2, 3]] == plain.private[0, [0, 2, 3]]).all()
        moved = other.positions[0, 2] != plain.positions[0, 2]
        assert moved.all() if reaches else not moved.any()


def test_a_longer_horizon_keeps_the_earlier_days():
    _, short = days_of(open_toy(horizon_days=5))
    _, longer = days_of(open_toy(horizon_days=30))
    for name in ("intensity", "private", "positions", "answer", "in_place"):
        assert (getattr(longer, name)[:5] == getattr(short, name)).all()


def test_a_parameter_changes_what_it_touches_under_the_same_chance():
    _, plain = days_of(toy_situation())
    _, other = days_of(toy_situation(), parameters=P | {"b_stake": P["b_stake"] + 1})
    stake = [0.25, 0.5, 0.75]
    shift = other.private[0, 1:] - plain.private[0, 1:]
    assert shift == pytest.approx(np.broadcast_to(np.array(stake)[:, None], shift.shape))
    assert (other.intensity[0] == plain.intensity[0]).all()


def test_two_batches_of_one_address_have_one_digest_and_others_have_others():
    assert digest(run_batch(open_toy(), P, 0, 99)) == digest(run_batch(open_toy(), P, 0, 99))
    assert digest(run_batch(open_toy(), P, 0, 99)) != digest(run_batch(open_toy(), P, 1, 99))
