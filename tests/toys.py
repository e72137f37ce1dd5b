"""A small alliance of invented states, as text and as numbers, for tests to bend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from foedus.data.library import ALLIANCE_FILE, INDICATOR_FILE, Case, load
from foedus.data.register import parameters
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Rule
from foedus.model.situation import Situation, Span

ALLIANCE = """\
schema_version: 1
id: toy
name: Toy Alliance
summary: Invented for tests.
states: {ASK: Askland, FAR: Farland, FRI: Friendland, LED: Leadland, OUT: Outland}
dependence_from: codes
treaty:
  - {since: 2000-01-01, article: "4", says: An attack on one is an attack on all., source: assumed}
council:
  - {since: 2000-01-01, until: 2009-12-31, rule: unanimity, abstention: 0, why: w, source: assumed}
  - {since: 2010-01-01, rule: consensus, abstention: 1, why: w, source: assumed}
lead_state:
  - {since: 2000-01-01, state: LED, why: The strongest., source: assumed}
members:
  - {since: 2000-01-01, state: ASK, source: assumed}
  - {since: 2000-01-01, state: FAR, source: assumed}
  - {since: 2000-01-01, state: FRI, source: assumed}
  - {since: 2000-01-01, state: LED, source: assumed}
  - {since: 2000-01-01, until: 2009-12-31, state: OUT, source: assumed}
pools:
  - {since: 2000-01-01, name: force, total: 3000, by_state: {LED: 2000, FRI: 500}, source: assumed}
institutions:
  - {since: 2015-01-01, name: crisis_response_centre, says: It speeds help., source: assumed}
"""

INDICATORS = """\
state,indicator,year_from,year_to,value,unit,origin,source,note
FRI,exports,2019,2021,25,% of exports,page,a page,
FRI,base_veto,2012,,1,1,document,document ¶15,
FAR,remittances,2020,2020,15,% of GDP,memory,from memory,
"""

SCENARIO = """\
schema_version: 1
id: toy-2020
title: A toy crisis
question: Will they come?
alliance: toy
quality: C
summary: Invented for tests.
dates:
  onset: 2020-01-01
  requested: 2020-01-05
  coded: 2020-01-05
horizon_days: 20
requester: ASK
adversary: {kind: domestic, name: a crowd}
crisis:
  external: {coders: [0.25], why: w, source: assumed}
  territory: {coders: [1], why: w, source: assumed}
  mandate: {coders: [0.75, 0.5], why: w, source: assumed}
  threat: {coders: [0.75], why: w, source: assumed}
  capacity: {coders: [0.5], why: w, source: assumed}
  escalation: {coders: [0.25], why: w, source: assumed}
  trend: {coders: [1], why: w, source: assumed}
  request: {coders: [1], why: w, source: assumed}
  asked: {coders: [2.5], why: w, source: assumed}
  institution: {coders: [0.5, 0.75], why: w, source: assumed}
members:
  LED: {alignment: [0.75], stake: [1], ties: [0], overextension: [0.25], dependence: [0],
        capability: [0.75], why: w, source: assumed}
  ASK: {alignment: [1], stake: [1], ties: [0], overextension: [0.5], dependence: [0.5],
        capability: [0.125], why: w, source: assumed}
  FRI: {alignment: [0.75, 0.5], stake: [0.5], ties: [0], overextension: [0], dependence: [0.5],
        capability: [0.0625], why: w, source: assumed}
  FAR: {alignment: [0.5], stake: [0], ties: [0.5], overextension: [0.25], dependence: [0.25],
        capability: [0.0625], why: w, source: assumed}
forces_needed: {value: 2000, why: w, source: [document ¶12, a-page]}
sources:
  a-page: https://example.org/a-page
"""

COUNTERFACTUAL = """\
schema_version: 1
id: toy-2020-calm
title: A toy crisis, had it been calm
question: Would they have stayed at home?
extends: toy-2020
summary: Nothing threatens.
crisis:
  threat: {coders: [0.25], why: Supposed., source: assumed}
"""


def changed(text: str, *swaps: tuple[str, str]) -> str:
    """The text with each old piece, which must stand there once, replaced by the new."""
    for old, new in swaps:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Toy:
    """A folder that holds the toy alliance."""

    folder: Path

    def write(self, text: str = SCENARIO, name: str = "toy-2020.yaml") -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, *swaps: tuple[str, str], name: str = "toy-2020.yaml") -> Case:
        """Load the toy scenario with some of its text replaced."""
        return load(str(self.write(changed(SCENARIO, *swaps), name)))


def build_toy(folder: Path, alliance: str = ALLIANCE, indicators: str | None = INDICATORS) -> Toy:
    """Write the toy alliance into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    toy = Toy(folder)
    toy.write(alliance, ALLIANCE_FILE)
    if indicators is not None:
        toy.write(indicators, INDICATOR_FILE)
    return toy


def fixed(value: float) -> Span:
    """A code on which the coders agree."""
    return Span(value, value, value)


def toy_situation(**changes: object) -> Situation:
    """Four members AAA to DDD as numbers: AAA asks, DDD leads; all else as `changes` say.

    Codes are given by attribute: one number for a crisis attribute, one a member for the others.
    """
    crisis = {
        "external": 0.5,
        "territory": 1.0,
        "mandate": 0.5,
        "threat": 0.5,
        "capacity": 0.5,
        "escalation": 0.5,
        "trend": 0.5,
        "request": 1.0,
        "asked": 2.0,
        "institution": 0.5,
    }
    standing = {
        "alignment": (1.0, 0.5, 0.75, 0.75),
        "stake": (1.0, 0.25, 0.5, 0.75),
        "ties": (0.0, 0.25, 0.25, 0.25),
        "overextension": (0.25, 0.25, 0.25, 0.25),
        "dependence": (0.5, 0.75, 0.5, 0.0),
        "capability": (0.125, 0.125, 0.25, 0.5),
    }
    for name in tuple(changes):
        if name in CRISIS_ATTRIBUTES:
            crisis[name] = changes.pop(name)
        elif name in MEMBER_ATTRIBUTES:
            standing[name] = changes.pop(name)
    base = Situation(
        members=("AAA", "BBB", "CCC", "DDD"),
        crisis={name: fixed(value) for name, value in crisis.items()},
        standing={name: tuple(fixed(v) for v in row) for name, row in standing.items()},
        indicators=None,
        requester=0,
        patron=3,
        adversary=None,
        rule=Rule.CONSENSUS,
        abstention=1.0,
        day_first_sitting=1,
        days_since_onset=2,
        horizon_days=8,
        pools=(inf, inf, inf, inf),
        alliance_pool=inf,
        forces_needed=2000.0,
    )
    return replace(base, **changes)


WITHOUT_CHANCE = dict.fromkeys(
    ("sigma_crisis", "sigma_member", "sigma_intensity", "sigma_ask"), 0.0
)


def without_chance(**overrides: float) -> dict[str, float]:
    """The register's parameters with every noise scale at 0."""
    return parameters({**WITHOUT_CHANCE, **overrides})
