"""Whole situations and parameter sets, drawn by hypothesis over all that files may say."""

from __future__ import annotations

from math import inf

from hypothesis import strategies as st

from foedus.data.register import defaults, register
from foedus.data.terms import (
    ATTRIBUTE_RANGE,
    CRISIS_ATTRIBUTES,
    INDICATORS,
    MEMBER_ATTRIBUTES,
    Rule,
)
from foedus.model.situation import Situation, Span

STATES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")
RARELY_LARGE = {"rounds_per_day": 6.0, "deployment_days": 12.0, "deployment_days_centre": 12.0,
                "own_initiative_lag": 12.0, "collapse_days": 6.0}  # fmt: skip
"""Upper ends for parameters whose full range would leave nothing to see in forty days."""


def spans(attribute):
    """A code of up to three coders: agreed or open, on the quarter steps or between them."""
    low, high = ATTRIBUTE_RANGE[attribute]
    value = st.integers(0, 4).map(lambda n: low + (high - low) * n / 4) | st.floats(low, high)
    coders = st.lists(value, min_size=1, max_size=3)
    return coders.map(lambda v: Span(min(v), sum(v) / len(v), max(v)))


SPANS = {name: spans(name) for name in CRISIS_ATTRIBUTES + MEMBER_ATTRIBUTES}
CRISES = st.fixed_dictionaries({name: SPANS[name] for name in CRISIS_ATTRIBUTES})
MEMBERS = st.fixed_dictionaries({name: SPANS[name] for name in MEMBER_ATTRIBUTES})
INDICATOR_ROWS = st.dictionaries(st.sampled_from(INDICATORS), st.floats(0, 1e4), max_size=4)
POOLS = st.just(inf) | st.integers(0, 5000).map(float)


@st.composite
def situations(draw, min_members=2, max_members=8):
    """A situation that some pair of valid files could compile to."""
    n = draw(st.integers(min_members, max_members))
    member = st.integers(0, n - 1)
    requester = draw(member)
    adversary = draw(st.none() | member.filter(lambda i: i != requester))
    rows = [draw(MEMBERS) for _ in range(n)]
    rows[draw(member)]["capability"] = Span(0.5, 0.5, 0.5)
    measured = draw(st.booleans())
    coded = [name for name in MEMBER_ATTRIBUTES if not (measured and name == "dependence")]
    return Situation(
        members=STATES[:n],
        crisis=draw(CRISES),
        standing={name: tuple(row[name] for row in rows) for name in coded},
        indicators=tuple(draw(INDICATOR_ROWS) for _ in range(n)) if measured else None,
        requester=requester,
        patron=draw(member),
        adversary=adversary,
        rule=draw(st.sampled_from(Rule)),
        abstention=draw(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1)),
        day_first_sitting=draw(st.none() | st.integers(0, 5)),
        days_since_onset=draw(st.integers(0, 5)),
        horizon_days=draw(st.integers(1, 40)),
        pools=tuple(draw(POOLS) for _ in range(n)),
        alliance_pool=draw(POOLS),
        forces_needed=float(draw(st.integers(1, 20_000))),
        stated_dependence=draw(st.dictionaries(member, st.floats(0, 1), max_size=2)),
    )


def values_of(name):
    """Values of one parameter: the ends of its range, 0 where it may be, or any between."""
    row = register()[name]
    high = RARELY_LARGE.get(name, row.high)
    ends = {row.low, high} | ({0.0} if row.low <= 0 else set())
    if name == "rounds_per_day":
        return st.integers(0, int(high)).map(float)
    return st.sampled_from(sorted(ends)) | st.floats(row.low, high)


VALUES = {name: values_of(name) for name in register()}
NAMES = st.lists(st.sampled_from(sorted(VALUES)), max_size=12, unique=True)


@st.composite
def parameter_sets(draw):
    """The register's defaults with up to a dozen values moved within their ranges."""
    return defaults() | {name: draw(VALUES[name]) for name in draw(NAMES)}


SEEDS = st.just(0) | st.integers(0, 2**64)
