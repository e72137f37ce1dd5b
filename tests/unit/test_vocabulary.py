"""Each thing that the field names has its words in one place, in plain English."""

from __future__ import annotations

import csv
from importlib import resources
from typing import get_args

import pytest

from foedus.data import chronicle_file, vocabulary
from foedus.data.indicators import ORIGINS
from foedus.data.records import Record
from foedus.data.register import register
from foedus.data.schema import Scenario
from foedus.data.sources import Grounds
from foedus.data.terms import (
    CRISIS_ATTRIBUTES,
    INDICATORS,
    LEVELS,
    MEMBER_ATTRIBUTES,
    AdversaryKind,
    Ending,
    Line,
    Rule,
    Stance,
)
from foedus.data.vocabulary import Entry, entries, entry, label, words
from foedus.experiments.plan import Plan

KINDS = {
    "attribute": CRISIS_ATTRIBUTES + MEMBER_ATTRIBUTES,
    "level": LEVELS,
    "alliance does": LEVELS,
    "alliance did": LEVELS,
    "answer": LEVELS,
    "help": LEVELS,
    "event": [*get_args(chronicle_file.EventKind), "renewal", "protector"],
    "member backs": LEVELS,
    "stance": [stance.name.lower() for stance in Stance],
    "ending": [ending.name.lower() for ending in Ending],
    "rule": list(Rule),
    "adversary": list(AdversaryKind),
    "position": [line.label for line in Line],
    "indicator": INDICATORS,
    "origin": ORIGINS,
    "backing": list(Grounds),
    "evidence": Scenario.model_fields["quality"].annotation.__args__,
    "parameter group": {row.role for row in register().values()},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_thing_of_a_closed_set_has_its_words_and_nothing_else_has(kind):
    assert set(entries(kind)) == set(KINDS[kind])
    for row in entries(kind).values():
        assert row.label
        assert row.words


@pytest.mark.parametrize("kind", ["reason for", "reason against"])
def test_every_reason_of_a_vote_is_a_term_or_the_influence_of_the_others(kind):
    assert set(entries(kind)) - set(entries("term")) == {"influence"}
    assert all(row.label and row.words for row in entries(kind).values())


def test_no_row_stands_twice_and_none_uses_a_word_that_stops_a_reader():
    table = resources.files("foedus.data").joinpath("vocabulary.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    names = [(row["kind"], row["name"]) for row in rows]
    assert len(names) == len(set(names))
    for row in rows:
        told = f" {row['label']} {row['words']} {row['description']} ".lower()
        for hard in (" men ", " hegemon ", " bar ", " warmth ", " aside ", "quelled"):
            assert hard not in told, row


def test_a_thing_from_outside_is_named_like_any_other(monkeypatch):
    monkeypatch.setattr(vocabulary, "_added", {})
    vocabulary.add(Entry("rule", "two_vetoes", "Two named vetoes", "two vetoes", "As it says."))
    assert label("rule", "two_vetoes") == "Two named vetoes"
    assert list(entries("rule"))[-1] == "two_vetoes"


def test_a_thing_without_a_row_stands_for_itself():
    assert words("rule", "by_lot") == "by lot"
    assert entry("rule", "by_lot").label == "by_lot"


def test_each_row_about_a_key_is_about_a_key_that_a_record_has():
    kinds = [Record, chronicle_file.Chronicle, Plan]
    for kind in kinds:  # grows as it goes: all records beneath
        kinds += kind.__subclasses__()
    known = {f"{kind.__name__}.{key}" for kind in kinds for key in kind.model_fields}
    known |= {f"Record.{name.partition('.')[2]}" for name in known}
    assert {name for name in entries("key") if name not in known} == set()
