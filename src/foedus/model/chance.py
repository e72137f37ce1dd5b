"""Chance with an address: the noise and the codes of a range of runs (7.8).

A draw depends on seed, mechanism, actor, day and run alone. A new run, member, day or mechanism
moves no other draw, and nothing depends on chunks, workers or order. Draws come in fixed blocks of
:data:`BLOCK` runs; the day is the outer axis, so that a longer horizon keeps the earlier days.
Generator: PCG64DXSM keyed by ``SeedSequence``. This is the only module that creates a generator.
The equations take its numbers as arguments.

An ensemble needs some twenty streams for every block, and numpy takes longer to hash an address
than to draw from it. So the same hash (O'Neill's ``seed_seq_fe`` as numpy fixes it for good,
NEP 19) runs here over arrays of addresses; that the keys are numpy's own is a test.

References:
    O'Neill (2015), Developing a seed_seq alternative,
    https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import pi, sqrt
from typing import TypeAlias

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Mechanism
from foedus.model.numbers import Array, Value, stacked
from foedus.model.situation import Chance, Codes, Situation, Span
from foedus.model.willingness import measures

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


_UNIT_LOGISTIC = sqrt(3.0) / pi

THE_CRISIS = 0
"""Address of what concerns no single member."""

Stream: TypeAlias = tuple[Mechanism, int, int]
"""Mechanism, actor and part of an address; block and run make it whole."""


def standard_logistic(uniform: Array, out: Array | None = None) -> Array:
    """Standard logistic noise (mean 0, variance pi^2 / 3) from uniforms in (0, 1)."""
    odds = np.divide(uniform, 1.0 - uniform, out=out)
    return np.log(odds, out=out)


def unit_logistic(uniform: Array, out: Array | None = None) -> Array:
    """Logistic noise of mean 0 and variance 1 from uniforms in (0, 1)."""
    return np.multiply(standard_logistic(uniform, out), _UNIT_LOGISTIC, out=out)


def triangular(uniform: Array, low: float, mode: float, high: float) -> Array:
    """Triangular noise on [low, high] with the given mode, from uniforms in (0, 1), by inversion.

    ``low <= mode <= high``; a degenerate interval returns the mode.
    """
    if high <= low:
        return np.full_like(uniform, mode)
    turn = (mode - low) / (high - low)
    rising = uniform * ((high - low) * (mode - low))
    np.add(low, np.sqrt(rising, out=rising), out=rising)
    falling = (1.0 - uniform) * ((high - low) * (high - mode))
    np.subtract(high, np.sqrt(falling, out=falling), out=falling)
    return np.where(uniform < turn, rising, falling)


def blocks_of(start: int, stop: int) -> range:
    """Blocks that hold the runs ``start`` to ``stop - 1``."""
    return range(start // BLOCK, -(-stop // BLOCK))


def draw_chance(
    situation: Situation, seed: int, start: int, stop: int, *, with_doubt: bool = False
) -> Chance:
    """The noise of the runs ``start`` to ``stop - 1``; doubt only where the requester decides."""
    drawn, days = partial(drawn_noise, seed, start, stop), situation.horizon_days
    actors = [actor_key(state) for state in situation.members]
    shocks = [(Mechanism.CRISIS_SHOCK, THE_CRISIS, 0)]
    shocks += [(Mechanism.MEMBER_SHOCK, actor, 0) for actor in actors]
    crisis, members = np.split(drawn(shocks, standard_logistic), [1])
    force = [(Mechanism.FORCE, THE_CRISIS, part) for part in (0, 1)]
    force += [(Mechanism.FORCE, actor, 0) for actor in actors]
    size, arrival, shares = np.split(drawn(force, unit_logistic), [1, 2])
    doubts = [(Mechanism.REQUEST, actors[situation.requester], 0)]
    return Chance(
        crisis=crisis[0],
        members=members,
        intensity=drawn([(Mechanism.INTENSITY, THE_CRISIS, 0)], unit_logistic, days),
        convening=drawn([(Mechanism.CONVENING, THE_CRISIS, 0)])[0],
        doubt=drawn(doubts, standard_logistic)[0] if with_doubt else None,
        size=size[0],
        arrival=arrival[0],
        shares=shares,
    )


def draw_codes(
    situation: Situation, seed: int, start: int, stop: int, *, drawn: bool = True
) -> Codes:
    """Values of all attributes for the runs ``start`` to ``stop - 1``.

    Args:
        drawn: Whether codes on which the coders differ are drawn within their range (triangular,
            the mean as mode); else every run has the mean.
    """
    streams, spans = _coded(situation)
    open_ = [i for i, span in enumerate(spans) if drawn and span.is_open]
    values: list[Value] = [span.mode for span in spans]
    if open_:
        rows = drawn_noise(seed, start, stop, [streams[i] for i in open_])
        for i, row in zip(open_, rows, strict=True):
            values[i] = triangular(row, spans[i].low, spans[i].mode, spans[i].high)
    given = iter(values)
    crisis = {name: next(given) for name in situation.crisis}
    standing = {
        name: stacked([next(given) for _ in row]) for name, row in situation.standing.items()
    }
    return Codes(crisis, standing, measures(situation)).measured()


def _coded(situation: Situation) -> tuple[list[Stream], list[Span]]:
    """Every code's stream and span: of the crisis, then of each member by attribute."""
    streams: list[Stream] = [
        (Mechanism.CODE, THE_CRISIS, CRISIS_ATTRIBUTES.index(name)) for name in situation.crisis
    ]
    spans = list(situation.crisis.values())
    for name, row in situation.standing.items():
        part = MEMBER_ATTRIBUTES.index(name)
        streams += [(Mechanism.CODE, actor_key(state), part) for state in situation.members]
        spans += row
    return streams, spans


def drawn_noise(
    seed: int,
    start: int,
    stop: int,
    streams: Sequence[Stream],
    turned: Callable[[Array, Array], Array] | None = None,
    n_days: int = 1,
) -> Array:
    """Noise of some runs (stream x day, run), made block by block while it is in the cache.

    It is uniform unless `turned` makes something else of it, in place.
    """
    blocks = blocks_of(start, stop)
    keys = keys_of(seed, [(*stream, block) for block in blocks for stream in streams])
    noise = np.empty((len(streams) * n_days, stop - start))
    room = np.empty((len(streams), n_days, BLOCK))
    for block in blocks:
        for stream in room:
            filled(stream, next(keys))
        whole = room.reshape(-1, BLOCK)
        if turned:
            turned(whole, whole)
        first = block * BLOCK - start
        low, high = max(first, 0), min(first + BLOCK, stop - start)
        noise[:, low:high] = whole[:, low - first : high - first]
    return noise
