"""Chance with an address (7.8): a draw depends on seed, mechanism, actor, day and run alone.

A new run, member, day or mechanism moves no other draw, and nothing depends on chunks, workers
or order. Draws come in fixed blocks of :data:`BLOCK` runs; the day is the outer axis, so that a
longer horizon keeps the earlier days. Generator: PCG64DXSM keyed by ``SeedSequence``. This is the
only module that creates a generator. The equations take its numbers as arguments.

An ensemble needs some twenty streams for every block, and numpy takes longer to hash an address
than to draw from it. So the same hash (O'Neill's ``seed_seq_fe`` as numpy fixes it for good,
NEP 19) runs here over arrays of addresses; that the keys are numpy's own is a test.

References:
    O'Neill (2015), Developing a seed_seq alternative,
    https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

from foedus.data.terms import Mechanism
from foedus.model.numbers import Array

BLOCK = 1024
"""Runs that share one stream; a whole block is always drawn."""

SMALLEST = 2.0**-54
"""Stands for a uniform of exactly zero, which has no logit."""

Words: TypeAlias = NDArray[np.uint32]
Address: TypeAlias = tuple[Mechanism, int, int, int]
"""Mechanism, actor, part and block, as in :func:`uniforms`."""

_WORD = 2**32
_HALF = np.uint32(16)
_POOL_SIZE, _N_WORDS = 4, 8
_IN, _IN_STEP = 0x43B0D7E5, 0x931E8875
_OUT, _OUT_STEP = 0x8B51F9DD, 0x58F38DED
_LEFT, _RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)


def actor_key(iso3: str) -> int:
    """Address of a member: its letters read as one integer, whatever its place in a list."""
    return int.from_bytes(iso3.encode("ascii"), "big")


def uniforms(
    seed: int, mechanism: Mechanism, actor: int, block: int, *, n_days: int = 1, part: int = 0
) -> Array:
    """Uniform draws of one block of runs.

    Args:
        mechanism: What the draw decides.
        actor: Who it concerns: 0 for the crisis itself, else :func:`actor_key`.
        block: Index of the block: runs ``block * BLOCK`` to ``(block + 1) * BLOCK - 1``.
        part: Which of several numbers of this actor and mechanism (an attribute's index).

    Returns:
        array (day, run): In the open interval (0, 1).
    """
    key = np.random.SeedSequence(seed, spawn_key=(int(mechanism), actor, part, block))
    return filled(np.empty((n_days, BLOCK)), key)


def filled(room: Array, key: ISeedSequence) -> Array:
    """:func:`uniforms` of an address whose key is known, put into `room` (day, run)."""
    bits = np.random.PCG64DXSM(key)  # type: ignore[arg-type]  # numpy's stub forgets such keys
    np.random.Generator(bits).random(out=room)
    return np.maximum(room, SMALLEST, out=room)


class Key(ISeedSequence):
    """The key of one stream, already hashed."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self.words = words

    def generate_state(self, n_words: int, dtype: object = np.uint32) -> NDArray[np.uint64]:
        """The four words of 64 bits that a PCG64 asks for."""
        if n_words != len(self.words) or np.dtype(dtype) != self.words.dtype:  # type: ignore[call-overload]
            raise ValueError("a key holds four words of 64 bits, as a PCG64 asks for")
        return self.words


def keys_of(seed: int, addresses: list[Address]) -> Iterator[Key]:
    """The key of each address, as ``SeedSequence(seed, spawn_key=address)`` would make it.

    The parts of an address are integers of 32 bits, 0 or more.
    """
    pool, n_hashed = _pool_of(seed)
    parts = np.array(addresses, dtype=np.uint32).T
    mixed = np.repeat(pool[:, None], len(addresses), axis=1)
    steps = _constants(_IN, _IN_STEP, n_hashed + len(parts) * _POOL_SIZE)
    for i, part in enumerate(parts):
        first = n_hashed + i * _POOL_SIZE
        mixed = _mixed(mixed, _hashed(part, steps[first : first + _POOL_SIZE + 1]))
    words = _hashed(np.vstack([mixed, mixed]), _constants(_OUT, _OUT_STEP, _N_WORDS))
    low, high = words[0::2].astype(np.uint64), words[1::2].astype(np.uint64)
    return (Key(key) for key in np.ascontiguousarray((low | high << np.uint64(32)).T))


def _pool_of(seed: int) -> tuple[Words, int]:
    """The pool that numpy makes of a seed alone, and how many words it hashed for it."""
    n_words = max(1, -(-seed.bit_length() // 32))
    beyond = max(0, n_words - _POOL_SIZE)
    n_hashed = _POOL_SIZE + _POOL_SIZE * (_POOL_SIZE - 1) + _POOL_SIZE * beyond
    return np.random.SeedSequence(seed).pool, n_hashed


def _constants(first: int, step: int, n: int) -> Words:
    """The constants of `n` steps of a hash, and the one after them."""
    values = [first]
    for _ in range(n):
        values.append(values[-1] * step % _WORD)
    return np.array(values, dtype=np.uint32)


def _hashed(values: Words, constants: Words) -> Words:
    """One hash of the values for each constant (step, address), numpy's ``hashmix``."""
    hashed = values ^ constants[:-1, None]
    hashed *= constants[1:, None]
    hashed ^= hashed >> _HALF
    return hashed


def _mixed(pool: Words, values: Words) -> Words:
    """Values stirred into the pool (word, address), numpy's ``mix``."""
    stirred = _LEFT * pool - _RIGHT * values
    stirred ^= stirred >> _HALF
    return stirred
