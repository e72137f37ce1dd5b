"""Keys hashed together are the keys that numpy makes one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foedus.data.terms import Mechanism
from foedus.model.chance import actor_key, filled, keys_of, uniforms

PART = st.integers(0, 2**32 - 1)
ADDRESSES = st.lists(
    st.tuples(st.sampled_from(Mechanism), PART, PART, PART), min_size=1, max_size=9
)


@given(st.integers(0, 2**260), ADDRESSES)
@example(2**32, [(Mechanism.CODE, 0, 0, 0)])
@example(2**128, [(Mechanism.CODE, 0, 0, 0)])
@settings(max_examples=100)
def test_a_key_is_the_one_that_numpy_makes_of_the_same_address(seed, addresses):
    for address, key in zip(addresses, keys_of(seed, addresses), strict=True):
        by_numpy = np.random.SeedSequence(seed, spawn_key=address).generate_state(4, np.uint64)
        assert key.generate_state(4, np.uint64).tolist() == by_numpy.tolist()


def test_neighbouring_addresses_have_keys_of_their_own():
    addresses = [(m, actor, part, block) for m in (1, 2) for actor in (0, 1)
                 for part in (0, 1) for block in (0, 1)]  # fmt: skip
    keys = [tuple(key.words.tolist()) for seed in (0, 1) for key in keys_of(seed, addresses)]
    assert len(set(keys)) == 2 * len(addresses)


def test_a_stream_drawn_by_its_key_is_the_stream_of_its_address():
    address = (Mechanism.INTENSITY, actor_key("KAZ"), 3, 7)
    (key,) = keys_of(5, [address])
    mechanism, actor, part, block = address
    expected = uniforms(5, mechanism, actor, block, n_days=4, part=part)
    assert (filled(np.empty_like(expected), key) == expected).all()


def test_a_key_serves_no_generator_that_asks_for_other_words():
    (key,) = keys_of(0, [(Mechanism.CODE, 0, 0, 0)])
    with pytest.raises(ValueError, match="four words"):
        np.random.Generator(np.random.SFC64(key))
